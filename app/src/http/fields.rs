//! Values of bodies and addresses: one that cannot be taken is refused by the name of its field.

use std::error::Error;

use docuvault_domain::Timestamp;

use super::problem::Problem;

/// What the domain makes of `text`.
pub(crate) fn parsed<T, E: Error>(
    field: &str,
    text: &str,
    parse: fn(&str) -> Result<T, E>,
) -> Result<T, Problem> {
    parse(text).map_err(|error| Problem::field(field, error.to_string()))
}

/// The same where it may be absent.
pub(crate) fn maybe_parsed<T, E: Error>(
    field: &str,
    text: Option<&str>,
    parse: fn(&str) -> Result<T, E>,
) -> Result<Option<T>, Problem> {
    text.map(|text| parsed(field, text, parse)).transpose()
}

/// A moment (RFC 3339) that may be absent.
pub(crate) fn maybe_time(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let parse = |text: &str| {
        Timestamp::parse_rfc3339(text)
            .ok_or_else(|| Problem::field(field, "Must be a time like 2026-03-01T12:00:00Z."))
    };
    text.map(parse).transpose()
}
