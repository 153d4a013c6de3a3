//! Pages of a list by its keys: the conditions of a statement, its order, and what lies beyond a
//! marker in that order.
//!
//! Called by stores whose lists are filtered and sorted by many keys. Never decides what a key of
//! an API means in SQL.

use rusqlite::types::Value;

/// SQL text and its values, in order.
#[derive(Debug, Default)]
pub struct Where {
    parts: Vec<String>,
    values: Vec<Value>,
}

impl Where {
    /// One more condition that must hold.
    pub fn add(&mut self, sql: impl Into<String>, values: impl IntoIterator<Item = Value>) {
        self.parts.push(sql.into());
        self.values.extend(values);
    }

    /// Rows after the marker: beyond it in one key and equal to it in all keys before. `marker` is
    /// what its row has for each key. SQLite sorts `NULL` before everything.
    pub fn beyond(&mut self, order: &[(&str, bool)], marker: &[Value]) {
        let mut cases = Vec::new();
        let mut values = Vec::new();
        for (index, (column, descending)) in order.iter().enumerate() {
            let mut terms: Vec<String> =
                order.iter().take(index).map(|(equal, _)| format!("{equal} IS ?")).collect();
            values.extend(marker.iter().take(index).cloned());
            let Some(at) = marker.get(index) else { continue };
            terms.push(match (at, descending) {
                (Value::Null, true) => "0".to_owned(),
                (Value::Null, false) => format!("{column} IS NOT NULL"),
                (_, true) => format!("({column} < ? OR {column} IS NULL)"),
                (_, false) => format!("{column} > ?"),
            });
            if *at != Value::Null {
                values.push(at.clone());
            }
            cases.push(format!("({})", terms.join(" AND ")));
        }
        self.add(format!("({})", cases.join(" OR ")), values);
    }

    /// That none lies before the marker in the first key. This says nothing new beside
    /// [`Where::beyond`], but an index begins to read there. Descending, `NULL` would lie beyond: it
    /// takes a key that never is.
    pub fn bound(&mut self, order: &[(&str, bool)], marker: &[Value], never_null: &[&str]) {
        let (Some((column, descending)), Some(at)) = (order.first(), marker.first()) else {
            return;
        };
        if never_null.contains(column) || (!descending && *at != Value::Null) {
            let beyond = if *descending { "<=" } else { ">=" };
            self.add(format!("{column} {beyond} ?"), [at.clone()]);
        }
    }

    /// All conditions as one, and their values.
    pub fn finish(self) -> (String, Vec<Value>) {
        let sql = if self.parts.is_empty() { "1".into() } else { self.parts.join(" AND ") };
        (sql, self.values)
    }
}

/// The order as SQL: expressions, and whether they descend.
pub fn order_by(order: &[(&str, bool)]) -> String {
    let direction = |descends: bool| if descends { "DESC" } else { "ASC" };
    let keys: Vec<String> =
        order.iter().map(|(sql, descends)| format!("{sql} {}", direction(*descends))).collect();
    keys.join(", ")
}
