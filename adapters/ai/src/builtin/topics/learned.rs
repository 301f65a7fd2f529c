//! What the owner's filing says of a document, and how it goes together with what the rules say.

use docuvault_domain::learning::Features;
use docuvault_domain::ports::{ClassifyRequest, KnownTopic};

/// The parts of a logistic regression, fitted on the training half of `eval/` before the rules were
/// tuned on it. Likenesses are small numbers: those of documents of one kind are around 0.2.
const RULE: f32 = 1.1;
const RULE_OF_RIVAL: f32 = -0.7;
const LIKENESS: f32 = 27.0;
const LIKER_THAN_RIVAL: f32 = 15.0;
const BIAS: f32 = -0.5;

/// With so many examples, what was learned counts half.
const HALF_TRUSTED: f32 = 1.0;

/// Rules that say nothing, and rules that are sure, leave room for doubt.
const LEAST: f32 = 0.02;

/// What the rules say of a topic, and what was learned of it.
#[derive(Clone, Copy)]
struct Signs {
    rule: f32,
    likeness: f32,
}

/// The confidence of each of the request's topics, from those that the rules have in them. Without
/// any examples these stand as they are.
pub(super) fn with_learned(request: &ClassifyRequest<'_>, rules: &[f32]) -> Vec<f32> {
    let learned = request.learned;
    let untaught = |topic: &KnownTopic| learned.examples(topic.id) == 0;
    if request.topics.iter().all(untaught) {
        return rules.to_vec();
    }
    let features = Features::of(request.pages, request.filename);
    let signs = |(topic, rule): (&KnownTopic, &f32)| {
        let examples = small(learned.examples(topic.id));
        let trust = examples / (examples + HALF_TRUSTED);
        let likeness = learned.likeness(topic.id, &features).unwrap_or_default();
        Signs {
            rule: rule.clamp(LEAST, 1.0 - LEAST),
            likeness: likeness * trust,
        }
    };
    let signs: Vec<Signs> = request.topics.iter().zip(rules).map(signs).collect();
    (0..signs.len())
        .map(|topic| confidence(&signs, topic))
        .collect()
}

fn confidence(signs: &[Signs], topic: usize) -> f32 {
    let best_other = |of: fn(&Signs) -> f32, least: f32| {
        let others = signs
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != topic);
        others.map(|(_, signs)| of(signs)).fold(least, f32::max)
    };
    let Signs { rule, likeness } = signs[topic];
    let rival = best_other(|signs| signs.rule, LEAST);
    let liker = likeness.max(0.0) - best_other(|signs| signs.likeness, 0.0);
    let evidence = RULE * logit(rule)
        + RULE_OF_RIVAL * logit(rival)
        + LIKENESS * likeness
        + LIKER_THAN_RIVAL * liker
        + BIAS;
    1.0 / (1.0 + (-evidence).exp())
}

fn logit(probability: f32) -> f32 {
    (probability / (1.0 - probability)).ln()
}

fn small(count: u32) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn confidences(signs: &[(f32, f32)]) -> Vec<f32> {
        let signs = signs
            .iter()
            .map(|&(rule, likeness)| Signs { rule, likeness });
        let signs: Vec<_> = signs.collect();
        (0..signs.len())
            .map(|topic| confidence(&signs, topic))
            .collect()
    }

    #[test]
    fn agreement_strengthens_and_a_rival_weakens() {
        let alone = confidences(&[(0.7, 0.0), (0.02, 0.0)])[0];
        let agreed = confidences(&[(0.7, 0.1), (0.02, 0.0)])[0];
        let disputed = confidences(&[(0.7, 0.0), (0.02, 0.1)])[0];
        assert!(
            disputed < alone && alone < agreed,
            "{disputed} {alone} {agreed}"
        );
    }

    #[test]
    fn what_was_learned_can_overrule_the_rules_and_say_what_they_cannot() {
        let [rule, learned] = confidences(&[(0.8, 0.0), (0.02, 0.3)])[..] else {
            panic!("two topics");
        };
        assert!(learned > 0.8 && rule < 0.5, "{rule} {learned}");
        let rejected = confidences(&[(0.9, -0.3), (0.02, 0.0)])[0];
        assert!(rejected < 0.1, "{rejected}");
    }
}
