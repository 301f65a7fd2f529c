//! Keyset pagination.

use thiserror::Error;

/// How many items a page may carry: 1 to 200, 50 unless asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u32);

/// The limit was not in 1 to 200.
#[derive(Debug, Error)]
#[error("The limit must be a number from 1 to {}.", Limit::MAX)]
pub struct InvalidLimit;

impl Limit {
    /// The largest page.
    pub const MAX: u32 = 200;

    /// Checks the range.
    pub fn parse(limit: u32) -> Result<Self, InvalidLimit> {
        if (1..=Self::MAX).contains(&limit) {
            Ok(Self(limit))
        } else {
            Err(InvalidLimit)
        }
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, C> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last one.
    pub next: Option<C>,
}

impl<T, C> Page<T, C> {
    /// The page in `found`, which was looked up with one item more than `limit` if there are that many: it
    /// tells that there is a next page, which starts after the last item kept, at its `cursor`.
    pub fn cut(mut found: Vec<T>, limit: Limit, cursor: impl FnOnce(&T) -> C) -> Self {
        let size = usize::try_from(limit.get()).unwrap_or(usize::MAX);
        let more = found.len() > size;
        found.truncate(size);
        let last = found.last().filter(|_| more);
        Self {
            next: last.map(cursor),
            items: found,
        }
    }
}
