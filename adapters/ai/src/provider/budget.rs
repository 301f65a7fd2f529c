//! What a provider may cost a day.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use time::{Date, OffsetDateTime};

/// Tokens used today (UTC), and how many may be.
pub(super) struct DailyBudget {
    tokens: Option<u64>,
    used: Mutex<(Date, u64)>,
}

impl DailyBudget {
    pub(super) const fn of(tokens: Option<u64>) -> Self {
        Self {
            tokens,
            used: Mutex::new((Date::MIN, 0)),
        }
    }

    /// Ok while something is left; else how long it takes until tomorrow.
    pub(super) fn has_room(&self, now: OffsetDateTime) -> Result<(), Duration> {
        let Some(tokens) = self.tokens else {
            return Ok(());
        };
        if self.on(now.date()).1 < tokens {
            return Ok(());
        }
        let midnight = now.date().saturating_add(time::Duration::DAY).midnight();
        Err((midnight.assume_utc() - now).try_into().unwrap_or_default())
    }

    pub(super) fn spend(&self, tokens: u64, now: OffsetDateTime) {
        let mut used = self.on(now.date());
        used.1 = used.1.saturating_add(tokens);
    }

    fn on(&self, today: Date) -> MutexGuard<'_, (Date, u64)> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.0 != today {
            *used = (today, 0);
        }
        used
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_used_up_budget_is_renewed_at_midnight() {
        let evening = datetime!(2026-03-01 23:59 UTC);
        let budget = DailyBudget::of(Some(100));
        budget.spend(99, evening);
        assert_eq!(budget.has_room(evening), Ok(()));
        budget.spend(1, evening);
        assert_eq!(budget.has_room(evening), Err(Duration::from_mins(1)));
        assert_eq!(budget.has_room(datetime!(2026-03-02 0:00 UTC)), Ok(()));
    }

    #[test]
    fn without_a_budget_nothing_is_limited() {
        let budget = DailyBudget::of(None);
        budget.spend(u64::MAX, datetime!(2026-03-01 12:00 UTC));
        assert_eq!(budget.has_room(datetime!(2026-03-01 12:00 UTC)), Ok(()));
    }
}
