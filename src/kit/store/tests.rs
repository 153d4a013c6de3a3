use super::*;
use crate::error::Kind;

const SCHEMA: &[Migration] =
    &[Migration { number: 1, sql: "CREATE TABLE thing (name TEXT PRIMARY KEY) STRICT" }];

fn open() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("db"), SCHEMA, "NORMAL").unwrap();
    (folder, store)
}

fn insert(connection: &Connection, name: &str) -> Result<()> {
    connection.execute("INSERT INTO thing VALUES (?1)", [name])?;
    Ok(())
}

fn count(connection: &Connection) -> Result<i64> {
    Ok(connection.query_row("SELECT count(*) FROM thing", [], |row| row.get(0))?)
}

#[tokio::test]
async fn a_failed_closure_takes_back_its_own_rows_only() {
    let (_folder, store) = open();
    let good = store.write("good", |tx| insert(tx, "a"));
    let bad = store.write("bad", |tx| {
        insert(tx, "b")?;
        Err::<(), _>(Error::conflict("no"))
    });
    let (good, bad) = tokio::join!(good, bad);
    good.unwrap();
    assert_eq!(bad.unwrap_err().kind, Kind::Conflict);
    assert_eq!(store.read(count).await.unwrap(), 1);
}

#[tokio::test]
async fn a_panicking_closure_costs_its_caller_only() {
    let (_folder, store) = open();
    let outcome = store.write("panic", |_| -> Result<()> { panic!("by design") }).await;
    assert_eq!(outcome.unwrap_err().kind, Kind::Internal);
    store.write("after", |tx| insert(tx, "a")).await.unwrap();
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let (_folder, store) = open();
    assert!(store.read(|connection| insert(connection, "a")).await.is_err());
}

#[tokio::test]
async fn many_writes_share_few_commits() {
    let (_folder, store) = open();
    let writes = (0..2000).map(|n| store.write("many", move |tx| insert(tx, &n.to_string())));
    for outcome in futures_util::future::join_all(writes).await {
        outcome.unwrap();
    }
    let stats = store.writer_stats();
    assert_eq!(stats.closures, 2000);
    assert!(stats.commits < 1000, "{stats:?}");
}

#[tokio::test]
async fn a_commit_nudges_who_watches_the_table() {
    let (_folder, store) = open();
    let nudge = store.watch(&["thing"]);
    store.write("insert", |tx| insert(tx, "a")).await.unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(5), nudge.wait()).await.unwrap();
}

#[tokio::test]
async fn a_backup_is_a_whole_database() {
    let (folder, store) = open();
    store.write("insert", |tx| insert(tx, "a")).await.unwrap();
    let copy = folder.path().join("copy");
    Store::copy(folder.path().join("db"), copy.clone()).await.unwrap();
    assert_eq!(count(&Connection::open(copy).unwrap()).unwrap(), 1);
}
