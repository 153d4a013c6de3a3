//! What every Neutron resource carries: tags, a revision, two times. And the text columns that
//! hold addresses.

use std::str::FromStr;

use kit::clock::Time;
use kit::store::json_column;
use rusqlite::Row;
use rusqlite::types::Type;

/// The attributes that every resource has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// Words that users hang on it.
    pub tags: Vec<String>,
    /// Counts the changes.
    pub revision: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl Standard {
    /// Of something made now.
    pub(crate) fn new(now: Time, revision: i64) -> Self {
        Self { tags: Vec::new(), revision, created_at: now, updated_at: now }
    }

    /// From the columns `tags`, `revision`, `created_at` and `updated_at`.
    pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            tags: json_column(row, "tags")?,
            revision: row.get("revision")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

/// A text column that holds an address or a range.
pub(crate) fn parsed<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let text: String = row.get(column)?;
    parse_column(row, column, &text)
}

/// [`parsed`] of a column that may be empty.
pub(crate) fn parsed_if_set<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let text: Option<String> = row.get(column)?;
    text.map(|text| parse_column(row, column, &text)).transpose()
}

fn parse_column<T>(row: &Row<'_>, column: &str, text: &str) -> rusqlite::Result<T>
where
    T: FromStr<Err: std::error::Error + Send + Sync + 'static>,
{
    let index = row.as_ref().column_index(column)?;
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, Type::Text, Box::new(error))
    })
}
