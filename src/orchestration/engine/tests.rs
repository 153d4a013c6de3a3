mod replacing;
mod rounds;

use std::sync::Arc;

use kit::Platform;
use kit::clock::{Clock, Time};
use kit::engine::sim::SimEngine;
use kit::error::Result;
use kit::ids::{InstallationId, OperationId, ProjectId, RequestId, StackId, UserId};
use kit::policy::Caller;
use kit::testing;
use kit::workflow::testkit::{self, World};
use kit::workflow::{Operation, State, Workflow, list_for_target};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::Hand;
use crate::stack_exports::logic as exports;
use crate::stack_resources::store as resource_store;
use crate::stack_snapshots::{self, logic as snapshots};
use crate::stacks::model::{Stack, Status};
use crate::stacks::{logic, request, store};

/// A stack that has been asked for: a server that needs another resource.
pub(crate) struct Cloud {
    pub(crate) platform: Arc<Platform>,
    engine: SimEngine,
    pub(crate) stack: StackId,
    _folder: tempfile::TempDir,
}

impl World for Cloud {
    fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    fn workflows(&self) -> Vec<&'static Workflow> {
        compute::SERVICE
            .workflows
            .iter()
            .copied()
            .chain(crate::SERVICE.workflows.iter().copied())
            .collect()
    }
}

/// What there is of the stack.
#[derive(Debug, PartialEq)]
struct Left {
    state: String,
    resources: Vec<String>,
    servers: i64,
    guests: usize,
}

impl Cloud {
    async fn asked() -> Self {
        Self::asked_for(one_server()).await
    }

    pub(crate) async fn asked_for(resources: Value) -> Self {
        Self::asked_in(json!({}), resources).await
    }

    /// Hooks on the first resource.
    async fn asked_with(hooks: Value) -> Self {
        let registry = json!({"resources": {"first": {"hooks": hooks}}});
        Self::asked_in(json!({"resource_registry": registry}), one_server()).await
    }

    async fn asked_in(environment: Value, resources: Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let installation = InstallationId::from(testing::INSTALLATION);
        let engine = SimEngine::with_images(installation, &["novadock/tiny:latest"]);
        let platform = testing::platform(folder.path(), Arc::new(engine.clone()))
            .clock(Clock::manual(Time(1_700_000_000_000_000)))
            .setting("identity", "password_hash_rounds", "4")
            .service(&identity::SERVICE)
            .service(&image::SERVICE)
            .service(&network::SERVICE)
            .service(&compute::SERVICE)
            .service(&crate::SERVICE)
            .build()
            .unwrap();
        for service in [&identity::SERVICE, &image::SERVICE, &compute::SERVICE] {
            (service.start)(Arc::clone(&platform)).await.unwrap();
        }
        let (user, project) = platform.store.read(demo).await.unwrap();
        network::facade::bootstrap(&platform, &project).await.unwrap();
        let within = Arc::clone(&platform);
        let write = move |connection: &Connection| {
            let caller = caller(&within, connection, &user, &project)?;
            let hand = Hand::new(&within, connection);
            let files = json!({"inner.yaml": template(&one_server()).to_string()});
            let template = template(&resources);
            let body = json!({
                "stack_name": "s", "template": template, "files": files, "environment": environment,
            });
            let new = request::new_stack(&body)?;
            Ok(logic::create(hand, &caller, &RequestId::random(), new)?.id)
        };
        let stack = platform.store.write("test", write).await.unwrap();
        Self { platform, engine, stack, _folder: folder }
    }

    /// The first visit of all.
    async fn first(&self) -> Result<OperationId> {
        let target = format!("stack:{}", self.stack);
        let visits = self.platform.store.read(move |tx| list_for_target(tx, &target)).await?;
        Ok(visits.last().unwrap().id.clone())
    }

    /// One that is made, before what is tried with it.
    async fn made() -> Self {
        let cloud = Self::asked().await;
        cloud.settle().await;
        assert_eq!(cloud.left().await.state, "CREATE_COMPLETE");
        cloud
    }

    async fn settle(&self) {
        testkit::settle(&self.platform, self.workflows()).await.unwrap();
    }

    /// Asks something of the stack; the last visit that it begins with.
    async fn ask(&self, what: Asked) -> Result<OperationId> {
        let (platform, id) = (Arc::clone(&self.platform), self.stack.clone());
        let write = move |connection: &Connection| {
            let hand = Hand::new(&platform, connection);
            what(hand, store::get_for_system(connection, &id)?.unwrap())
        };
        self.platform.store.write("test", write).await?;
        let target = format!("stack:{}", self.stack);
        let visits = self.platform.store.read(move |tx| list_for_target(tx, &target)).await?;
        Ok(visits.first().unwrap().id.clone())
    }

    /// Lets the stack go and leaves what it made.
    async fn abandon(&self) -> Value {
        let (platform, id) = (Arc::clone(&self.platform), self.stack.clone());
        let write = move |connection: &Connection| {
            let stack = store::get_for_system(connection, &id)?.unwrap();
            let hand = Hand::new(&platform, connection);
            let left = exports::abandon(hand, &RequestId::random(), stack)?;
            Ok(serde_json::to_value(left)?)
        };
        let left = self.platform.store.write("test", write).await.unwrap();
        self.settle().await;
        left
    }

    /// Asks for a stack of that.
    async fn adopt(&mut self, left: Value) {
        let (platform, id) = (Arc::clone(&self.platform), self.stack.clone());
        let write = move |connection: &Connection| {
            let hand = Hand::new(&platform, connection);
            let caller = hand.caller(&store::get_for_system(connection, &id)?.unwrap())?;
            let body = json!({"stack_name": "s", "adopt_stack_data": left.to_string()});
            let new = request::new_stack(&body)?;
            Ok(logic::create(hand, &caller, &RequestId::random(), new)?.id)
        };
        self.stack = self.platform.store.write("test", write).await.unwrap();
    }

    async fn delete(&self) -> Result<()> {
        self.ask(delete).await.map(drop)
    }

    /// Nothing is left of the stack.
    async fn is_gone(&self) {
        let state = "DELETE_COMPLETE".to_owned();
        let nothing = Left { state, resources: Vec::new(), servers: 0, guests: 0 };
        assert_eq!(self.left().await, nothing);
        assert_eq!(self.nested().await, Vec::<String>::new());
    }

    /// The states of the stacks nested in it.
    async fn nested(&self) -> Vec<String> {
        let id = self.stack.clone();
        let read = move |connection: &Connection| store::nested_in(connection, &id);
        let nested = self.platform.store.read(read).await.unwrap();
        nested.iter().map(Stack::state).collect()
    }

    async fn left(&self) -> Left {
        let id = self.stack.clone();
        let read = move |connection: &Connection| {
            let stack = store::get_for_system(connection, &id)?.unwrap();
            let rows = resource_store::of_stack(connection, &id)?;
            let servers = "SELECT count(*) FROM server WHERE deleted_at IS NULL";
            Ok((
                stack.state(),
                rows.iter().map(|row| format!("{} {}", row.name, row.state())).collect(),
                connection.query_row(servers, [], |row| row.get(0))?,
            ))
        };
        let (state, resources, servers) = self.platform.store.read(read).await.unwrap();
        Left { state, resources, servers, guests: self.engine.counts().instances }
    }
}

/// What is asked of a stack.
type Asked = fn(Hand<'_>, Stack) -> Result<()>;

fn delete(hand: Hand<'_>, mut stack: Stack) -> Result<()> {
    logic::delete(hand, &RequestId::random(), &mut stack)
}

fn suspend(hand: Hand<'_>, stack: Stack) -> Result<()> {
    logic::act(hand, &RequestId::random(), stack, "suspend")
}

fn resume(hand: Hand<'_>, stack: Stack) -> Result<()> {
    logic::act(hand, &RequestId::random(), stack, "resume")
}

fn check(hand: Hand<'_>, stack: Stack) -> Result<()> {
    logic::act(hand, &RequestId::random(), stack, "check")
}

fn snapshot(hand: Hand<'_>, stack: Stack) -> Result<()> {
    snapshots::create(hand, &RequestId::random(), stack, None).map(drop)
}

fn restore(hand: Hand<'_>, stack: Stack) -> Result<()> {
    let kept = stack_snapshots::store::of_stack(hand.connection, &stack.id)?;
    snapshots::restore(hand, &RequestId::random(), stack, &kept[0])
}

/// Another value for the first resource, and the server on another flavor: one is changed in place,
/// the other replaced.
fn update(hand: Hand<'_>, stack: Stack) -> Result<()> {
    let mut template = stack.source.template.clone();
    template["resources"]["first"]["properties"] = json!({"value": "another"});
    template["resources"]["server"]["properties"]["flavor"] = json!("m1.small");
    let change = request::change(&json!({"template": template}), &stack, false)?;
    let caller = hand.caller(&stack)?;
    logic::update(hand, &caller, &RequestId::random(), stack, change)
}

/// An update that is taken back before it has done anything.
fn update_and_cancel(hand: Hand<'_>, stack: Stack) -> Result<()> {
    let id = stack.id.clone();
    update(hand, stack)?;
    let stack = store::get_for_system(hand.connection, &id)?.unwrap();
    logic::act(hand, &RequestId::random(), stack, "cancel_update")
}

fn demo(connection: &Connection) -> Result<(UserId, ProjectId)> {
    let user =
        connection.query_row("SELECT id FROM user WHERE name = 'demo'", [], |row| row.get(0));
    let projects = identity::facade::default_project_ids(connection)?;
    let project = projects.into_iter().find(|(name, _)| name == "demo").unwrap();
    Ok((user?, project.1))
}

fn caller(
    platform: &Platform,
    connection: &Connection,
    user: &UserId,
    project: &ProjectId,
) -> Result<Caller> {
    let roles = ["member", "reader"].map(str::to_owned);
    let now = platform.clock.now();
    Ok(identity::facade::trustee(connection, user, project, &roles, now)?.unwrap())
}

fn one_server() -> Value {
    json!({
        "first": {"type": "OS::Heat::TestResource"},
        "server": {"type": "OS::Nova::Server", "depends_on": "first", "properties": {
            "image": "novadock/tiny", "flavor": "m1.tiny",
            "networks": [{"network": "shared"}]}},
    })
}

/// A resource whose thing is a stack with such a server.
fn nested_server() -> Value {
    json!({"part": {"type": "inner.yaml"}})
}

fn template(resources: &Value) -> Value {
    json!({"heat_template_version": "rocky", "resources": resources})
}

#[tokio::test]
async fn whatever_is_cut_fails_or_repeats_a_stack_ends_and_makes_each_thing_once() {
    a_creation_endures(async || Cloud::asked().await).await;
}

#[tokio::test]
async fn whatever_is_cut_fails_or_repeats_a_visit_with_a_breakpoint_makes_each_thing_once() {
    a_creation_endures(async || Cloud::asked_with(json!("pre-delete")).await).await;
}

async fn a_creation_endures(ask: impl AsyncFn() -> Cloud) {
    testkit::power_cut_matrix(
        ask,
        async |cloud| cloud.first().await,
        async |cloud, visit: &Operation| {
            let left = cloud.left().await;
            if visit.state == State::Done {
                let resources = ["first CREATE_COMPLETE", "server CREATE_COMPLETE"];
                assert_eq!(
                    (left.state.as_str(), left.resources),
                    ("CREATE_COMPLETE", resources.map(str::to_owned).to_vec())
                );
                assert_eq!((left.servers, left.guests), (1, 1));
            } else {
                // A step after its completion can fail too: then it is the next action's to see to.
                let failed = ["first CREATE_FAILED", "first UPDATE_FAILED"];
                assert!(failed.contains(&left.resources[0].as_str()), "{left:?}");
                assert_eq!(left.resources[1], "server INIT_COMPLETE");
                assert_eq!((left.state.as_str(), left.servers), ("CREATE_FAILED", 0));
                assert_eq!(left.guests, 0);
            }
        },
    )
    .await;
}

#[tokio::test]
async fn whenever_a_stack_is_deleted_under_way_nothing_is_left() {
    testkit::pre_empt_matrix(
        async || Cloud::asked().await,
        async |cloud| cloud.first().await,
        async |cloud| cloud.delete().await,
        async |cloud, _: &Operation| {
            cloud.is_gone().await;
        },
    )
    .await;
}

#[tokio::test]
async fn whatever_is_cut_fails_or_repeats_a_nested_stack_ends_with_its_resource() {
    testkit::power_cut_matrix(
        async || Cloud::asked_for(nested_server()).await,
        async |cloud| cloud.first().await,
        async |cloud, visit: &Operation| {
            let left = cloud.left().await;
            let state =
                if visit.state == State::Done { "CREATE_COMPLETE" } else { "CREATE_FAILED" };
            assert_eq!(
                (left.state, left.resources),
                (state.to_owned(), vec![format!("part {state}")])
            );
            if visit.state == State::Done {
                assert_eq!(cloud.nested().await, ["CREATE_COMPLETE"]);
                assert_eq!((left.servers, left.guests), (1, 1));
            }
            cloud.delete().await.unwrap();
            testkit::settle(cloud.platform(), cloud.workflows()).await.unwrap();
            cloud.is_gone().await;
        },
    )
    .await;
}

#[tokio::test]
async fn whenever_a_stack_is_deleted_under_way_nothing_nested_is_left() {
    testkit::pre_empt_matrix(
        async || Cloud::asked_for(nested_server()).await,
        async |cloud| cloud.first().await,
        async |cloud| cloud.delete().await,
        async |cloud, _: &Operation| {
            cloud.is_gone().await;
        },
    )
    .await;
}

#[tokio::test]
async fn whatever_is_cut_fails_or_repeats_what_is_made_at_once_is_made_once() {
    testkit::power_cut_matrix(
        async || {
            Cloud::asked_for(json!({
                "first": {"type": "OS::Heat::RandomString"},
                "second": {"type": "OS::Heat::Value", "properties": {
                    "value": {"get_resource": "first"}}},
            }))
            .await
        },
        async |cloud| cloud.first().await,
        async |cloud, visit: &Operation| {
            let left = cloud.left().await;
            let (state, resources) = if visit.state == State::Done {
                ("CREATE_COMPLETE", ["first CREATE_COMPLETE", "second CREATE_COMPLETE"])
            } else {
                ("CREATE_FAILED", ["first CREATE_FAILED", "second INIT_COMPLETE"])
            };
            assert_eq!(
                (left.state.as_str(), left.resources),
                (state, resources.map(str::to_owned).to_vec())
            );
        },
    )
    .await;
}

/// Whatever is cut, fails or repeats: the action ends, and what failed is made good by `remedy`.
async fn endures(before: &[Asked], asked: Asked, remedy: Asked, action: &str, servers: i64) {
    testkit::power_cut_matrix(
        async || {
            let cloud = Cloud::made().await;
            for earlier in before {
                cloud.ask(*earlier).await.unwrap();
                cloud.settle().await;
            }
            cloud
        },
        async |cloud| cloud.ask(asked).await,
        async |cloud, visit: &Operation| {
            let mut left = cloud.left().await;
            if left.state == format!("{action}_FAILED") {
                assert_ne!(visit.state, State::Done, "nothing had failed");
                cloud.ask(remedy).await.unwrap();
                cloud.settle().await;
                left = cloud.left().await;
            }
            assert!(left.state.ends_with("_COMPLETE"), "{left:?}");
            assert!(left.resources.iter().all(|row| row.ends_with("_COMPLETE")), "{left:?}");
            assert_eq!((left.servers, left.guests), (servers, usize::try_from(servers).unwrap()));
            let rows = if servers == 0 { 0 } else { 2 };
            assert_eq!(left.resources.len(), rows, "{left:?}");
        },
    )
    .await;
}

#[tokio::test]
async fn an_update_endures_whatever_is_cut_fails_or_repeats() {
    endures(&[], update, update, "UPDATE", 1).await;
}

#[tokio::test]
async fn a_rollback_endures_whatever_is_cut_fails_or_repeats() {
    endures(&[], update_and_cancel, update, "ROLLBACK", 1).await;
}

#[tokio::test]
async fn a_deletion_endures_whatever_is_cut_fails_or_repeats() {
    endures(&[], delete, delete, "DELETE", 0).await;
}

#[tokio::test]
async fn a_suspension_endures_whatever_is_cut_fails_or_repeats() {
    endures(&[], suspend, suspend, "SUSPEND", 1).await;
}

#[tokio::test]
async fn a_resumption_endures_whatever_is_cut_fails_or_repeats() {
    endures(&[suspend], resume, resume, "RESUME", 1).await;
}

#[tokio::test]
async fn a_check_endures_whatever_is_cut_fails_or_repeats() {
    endures(&[], check, check, "CHECK", 1).await;
}

/// What a stack has left is taken over by another, whatever happens meanwhile, and goes with it.
#[tokio::test]
async fn an_adoption_endures_whatever_is_cut_fails_or_repeats() {
    testkit::power_cut_matrix(
        async || {
            let mut cloud = Cloud::made().await;
            let left = cloud.abandon().await;
            cloud.adopt(left).await;
            cloud
        },
        async |cloud| cloud.first().await,
        async |cloud, visit: &Operation| {
            let left = cloud.left().await;
            let state = if visit.state == State::Done { "COMPLETE" } else { "FAILED" };
            assert_eq!(left.state, format!("ADOPT_{state}"));
            assert_eq!((left.servers, left.guests), (1, 1));
        },
    )
    .await;
}

#[tokio::test]
async fn a_snapshot_endures_whatever_is_cut_fails_or_repeats() {
    endures(&[], snapshot, snapshot, "SNAPSHOT", 1).await;
}

#[tokio::test]
async fn a_restoration_endures_whatever_is_cut_fails_or_repeats() {
    endures(&[snapshot], restore, restore, "RESTORE", 1).await;
}

#[tokio::test]
async fn the_end_of_a_stack_that_has_been_kept_endures_whatever_is_cut_fails_or_repeats() {
    endures(&[snapshot], delete, delete, "DELETE", 0).await;
}
