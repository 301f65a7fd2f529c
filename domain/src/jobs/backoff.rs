use std::time::Duration;

use uuid::Uuid;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(5);

/// How long to wait after the `attempt`-th failure (from 1): doubles from one second up to five
/// minutes, with the upper half left to chance so that failures which began together do not come
/// back together ("equal jitter"). `random` is any random id.
pub fn retry_delay(attempt: u32, random: Uuid) -> Duration {
    let doubled = FIRST.saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
    let whole = doubled.min(LONGEST);
    let chance = u32::from(random.as_bytes()[15]);
    whole / 2 + whole / 2 * chance / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_stays_bounded() {
        let (low, high) = (Uuid::nil(), Uuid::max());
        assert_eq!(retry_delay(1, low), Duration::from_millis(500));
        assert_eq!(retry_delay(1, high), Duration::from_secs(1));
        assert_eq!(retry_delay(4, high), Duration::from_secs(8));
        assert_eq!(retry_delay(40, high), LONGEST);
        assert_eq!(retry_delay(u32::MAX, low), LONGEST / 2);
    }
}
