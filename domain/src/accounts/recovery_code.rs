use std::fmt;

/// Digits and letters without `i`, `l`, `o` and `u` (Crockford's base 32): no two of them look alike.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Opens an account once in place of the second factor: ten characters, shown as `xxxxx-xxxxx`.
///
/// The vault keeps a plain digest of it. Its 50 bits are enough only because attempts are limited:
/// they withstand guessing at the door, not somebody who has the digests and time.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RecoveryCode(String);

impl RecoveryCode {
    /// How many a person has.
    pub const SET: usize = 10;
    /// How many characters one has.
    pub const CHARS: usize = 10;

    /// The code that five bits of each of these random bytes make.
    pub fn from_random(bytes: [u8; Self::CHARS]) -> Self {
        let symbol = |byte: u8| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]);
        Self(bytes.into_iter().map(symbol).collect())
    }

    /// What a person typed, in any case and with spaces and hyphens anywhere. `o`, `i` and `l`, which
    /// are in no code, are taken for the digits they look like.
    pub fn parse(text: &str) -> Option<Self> {
        let mut code = String::with_capacity(Self::CHARS);
        for char in text.chars().filter(|&char| !is_filler(char)) {
            let symbol = match char.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                other => other,
            };
            let known = u8::try_from(symbol).is_ok_and(|byte| ALPHABET.contains(&byte));
            if !known || code.len() == Self::CHARS {
                return None;
            }
            code.push(symbol);
        }
        (code.len() == Self::CHARS).then_some(Self(code))
    }

    /// As it is digested: the characters alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// As people see it: `xxxxx-xxxxx`.
    pub fn display(&self) -> String {
        let (left, right) = self.0.split_at(Self::CHARS / 2);
        format!("{left}-{right}")
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What stands between characters on paper: spaces, and hyphens as word processors make them.
fn is_filler(char: char) -> bool {
    char.is_whitespace() || matches!(char, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_of_five_bits_a_byte() {
        let code = RecoveryCode::from_random([0, 1, 9, 10, 18, 31, 32, 255, 224, 130]);
        assert_eq!(code.reveal(), "019ajz0z02");
        assert_eq!(code.display(), "019aj-z0z02");
        assert_eq!(format!("{code:?}"), "***");
    }

    #[test]
    fn the_alphabet_has_no_look_alikes() {
        assert!(ALPHABET.is_sorted_by(|a, b| a < b));
        assert!(!ALPHABET.iter().any(|byte| b"ilou".contains(byte)));
    }

    #[test]
    fn typed_in_many_ways() {
        let code = RecoveryCode::from_random([0, 1, 9, 10, 18, 31, 0, 31, 0, 2]);
        for typed in [
            "019aj-z0z02",
            "019ajz0z02",
            " 019AJ-Z0Z02\n",
            "0 1 9 a j z 0 z 0 2",
            "019aj\u{2013}z0z02",
            "019aj\u{a0}-\u{a0}z0z02",
            "-019aj--z0z02-",
            "oi9aj-zOz02",
            "OL9AJ-ZoZo2",
        ] {
            assert_eq!(
                RecoveryCode::parse(typed).as_ref(),
                Some(&code),
                "{typed:?}"
            );
        }
        for wrong in [
            "",
            "-----",
            "019aj-z0z0",
            "019aj-z0z022",
            "019aj_z0z02",
            "u19aj-z0z02",
            "019aj-z0z0\u{e4}",
            "019aj-z0z0\u{ff12}",
            &"0".repeat(1_000_000),
        ] {
            assert_eq!(RecoveryCode::parse(wrong), None);
        }
        for shown in [code.display(), code.reveal().to_owned()] {
            assert_eq!(RecoveryCode::parse(&shown).as_ref(), Some(&code));
        }
    }
}
