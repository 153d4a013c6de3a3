//! The operations of the API without a request: for a service that acts on behalf of a caller,
//! inside a transaction of its own (stacks). Policy applies as it does to the caller himself.
//! Only [`crate::facade`] names it.
//!
//! Whoever wrote with it says so afterwards, once his transaction has committed, by
//! [`forget_tokens`]: tokens that were verified before may be worth something else.

mod kinds;

use std::sync::Arc;

use kit::clock::Time;
use kit::error::Result;
use kit::http::{ALWAYS, Call, Operation};
use kit::ids::{DomainId, GroupId, ProjectId, RoleId, UserId};
use kit::op;
use kit::platform::Platform;
use kit::policy::{Caller, Rule, Target};
use kit::secret::Secret;
use rusqlite::Connection;
use serde_json::{Map, Value};

use crate::assignments::model::{Actor, Assignment, Place};
use crate::catalog::endpoints::model::Endpoint;
use crate::catalog::regions::model::Region;
use crate::catalog::services::model::CatalogService;
use crate::groups::model::Group;
use crate::passwords::Hasher;
use crate::projects::model::Project;
use crate::record::Attributes;
use crate::roles::model::Role;
use crate::tokens::cache::TokenCache;
use crate::users::model::User;
use crate::{assignments, changes, groups, policy, users};
use kinds::{Domain, Kept};

/// A kind of thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A domain.
    Domain,
    /// A project.
    Project,
    /// A user.
    User,
    /// A group of users.
    Group,
    /// A role.
    Role,
    /// A service of the catalogue.
    Service,
    /// An endpoint.
    Endpoint,
    /// A region.
    Region,
}

/// Who acts, when, inside which transaction.
#[derive(Clone, Copy)]
pub struct Delegate<'a> {
    /// The mechanisms.
    pub platform: &'a Arc<Platform>,
    /// The transaction.
    pub connection: &'a Connection,
    /// Whose rights count.
    pub caller: &'a Caller,
    /// The present time.
    pub now: Time,
}

/// A role of a user or group somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who has it.
    pub actor: Actor,
    /// The role.
    pub role: RoleId,
    /// Where.
    pub on: On,
}

/// What a role is given on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum On {
    /// A project.
    Project(ProjectId),
    /// A domain.
    Domain(DomainId),
}

/// Shows rows as the API would; no route leads to it.
static SHOWN: Operation = op!("identity:delegated", GET "/", ALWAYS, -, 200, users::api::show);

/// Runs `$method` for the rows of a kind.
macro_rules! of_kind {
    ($self:ident, $kind:ident, $method:ident($($argument:expr),*)) => {
        match $kind {
            Kind::Domain => $self.$method::<Domain>($($argument),*),
            Kind::Project => $self.$method::<Project>($($argument),*),
            Kind::User => $self.$method::<User>($($argument),*),
            Kind::Group => $self.$method::<Group>($($argument),*),
            Kind::Role => $self.$method::<Role>($($argument),*),
            Kind::Service => $self.$method::<CatalogService>($($argument),*),
            Kind::Endpoint => $self.$method::<Endpoint>($($argument),*),
            Kind::Region => $self.$method::<Region>($($argument),*),
        }
    };
}

/// No token is accepted on grounds of older rows from here on.
pub fn forget_tokens(platform: &Arc<Platform>) -> Result<()> {
    platform.extension::<TokenCache>()?.invalidate();
    Ok(())
}

/// Gives a user a password; the tokens that the old one gave end. Hashing takes a while, so it is
/// for acts.
pub async fn set_password(platform: &Arc<Platform>, user: &UserId, password: Secret) -> Result<()> {
    let hash = platform.extension::<Hasher>()?.hash(password).await?;
    let (id, now, settings) = (user.clone(), platform.clock.now(), platform.settings.clone());
    changes::commit(platform, "users:set_password", move |tx| {
        users::logic::set_password(tx, &id, Some(&hash), &settings, now)
    })
    .await
}

impl Delegate<'_> {
    /// Makes a thing of what a body would say; its id. A user has no password yet:
    /// [`set_password`].
    pub fn create(&self, kind: Kind, given: Map<String, Value>) -> Result<String> {
        of_kind!(self, kind, create_one(given))
    }

    /// The thing as the API shows it.
    pub fn show(&self, kind: Kind, id: &str) -> Result<Value> {
        of_kind!(self, kind, show_one(id))
    }

    /// Changes a thing.
    pub fn update(&self, kind: Kind, id: &str, given: Map<String, Value>) -> Result<()> {
        of_kind!(self, kind, update_one(id, given))
    }

    /// Removes a thing.
    pub fn delete(&self, kind: Kind, id: &str) -> Result<()> {
        of_kind!(self, kind, delete_one(id))
    }

    /// The ids of what has that id, or else that name.
    pub fn find(&self, kind: Kind, name_or_id: &str) -> Result<Vec<String>> {
        of_kind!(self, kind, find_all(name_or_id))
    }

    /// Gives a user or group a role; one that it has is left alone.
    pub fn grant(&self, grant: &Grant) -> Result<()> {
        let one = self.allowed(grant, &policy::CREATE_GRANT)?;
        assignments::logic::create(self.connection, &one)
    }

    /// Takes a role of a user or group away.
    pub fn revoke(&self, grant: &Grant) -> Result<()> {
        let one = self.allowed(grant, &policy::REVOKE_GRANT)?;
        assignments::logic::revoke(self.connection, &one)
    }

    /// Puts a user into a group; one who is there stays.
    pub fn join(&self, group: &GroupId, user: &UserId) -> Result<()> {
        self.authorize_member(group, user, &policy::ADD_USER_TO_GROUP)?;
        groups::logic::add_member(self.connection, group, user)
    }

    /// Takes a user out of a group.
    pub fn leave(&self, group: &GroupId, user: &UserId) -> Result<()> {
        self.authorize_member(group, user, &policy::REMOVE_USER_FROM_GROUP)?;
        groups::logic::remove_member(self.connection, group, user)
    }

    fn authorize_member(&self, group: &GroupId, user: &UserId, rule: &Rule) -> Result<()> {
        let target = groups::members::target(self.connection, group, user)?;
        self.authorize(rule, &target)
    }

    /// The assignment, if the caller may say anything of it.
    fn allowed(&self, grant: &Grant, rule: &Rule) -> Result<Assignment> {
        let place = match &grant.on {
            On::Project(project) => Place::Project(project.clone()),
            On::Domain(domain) => Place::Domain(domain.clone()),
        };
        let found =
            assignments::grants::lookup(self.connection, &grant.actor, Some(&grant.role), place)?;
        self.platform.policy.authorize(rule, self.caller, &found.target)?;
        Ok(Assignment {
            actor: grant.actor.clone(),
            place: found.place,
            role_id: grant.role.clone(),
            inherited: false,
        })
    }

    fn authorize(&self, rule: &Rule, target: &Target) -> Result<()> {
        self.platform.policy.authorize(rule, self.caller, target)
    }

    /// The row, if the rule allows.
    fn open<K: Kept>(&self, rule: &Rule, id: &str) -> Result<K> {
        let found = K::fetch(self.connection, id)?;
        let target = found.as_ref().map_or_else(Target::none, K::target);
        self.authorize(rule, &target)?;
        found.ok_or_else(|| crate::sentences::not_found(K::NOUN, id))
    }

    fn create_one<K: Kept>(&self, given: Attributes) -> Result<String> {
        self.authorize(K::RULES.create, &K::target_of_new(&given))?;
        Ok(K::make(self.connection, given)?.id().to_owned())
    }

    fn show_one<K: Kept>(&self, id: &str) -> Result<Value> {
        let row = self.open::<K>(K::RULES.get, id)?;
        let call = Call::without_request(self.platform, &SHOWN, self.caller);
        let mut shown = row.show(&call);
        // Links lead to the request that asked, and there is none.
        shown.as_object_mut().map(|members| members.shift_remove("links"));
        Ok(shown)
    }

    fn update_one<K: Kept>(&self, id: &str, given: Attributes) -> Result<()> {
        self.open::<K>(K::RULES.update, id)?;
        K::change(self, id, given)
    }

    fn delete_one<K: Kept>(&self, id: &str) -> Result<()> {
        self.open::<K>(K::RULES.delete, id)?;
        K::remove(self, id)
    }

    fn find_all<K: Kept>(&self, name_or_id: &str) -> Result<Vec<String>> {
        if K::fetch(self.connection, name_or_id)?.is_some() {
            return Ok(vec![name_or_id.to_owned()]);
        }
        let all = K::all(self.connection)?;
        let named = all.iter().filter(|row| row.name() == Some(name_or_id));
        Ok(named.map(|row| row.id().to_owned()).collect())
    }
}
