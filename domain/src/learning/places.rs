//! Numbered places of what is counted: n-grams below, concepts above.

/// From here on there are concepts. One place for each, of more than are needed, so that a hash of
/// their keys gives them places that stay when others come.
pub(super) const CONCEPTS: u16 = 7 << 13;

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

pub(super) fn of_ngram(run: &[char]) -> u16 {
    let bytes = run.iter().flat_map(|c| u32::from(*c).to_le_bytes());
    below(CONCEPTS, hash(bytes))
}

pub(super) fn of_concept(key: &str) -> u16 {
    CONCEPTS + below(u16::MAX - CONCEPTS, hash(key.bytes()))
}
