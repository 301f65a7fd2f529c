use serde::{Deserialize, Serialize};

/// What a token may open. Each stands for itself: a scanner that only hands in has `write` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Looking at things.
    Read,
    /// Changing them.
    Write,
    /// Administering the instance, for administrators.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// The name in the database and in the HTTP contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Read => 1,
            Self::Write => 2,
            Self::Admin => 4,
        }
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// Whether `scope` is among them.
    pub const fn allows(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each once, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |it| self.allows(*it))
    }

    /// As stored: names with spaces between (RFC 6749, 3.3).
    pub fn to_text(self) -> String {
        self.iter().map(Scope::as_str).collect::<Vec<_>>().join(" ")
    }

    /// From the stored names.
    pub fn parse(text: &str) -> Option<Self> {
        let scope = |name| Scope::ALL.into_iter().find(|scope| scope.as_str() == name);
        text.split_whitespace().map(scope).collect()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let bits = scopes.into_iter().map(Scope::bit);
        Self(bits.fold(0, |all, bit| all | bit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_and_its_text() {
        let scopes: Scopes = [Scope::Admin, Scope::Read, Scope::Read]
            .into_iter()
            .collect();
        assert_eq!(scopes.to_text(), "read admin");
        assert_eq!(Scopes::parse("admin  read"), Some(scopes));
        assert!(scopes.allows(Scope::Read) && !scopes.allows(Scope::Write));
        assert_eq!(Scopes::parse("read everything"), None);
        assert_eq!(Scopes::parse(""), Some(Scopes::default()));
        assert!(Scopes::default().is_empty() && !scopes.is_empty());
    }
}
