//! What the starter topics are for, whatever they are called now.

use std::collections::HashMap;
use std::sync::LazyLock;

use docuvault_domain::learning::Concepts;

/// The keys of concepts that a topic collects, and how much each belongs there.
type Prior = &'static [(&'static str, f32)];

const STARTERS: [(&str, Prior); 15] = [
    (
        "authority",
        &[
            ("municipality", 1.0),
            ("identity", 1.0),
            ("immigration", 1.0),
            ("police_fine", 1.0),
            ("family_benefit", 0.5),
            ("unemployment", 0.5),
            ("court", 0.5),
            ("marriage_family_law", 0.5),
            ("social_security", 0.3),
        ],
    ),
    (
        "bank",
        &[("bank_account", 1.0), ("investment", 0.7), ("loan", 0.7)],
    ),
    (
        "contract",
        &[("contract", 1.0), ("membership_cancellation", 0.7)],
    ),
    (
        "education",
        &[
            ("school", 1.0),
            ("university", 1.0),
            ("training", 1.0),
            ("childcare", 0.5),
        ],
    ),
    (
        "health",
        &[
            ("doctor", 1.0),
            ("laboratory", 1.0),
            ("hospital", 1.0),
            ("dentist", 1.0),
            ("pharmacy", 1.0),
            ("vaccination", 1.0),
            ("therapy_rehab", 1.0),
            ("optician_hearing", 1.0),
            ("pregnancy_birth", 1.0),
            ("health_insurer", 0.7),
            ("care_disability", 0.7),
        ],
    ),
    (
        "housing",
        &[
            ("tenancy", 1.0),
            ("owners_association", 1.0),
            ("utility_statement", 1.0),
            ("property_purchase", 1.0),
            ("construction", 0.5),
            ("electricity_gas", 0.5),
            ("heating", 0.5),
            ("water_waste", 0.5),
        ],
    ),
    ("insurance", &[("insurance", 1.0), ("damage_claim", 1.0)]),
    (
        "invoice",
        &[
            ("invoice", 1.0),
            ("receipt", 1.0),
            ("payment_reminder", 0.5),
            ("order_delivery", 0.5),
            ("craftsman", 0.3),
        ],
    ),
    ("letter", &[("private_letter", 1.0)]),
    (
        "manual",
        &[
            ("manual", 1.0),
            ("technical_data", 1.0),
            ("household_appliance", 0.5),
        ],
    ),
    ("payslip", &[("payslip", 1.0)]),
    (
        "tax",
        &[
            ("income_tax", 1.0),
            ("business_tax", 1.0),
            ("property_tax", 1.0),
        ],
    ),
    (
        "travel",
        &[
            ("flight", 1.0),
            ("train_bus", 1.0),
            ("hotel", 1.0),
            ("car_rental", 1.0),
        ],
    ),
    (
        "vehicle",
        &[
            ("vehicle", 1.0),
            ("vehicle_repair", 1.0),
            ("parking_fuel", 0.5),
            ("police_fine", 0.5),
        ],
    ),
    (
        "work",
        &[
            ("employment", 1.0),
            ("job_application", 1.0),
            ("expense_claim", 0.7),
            ("meeting", 0.5),
        ],
    ),
];

static PRIORS: LazyLock<HashMap<&str, Concepts>> = LazyLock::new(|| {
    let starters = STARTERS.into_iter();
    starters
        .map(|(key, concepts)| (key, Concepts::from_keys(concepts)))
        .collect()
});

/// What all starter topics are for, by key.
pub(super) fn priors() -> &'static HashMap<&'static str, Concepts> {
    &PRIORS
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use docuvault_domain::ids::UserId;
    use docuvault_domain::ports::{Clock, Ids};
    use docuvault_domain::topics::starter_topics;
    use docuvault_domain::{Language, Timestamp};
    use uuid::Uuid;

    use super::*;

    struct FixedPorts;

    impl Clock for FixedPorts {
        fn now(&self) -> Timestamp {
            Timestamp::default()
        }
    }

    impl Ids for FixedPorts {
        fn v7(&self) -> Uuid {
            Uuid::nil()
        }

        fn v4(&self) -> Uuid {
            Uuid::nil()
        }
    }

    #[test]
    fn every_starter_topic_has_known_concepts() {
        let topics = starter_topics(UserId::NOBODY, Language::English, &FixedPorts, &FixedPorts);
        let starters: BTreeSet<String> = topics.into_iter().filter_map(|t| t.starter).collect();
        let known: BTreeSet<String> = priors().keys().map(|key| (*key).to_owned()).collect();
        assert_eq!(known, starters);
        for (key, concepts) in STARTERS {
            for concept in concepts {
                let alone = Concepts::from_keys(&[*concept]);
                assert!(!alone.is_empty(), "{key}: {}", concept.0);
            }
        }
    }
}
