//! How values lie in a row: each type says once how it goes in and how it comes out.

use docuvault_domain::Timestamp;
use docuvault_domain::ids::{ConnectionId, DocumentId, FolderId, UserId};
use sea_orm::{DbErr, TryGetable, Value};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::sql::{Fields, unreadable};

/// What takes one column or several beside each other.
pub(crate) trait Stored: Sized {
    /// Whether they are bytes on SQLite, which JSON does not know.
    const BYTES: bool = false;

    fn write(&self, row: &mut Vec<Value>);

    fn read(fields: &mut Fields<'_>) -> Result<Self, DbErr>;
}

/// What takes one column, and may be missing as an `Option`.
pub(crate) trait Single: Sized {
    /// What the database knows.
    type Raw: TryGetable + DeserializeOwned;

    const BYTES: bool = false;

    fn raw(&self) -> Self::Raw;

    fn from_raw(raw: Self::Raw) -> Result<Self, DbErr>;
}

impl<T: Single<Raw: Into<Value>>> Stored for T {
    const BYTES: bool = T::BYTES;

    fn write(&self, row: &mut Vec<Value>) {
        row.push(self.raw().into());
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, DbErr> {
        fields.get().and_then(T::from_raw)
    }
}

impl<T: Single> Stored for Option<T>
where
    Option<T::Raw>: Into<Value>,
{
    const BYTES: bool = T::BYTES;

    fn write(&self, row: &mut Vec<Value>) {
        row.push(self.as_ref().map(T::raw).into());
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, DbErr> {
        fields.get::<Option<_>>()?.map(T::from_raw).transpose()
    }
}

macro_rules! ids {
    ($($type:ident),+) => {
        $(impl Single for $type {
            type Raw = Uuid;

            const BYTES: bool = true;

            fn raw(&self) -> Uuid {
                self.0
            }

            fn from_raw(raw: Uuid) -> Result<Self, DbErr> {
                Ok(Self(raw))
            }
        })+
    };
}

ids!(ConnectionId, DocumentId, FolderId, UserId);

macro_rules! numbers {
    ($($type:ident),+) => {
        $(impl Single for $type {
            type Raw = i64;

            fn raw(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }

            fn from_raw(raw: i64) -> Result<Self, DbErr> {
                Self::try_from(raw).map_err(|_| unreadable(&raw.to_string()))
            }
        })+
    };
}

numbers!(u32, u64);

/// Without NUL, which PostgreSQL does not know.
impl Single for String {
    type Raw = Self;

    fn raw(&self) -> Self {
        self.replace('\0', "")
    }

    fn from_raw(raw: Self) -> Result<Self, DbErr> {
        Ok(raw)
    }
}

impl Single for Timestamp {
    type Raw = i64;

    fn raw(&self) -> i64 {
        self.as_micros()
    }

    fn from_raw(raw: i64) -> Result<Self, DbErr> {
        Ok(Self::from_micros(raw))
    }
}

impl Stored for bool {
    fn write(&self, row: &mut Vec<Value>) {
        row.push((*self).into());
    }

    fn read(fields: &mut Fields<'_>) -> Result<Self, DbErr> {
        fields.flag()
    }
}
