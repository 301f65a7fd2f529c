//! Indices of features: n-grams below, concepts above.

/// From here on there are concepts. The range is larger than needed, so that the hash of a key gives
/// a concept an index that stays when others are added.
pub(super) const FIRST_CONCEPT: u16 = 7 << 13;

/// FNV-1a (<http://www.isthe.com/chongo/tech/comp/fnv/>).
fn hash(bytes: impl Iterator<Item = u8>) -> u32 {
    const OFFSET: u32 = 0x811c_9dc5;
    const PRIME: u32 = 0x0100_0193;
    bytes.fold(OFFSET, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(PRIME)
    })
}

fn below(bound: u16, hash: u32) -> u16 {
    let folded = (hash >> 16) ^ (hash & 0xffff);
    u16::try_from(folded % u32::from(bound)).unwrap_or_default()
}

pub(super) fn of_ngram(ngram: &[char]) -> u16 {
    let bytes = ngram.iter().flat_map(|c| u32::from(*c).to_le_bytes());
    below(FIRST_CONCEPT, hash(bytes))
}

pub(super) fn of_concept(key: &str) -> u16 {
    FIRST_CONCEPT + below(u16::MAX - FIRST_CONCEPT, hash(key.bytes()))
}
