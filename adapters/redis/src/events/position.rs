use std::fmt;
use std::str::FromStr;

use docuvault_domain::ports::EventId;

/// An entry's place in a stream: milliseconds and a count within them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position(u64, u64);

impl Position {
    /// Before any entry.
    pub(super) const START: Self = Self(0, 0);
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.1)
    }
}

/// Not a place in a stream.
#[derive(Debug)]
pub(super) struct NotAPosition;

impl FromStr for Position {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (millis, count) = text.split_once('-').ok_or(NotAPosition)?;
        match (millis.parse(), count.parse()) {
            (Ok(millis), Ok(count)) => Ok(Self(millis, count)),
            _ => Err(NotAPosition),
        }
    }
}

impl From<Position> for EventId {
    fn from(position: Position) -> Self {
        Self(position.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_by_number_and_refuses_the_rest() {
        let position = |text: &str| text.parse::<Position>();
        assert!(position("999-7").unwrap() < position("1000-0").unwrap());
        assert!(position("1000-9").unwrap() < position("1000-10").unwrap());
        assert_eq!(position("1000-10").unwrap().to_string(), "1000-10");
        for text in ["", "1000", "-", "1000-", "local-3", "1-2-3", "+", "$"] {
            assert!(position(text).is_err(), "{text}");
        }
    }
}
