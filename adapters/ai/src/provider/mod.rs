//! Filing by a language model behind HTTP: any `OpenAI`-compatible server, Anthropic, Ollama.
//!
//! What is asked and what is believed of the answer is the same for all of them; a vendor's module
//! only says how its protocol puts it. An answer is untrusted: it is read by `answer` alone, and
//! nothing in it can do more than choose from the closed list and fill in a few short fields.

mod answer;
mod anthropic;
mod breaker;
mod budget;
mod classifier;
mod config;
mod dialect;
mod failure;
mod http;
mod ollama;
mod openai;
mod prompt;
mod rejection;
mod retry_after;
mod schema;
mod text;
mod topics;

use std::sync::Arc;

use docuvault_domain::ports::{Classifier, Clock};

pub use self::config::{ApiKey, CLOUD_TIMEOUT, LOCAL_TIMEOUT};
pub use self::config::{ProviderConfig, ProviderError, ProviderKind};

use self::classifier::Provider;

/// The classifier that a configuration describes. Sends nothing yet.
pub fn provider(
    config: ProviderConfig,
    clock: Arc<dyn Clock>,
) -> Result<Arc<dyn Classifier>, ProviderError> {
    Ok(Arc::new(Provider::new(config, clock)?))
}
