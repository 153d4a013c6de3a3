//! The SQL of lists of stacks: a page costs what it shows, whatever the stacks are made of.

use kit::error::Result;
use kit::store::json_column;
use rusqlite::{Connection, Row, params, params_from_iter};

use crate::stacks::model::{Listed, Query, TagFilter};

const COLUMNS: &str = "id, project_id, name, trust ->> 'user_name' AS owner, parent_id, action, \
                       status, reason, tags, created_at, updated_at, deleted_at";

/// What rows must be like, with the values of its marks.
#[derive(Default)]
struct Condition {
    terms: Vec<String>,
    values: Vec<String>,
}

impl Condition {
    fn of(query: &Query) -> Self {
        let mut condition = Self::default();
        if let Some(project) = &query.project {
            condition.demand("project_id = ?", [&project.to_string()]);
        }
        for (column, accepted) in &query.filters {
            condition.demand(&format!("{column} IN ({})", marks(accepted)), accepted);
        }
        if !query.show_deleted {
            condition.demand("deleted_at IS NULL", []);
        }
        if !query.show_nested {
            condition.demand("parent_id IS NULL", []);
        }
        condition.demand_tags(&query.tags);
        condition
    }

    fn demand<'v>(&mut self, term: &str, values: impl IntoIterator<Item = &'v String>) {
        self.terms.push(term.to_owned());
        self.values.extend(values.into_iter().cloned());
    }

    /// A stack has each tag once, so it has all of some if it has as many of them as there are.
    fn demand_tags(&mut self, tags: &TagFilter) {
        for (wanted, verdict) in [
            (&tags.all, ALL_OF_THEM),
            (&tags.any, "> 0"),
            (&tags.not_all, NOT_ALL_OF_THEM),
            (&tags.not_any, "= 0"),
        ] {
            if wanted.is_empty() {
                continue;
            }
            let wanted = distinct(wanted);
            let verdict = verdict.replace('N', &wanted.len().to_string());
            let term = format!(
                "(SELECT count(DISTINCT value) FROM json_each(tags) WHERE value IN ({})) {verdict}",
                marks(&wanted)
            );
            self.demand(&term, &wanted);
        }
    }

    fn text(&self) -> String {
        if self.terms.is_empty() { "true".to_owned() } else { self.terms.join(" AND ") }
    }
}

// N stands for how many tags were named.
const ALL_OF_THEM: &str = "= N";
const NOT_ALL_OF_THEM: &str = "< N";

fn distinct(tags: &[String]) -> Vec<String> {
    let mut tags = tags.to_vec();
    tags.sort_unstable();
    tags.dedup();
    tags
}

fn marks(values: &[String]) -> String {
    vec!["?"; values.len()].join(", ")
}

/// A page of stacks.
pub(crate) fn list(connection: &Connection, query: &Query) -> Result<Vec<Listed>> {
    let mut condition = Condition::of(query);
    let keys: Vec<&str> = query.sort.iter().copied().chain(["number"]).collect();
    let (direction, beyond) = if query.descending { ("DESC", "<") } else { ("ASC", ">") };
    if let Some(marker) = &query.marker
        && is_there(connection, query, marker)?
    {
        let keys = keys.join(", ");
        let term = format!("({keys}) {beyond} (SELECT {keys} FROM stack WHERE id = ?)");
        condition.demand(&term, [marker]);
    }
    let order: Vec<String> = keys.iter().map(|key| format!("{key} {direction}")).collect();
    let (terms, order, limit) = (condition.text(), order.join(", "), query.limit);
    let sql = format!("SELECT {COLUMNS} FROM stack WHERE {terms} ORDER BY {order} LIMIT {limit}");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(condition.values), read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many stacks all the pages have.
pub(crate) fn count_listed(connection: &Connection, query: &Query) -> Result<i64> {
    let condition = Condition::of(query);
    let sql = format!("SELECT count(*) FROM stack WHERE {}", condition.text());
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row(params_from_iter(condition.values), |row| row.get(0))?)
}

/// Heat: a marker that is not there is none.
fn is_there(connection: &Connection, query: &Query, marker: &str) -> Result<bool> {
    let sql =
        "SELECT EXISTS (SELECT 1 FROM stack WHERE (?1 IS NULL OR project_id = ?1) AND id = ?2)";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![query.project, marker], |row| row.get(0))?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed {
        id: row.get("id")?,
        project: row.get("project_id")?,
        name: row.get("name")?,
        owner: row.get("owner")?,
        parent: row.get("parent_id")?,
        action: row.get("action")?,
        status: row.get("status")?,
        reason: row.get("reason")?,
        tags: json_column(row, "tags")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        deleted_at: row.get("deleted_at")?,
    })
}
