use bytes::Bytes;
use docuvault_domain::documents::Sha256;
use docuvault_domain::ports::{ByteStream, Stored};
use sha2::Digest;

use crate::builders::chunks;

/// Bytes in which no two parts are alike, so that a lost, doubled or moved part shows.
pub(super) struct Content(Bytes);

/// An odd number, so that pieces never line up with the blocks of a store.
const PIECE: usize = 40_961;

impl Content {
    pub(super) fn of(size: usize) -> Self {
        let blocks =
            (0..=size as u64 / 8).flat_map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
        Self(blocks.take(size).collect())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn size(&self) -> u64 {
        self.0.len() as u64
    }

    /// What `put` must answer for it.
    pub(super) fn stored(&self) -> Stored {
        let digest = sha2::Sha256::digest(&self.0);
        Stored {
            size: self.size(),
            sha256: Sha256::parse(hex::encode(digest)).unwrap(),
        }
    }

    pub(super) fn stream(&self) -> ByteStream {
        let (all, mut from) = (self.0.clone(), 0);
        chunks(std::iter::from_fn(move || {
            let piece = all.slice(from..all.len().min(from + PIECE));
            from += piece.len();
            (!piece.is_empty()).then_some(piece)
        }))
    }

    /// Compared without printing megabytes.
    pub(super) fn assert_same(&self, other: &[u8]) {
        assert_eq!(other.len(), self.0.len(), "another length");
        if self.0 != other {
            let at = self.0.iter().zip(other).position(|(a, b)| a != b);
            panic!("differs from byte {at:?} on");
        }
    }
}
