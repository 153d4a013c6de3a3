//! SQL functions that SQLite leaves to its host.

use std::sync::Arc;

use regex::Regex;
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// `text REGEXP pattern`: whether the pattern is found anywhere in the text. `NULL` is found
/// nowhere. The pattern is compiled once per statement.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function("regexp", 2, flags, |context| {
        let pattern = compiled(context)?;
        let text = context.get::<Option<String>>(1)?;
        Ok(text.is_some_and(|text| pattern.is_match(&text)))
    })
}

fn compiled(context: &Context<'_>) -> rusqlite::Result<Arc<Regex>> {
    context.get_or_create_aux(0, |pattern| -> Result<_, BoxError> {
        Ok(Regex::new(pattern.as_str()?)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_found_anywhere_and_never_in_null() {
        let connection = Connection::open_in_memory().unwrap();
        register(&connection).unwrap();
        let found = |text: Option<&str>, pattern: &str| {
            connection
                .query_row("SELECT ?1 REGEXP ?2", (text, pattern), |row| row.get::<_, bool>(0))
        };
        assert!(found(Some("web-1"), "^web").unwrap());
        assert!(!found(Some("my-web"), "^web").unwrap());
        assert!(!found(None, ".*").unwrap());
        assert!(found(Some("x"), "[").is_err());
    }
}
