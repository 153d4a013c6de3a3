//! What SQL reads of a list is what cutting the whole list gives: every filter, every order, every
//! page, for whoever asks.

use std::collections::BTreeSet;

use kit::http::{Body, Call, Cx, Reply};
use kit::policy::Caller;
use rusqlite::{Connection, params_from_iter};
use serde_json::{Map, Value, json};

use super::Listing;
use super::store::{Asker, statement};
use crate::floating_ips::model::FloatingIp;
use crate::networks::model::Network;
use crate::operations;
use crate::ports::model::Port;
use crate::resource::{self, Resource};
use crate::routers::model::Router;
use crate::security_groups::model::SecurityGroup;
use crate::subnets::model::Subnet;
use crate::tests::{Cloud, cloud};

/// Rows of a page: few, so that there are many pages.
const LIMIT: usize = 4;

fn call<R: Resource>(cloud: &Cloud, caller: &Caller, verb: &str) -> Call {
    let method = if verb == "index" { "GET" } else { "POST" };
    let of = |row: &&kit::http::Operation| {
        row.path == R::PATH && row.method.as_str() == method && row.rule.is_some()
    };
    let operation = operations::ALL.iter().find(of).unwrap();
    Call::without_request(&cloud.platform, operation, caller)
}

fn json_of(reply: Reply) -> Value {
    let Body::Json(value) = reply.body else { panic!("no JSON") };
    value
}

async fn make<R: Resource>(cloud: &Cloud, caller: &Caller, body: Value) -> String {
    let mut call = call::<R>(cloud, caller, "create");
    call.body = json!({R::NAME: body});
    let made = json_of(resource::create::<R>(call).await.unwrap());
    made[R::NAME]["id"].as_str().unwrap().to_owned()
}

/// Holds the page of a query to the whole list, cut; gives it back.
async fn same<R: Resource>(cloud: &Cloud, caller: &Caller, query: &[(String, String)]) -> Value {
    let asked = || {
        let mut call = call::<R>(cloud, caller, "index");
        query.clone_into(&mut call.query);
        call
    };
    let call = asked();
    let rows = resource::visible::<R>(&call).await.unwrap();
    let cx = Cx::new(&call);
    let whole = rows.iter().map(|row| R::VIEW.render(row, &cx)).collect();
    let listing = Listing::parse(query, R::ATTRIBUTES).unwrap();
    let cut = resource::page(&call, &listing, R::COLLECTION, R::PATH, whole).unwrap();
    let (cut, read) = (json_of(cut), json_of(resource::index::<R>(asked()).await.unwrap()));
    assert_eq!(read, cut, "{} {query:?}", R::COLLECTION);
    read
}

fn query(parameters: &[(&str, &str)]) -> Vec<(String, String)> {
    parameters.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Everything by which a row of the list can be found, and something by which none can.
fn values(rows: &[Value], key: &str) -> BTreeSet<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let of = |row: &Value| match row[key].as_array() {
        Some(items) => items.iter().map(text).collect(),
        None => vec![text(&row[key])],
    };
    rows.iter().flat_map(of).chain(["none of them".to_owned(), String::new()]).collect()
}

async fn filters_agree<R: Resource>(cloud: &Cloud, caller: &Caller) {
    let whole = same::<R>(cloud, caller, &[]).await;
    let rows = whole[R::COLLECTION].as_array().unwrap();
    let is_shown = |name: &str| rows.iter().any(|row| row.get(name).is_some());
    let all = R::ATTRIBUTES.iter().chain(crate::attributes::STANDARD);
    for attribute in all.filter(|attribute| is_shown(attribute.name)) {
        let boolean = |text: &str| ["true", "false"].contains(&text);
        let has_booleans = rows.iter().any(|row| row[attribute.name].is_boolean());
        let found = values(rows, attribute.name);
        let fits = |text: &&String| attribute.filter && boolean(text) == has_booleans;
        let found: Vec<&String> = found.iter().filter(fits).collect();
        for value in &found {
            same::<R>(cloud, caller, &query(&[(attribute.name, value)])).await;
        }
        if let [one, other, ..] = found.as_slice() {
            let either = query(&[(attribute.name, one), (attribute.name, other)]);
            same::<R>(cloud, caller, &either).await;
        }
    }
    for (key, words) in [
        ("tags", "red,blue"),
        ("tags", "red"),
        ("tags-any", "red,green"),
        ("not-tags", "red,blue"),
        ("not-tags-any", "blue"),
        ("changed_since", "2000-01-01T00:00:00Z"),
        ("changed_since", "2100-01-01T00:00:00Z"),
    ] {
        same::<R>(cloud, caller, &query(&[(key, words)])).await;
    }
}

/// Walks each order to its end and back.
async fn pages_agree<R: Resource>(cloud: &Cloud, caller: &Caller) {
    let sortable = R::ATTRIBUTES.iter().chain(crate::attributes::STANDARD).filter(|row| row.sort);
    let limit = LIMIT.to_string();
    for (key, direction) in sortable.flat_map(|row| [(row.name, "asc"), (row.name, "desc")]) {
        for reverse in ["false", "true"] {
            let order = query(&[
                ("limit", limit.as_str()),
                ("sort_key", key),
                ("sort_dir", direction),
                ("page_reverse", reverse),
            ]);
            let mut page = same::<R>(cloud, caller, &order).await;
            while let [first, .., last] = page[R::COLLECTION].as_array().unwrap().as_slice() {
                let edge = if reverse == "true" { first } else { last };
                let marker = query(&[("marker", edge["id"].as_str().unwrap())]);
                page = same::<R>(cloud, caller, &[order.clone(), marker].concat()).await;
            }
        }
    }
}

async fn agree<R: Resource>(cloud: &Cloud, callers: &[&Caller]) {
    for caller in callers {
        filters_agree::<R>(cloud, caller).await;
        pages_agree::<R>(cloud, caller).await;
    }
}

fn with(body: &Value, more: &Value) -> Value {
    let members = |value: &Value| value.as_object().unwrap().clone();
    Value::Object(members(body).into_iter().chain(members(more)).collect::<Map<_, _>>())
}

/// A few things of everything, of two projects.
async fn furnish(cloud: &Cloud, caller: &Caller, octet: u8) {
    let named = [("a", json!(["red"])), ("b", json!(["red", "blue"])), ("a", json!([]))];
    for ((name, tags), octet) in named.into_iter().zip(octet..) {
        let named = json!({"name": name, "description": "", "tags": tags});
        let network = make::<Network>(cloud, caller, named.clone()).await;
        let at = json!({"network_id": network, "ip_version": 4,
            "cidr": format!("198.51.{octet}.0/24")});
        let subnet = make::<Subnet>(cloud, caller, with(&named, &at)).await;
        let at = json!({"network_id": network, "ip_version": 6, "cidr": format!("2001:db8:{octet}::/64"),
            "gateway_ip": null});
        make::<Subnet>(cloud, caller, with(&named, &at)).await;
        let group = make::<SecurityGroup>(cloud, caller, named.clone()).await;
        let at = json!({"network_id": network, "security_groups": [group],
            "fixed_ips": [{"subnet_id": subnet}], "device_id": name});
        make::<Port>(cloud, caller, with(&named, &at)).await;
        let at = json!({"network_id": network, "admin_state_up": name == "a"});
        make::<Port>(cloud, caller, with(&named, &at)).await;
        make::<Router>(cloud, caller, named).await;
    }
    let call = call::<Network>(cloud, caller, "index");
    let networks = resource::visible::<Network>(&call).await.unwrap();
    let outside = &networks.iter().find(|network| network.external).unwrap().id;
    for tags in [json!(["red"]), json!([])] {
        let body = json!({"floating_network_id": outside, "tags": tags});
        make::<FloatingIp>(cloud, caller, body).await;
    }
}

async fn furnished() -> (Cloud, Caller, Caller) {
    let cloud = cloud().await;
    let (member, mut admin) = (cloud.member(), cloud.member());
    admin.roles.push("admin".to_owned());
    let mut other = admin.clone();
    other.scope = Caller::internal(&"other".into(), &admin.user_id).scope;
    furnish(&cloud, &member, 100).await;
    furnish(&cloud, &other, 110).await;
    (cloud, member, other)
}

#[tokio::test]
async fn networks_and_subnets_are_read_as_they_are_cut() {
    let (cloud, member, admin) = furnished().await;
    agree::<Network>(&cloud, &[&member, &admin]).await;
    agree::<Subnet>(&cloud, &[&member, &admin]).await;
}

#[tokio::test]
async fn ports_are_read_as_they_are_cut() {
    let (cloud, member, admin) = furnished().await;
    agree::<Port>(&cloud, &[&member, &admin]).await;
    let subnet = same::<Subnet>(&cloud, &member, &query(&[("name", "b")])).await;
    let subnet = format!("subnet_id={}", subnet["subnets"][0]["id"].as_str().unwrap());
    let parts = ["ip_address=198.51.100.2", "ip_address_substr=51.100", &subnet, "mask=24", "x"];
    for one in parts {
        for other in parts {
            let both = query(&[("fixed_ips", one), ("fixed_ips", other)]);
            same::<Port>(&cloud, &member, &both).await;
        }
    }
}

#[tokio::test]
async fn the_others_are_read_as_they_are_cut() {
    let (cloud, member, admin) = furnished().await;
    agree::<SecurityGroup>(&cloud, &[&member, &admin]).await;
    agree::<Router>(&cloud, &[&member, &admin]).await;
    agree::<FloatingIp>(&cloud, &[&member, &admin]).await;
}

/// What SQLite does for a page that a project or everybody asks for.
fn plan<R: Resource>(connection: &Connection, all: bool, of: &[(&str, &str)]) -> String {
    let listing = Listing::parse(&query(of), R::ATTRIBUTES).unwrap();
    let asker = Asker { project: Some("demo".into()), all, hidden: Vec::new() };
    let (sql, values) = statement(connection, R::PAGES.unwrap(), &listing, &asker).unwrap();
    let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let steps = explained.query_map(params_from_iter(values), |row| row.get::<_, String>("detail"));
    steps.unwrap().map(rusqlite::Result::unwrap).collect::<Vec<_>>().join("; ")
}

fn pages_are_in_order<R: Resource>(connection: &Connection, id: &str) {
    let by_name = [("sort_key", "name"), ("sort_dir", "asc")];
    let behind = [("limit", "9"), ("marker", id)];
    let pages = [
        ("autoindex", vec![("limit", "9")]),
        ("(id>?)", behind.to_vec()),
        ("by_name", by_name.to_vec()),
        ("(name>?)", [by_name, behind].concat()),
    ];
    for (index, asked) in pages {
        for all in [true, false] {
            let steps = plan::<R>(connection, all, &asked);
            assert!(steps.contains(index), "{asked:?}: {steps}");
            assert!(!steps.contains("FOR ORDER BY"), "{asked:?}: {steps}");
        }
    }
}

#[tokio::test]
async fn a_page_is_read_from_an_index_in_its_order() {
    let cloud = cloud().await;
    let member = cloud.member();
    let network = make::<Network>(&cloud, &member, json!({})).await;
    let port = make::<Port>(&cloud, &member, json!({"network_id": network})).await;
    let look = move |connection: &Connection| {
        pages_are_in_order::<Network>(connection, &network);
        pages_are_in_order::<Port>(connection, &port);
        let steps = plan::<Port>(connection, false, &[("network_id", &network)]);
        assert!(steps.contains("port_by_network") && !steps.contains("FOR ORDER BY"), "{steps}");
        Ok(())
    };
    cloud.platform.store.read(look).await.unwrap();
}
