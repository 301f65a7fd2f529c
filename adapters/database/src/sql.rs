//! Statements: values go in by position, rows come out field by field.

use docuvault_domain::ids::UserId;
use docuvault_domain::{PortError, Timestamp};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, TryGetable, Value};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::error::FromDb;

/// All repositories over one connection, pool or transaction.
pub(crate) struct SqlRepos<C>(pub(crate) C);

impl<C: ConnectionTrait> SqlRepos<C> {
    /// Runs `sql` and tells how many rows it changed.
    pub(crate) async fn execute(
        &self,
        context: &'static str,
        sql: impl Into<String>,
        values: Vec<Value>,
    ) -> Result<u64, PortError> {
        let done = self.0.execute_raw(self.statement(sql, values)).await;
        Ok(done.context(context)?.rows_affected())
    }

    /// The first row, if any.
    pub(crate) async fn one<T>(
        &self,
        context: &'static str,
        sql: impl Into<String>,
        values: Vec<Value>,
        decode: impl Fn(&mut Fields<'_>) -> Result<T, DbErr>,
    ) -> Result<Option<T>, PortError> {
        let row = self.0.query_one_raw(self.statement(sql, values)).await;
        let row = row.context(context)?;
        row.as_ref()
            .map(|row| decode(&mut Fields::of(row)))
            .transpose()
            .context(context)
    }

    /// All rows.
    pub(crate) async fn all<T>(
        &self,
        context: &'static str,
        sql: impl Into<String>,
        values: Vec<Value>,
        decode: impl Fn(&mut Fields<'_>) -> Result<T, DbErr>,
    ) -> Result<Vec<T>, PortError> {
        let rows = self.0.query_all_raw(self.statement(sql, values)).await;
        let rows = rows.context(context)?;
        rows.iter()
            .map(|row| decode(&mut Fields::of(row)))
            .collect::<Result<_, _>>()
            .context(context)
    }

    fn statement(&self, sql: impl Into<String>, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.0.get_database_backend(), sql, values)
    }
}

/// The fields of a row, read from left to right.
pub(crate) enum Fields<'r> {
    /// As columns.
    Columns {
        /// The row.
        row: &'r QueryResult,
        /// The next column.
        next: usize,
    },
    /// As a JSON array.
    Array(std::vec::IntoIter<serde_json::Value>),
}

impl<'r> Fields<'r> {
    fn of(row: &'r QueryResult) -> Self {
        Self::Columns { row, next: 0 }
    }

    /// The fields in the next field, which is a JSON array of them.
    pub(crate) fn array(&mut self) -> Result<Fields<'static>, DbErr> {
        let values: Vec<serde_json::Value> = self.json()?;
        Ok(Fields::Array(values.into_iter()))
    }

    /// The next field as it is.
    pub(crate) fn get<T: TryGetable + DeserializeOwned>(&mut self) -> Result<T, DbErr> {
        match self {
            Self::Columns { row, next } => {
                let index = *next;
                *next += 1;
                row.try_get_by_index(index)
            }
            Self::Array(values) => from_json(values.next()),
        }
    }

    /// The next field as a domain value with a stored name.
    pub(crate) fn parsed<T>(&mut self, parse: fn(&str) -> Option<T>) -> Result<T, DbErr> {
        let text: String = self.get()?;
        parse(&text).ok_or_else(|| unreadable(&text))
    }

    /// The same where it may be NULL.
    pub(crate) fn maybe_parsed<T>(
        &mut self,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, DbErr> {
        let text: Option<String> = self.get()?;
        text.map(|text| parse(&text).ok_or_else(|| unreadable(&text)))
            .transpose()
    }

    /// The next field as JSON; NULL is an empty array.
    pub(crate) fn json<T: DeserializeOwned>(&mut self) -> Result<T, DbErr> {
        // Within an array it is part of it.
        if let Self::Array(values) = self {
            return from_json(values.next());
        }
        let text: Option<String> = self.get()?;
        let text = text.as_deref().unwrap_or("[]");
        serde_json::from_str(text).map_err(|_| unreadable(text))
    }

    /// The next field as true or false. Within an array it is SQLite's, which knows numbers only.
    pub(crate) fn flag(&mut self) -> Result<bool, DbErr> {
        match self {
            Self::Columns { .. } => self.get(),
            Self::Array(_) => Ok(self.number::<u8>()? != 0),
        }
    }

    /// The next field as an unsigned number.
    pub(crate) fn number<T: TryFrom<i64>>(&mut self) -> Result<T, DbErr> {
        let number: i64 = self.get()?;
        T::try_from(number).map_err(|_| unreadable(&number.to_string()))
    }

    /// The same where it may be NULL.
    pub(crate) fn maybe_number<T: TryFrom<i64>>(&mut self) -> Result<Option<T>, DbErr> {
        let number: Option<i64> = self.get()?;
        number
            .map(|number| T::try_from(number).map_err(|_| unreadable(&number.to_string())))
            .transpose()
    }

    /// The next field as a moment.
    pub(crate) fn time(&mut self) -> Result<Timestamp, DbErr> {
        self.get().map(Timestamp::from_micros)
    }

    /// The same where it may be NULL.
    pub(crate) fn maybe_time(&mut self) -> Result<Option<Timestamp>, DbErr> {
        Ok(self.get::<Option<i64>>()?.map(Timestamp::from_micros))
    }
}

fn from_json<T: DeserializeOwned>(value: Option<serde_json::Value>) -> Result<T, DbErr> {
    serde_json::from_value(value.unwrap_or_default())
        .map_err(|error| DbErr::Type(error.to_string()))
}

/// Decodes the one field of a `SELECT COUNT(*)`.
pub(crate) fn count(fields: &mut Fields<'_>) -> Result<u64, DbErr> {
    fields.number()
}

/// A stored value that this program would not have written.
pub(crate) fn unreadable(value: &str) -> DbErr {
    DbErr::Type(format!("unreadable stored value {value:?}"))
}

/// Text as it can be stored: PostgreSQL knows no NUL.
pub(crate) fn text(text: &str) -> Value {
    text.replace('\0', "").into()
}

/// The same where it may be missing.
pub(crate) fn maybe_text(text: Option<&str>) -> Value {
    text.map(|text| text.replace('\0', "")).into()
}

/// An unsigned number.
pub(crate) fn number(number: impl TryInto<i64>) -> Value {
    number.try_into().unwrap_or(i64::MAX).into()
}

/// A moment.
pub(crate) fn time(at: Timestamp) -> Value {
    at.as_micros().into()
}

/// A moment where there is one.
pub(crate) fn maybe_time(at: Option<Timestamp>) -> Value {
    at.map(Timestamp::as_micros).into()
}

/// The value of the column `user_id`, which every query for a person compares.
pub(crate) fn owner(owner: UserId) -> Value {
    owner.0.into()
}

/// A pattern for `LIKE` over lower-case text.
pub(crate) fn containing(wanted: &str) -> String {
    let mut pattern = String::from("%");
    for c in wanted.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

/// `$1, $2, … $count`, from `$first` on.
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    let all: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    all.join(", ")
}

/// `($1, $2), ($3, $4) …`: as many rows of `columns` placeholders as `rows`.
pub(crate) fn rows_of_placeholders(rows: usize, columns: usize) -> String {
    let all: Vec<String> = (0..rows)
        .map(|row| format!("({})", placeholders(row * columns + 1, columns)))
        .collect();
    all.join(", ")
}

/// The ids for an `IN (…)` list, the last one repeated up to the next of a few lengths: so that few
/// different statements have to be prepared. Empty stays empty.
pub(crate) fn padded(ids: impl IntoIterator<Item = Uuid>) -> Vec<Value> {
    const LENGTHS: [usize; 5] = [1, 10, 50, 200, 500];
    let mut values: Vec<Value> = ids.into_iter().map(Value::from).collect();
    let length = LENGTHS
        .into_iter()
        .find(|length| *length >= values.len())
        .unwrap_or(values.len());
    if let Some(last) = values.last().cloned() {
        values.resize(length, last);
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_search_text_are_escaped() {
        assert_eq!(containing(r"50%_A\b"), r"%50\%\_a\\b%");
    }

    #[test]
    fn placeholders_are_numbered_from_the_first() {
        assert_eq!(placeholders(2, 3), "$2, $3, $4");
        assert_eq!(rows_of_placeholders(2, 2), "($1, $2), ($3, $4)");
    }

    #[test]
    fn id_lists_have_few_lengths() {
        let ids = |n: u128| padded((1..=n).map(Uuid::from_u128));
        assert_eq!(ids(0).len(), 0);
        assert_eq!(ids(1).len(), 1);
        assert_eq!(ids(2).len(), 10);
        assert_eq!(ids(50).len(), 50);
        assert_eq!(ids(501).len(), 501);
        assert_eq!(ids(2).last(), Some(&Value::from(Uuid::from_u128(2))));
    }
}
