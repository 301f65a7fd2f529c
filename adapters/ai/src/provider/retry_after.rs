//! How long a server asks to be left alone.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

/// Longer waits are not believed: no header may put filing off for good.
const LONGEST: Duration = Duration::from_hours(24);

/// Where limits are that reset by themselves: after a span (`6m0s`) or at a time (RFC 3339).
const RESETS: [&str; 6] = [
    "x-ratelimit-reset-requests",
    "x-ratelimit-reset-tokens",
    "anthropic-ratelimit-requests-reset",
    "anthropic-ratelimit-tokens-reset",
    "anthropic-ratelimit-input-tokens-reset",
    "anthropic-ratelimit-output-tokens-reset",
];

/// The wait that an answer's headers ask for. Of limits that reset by themselves the last counts.
pub(super) fn retry_after(headers: &HeaderMap, now: OffsetDateTime) -> Option<Duration> {
    let header = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let asked = header("retry-after-ms")
        .and_then(|millis| seconds(millis, 1_000.0))
        .or_else(|| {
            let asked = header(RETRY_AFTER.as_str())?;
            seconds(asked, 1.0).or_else(|| until(asked, now))
        })
        .or_else(|| {
            let reset =
                |name: &&str| header(name).and_then(|at| span(at).or_else(|| until(at, now)));
            RESETS.iter().filter_map(reset).max()
        });
    asked.map(|wait| wait.min(LONGEST))
}

fn seconds(number: &str, per_second: f64) -> Option<Duration> {
    let number: f64 = number.parse().ok()?;
    Duration::try_from_secs_f64(number / per_second).ok()
}

/// Until an HTTP date or an RFC 3339 one; nothing when that has passed.
fn until(date: &str, now: OffsetDateTime) -> Option<Duration> {
    let at = OffsetDateTime::parse(date, &Rfc2822)
        .or_else(|_| OffsetDateTime::parse(date, &Rfc3339))
        .ok()?;
    Some((at - now).try_into().unwrap_or_default())
}

/// `1s`, `6m0s`, `1h2m3.5s`, `20ms`.
fn span(text: &str) -> Option<Duration> {
    let mut total = Duration::ZERO;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, unit) = rest.split_at(digits);
        let letters = unit
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(unit.len());
        let (unit, later) = unit.split_at(letters);
        let per_second = match unit {
            "h" => 1.0 / 3_600.0,
            "m" => 1.0 / 60.0,
            "s" => 1.0,
            "ms" => 1_000.0,
            "us" | "µs" => 1e6,
            "ns" => 1e9,
            _ => return None,
        };
        total = total.checked_add(seconds(number, per_second)?)?;
        rest = later;
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn wait(headers: &[(&'static str, &'static str)]) -> Option<Duration> {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        retry_after(&headers.collect(), datetime!(2026-03-01 12:00 UTC))
    }

    #[test]
    fn seconds_dates_and_reset_headers_are_read() {
        for (name, value, millis) in [
            ("retry-after", "7", 7_000),
            ("retry-after", "0.5", 500),
            ("retry-after", "Sun, 01 Mar 2026 12:00:30 GMT", 30_000),
            ("retry-after", "Sun, 01 Mar 2026 11:00:00 GMT", 0),
            ("retry-after-ms", "1250", 1_250),
            ("retry-after", "99999999", 86_400_000),
            ("x-ratelimit-reset-requests", "1s", 1_000),
            ("x-ratelimit-reset-tokens", "6m0s", 360_000),
            ("x-ratelimit-reset-tokens", "1h0m2.5s", 3_602_500),
            ("x-ratelimit-reset-tokens", "20ms", 20),
            (
                "anthropic-ratelimit-tokens-reset",
                "2026-03-01T12:01:00Z",
                60_000,
            ),
        ] {
            let expected = Some(Duration::from_millis(millis));
            assert_eq!(wait(&[(name, value)]), expected, "{name}: {value}");
        }
    }

    #[test]
    fn the_plainest_word_counts() {
        let both = [("retry-after", "9"), ("retry-after-ms", "1")];
        assert_eq!(wait(&both), Some(Duration::from_millis(1)));
        let both = [
            ("x-ratelimit-reset-requests", "1s"),
            ("x-ratelimit-reset-tokens", "2s"),
        ];
        assert_eq!(wait(&both), Some(Duration::from_secs(2)));
    }

    #[test]
    fn a_malformed_header_gives_no_wait() {
        for value in [
            "",
            "soon",
            "-1",
            "NaN",
            "inf",
            "1x",
            "s",
            "1s2",
            "1e400",
            "99999999999999999999h",
        ] {
            assert_eq!(wait(&[("retry-after", value)]), None, "{value}");
            assert_eq!(
                wait(&[("x-ratelimit-reset-tokens", value)]),
                None,
                "{value}"
            );
        }
        assert_eq!(wait(&[]), None);
    }
}
