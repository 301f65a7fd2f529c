//! Documents read by real children, and children that misbehave.

mod extractor;
mod support;
mod thumbnails;
