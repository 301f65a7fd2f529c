use std::sync::atomic::{AtomicU64, Ordering};

use docuvault_domain::ports::Ids;
use uuid::{Builder, Uuid};

/// Ids that count: the same in every run, and each larger than the one before it of its version.
#[derive(Debug, Default)]
pub struct CountingIds(AtomicU64);

/// Milliseconds since the epoch that the first id carries: 1 March 2026.
const EPOCH_MILLIS: u64 = 1_772_366_400_000;

impl CountingIds {
    /// Starts at 1.
    pub fn new() -> Self {
        Self::default()
    }

    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

impl Ids for CountingIds {
    fn v7(&self) -> Uuid {
        let n = self.next();
        let mut random = [0; 10];
        random[2..].copy_from_slice(&n.to_be_bytes());
        Builder::from_unix_timestamp_millis(EPOCH_MILLIS + n, &random).into_uuid()
    }

    fn v4(&self) -> Uuid {
        Builder::from_random_bytes(u128::from(self.next()).to_be_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_version_and_grow() {
        let ids = CountingIds::new();
        let sevens: Vec<_> = (0..300).map(|_| ids.v7()).collect();
        assert!(sevens.is_sorted_by(|a, b| a < b));
        assert!(sevens.iter().all(|id| id.get_version_num() == 7));
        let fours: Vec<_> = (0..300).map(|_| ids.v4()).collect();
        assert!(fours.is_sorted_by(|a, b| a < b));
        assert!(fours.iter().all(|id| id.get_version_num() == 4));
    }
}
