//! What reading one document may cost.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// More pages than this are not read; the reading then says that it was cut.
pub(crate) const MAX_PAGES: usize = 20_000;

/// Larger thumbnails are not kept. Noise of the largest size takes a little less.
pub(crate) const MAX_THUMBNAIL_BYTES: usize = 512 * 1024;

/// Longer titles and authors than this many characters are cut.
pub(crate) const MAX_PROPERTY_CHARS: usize = 500;

/// The limits that the child puts on itself before it reads anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SandboxLimits {
    /// Address space in bytes.
    pub memory_bytes: u64,
    /// CPU time in seconds.
    pub cpu_seconds: u64,
}

impl Default for SandboxLimits {
    fn default() -> Self {
        Self {
            memory_bytes: 1024 * 1024 * 1024,
            cpu_seconds: 20,
        }
    }
}

impl SandboxLimits {
    const MEMORY: &str = "--memory-bytes=";
    const CPU: &str = "--cpu-seconds=";

    /// The arguments that tell a child its limits. They cannot be part of the request, because the
    /// child confines itself before it reads the request.
    pub(crate) fn to_args(self) -> [String; 2] {
        [
            format!("{}{}", Self::MEMORY, self.memory_bytes),
            format!("{}{}", Self::CPU, self.cpu_seconds),
        ]
    }

    /// From the arguments of a child; the defaults where one is missing.
    pub fn from_args(args: impl Iterator<Item = OsString>) -> Self {
        let mut limits = Self::default();
        for arg in args {
            let Some(arg) = arg.to_str() else { continue };
            if let Some(value) = number_after(arg, Self::MEMORY) {
                limits.memory_bytes = value;
            } else if let Some(value) = number_after(arg, Self::CPU) {
                limits.cpu_seconds = value;
            }
        }
        limits
    }
}

fn number_after(arg: &str, prefix: &str) -> Option<u64> {
    arg.strip_prefix(prefix)?.parse().ok()
}

/// How [`ChildExtractor`](crate::ChildExtractor) starts its children, and what they may use.
#[derive(Clone, Debug)]
pub struct ExtractConfig {
    /// The absolute path of the program that runs [`child_main`](crate::child_main): usually this
    /// very one.
    pub program: PathBuf,
    /// Its first arguments; the limits are appended.
    pub args: Vec<OsString>,
    /// Time on the wall for one document, from its first byte to the end of its text.
    pub wall_clock: Duration,
    /// Time on the wall for the thumbnail of its first page, after that.
    pub thumbnail_wall_clock: Duration,
    /// A font file for Chinese, Japanese and Korean, for documents that do not bring their own.
    pub fallback_font: Option<PathBuf>,
    /// The limits that the child puts on itself.
    pub limits: SandboxLimits,
    /// Text beyond this is cut.
    pub max_text_bytes: usize,
    /// How long an idle child waits for a document before it is ended.
    pub idle_timeout: Duration,
}

impl ExtractConfig {
    /// The usual limits for children started as `program args…`.
    pub fn new(
        program: impl Into<PathBuf>,
        args: impl IntoIterator<Item = impl Into<OsString>>,
    ) -> Self {
        Self {
            program: program.into(),
            args: args.into_iter().map(Into::into).collect(),
            wall_clock: Duration::from_mins(1),
            thumbnail_wall_clock: Duration::from_secs(10),
            fallback_font: None,
            limits: SandboxLimits::default(),
            max_text_bytes: 16 * 1024 * 1024,
            idle_timeout: Duration::from_secs(30),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_survive_the_command_line() {
        let limits = SandboxLimits {
            memory_bytes: 123,
            cpu_seconds: 4,
        };
        let args = limits.to_args().map(OsString::from);
        assert_eq!(SandboxLimits::from_args(args.into_iter()), limits);
    }

    #[test]
    fn what_is_missing_or_broken_takes_the_default() {
        let args = ["extract", "--child", "--cpu-seconds=x"].map(OsString::from);
        assert_eq!(
            SandboxLimits::from_args(args.into_iter()),
            SandboxLimits::default()
        );
    }
}
