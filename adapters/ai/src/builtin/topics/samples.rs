//! What documents of the starter topics are like: examples of our own writing, English and German,
//! learned once a process as a person's are.

use std::sync::LazyLock;

use docuvault_domain::ids::TopicId;
use docuvault_domain::learning::{Features, Learned, TopicVector};
use uuid::Uuid;

/// Starter topics with their examples, each behind a line `=== language | file name`.
const SAMPLES: [(&str, &str); 12] = [
    ("bank", include_str!("../../../eval/train/bank.txt")),
    ("contract", include_str!("../../../eval/train/contract.txt")),
    (
        "education",
        include_str!("../../../eval/train/education.txt"),
    ),
    ("health", include_str!("../../../eval/train/health.txt")),
    ("housing", include_str!("../../../eval/train/housing.txt")),
    (
        "insurance",
        include_str!("../../../eval/train/insurance.txt"),
    ),
    ("invoice", include_str!("../../../eval/train/invoice.txt")),
    ("manual", include_str!("../../../eval/train/manual.txt")),
    ("payslip", include_str!("../../../eval/train/payslip.txt")),
    ("tax", include_str!("../../../eval/train/tax.txt")),
    ("travel", include_str!("../../../eval/train/travel.txt")),
    ("vehicle", include_str!("../../../eval/train/vehicle.txt")),
];

static LEARNED: LazyLock<Learned> = LazyLock::new(|| {
    let topics = SAMPLES.iter().enumerate();
    Learned::new(topics.map(|(n, (_, samples))| (id(n), vector(samples))))
});

/// How like the samples of the starter topic `features` are, 0 to 1; 0 where there are none.
pub(super) fn likeness(starter: &str, features: &Features) -> f32 {
    let known = SAMPLES.iter().position(|(key, _)| *key == starter);
    let likeness = known.and_then(|n| LEARNED.likeness(id(n), features));
    likeness.unwrap_or_default()
}

fn vector(samples: &str) -> TopicVector {
    let mut vector = TopicVector::default();
    for sample in samples.split("=== ").skip(1) {
        let (header, text) = sample.split_once('\n').unwrap_or((sample, ""));
        let filename = header.rsplit('|').next().unwrap_or_default().trim();
        vector.learn(&Features::of(&[text.to_owned()], filename));
    }
    vector
}

fn id(n: usize) -> TopicId {
    TopicId(Uuid::from_u128(n as u128))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_starter_with_samples_is_like_them() {
        for (key, samples) in SAMPLES {
            assert!(samples.split("=== ").count() > 9, "{key}");
            let features = Features::of(&[samples.to_owned()], "");
            let own = likeness(key, &features);
            let others = SAMPLES.iter().filter(|(other, _)| *other != key);
            for (other, _) in others {
                assert!(likeness(other, &features) < own, "{key} is like {other}");
            }
        }
        assert!(likeness("letter", &Features::of(&["letter".to_owned()], "")) < f32::EPSILON);
    }
}
