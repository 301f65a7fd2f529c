//! What the tests of the extractor share.

pub(crate) mod children;
pub(crate) mod images;
pub(crate) mod pdf;

use std::time::Duration;

use bytes::Bytes;
use docuvault_domain::documents::MimeType;
use docuvault_domain::ports::TextSource;
use docuvault_extract::{ChildExtractor, ExtractConfig, SandboxLimits};
use tokio::runtime::Handle;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_extract-test-child");

/// Children that behave as `mode` says, with limits that are soon reached.
pub(crate) fn config(mode: &str) -> ExtractConfig {
    ExtractConfig {
        wall_clock: Duration::from_secs(30),
        limits: SandboxLimits {
            memory_bytes: 256 * 1024 * 1024,
            cpu_seconds: 2,
        },
        ..ExtractConfig::new(PROGRAM, [mode])
    }
}

/// Real children that can be told from those of other tests.
pub(crate) fn config_with_marker(marker: &str) -> ExtractConfig {
    let mut config = config("read");
    config.args.push(format!("--marker={marker}").into());
    config
}

pub(crate) fn extractor(mode: &str) -> ChildExtractor {
    ChildExtractor::new(config(mode), Handle::current()).unwrap()
}

pub(crate) fn source(mime: MimeType, bytes: &[u8]) -> TextSource {
    let chunks: Vec<_> = bytes
        .chunks(16 * 1024)
        .map(Bytes::copy_from_slice)
        .map(Ok)
        .collect();
    TextSource {
        mime,
        size: bytes.len() as u64,
        bytes: Box::pin(futures::stream::iter(chunks)),
        thumbnail: false,
    }
}
