//! `/role_assignments`: calls become logic, rows become answers.

use kit::error::{Error, Result};
use kit::http::{Call, Reply};
use kit::ids::{DomainId, GroupId, ProjectId, RoleId, UserId};
use kit::policy::Target;
use rusqlite::Connection;

use super::effective::Shown;
use super::model::{Actor, Place};
use super::view::{self, Names};
use super::{logic, store};
use crate::view::collection;
use crate::{access, policy, projects};

/// What the query asks for.
#[derive(Clone, Debug)]
struct Query {
    actor: Option<Actor>,
    role: Option<RoleId>,
    /// Places, any of which will do; none for all.
    places: Option<Vec<Place>>,
    inherited: Option<bool>,
    effective: bool,
    /// The domain of a domain's token.
    visible: Option<DomainId>,
}

/// `GET /role_assignments`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    if access::flag(&call, "include_subtree") {
        authorize_tree(&call).await?;
    } else {
        access::authorize_list(&call, "target.domain_id")?;
    }
    check_combinations(&call)?;
    let query = query(&call).await?;
    let with_names = access::flag(&call, "include_names");
    let (found, names) = call
        .platform
        .store
        .read(move |db| {
            let names = if with_names { Some(Names::read(db)?) } else { None };
            Ok((list(db, &query)?, names))
        })
        .await?;
    let rows = found.iter().map(|shown| view::assignment(&call, shown, names.as_ref())).collect();
    collection(&call, "role_assignments", rows, &[])
}

fn list(db: &Connection, query: &Query) -> Result<Vec<Shown>> {
    let all = store::list(db)?;
    let mut shown = if query.effective {
        logic::expand(db, all)?
    } else {
        all.into_iter().map(Shown::from).collect()
    };
    let visible = match &query.visible {
        Some(domain) => Some(logic::places_in(db, domain)?),
        None => None,
    };
    shown.retain(|shown| {
        let one = &shown.assignment;
        let among = |places: &Option<Vec<Place>>| {
            places.as_ref().is_none_or(|places| places.contains(&one.place))
        };
        query.actor.as_ref().is_none_or(|actor| one.actor == *actor)
            && query.role.as_ref().is_none_or(|role| one.role_id == *role)
            && query.inherited.is_none_or(|inherited| one.inherited == inherited)
            && among(&query.places)
            && among(&visible)
    });
    Ok(shown)
}

async fn query(call: &Call) -> Result<Query> {
    let given = |name: &str| call.query(name).filter(|text| !text.is_empty());
    let project = given("scope.project.id").map(ProjectId::from);
    let places = match (&project, given("scope.domain.id"), given("scope.system")) {
        (Some(project), _, _) => Some(vec![Place::Project(project.clone())]),
        (None, Some(domain), _) => Some(vec![Place::Domain(DomainId::from(domain))]),
        (None, None, Some(_)) => Some(vec![Place::System]),
        (None, None, None) => None,
    };
    let below = match project.filter(|_| access::flag(call, "include_subtree")) {
        Some(project) => {
            call.platform.store.read(move |db| projects::logic::subtree(db, &project)).await?
        }
        None => Vec::new(),
    };
    let below = below.into_iter().map(|project| Place::Project(project.id));
    let user = given("user.id").map(|id| Actor::User(UserId::from(id)));
    let group = given("group.id").map(|id| Actor::Group(GroupId::from(id)));
    Ok(Query {
        actor: user.or(group),
        role: given("role.id").map(RoleId::from),
        places: places.map(|places| places.into_iter().chain(below).collect()),
        inherited: call.query("scope.OS-INHERIT:inherited_to").map(|to| to == "projects"),
        effective: access::flag(call, "effective"),
        visible: access::own_domain(call),
    })
}

async fn authorize_tree(call: &Call) -> Result<()> {
    let id = call.query("scope.project.id").map(ProjectId::from);
    let domain = match id.clone() {
        Some(id) => {
            let found = call
                .platform
                .store
                .read(move |db| projects::store::get_for_system(db, &id))
                .await?;
            found.and_then(|project| project.domain_id)
        }
        None => None,
    };
    let target = match domain {
        Some(domain) => Target::none().with("target.domain_id", domain),
        None => Target::none(),
    };
    let rule = &policy::LIST_ROLE_ASSIGNMENTS_FOR_TREE;
    call.platform.policy.authorize(rule, call.caller()?, &target)?;
    if id.is_some() {
        return Ok(());
    }
    Err(Error::bad_request(
        "scope.project.id must be specified if include_subtree is also specified",
    ))
}

/// Filters that exclude each other, with Keystone's sentences.
static EXCLUSIVE: &[(&str, &str, &str)] = &[
    ("scope.domain.id", "scope.project.id", "Specify a domain or project, not both"),
    ("scope.domain.id", "scope.system", "Specify system or domain, not both"),
    ("scope.project.id", "scope.system", "Specify system or project, not both"),
    ("user.id", "group.id", "Specify a user or group, not both"),
];

fn check_combinations(call: &Call) -> Result<()> {
    let given = |name: &str| call.query(name).is_some_and(|text| !text.is_empty());
    for (one, other, sentence) in EXCLUSIVE {
        if given(one) && given(other) {
            return Err(Error::bad_request(*sentence));
        }
    }
    if access::flag(call, "effective") && given("group.id") {
        return Err(Error::bad_request(
            "Combining effective and group filter will always result in an empty list.",
        ));
    }
    let inherited = call.query("scope.OS-INHERIT:inherited_to") == Some("projects");
    if access::flag(call, "effective") && inherited && given("scope.domain.id") {
        return Err(Error::bad_request(
            "Combining effective, domain and inherited filters will always result in an empty list.",
        ));
    }
    Ok(())
}
