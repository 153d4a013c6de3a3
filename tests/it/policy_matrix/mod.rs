//! Every operation of every service × who asks, held to the default policies of Nova 34,
//! Keystone 30, Glance 33, Neutron 29 and Heat 27.
//!
//! A service's table has a [`Row`] per operation: its name, the word for who may use it, and the
//! smallest body; and further rows where a query, an attribute or the ids have a policy of their
//! own. The words are read off upstream's policies and never off our own rules, or the
//! test could not fail. Every persona gets a cloud of its own with the same things in the project
//! `demo` and asks all rows from top to bottom with the ids of those things: so a refusal is
//! policy and not absence, and what ends a thing stands last in its table.

mod cloudformation;
mod compute;
mod identity;
mod image;
mod network;
mod orchestration;
mod placement;
mod world;

use kit::http::{Dialect, Method, Mv, Operation, Service, Versioning};
use novadock::app::SERVICES;

use crate::support::Answer;
use world::World;

/// Who asks. The three in the middle have that role, and what it implies, where the things are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Persona {
    /// Without a token.
    Nobody,
    /// A member of another project.
    Stranger,
    Reader,
    Member,
    Manager,
    /// An administrator, by a token of yet another project.
    Admin,
}

/// The status that each persona meets, in the order of [`Persona`].
type Verdicts = [u16; 6];

/// Success, or what no policy is to blame for: a state or an engine that does not allow it.
const OK: u16 = 200;

const PUBLIC: Verdicts = [OK; 6];
/// Everybody with a token, about himself or about what everybody sees.
const ANYBODY: Verdicts = [401, OK, OK, OK, OK, OK];
/// Members, in the project of their token: strangers in theirs.
const OWN_MEMBER: Verdicts = [401, OK, 403, OK, OK, OK];
/// Readers of the project that the thing belongs to. Others are told that they may not.
const READER: Verdicts = [401, 403, OK, OK, OK, OK];
const MEMBER: Verdicts = [401, 403, 403, OK, OK, OK];
const MANAGER: Verdicts = [401, 403, 403, 403, OK, OK];
const ADMIN: Verdicts = [401, 403, 403, 403, 403, OK];
/// Readers of the project that the thing belongs to. Others are told that it is not there.
const HIDDEN_READER: Verdicts = [401, 404, OK, OK, OK, OK];
const HIDDEN_MEMBER: Verdicts = [401, 404, 403, OK, OK, OK];
const HIDDEN_MANAGER: Verdicts = [401, 404, 403, 403, OK, OK];
const HIDDEN_ADMIN: Verdicts = [401, 404, 403, 403, 403, OK];
/// Administrators. Everybody else is told that it is not there.
const SECRET: Verdicts = [401, 404, 404, 404, 404, OK];
/// Whoever is none of the personas: the user himself, another service.
const OTHERS: Verdicts = [401, 403, 403, 403, 403, 403];
/// What no deployment like this one has.
const ABSENT: Verdicts = [401, 404, 404, 404, 404, 404];

/// What upstream says of an operation.
struct Row {
    operation: &'static str,
    verdicts: Verdicts,
    media_type: &'static str,
    /// Ids in braces, as in paths; so in the query.
    body: &'static str,
    query: &'static str,
    /// Only this version of the operation, where versions differ in more than their answers.
    version: Option<Mv>,
    /// Other ids for parameters of the path, by their names.
    ids: &'static [(&'static str, &'static str)],
    /// What whoever may is told too, beside the operation's own status: a cloud of one host has no other, which
    /// shows once the server is placed.
    refusal: Option<u16>,
}

const fn row(operation: &'static str, verdicts: Verdicts) -> Row {
    let media_type = "application/json";
    Row {
        operation,
        verdicts,
        media_type,
        body: "",
        query: "",
        version: None,
        ids: &[],
        refusal: None,
    }
}

impl Row {
    const fn body(mut self, body: &'static str) -> Self {
        self.body = body;
        self
    }

    const fn query(mut self, query: &'static str) -> Self {
        self.query = query;
        self
    }

    const fn media_type(mut self, media_type: &'static str) -> Self {
        self.media_type = media_type;
        self
    }

    const fn at(mut self, version: Mv) -> Self {
        self.version = Some(version);
        self
    }

    const fn on(mut self, ids: &'static [(&'static str, &'static str)]) -> Self {
        self.ids = ids;
        self
    }

    const fn refused(mut self, status: u16) -> Self {
        self.refusal = Some(status);
        self
    }

    fn covers(&self, operation: &Operation) -> bool {
        self.operation == operation.name
            && self.version.is_none_or(|version| operation.span.contains(version))
    }
}

/// Identity is asked last: its administrator ends users and projects.
static TABLES: &[(&str, &[Row])] = &[
    ("compute", compute::ROWS),
    ("image", image::ROWS),
    ("network", network::ROWS),
    ("orchestration", orchestration::ROWS),
    ("cloudformation", cloudformation::ROWS),
    ("metadata", &[]),
    ("placement", placement::ROWS),
    ("health", HEALTH),
    ("identity", identity::ROWS),
];

static HEALTH: &[Row] = &[
    row("health:index", PUBLIC),
    row("health:healthz", PUBLIC),
    row("health:readyz", PUBLIC),
    row("health:metrics", PUBLIC),
];

/// Nova: what is gone for good says so to everybody with a token.
static GONE: Row = row("removed", ANYBODY);

/// A question: a row about one of its operations.
struct Case {
    service: &'static Service,
    /// Of the mount, `/compute/v2.1`.
    prefix: String,
    operation: &'static Operation,
    row: &'static Row,
}

/// The operations of a service below their prefixes; Nova's `/v2` is the table of `/v2.1` again.
fn operations(service: &'static Service) -> impl Iterator<Item = (String, &'static Operation)> {
    let mounts = service.mounts.iter();
    mounts.filter(|mount| !matches!(mount.versioning, Versioning::Fixed(_))).flat_map(|mount| {
        let needs_project = mount.project_in_path && service.dialect == Dialect::Heat;
        let project = if needs_project { "/{project_id}" } else { "" };
        let prefix = format!("{}{}{project}", mount.prefix, mount.version);
        mount.operations.iter().map(move |operation| (prefix.clone(), operation))
    })
}

/// Every question, in the order of asking.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, rows) in TABLES {
        let service = *SERVICES.iter().find(|service| service.name == *name).unwrap();
        let mut ask = |row: &'static Row, covers: &dyn Fn(&Operation) -> bool| {
            let covered = operations(service).filter(|(_, operation)| covers(operation));
            let case = |(prefix, operation)| Case { service, prefix, operation, row };
            cases.extend(covered.map(case));
        };
        for row in *rows {
            ask(row, &|operation| row.covers(operation));
        }
        ask(&GONE, &|operation| operation.status == 410);
    }
    cases
}

/// What is wrong with an answer.
fn complaint(persona: Persona, case: &Case, answer: &Answer) -> Option<String> {
    let expected = case.row.verdicts[persona as usize];
    let right = match expected {
        OK => {
            let done = case.operation.status;
            [done, case.row.refusal.unwrap_or(done), 409, 501].contains(&answer.status)
        }
        401 => answer.status == 401 && speaks(case, answer),
        other => answer.status == other,
    };
    let text = String::from_utf8_lossy(&answer.bytes);
    let meets = || format!("{persona:?} meets {}, not {expected}: {text}", answer.status);
    (!right).then(|| format!("{} ({}): {}", case.operation.name, answer.request, meets()))
}

/// Whether a 401 is in the dialect of its service: webob's of Glance, Keystone's of all others.
fn speaks(case: &Case, answer: &Answer) -> bool {
    match case.service.name {
        _ if case.operation.method == Method::HEAD => answer.bytes.is_empty(),
        "image" => answer.body["code"] == "401 Unauthorized",
        "placement" => answer.body["errors"][0]["status"] == 401,
        _ => answer.body["error"]["code"] == 401,
    }
}

/// Asks everything as one persona.
async fn hold(persona: Persona) {
    let world = World::make(persona).await;
    let mut complaints = Vec::new();
    for case in cases() {
        let answer = world.ask(&case).await;
        complaints.extend(complaint(persona, &case, &answer));
        let leak = (persona == Persona::Stranger).then(|| world.leak(&answer)).flatten();
        complaints.extend(leak.map(|name| format!("{} shows {name}", answer.request)));
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let cases = cases();
    for service in SERVICES {
        for (_, operation) in operations(service) {
            let asked = cases.iter().any(|case| std::ptr::eq(case.operation, operation));
            assert!(asked, "{} {} has no row", service.name, operation.name);
        }
    }
    for row in TABLES.iter().flat_map(|(_, rows)| *rows) {
        let asks = cases.iter().any(|case| std::ptr::eq(case.row, row));
        assert!(asks, "no operation is called {}", row.operation);
    }
}

#[tokio::test]
async fn without_a_token_only_the_public_is_answered() {
    hold(Persona::Nobody).await;
}

#[tokio::test]
async fn a_member_of_another_project_reaches_nothing_of_this_one() {
    hold(Persona::Stranger).await;
}

#[tokio::test]
async fn a_reader_sees_and_changes_nothing() {
    hold(Persona::Reader).await;
}

#[tokio::test]
async fn a_member_works_in_the_project() {
    hold(Persona::Member).await;
}

#[tokio::test]
async fn a_manager_is_a_member_with_a_little_more() {
    hold(Persona::Manager).await;
}

#[tokio::test]
async fn an_administrator_is_refused_only_what_belongs_to_a_user() {
    hold(Persona::Admin).await;
}
