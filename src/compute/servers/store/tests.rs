//! Servers in a real database.

use kit::clock::Time;
use kit::engine::{ContainerSpec, Port, Protocol, Published};
use kit::ids::{ProjectId, ServerId, UserId};
use rusqlite::Connection;

use super::*;
use crate::servers::filters::{Condition, Query, Sort, TagRule};
use crate::servers::model::{Server, VmState};
use crate::testing;

fn database() -> (tempfile::TempDir, kit::store::Store) {
    let folder = tempfile::tempdir().unwrap();
    let migrations = [
        kit::store::Migration {
            number: 40,
            sql: include_str!("../../migrations/0040_servers.sql"),
        },
        kit::store::Migration {
            number: 56,
            sql: include_str!("../../migrations/0056_containers.sql"),
        },
        kit::store::Migration {
            number: 60,
            sql: include_str!("../../migrations/0060_shelved.sql"),
        },
        kit::store::Migration { number: 61, sql: include_str!("../../migrations/0061_rescue.sql") },
        kit::store::Migration { number: 68, sql: include_str!("../../migrations/0068_pages.sql") },
    ];
    let store = kit::store::Store::open(&folder.path().join("db"), &migrations, "OFF").unwrap();
    (folder, store)
}

async fn with<T: Send + 'static>(test: impl FnOnce(&Connection) -> T + Send + 'static) -> T {
    let (_folder, store) = database();
    store.write("test", move |db| Ok(test(db))).await.unwrap()
}

fn server(id: &str, created: i64) -> Server {
    Server { created_at: Time(created), ..testing::server(id) }
}

fn ids(found: Option<Vec<Server>>) -> Vec<String> {
    found.unwrap().into_iter().map(|server| server.id.to_string()).collect()
}

fn newest_first(limit: i64, marker: Option<&str>) -> Query {
    Query {
        sort: vec![Sort { field: "created_at".into(), descending: true }],
        limit,
        marker: marker.map(str::to_owned),
        ..Query::default()
    }
}

/// What SQLite does for a page.
fn plan(db: &Connection, query: &Query) -> String {
    let (sql, values) = listing::statement(db, query).unwrap().unwrap();
    let mut explained = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let values = params_from_iter(values);
    let steps = explained.query_map(values, |row| row.get::<_, String>("detail")).unwrap();
    steps.map(rusqlite::Result::unwrap).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn a_page_is_read_from_an_index_and_nothing_else_is() {
    with(|db| {
        insert(db, &server("a", 5)).unwrap();
        let own = |field, value: &str| Condition::OneOf(field, vec![value.to_owned()]);
        let living = || vec![own("project_id", "p"), Condition::Deleted(false)];
        let pages = [
            ("server_living", Query { conditions: living(), ..newest_first(9, None) }),
            ("created_at<", Query { conditions: living(), ..newest_first(9, Some("a")) }),
            (
                "server_living_all",
                Query { conditions: vec![Condition::Deleted(false)], ..newest_first(9, None) },
            ),
            (
                "server_state",
                Query {
                    conditions: [living(), vec![own("vm_state", "error")]].concat(),
                    ..newest_first(9, None)
                },
            ),
            (
                "server_name",
                Query {
                    conditions: living(),
                    sort: ["display_name", "created_at"]
                        .map(|field| Sort { field: field.into(), descending: false })
                        .into(),
                    ..newest_first(9, None)
                },
            ),
        ];
        for (index, query) in pages {
            let plan = plan(db, &query);
            assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{index}: {plan}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_server_comes_back_as_it_went_in() {
    with(|db| {
        let mut server = server("a", 5);
        server.metadata.insert("k".into(), "v".into());
        server.tags = vec!["x".into()];
        server.number = insert(db, &server).unwrap();
        assert_eq!(get_for_system(db, &server.id).unwrap().as_ref(), Some(&server));
        server.vm_state = VmState::Stopped;
        save(db, &mut server, Time(9)).unwrap();
        assert_eq!(server.updated_at, Time(9));
        assert_eq!(get_for_system(db, &server.id).unwrap(), Some(server));
    })
    .await;
}

#[tokio::test]
async fn pages_neither_repeat_nor_skip_even_where_times_are_equal() {
    with(|db| {
        for (index, id) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
            insert(db, &server(id, i64::from(index > 2))).unwrap();
        }
        let mut seen = Vec::new();
        let mut marker: Option<String> = None;
        loop {
            let page = ids(list(db, &newest_first(2, marker.as_deref())).unwrap());
            marker = page.last().cloned();
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        assert_eq!(seen, ["e", "d", "c", "b", "a"]);
        assert!(list(db, &newest_first(2, Some("nope"))).unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_null_sorts_first_and_pages_on() {
    with(|db| {
        for (id, key) in [("a", None), ("b", Some("k")), ("c", None)] {
            insert(db, &Server { key_name: key.map(str::to_owned), ..server(id, 1) }).unwrap();
        }
        let query = |marker: Option<&str>, descending| Query {
            sort: vec![Sort { field: "key_name".into(), descending }],
            ..newest_first(1, marker)
        };
        let walk = |descending| {
            let mut seen = ids(list(db, &query(None, descending)).unwrap());
            while let Some(next) =
                ids(list(db, &query(seen.last().map(String::as_str), descending)).unwrap()).pop()
            {
                seen.push(next);
            }
            seen
        };
        assert_eq!(walk(false), ["a", "c", "b"]);
        assert_eq!(walk(true), ["b", "c", "a"]);
    })
    .await;
}

#[tokio::test]
async fn conditions_hold_together() {
    with(|db| {
        for (id, tags) in [("a", vec!["x", "y"]), ("b", vec!["x"]), ("c", vec![])] {
            let tags = tags.into_iter().map(str::to_owned).collect();
            insert(db, &Server { tags, ..server(id, 1) }).unwrap();
        }
        let both = || vec!["x".to_owned(), "y".to_owned()];
        let cases: Vec<(Condition, &[&str])> = vec![
            (Condition::Tags(TagRule::All, both()), &["a"]),
            (Condition::Tags(TagRule::Any, both()), &["b", "a"]),
            (Condition::Tags(TagRule::NotAll, both()), &["c", "b"]),
            (Condition::Tags(TagRule::NotAny, both()), &["c"]),
            (Condition::Matches("display_name", "^[ab]$".into()), &["b", "a"]),
            (Condition::OneOf("vm_state", vec!["active".into(), "error".into()]), &["c", "b", "a"]),
            (Condition::OneOf("power_state", vec!["4".into()]), &[]),
            (Condition::Matches("power_state", "1".into()), &["c", "b", "a"]),
            (Condition::Locked(true), &[]),
            (Condition::Deleted(true), &[]),
            (Condition::ChangedSince(Time(i64::MAX)), &[]),
        ];
        for (condition, expected) in cases {
            let told = format!("{condition:?}");
            let query = Query { conditions: vec![condition], ..newest_first(10, None) };
            assert_eq!(ids(list(db, &query).unwrap()), expected, "{told}");
        }
    })
    .await;
}

#[tokio::test]
async fn only_the_living_count() {
    with(|db| {
        let (project, user) = (ProjectId::from("p"), UserId::from("u"));
        insert(db, &server("a", 1)).unwrap();
        insert(db, &Server { deleted_at: Some(Time(2)), ..server("b", 1) }).unwrap();
        assert_eq!(count(db, &project, &user).unwrap(), 1);
        assert_eq!(sum_ram_mb(db, &project, &user).unwrap(), 512);
        let usage = host_usage(db, "host").unwrap();
        assert_eq!((usage.servers, usage.disk_gb, usage.busy), (1, 1, 0));
        assert!(get_for_system(db, &ServerId::from("b")).unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn the_latest_fault_shows_and_others_see_no_server() {
    with(|db| {
        let server = server("a", 1);
        insert(db, &server).unwrap();
        for message in ["first", "second"] {
            let fault = Fault {
                code: 500,
                message: message.into(),
                details: String::new(),
                created_at: Time(1),
            };
            insert_fault(db, &server.id, &fault).unwrap();
        }
        let faults = latest_faults(db, &[&server.id]).unwrap();
        assert_eq!(faults.len(), 1);
        assert_eq!(faults[0].1.message, "second");
        assert!(get(db, "a", Some(&ProjectId::from("other"))).unwrap().is_none());
        assert!(get(db, "a", None).unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn ports_of_the_host_are_those_of_living_containers() {
    with(|db| {
        let container = |id: &str, host_port, beside: Option<&str>| {
            let port = Port { number: 80, protocol: Protocol::Tcp };
            let published = vec![Published { port, host_port }];
            let spec = ContainerSpec { published, ..ContainerSpec::default() };
            let beside = beside.map(ServerId::from);
            let container = Container { beside, spec, ..Container::default() };
            Server { container: Some(container), ..server(id, 1) }
        };
        let gone = Server { deleted_at: Some(Time(2)), ..container("c", 20_002, None) };
        for row in
            [server("d", 1), container("a", 20_001, None), container("b", 80, Some("a")), gone]
        {
            insert(db, &row).unwrap();
        }
        assert_eq!(host_ports(db).unwrap(), BTreeSet::from([(Protocol::Tcp, 20_001)]));
        let found = |project: &str, name: &str| {
            find_named(db, &ProjectId::from(project), name).unwrap().map(|id| id.to_string())
        };
        assert_eq!(found("p", "b").as_deref(), Some("b"));
        assert_eq!((found("p", "c"), found("q", "b")), (None, None));
    })
    .await;
}
