//! Values in a patch that may be absent, null or there.

use docuvault_domain::documents::Patch;
use serde::{Deserialize, Deserializer};

/// Absent when the field is missing (by `#[serde(default)]`), null, or a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Nullable<T> {
    #[default]
    Absent,
    Null,
    Value(T),
}

impl<T> Nullable<T> {
    /// As the use cases want it, the value checked by `parse`.
    pub(crate) fn into_patch<U, E>(
        self,
        parse: impl FnOnce(T) -> Result<U, E>,
    ) -> Result<Patch<U>, E> {
        Ok(match self {
            Self::Absent => Patch::Keep,
            Self::Null => Patch::Clear,
            Self::Value(value) => Patch::Set(parse(value)?),
        })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(deserializer)?.map_or(Self::Null, Self::Value))
    }
}
