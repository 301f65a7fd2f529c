//! Reading documents: what a file is ([`Detector`]), the text in it and a thumbnail of its first page
//! ([`ChildExtractor`]).
//!
//! Untrusted bytes are parsed only in a child process that confined itself before it read the first
//! of them: this same program, started once for each document, which runs [`child_main`]. `child/`
//! is what runs there; everything beside it runs in the server and believes nothing it is told.

mod charset;
mod child;
mod content_type;
mod exchange;
mod extractor;
mod fonts;
mod limits;
mod pool;
mod protocol;
mod refusal;

pub use child::{SandboxError, child_main, enter_sandbox};
pub use content_type::Detector;
pub use extractor::ChildExtractor;
pub use fonts::system_fallback_font;
pub use limits::{ExtractConfig, SandboxLimits};
