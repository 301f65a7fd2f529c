use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use docuvault_ai::builtin::Builtin;
use docuvault_ai::provider::{ApiKey, ProviderConfig, ProviderKind};
use docuvault_domain::ports::{Classifier, Clock, ContentTypes, TextExtractor};
use docuvault_extract::{ChildExtractor, Detector, ExtractConfig, SandboxLimits};
use tokio::runtime::Handle;

use crate::config::{Ai, AiProvider, Config};

/// What reads documents, for a vault and for `docuvault extract` alike.
pub(crate) fn reading(
    config: &Config,
) -> anyhow::Result<(Arc<dyn ContentTypes>, Arc<dyn TextExtractor>)> {
    let program = std::env::current_exe().context("The path of this program")?;
    let extract = ExtractConfig {
        wall_clock: Duration::from_secs(config.extract.wall_seconds),
        limits: SandboxLimits {
            memory_bytes: config.extract.memory_bytes,
            cpu_seconds: config.extract.cpu_seconds,
        },
        max_text_bytes: config.extract.max_text_bytes,
        fallback_font: docuvault_extract::system_fallback_font(),
        ..ExtractConfig::new(program, ["extract", "--child"])
    };
    let extractor = ChildExtractor::new(extract, Handle::current())?;
    Ok((Arc::new(Detector), Arc::new(extractor)))
}

pub(super) fn open_classifier(
    ai: &Ai,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Arc<dyn Classifier>> {
    let kind = match ai.provider {
        AiProvider::Builtin => return Ok(Arc::new(Builtin)),
        AiProvider::Openai => ProviderKind::OpenAi,
        AiProvider::Anthropic => ProviderKind::Anthropic,
        AiProvider::Ollama => ProviderKind::Ollama,
    };
    let mut provider = ProviderConfig::new(kind, ai.model.as_deref().unwrap_or_default());
    if let Some(url) = &ai.base_url {
        provider.base_url.clone_from(url);
    }
    provider.api_key = ai.api_key.as_ref().map(|key| ApiKey::new(key.expose()));
    if let Some(seconds) = ai.timeout_seconds {
        provider.timeout = Duration::from_secs(seconds);
    }
    if let Some(most) = ai.max_in_flight {
        provider.max_in_flight = most as usize;
    }
    provider.daily_tokens = ai.daily_tokens;
    docuvault_ai::provider::provider(provider, clock).context("The AI provider")
}
