//! Users of stacks: what whoever signals by `HEAT_SIGNAL` logs in with. A resource that is signalled
//! so has one; it may do what `heat_stack_user` may, in its own stack ([`crate::stacks::reach`]).
//!
//! **Invariant:** the password is a proof ([`crate::signals::proof`]), so no text of it is kept.

use futures_util::future::BoxFuture;
use identity::facade::{create_stack_user, delete_stack_user, enable_stack_user, forget_tokens};
use kit::error::Result;
use kit::ids::{ProjectId, UserId};
use kit::secret::Secret;
use kit::workflow::{Context, Failure};
use rusqlite::Connection;
use serde_json::{Map, Value};

use crate::resources::heat::access_policy::ALLOWED;
use crate::resources::{Act, Look};
use crate::signals::proof::{self, Purpose};
use crate::signals::urls;
use crate::stack_resources::model::Resource;
use crate::stacks::model::Action;

/// The transport that needs a user.
pub(crate) const HEAT_SIGNAL: &str = "HEAT_SIGNAL";
/// Where a resource keeps whose it is.
const USER: &str = "user_id";
const PROJECT: &str = "user_project_id";
const DOMAIN: &str = "user_domain_id";
/// Where one keeps the policies that say what its user may read of.
const POLICIES: &str = "access_policies";

/// Makes the user of a resource that has none.
pub(crate) fn make(act: &mut Act<'_>) -> Result<()> {
    if act.resource.data.contains_key(USER) {
        return Ok(());
    }
    let password = proof::of(act.hand.connection, Purpose::Password, act.resource)?;
    make_with(act, &password)
}

/// The same with a password that the template gives.
pub(crate) fn make_with(act: &mut Act<'_>, password: &Secret) -> Result<()> {
    let name = name_of(&act.look());
    let made = create_stack_user(act.hand.connection, act.stack.id.as_str(), &name, password)?;
    let kept = [
        (USER, made.user.to_string()),
        (PROJECT, made.project.to_string()),
        (DOMAIN, made.domain.to_string()),
    ];
    act.resource.data.extend(kept.map(|(name, id)| (name.to_owned(), Value::String(id))));
    Ok(())
}

/// What the user logs in with, under Heat's names, and where he signals.
pub(crate) fn credentials(look: &Look<'_>) -> Result<Map<String, Value>> {
    let kept = |name: &str| look.resource.data.get(name).cloned().unwrap_or_default();
    let project = kept(PROJECT);
    let password = proof::of(look.hand.connection, Purpose::Password, look.resource)?;
    let settings = &look.hand.platform.settings;
    let url = urls::signal_of(look, &ProjectId::from(project.as_str().unwrap_or_default()));
    let members = [
        ("alarm_url", Value::String(url)),
        ("auth_url", Value::String(format!("{}/identity/v3", urls::base(settings)))),
        ("username", Value::String(name_of(look))),
        ("user_id", kept(USER)),
        ("password", Value::from(password.expose())),
        ("project_id", project),
        ("domain_id", kept(DOMAIN)),
        ("region_name", Value::from(settings.identity.region.as_str())),
    ];
    Ok(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The name of the user of a resource.
pub(crate) fn name_of(look: &Look<'_>) -> String {
    look.resource.physical_name(look.stack, 255)
}

/// The user of a resource, if it has one.
pub(crate) fn id_of(resource: &Resource) -> Option<UserId> {
    resource.data.get(USER).and_then(Value::as_str).map(UserId::from)
}

/// The user of a resource, and his project.
pub(crate) fn place_of(resource: &Resource) -> Option<(UserId, ProjectId)> {
    let project = resource.data.get(PROJECT).and_then(Value::as_str).map(ProjectId::from);
    Some((id_of(resource)?, project?))
}

/// Lets the user of a resource read of what all of these policies name: of everything, without one.
pub(crate) fn leave(resource: &mut Resource, policies: Vec<Value>) {
    resource.data.insert(POLICIES.to_owned(), Value::Array(policies));
}

/// Whether a user of a stack may read of the resource of that name: of the one whose user he is, or
/// of what his policies leave him (Heat: `AccessPolicy.access_allowed`).
pub(crate) fn may_read(rows: &[Resource], user: &UserId, name: &str) -> bool {
    let Some(own) = rows.iter().find(|row| id_of(row).as_ref() == Some(user)) else { return false };
    match own.data.get(POLICIES).and_then(Value::as_array) {
        Some(policies) => policies.iter().all(|policy| names(rows, policy, name)),
        None => own.name == name,
    }
}

/// Whether a policy of the stack names a resource.
fn names(rows: &[Resource], policy: &Value, name: &str) -> bool {
    let policy = rows.iter().find(|row| *policy == row.name);
    let allowed = policy.and_then(|row| row.properties.get(ALLOWED)).and_then(Value::as_array);
    allowed.is_some_and(|allowed| allowed.iter().any(|one| one == name))
}

/// Removes the user of a resource that is gone: when what its removal began has ended too.
pub(crate) fn remove_after(
    context: Context,
    resource: Resource,
) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
    let removes = |action| (action == Action::Delete).then_some(Fate::Goes);
    settle(context, resource, removes)
}

/// The same, and the user of a resource that sleeps does not log in meanwhile.
pub(crate) fn follow(
    context: Context,
    resource: Resource,
) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
    settle(context, resource, |action| match action {
        Action::Delete => Some(Fate::Goes),
        Action::Suspend => Some(Fate::Sleeps),
        Action::Resume => Some(Fate::Wakes),
        Action::Init
        | Action::Create
        | Action::Update
        | Action::Rollback
        | Action::Check
        | Action::Snapshot
        | Action::Restore
        | Action::Adopt => None,
    })
}

/// What becomes of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Goes,
    Sleeps,
    Wakes,
}

fn settle(
    context: Context,
    resource: Resource,
    fate: impl FnOnce(Action) -> Option<Fate> + Send + 'static,
) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
    Box::pin(async move {
        let (Some(user), Some(fate)) = (id_of(&resource), fate(resource.action)) else {
            return Ok(Map::new());
        };
        let (settings, now) = (context.platform.settings.clone(), context.now());
        let write = move |connection: &Connection| match fate {
            Fate::Goes => delete_stack_user(connection, &settings, &user, now),
            Fate::Sleeps => enable_stack_user(connection, &settings, &user, false, now),
            Fate::Wakes => enable_stack_user(connection, &settings, &user, true, now),
        };
        context.platform.store.write("stack_users:settle", write).await?;
        forget_tokens(&context.platform)?;
        Ok(Map::new())
    })
}
