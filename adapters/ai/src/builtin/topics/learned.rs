//! What the owner's filing says of a document, and how it goes together with what the rules say.

use docuvault_domain::learning::Features;
use docuvault_domain::ports::{ClassifyRequest, KnownTopic};

use super::samples;

/// The parts of a logistic regression, fitted on `eval/train` with what a document says of itself left
/// out: samples in five folds, examples drawn from the others. Those of likenesses are larger than
/// that fit, which had five examples at most. Likenesses are small numbers, 0.1 to 0.2 between
/// documents of one kind.
const BIAS: f32 = -2.8;
const BIAS_OF_OWN: f32 = 0.0;
const RULE: f32 = 0.95;
const RULE_OF_RIVAL: f32 = -0.35;
const SAMPLE: f32 = 28.0;
const SAMPLE_OF_RIVAL: f32 = -9.5;
const LIKENESS: f32 = 14.0;
const LIKER_THAN_RIVAL: f32 = 14.0;

/// With so many examples, what was learned counts half.
const HALF_TRUSTED: f32 = 1.0;

/// Rules that say nothing, and rules that are sure, leave room for doubt.
const LEAST: f32 = 0.02;
/// Of a person's own topic the rules know the name alone: their silence says little.
const UNKNOWN: f32 = 0.1;

/// What speaks for a topic.
#[derive(Clone, Copy, Default)]
struct Signs {
    /// The rules' confidence.
    rule: f32,
    /// It came from a starter topic: those exclude each other, topics of a person's own do not.
    starter: bool,
    /// How like samples of the starter topic it came from.
    sample: f32,
    /// How like what the owner filed there, as far as that can be trusted.
    likeness: f32,
}

/// The confidence of each of the request's topics, from those that the rules have in them.
pub(super) fn confidences(request: &ClassifyRequest<'_>, rules: &[f32]) -> Vec<f32> {
    let learned = request.learned;
    let features = Features::of(request.pages, request.filename);
    let signs = |(topic, rule): (&KnownTopic, &f32)| {
        let examples = small(learned.examples(topic.id));
        let trust = examples / (examples + HALF_TRUSTED);
        let likeness = learned.likeness(topic.id, &features).unwrap_or_default();
        let starter = topic.starter.as_deref();
        Signs {
            rule: rule.clamp(starter.map_or(UNKNOWN, |_| LEAST), 1.0 - LEAST),
            starter: starter.is_some(),
            sample: starter.map_or(0.0, |starter| samples::likeness(starter, &features)),
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
        let others = signs.iter().enumerate();
        let others = others.filter(|(other, _)| *other != topic);
        others.map(|(_, signs)| of(signs)).fold(least, f32::max)
    };
    let own = signs[topic];
    if !own.starter && own.likeness.abs() < f32::EPSILON {
        // Topics of a person's own do not exclude each other; of this one only the name is known.
        return own.rule;
    }
    let rival = |signs: &Signs| if signs.starter { signs.rule } else { LEAST };
    // Of a topic without samples they say nothing, for or against.
    let by_samples = if own.sample < f32::EPSILON && own.starter {
        0.0
    } else {
        SAMPLE * own.sample + SAMPLE_OF_RIVAL * best_other(|signs| signs.sample, 0.0)
    };
    let evidence = if own.starter { BIAS } else { BIAS_OF_OWN }
        + RULE * logit(own.rule)
        + RULE_OF_RIVAL * logit(best_other(rival, LEAST))
        + by_samples
        + LIKENESS * own.likeness
        + LIKER_THAN_RIVAL * (own.likeness.max(0.0) - best_other(|signs| signs.likeness, 0.0));
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

    fn of(signs: &[(f32, f32)]) -> Vec<f32> {
        let signs = signs.iter().map(|&(rule, likeness)| Signs {
            rule,
            starter: true,
            likeness,
            ..Signs::default()
        });
        let signs: Vec<_> = signs.collect();
        (0..signs.len())
            .map(|topic| confidence(&signs, topic))
            .collect()
    }

    #[test]
    fn agreement_strengthens_and_a_rival_weakens() {
        let alone = of(&[(0.7, 0.0), (0.02, 0.0)])[0];
        let agreed = of(&[(0.7, 0.1), (0.02, 0.0)])[0];
        let disputed = of(&[(0.7, 0.0), (0.02, 0.1)])[0];
        assert!(
            disputed < alone && alone < agreed,
            "{disputed} {alone} {agreed}"
        );
    }

    #[test]
    fn what_was_learned_can_overrule_the_rules_and_say_what_they_cannot() {
        let [rule, learned] = of(&[(0.8, 0.0), (0.02, 0.3)])[..] else {
            panic!("two topics");
        };
        assert!(learned > 0.8 && rule < 0.5, "{rule} {learned}");
        let rejected = of(&[(0.9, -0.3), (0.02, 0.0)])[0];
        assert!(rejected < 0.1, "{rejected}");
    }
}
