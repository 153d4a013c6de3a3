//! The SQL of a page: which rows, in which order, beyond which marker.
//!
//! Called by `resource.rs`, which takes rows until its page is full: what a rule lets a caller see
//! only the rule knows. So this gives ids, one by one, and reads no further than it is asked to.
//! What a key of the API is in SQL stands in the table of each resource's `store.rs`.

use kit::Result;
use kit::ids::ProjectId;
use kit::store::keyset::{Where, order_by};
use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use serde_json::Value;

use super::{CHANGED_SINCE, Listing};

/// The project that asks, within [`Pages::seen`] and columns that hang on it.
const CALLER: &str = "WITH caller (project) AS (VALUES (?))";

/// What a list is read from.
#[derive(Debug)]
pub(crate) struct Pages {
    /// The table.
    pub(crate) table: &'static str,
    /// Which rows a project may see, at most. A `+` keeps an index out that would give the rows in
    /// another order than the page's, and so all of them before the first.
    pub(crate) seen: &'static str,
    /// What one can filter and sort by, besides [`STANDARD`].
    pub(crate) columns: &'static [(&'static str, Column)],
}

/// What a key of the API is in SQL.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Column {
    /// An expression.
    Is(&'static str),
    /// A column of another table, which has several rows for one of ours: its ids of ours, and it.
    Among(&'static str, &'static str),
    /// Addresses, whose filters name a part: `ip_address=…`.
    Addresses,
}

use Column::{Addresses, Among, Is};

/// The rows that are the caller's own and nobody else's business.
pub(crate) const OWN: &str = "+project = (SELECT project FROM caller)";

/// What every resource's table has.
static STANDARD: &[(&str, Column)] = &[
    ("id", Is("id")),
    ("project_id", Is("project")),
    ("tenant_id", Is("project")),
    ("revision_number", Is("revision")),
];

/// Parts of an address that filters name.
static ADDRESS_PARTS: &[(&str, &str)] = &[
    ("ip_address", "address = ?"),
    ("subnet_id", "subnet = ?"),
    ("ip_address_substr", "instr(address, ?)"),
];

/// Who asks: for rows of which project, and which keys he may not know.
#[derive(Clone, Debug)]
pub(crate) struct Asker {
    /// His project.
    pub(crate) project: Option<ProjectId>,
    /// Whether he sees the rows of all.
    pub(crate) all: bool,
    /// The keys that answers hide from him: to him, nothing has them.
    pub(crate) hidden: Vec<&'static str>,
}

/// Hands on the ids of a list in its order, until one is not taken.
pub(crate) fn each(
    connection: &Connection,
    pages: &Pages,
    listing: &Listing,
    asker: &Asker,
    mut take: impl FnMut(&str) -> Result<bool>,
) -> Result<()> {
    let (sql, values) = statement(connection, pages, listing, asker)?;
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        if !take(row.get_ref("id")?.as_str().unwrap_or_default())? {
            break;
        }
    }
    Ok(())
}

/// The statement of a page, and its values.
pub(super) fn statement(
    connection: &Connection,
    pages: &Pages,
    listing: &Listing,
    asker: &Asker,
) -> Result<(String, Vec<Sql>)> {
    let mut rows = Where::default();
    if !asker.all {
        rows.add(format!("({})", pages.seen), []);
    }
    for (key, wanted) in &listing.filters {
        let (sql, values) = condition(pages, asker, key, wanted)?;
        rows.add(sql, values);
    }
    let reverse = listing.limit > 0 && listing.reverse;
    let own = listing.sorts.iter().map(|(key, ascends)| (key.as_str(), *ascends));
    let order: Vec<(&str, bool)> = own
        .chain([("id", true)])
        .map(|(key, ascends)| (pages.expression(asker, key), ascends == reverse))
        .collect();
    if let Some(marker) = listing.marker()
        && let Some(values) = of_marker(connection, pages, asker, marker, &order)?
    {
        rows.bound(&order, &values, &[]);
        rows.beyond(&order, &values);
    }
    let (conditions, given) = rows.finish();
    let (table, order) = (pages.table, order_by(&order));
    let sql = format!("{CALLER} SELECT id FROM {table} WHERE {conditions} ORDER BY {order}");
    Ok((sql, asker.project().into_iter().chain(given).collect()))
}

impl Asker {
    fn project(&self) -> [Sql; 1] {
        [self.project.as_ref().map_or(Sql::Null, |id| Sql::Text(id.as_str().to_owned()))]
    }
}

impl Pages {
    /// What a key is. One that is hidden, and one that no row has, is nothing.
    fn column(&self, asker: &Asker, key: &str) -> Column {
        let mut columns = self.columns.iter().chain(STANDARD);
        let known = columns.find(|(name, _)| *name == key && !asker.hidden.contains(name));
        known.map_or(Is("NULL"), |(_, column)| *column)
    }

    fn expression(&self, asker: &Asker, key: &str) -> &'static str {
        match self.column(asker, key) {
            Is(sql) => sql,
            Among(..) | Addresses => "NULL",
        }
    }
}

/// What the marker's row has for the keys of the order, if it is there.
fn of_marker(
    connection: &Connection,
    pages: &Pages,
    asker: &Asker,
    marker: &str,
    order: &[(&str, bool)],
) -> Result<Option<Vec<Sql>>> {
    let keys: Vec<&str> = order.iter().map(|(sql, _)| *sql).collect();
    let (table, keys) = (pages.table, keys.join(", "));
    let sql = format!("{CALLER} SELECT {keys} FROM {table} WHERE id = ?");
    let given = asker.project().into_iter().chain([Sql::from(marker.to_owned())]);
    let values = |row: &rusqlite::Row<'_>| (0..order.len()).map(|at| row.get(at)).collect();
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_row(params_from_iter(given), values).optional()?)
}

/// That a row has one of the values wanted of a key; of tags, that it has each set of words.
fn condition(
    pages: &Pages,
    asker: &Asker,
    key: &str,
    wanted: &[Value],
) -> Result<(String, Vec<Sql>)> {
    match key {
        CHANGED_SINCE => Ok(any(wanted, |_| CHANGED.to_owned())),
        "tags" | "tags-any" | "not-tags" | "not-tags-any" => tagged(key, wanted),
        key => Ok(match pages.column(asker, key) {
            Is(sql) => any(wanted, |value| equal(sql, value)),
            Among(ids, column) => {
                let (sql, values) = any(wanted, |_| format!("{column} = ?"));
                (format!("id IN ({ids} WHERE {sql})"), values)
            }
            Addresses => addressed(wanted),
        }),
    }
}

const CHANGED: &str = "strftime('%Y-%m-%dT%H:%M:%SZ', updated_at / 1000000, 'unixepoch') >= ?";

/// One of the values fits.
fn any(wanted: &[Value], fits: impl Fn(&Value) -> String) -> (String, Vec<Sql>) {
    let cases: Vec<String> = wanted.iter().map(fits).collect();
    (format!("({})", cases.join(" OR ")), wanted.iter().map(bind).collect())
}

/// Nothing is asked for by an empty text.
fn equal(sql: &str, value: &Value) -> String {
    if value == "" { format!("coalesce({sql}, '') = ?") } else { format!("{sql} = ?") }
}

/// A row has an address that fits: of several values for a part one, of several parts each.
fn addressed(wanted: &[Value]) -> (String, Vec<Sql>) {
    let pairs: Vec<(&str, &str)> =
        wanted.iter().filter_map(|value| value.as_str()?.split_once('=')).collect();
    let mut fits = Where::default();
    for (part, sql) in ADDRESS_PARTS {
        let values = pairs.iter().filter(|(name, _)| name == part).map(|(_, value)| *value);
        let values: Vec<Value> = values.map(Value::from).collect();
        if !values.is_empty() {
            let (sql, values) = any(&values, |_| (*sql).to_owned());
            fits.add(sql, values);
        }
    }
    let known = |(name, _): &(&str, &str)| ADDRESS_PARTS.iter().any(|(part, _)| part == name);
    if !pairs.iter().all(known) {
        fits.add("0", []);
    }
    let (sql, values) = fits.finish();
    (format!("id IN (SELECT port FROM port_address WHERE {sql})"), values)
}

fn tagged(filter: &str, wanted: &[Value]) -> Result<(String, Vec<Sql>)> {
    let some = "EXISTS (SELECT 1 FROM json_each(tags) own
                 WHERE own.value IN (SELECT value FROM json_each(?)))";
    let each = "NOT EXISTS (SELECT 1 FROM json_each(?) word
                 WHERE word.value NOT IN (SELECT value FROM json_each(tags)))";
    let sql = match filter {
        "tags" => each.to_owned(),
        "tags-any" => some.to_owned(),
        "not-tags" => format!("NOT ({each})"),
        _ => format!("NOT ({some})"),
    };
    let mut all = Where::default();
    for words in wanted.iter().filter_map(Value::as_str) {
        let words: Vec<&str> = words.split(',').collect();
        all.add(sql.clone(), [serde_json::to_string(&words)?.into()]);
    }
    Ok(all.finish())
}

fn bind(value: &Value) -> Sql {
    match value {
        Value::Bool(value) => Sql::from(*value),
        Value::String(text) => Sql::from(text.clone()),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => Sql::Null,
    }
}
