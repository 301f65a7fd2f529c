//! Filing by the concepts that a document speaks of, English and German, and by likeness to what
//! people filed: no network, no state of its own. Title, date and sender are read by patterns that
//! look where such things stand, weigh what they find and leave open what stays unclear.

mod confidence;
mod correspondent;
mod dates;
mod excerpt;
mod kinds;
mod line;
mod title;
mod topics;

use async_trait::async_trait;
use docuvault_domain::documents::Source;
use docuvault_domain::ports::{Classification, Classifier, ClassifierError, ClassifyRequest};

pub(crate) use self::dates::words_of;
use self::excerpt::Excerpt;

/// The name of the provider and of its only model.
const NAME: &str = "builtin";

/// The built-in classifier.
#[derive(Clone, Copy, Debug, Default)]
pub struct Builtin;

#[async_trait]
impl Classifier for Builtin {
    async fn classify(
        &self,
        request: ClassifyRequest<'_>,
    ) -> Result<Classification, ClassifierError> {
        let excerpt = Excerpt::of(request.pages);
        let correspondent = correspondent::read(&excerpt);
        Ok(Classification {
            topics: topics::choose(&excerpt, &request),
            proposals: Vec::new(),
            title: title::read(&excerpt, &request, correspondent.as_deref()),
            summary: None,
            language: None,
            date: dates::read(&excerpt, &request),
            correspondent,
        })
    }

    fn learns(&self) -> bool {
        true
    }

    fn source(&self) -> Source {
        Source::Rule
    }

    async fn models(&self) -> Result<Vec<String>, ClassifierError> {
        Ok(vec![NAME.to_owned()])
    }

    async fn check(&self) -> Result<(), ClassifierError> {
        Ok(())
    }
}
