//! The five operations that every Neutron resource has, once: list, show, create, update, delete.
//!
//! A resource's `api.rs` implements [`Resource`]; `operations.rs` names these handlers with it.
//! What is the same for all of them stands here: who sees what, tables of attributes, bulk
//! creation, `If-Match`, 404 for what the caller may not see and 403 for what he may not change.

use std::sync::Arc;

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply, View};
use kit::ids::ProjectId;
use kit::platform::Platform;
use kit::policy::{Caller, Guarded, Rule, Target, denied};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use crate::attributes::{self, Attribute, Verb};
use crate::errors;
use crate::listing::Listing;
use crate::listing::store::{self as pages, Asker, Pages};
use crate::networks::model::python;
use crate::rbac_policies::model::Shares;

/// What distinguishes one resource from another.
pub(crate) trait Resource: Sized + Send + 'static {
    /// The key of one in a body, `security_group`.
    const NAME: &'static str;
    /// The key of several, `security_groups`.
    const COLLECTION: &'static str;
    /// The path, `/security-groups`.
    const PATH: &'static str;
    /// The parameter of the path with the id.
    const PARAMETER: &'static str;
    /// Its own attributes.
    const ATTRIBUTES: &'static [Attribute];
    /// What answers show.
    const VIEW: &'static View<Self>;
    /// Who sees it.
    const GET: &'static Rule;
    /// How a page of its list is read. Without it the list is read whole: a quota keeps it short.
    const PAGES: Option<&'static Pages> = None;

    /// The row of this id.
    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>>;
    /// Rows that a project may see, all without one.
    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>>;
    /// Neutron's sentence for one that is not there.
    fn not_found(id: &str) -> Error;
    /// Counts its changes.
    fn revision(&self) -> i64;
    /// With whom it is shared, if that can be: whether a rule finds it shared hangs on who asks.
    fn shares(&self) -> Option<&Shares> {
        None
    }
    /// Who may go outside by it, if that can be.
    fn outside(&self) -> Option<&Shares> {
        None
    }
    /// Makes one of what passed the table.
    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self>;
    /// Changes one by what passed the table.
    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()>;
    /// Takes one away.
    fn delete(self, actor: &Actor, connection: &Connection) -> Result<()>;
}

/// Who acts, by which rule, with what: all that a write closure needs of a call.
#[derive(Clone)]
pub(crate) struct Actor {
    pub(crate) platform: Arc<Platform>,
    pub(crate) caller: Caller,
    pub(crate) now: Time,
    rule: &'static Rule,
    /// The revision that `If-Match` demands.
    revision: Option<i64>,
}

impl Actor {
    /// Of a call whose row has a rule.
    pub(crate) fn of(call: &Call) -> Result<Self> {
        let rule = call.operation.rule;
        let name = call.operation.name;
        Ok(Self {
            platform: Arc::clone(&call.platform),
            caller: call.caller()?.clone(),
            now: call.platform.clock.now(),
            rule: rule.ok_or_else(|| Error::internal(format!("{name} has no rule")))?,
            revision: demanded_revision(call)?,
        })
    }

    /// Of a caller without a request.
    pub(crate) fn for_caller(
        platform: &Arc<Platform>,
        caller: &Caller,
        now: Time,
        rule: &'static Rule,
    ) -> Self {
        let (platform, caller) = (Arc::clone(platform), caller.clone());
        Self { platform, caller, now, rule, revision: None }
    }

    /// Whether the caller rules the cloud.
    pub(crate) fn is_admin(&self) -> bool {
        is_admin(&self.platform, &self.caller)
    }

    /// The project that the new thing is for.
    pub(crate) fn owner(given: &Map<String, Value>) -> ProjectId {
        ProjectId::from(given.get("project_id").and_then(Value::as_str).unwrap_or_default())
    }

    /// Applies the operation's rule and those of the attributes set on a new thing.
    pub(crate) fn may_create<R: Resource>(
        &self,
        target: &Target,
        given: &Map<String, Value>,
    ) -> Result<()> {
        let set = (given, Verb::Create);
        attributes::authorize(&self.platform, &self.caller, target, self.rule, R::ATTRIBUTES, set)
    }

    /// Applies the operation's rule and those of the attributes to what a thing is to become.
    pub(crate) fn may_update<R: Resource>(
        &self,
        target: &Target,
        given: &Map<String, Value>,
    ) -> Result<()> {
        let set = (given, Verb::Update);
        attributes::authorize(&self.platform, &self.caller, target, self.rule, R::ATTRIBUTES, set)
    }

    fn get<R: Resource>(&self, connection: &Connection, id: &str) -> Result<Option<Guarded<R>>> {
        Ok(R::get(connection, id)?.map(|guarded| seen_by(&self.caller, guarded)))
    }

    /// The row of this id, with what rules may ask of it, if the caller may see it.
    pub(crate) fn see<R: Resource>(
        &self,
        connection: &Connection,
        id: &str,
    ) -> Result<(R, Target)> {
        let hidden = || R::not_found(id);
        let guarded = self.get::<R>(connection, id)?.ok_or_else(hidden)?;
        let target = guarded.target().clone();
        let row = guarded.open_or_hide(&self.platform.policy, &self.caller, R::GET, hidden)?;
        Ok((row, target))
    }

    /// What a new thing is made on. Neutron asks the rule with the eyes of an administrator
    /// (`neutron/policy.py::OwnerCheck`), so whoever may not see it is refused, not told that
    /// it is not there.
    pub(crate) fn see_parent<R: Resource>(&self, connection: &Connection, id: &str) -> Result<R> {
        let guarded = self.get::<R>(connection, id)?.ok_or_else(|| R::not_found(id))?;
        let seen = guarded.open(&self.platform.policy, &self.caller, R::GET);
        seen.map_err(|_| denied(self.rule))
    }

    /// The row that an operation on its tags is about, looked up in the same way
    /// (`neutron/extensions/tagging.py::_get_resource_info`).
    pub(crate) fn open_tagged<R: Resource>(&self, connection: &Connection, id: &str) -> Result<R> {
        let guarded = self.get::<R>(connection, id)?.ok_or_else(|| R::not_found(id))?;
        let row = guarded.open(&self.platform.policy, &self.caller, self.rule)?;
        self.at_revision(row)
    }

    /// The row of this id, if the caller may see it and the operation's rule allows him to act
    /// on it with these attributes.
    pub(crate) fn open<R: Resource>(
        &self,
        connection: &Connection,
        id: &str,
        given: &Map<String, Value>,
    ) -> Result<R> {
        let (row, target) = self.see::<R>(connection, id)?;
        self.may_update::<R>(&target, given)?;
        self.at_revision(row)
    }

    fn at_revision<R: Resource>(&self, row: R) -> Result<R> {
        match self.revision {
            Some(wanted) if wanted != row.revision() => {
                Err(errors::revision_mismatch(wanted, row.revision()))
            }
            Some(_) | None => Ok(row),
        }
    }
}

/// The row with what rules find shared or leading outside for whoever asks.
pub(crate) fn seen_by<R: Resource>(caller: &Caller, guarded: Guarded<R>) -> Guarded<R> {
    guarded.refine(|row, target| {
        let open = [("shared", row.shares()), ("router:external", row.outside())];
        open.into_iter().fold(target, |target, (key, shares)| match shares {
            Some(shares) => target.with(key, python(shares.with_caller(Some(caller)))),
            None => target,
        })
    })
}

/// `GET /networks`.
pub(crate) async fn index<R: Resource>(call: Call) -> Result<Reply> {
    let listing = Listing::parse(&call.query, R::ATTRIBUTES)?;
    let rendered = |rows: Vec<R>| {
        let cx = Cx::new(&call);
        rows.iter().map(|row| R::VIEW.render(row, &cx)).collect()
    };
    if let Some(pages) = R::PAGES {
        let rows = visible_page::<R>(&call, pages, listing.clone()).await?;
        return Ok(answer(&call, &listing, R::COLLECTION, R::PATH, rendered(rows)));
    }
    let rows = visible::<R>(&call).await?;
    page(&call, &listing, R::COLLECTION, R::PATH, rendered(rows))
}

/// A page of the rows that the caller may see: they are taken one by one until it is full.
async fn visible_page<R: Resource>(
    call: &Call,
    pages: &'static Pages,
    listing: Listing,
) -> Result<Vec<R>> {
    let actor = Actor::of(call)?;
    let asker = Asker {
        project: actor.caller.project().cloned(),
        all: actor.is_admin(),
        hidden: R::VIEW.hidden(&Cx::new(call)),
    };
    let read = move |connection: &Connection| {
        let open = |row: Guarded<R>| row.open(&actor.platform.policy, &actor.caller, R::GET).ok();
        let seen = |id: &str| Ok::<_, Error>(actor.get::<R>(connection, id)?.and_then(open));
        if let Some(marker) = listing.marker()
            && seen(marker)?.is_none()
        {
            return Err(unknown_marker(marker));
        }
        let mut rows = Vec::new();
        pages::each(connection, pages, &listing, &asker, |id| {
            rows.extend(seen(id)?);
            Ok(!listing.is_full(rows.len()))
        })?;
        Ok(listing.arrange(rows))
    };
    call.platform.store.read(read).await
}

/// The rows that the caller may see.
pub(crate) async fn visible<R: Resource>(call: &Call) -> Result<Vec<R>> {
    let actor = Actor::of(call)?;
    let all = actor.is_admin();
    let read = move |connection: &Connection| {
        let own = actor.caller.project().cloned().unwrap_or_else(|| ProjectId::from(""));
        let rows = R::list(connection, (!all).then_some(&own))?;
        let policy = &actor.platform.policy;
        Ok(rows
            .into_iter()
            .filter_map(|row| seen_by(&actor.caller, row).open(policy, &actor.caller, R::GET).ok())
            .collect())
    };
    call.platform.store.read(read).await
}

/// The answer to a list that was read whole: one page of it, its links.
pub(crate) fn page(
    call: &Call,
    listing: &Listing,
    collection: &str,
    path: &str,
    rows: Vec<Value>,
) -> Result<Reply> {
    let marker = call.query("marker").unwrap_or_default();
    let page = listing.page(rows).ok_or_else(|| unknown_marker(marker))?;
    Ok(answer(call, listing, collection, path, page))
}

fn unknown_marker(marker: &str) -> Error {
    errors::bad_resource("marker", format!("no row of this list has the id '{marker}'"))
}

/// The answer with a page of a list, and its links.
fn answer(call: &Call, listing: &Listing, collection: &str, path: &str, page: Vec<Value>) -> Reply {
    let links = listing.links(call, path, &page);
    let page: Vec<Value> = page.into_iter().map(|row| listing.reduce(row)).collect();
    let mut body = Map::from_iter([(collection.to_owned(), Value::Array(page))]);
    if let Some(links) = links {
        body.insert(format!("{collection}_links"), links);
    }
    Reply::json(Value::Object(body))
}

/// `GET /networks/{network_id}`.
pub(crate) async fn show<R: Resource>(call: Call) -> Result<Reply> {
    let (actor, id) = (Actor::of(&call)?, call.param(R::PARAMETER).to_owned());
    let read = move |connection: &Connection| actor.see::<R>(connection, &id);
    let (row, _) = call.platform.store.read(read).await?;
    let fields = call.query.iter().filter(|(key, _)| key == "fields").cloned();
    let listing = Listing::parse(&fields.collect::<Vec<_>>(), R::ATTRIBUTES)?;
    let rendered = R::VIEW.render(&row, &Cx::new(&call));
    Ok(Reply::json(json!({R::NAME: listing.reduce(rendered)})))
}

/// `POST /networks`, one or several.
pub(crate) async fn create<R: Resource>(call: Call) -> Result<Reply> {
    create_of::<R>(call, None).await
}

/// The same of what belongs to another thing: an attribute that the path sets and not the body.
pub(crate) async fn create_of<R: Resource>(
    call: Call,
    parent: Option<(&'static str, Value)>,
) -> Result<Reply> {
    let actor = Actor::of(&call)?;
    let (bodies, bulk) = bodies::<R>(&call, &actor, parent.as_ref())?;
    let write = move |connection: &Connection| {
        let make = |given| R::create(&actor, connection, given);
        bodies.into_iter().map(make).collect::<Result<Vec<R>>>()
    };
    let rows = call.platform.store.write(R::NAME, write).await?;
    let cx = Cx::new(&call);
    let mut rendered: Vec<Value> = rows.iter().map(|row| R::VIEW.render(row, &cx)).collect();
    Ok(Reply::json(match (bulk, rendered.pop()) {
        (false, Some(only)) => json!({R::NAME: only}),
        (_, last) => {
            rendered.extend(last);
            json!({R::COLLECTION: rendered})
        }
    }))
}

/// `PUT /networks/{network_id}`.
pub(crate) async fn update<R: Resource>(call: Call) -> Result<Reply> {
    let (actor, id) = (Actor::of(&call)?, call.param(R::PARAMETER).to_owned());
    let given = attributes::check_update(R::ATTRIBUTES, one(&call.body, R::NAME)?)?;
    let write = move |connection: &Connection| {
        let row = actor.open::<R>(connection, &id, &given)?;
        row.update(&actor, connection, given)?;
        actor.see::<R>(connection, &id)
    };
    let (row, _) = call.platform.store.write(R::NAME, write).await?;
    Ok(Reply::json(json!({R::NAME: R::VIEW.render(&row, &Cx::new(&call))})))
}

/// `DELETE /networks/{network_id}`.
pub(crate) async fn delete<R: Resource>(call: Call) -> Result<Reply> {
    let (actor, id) = (Actor::of(&call)?, call.param(R::PARAMETER).to_owned());
    let write = move |connection: &Connection| {
        actor.open::<R>(connection, &id, &Map::new())?.delete(&actor, connection)
    };
    call.platform.store.write(R::NAME, write).await?;
    Ok(Reply::empty())
}

/// Whether the caller rules the cloud.
pub(crate) fn is_admin(platform: &Platform, caller: &Caller) -> bool {
    platform.policy.is_administrator(caller)
}

/// The things of a body, checked, and whether they came as a list.
fn bodies<R: Resource>(
    call: &Call,
    actor: &Actor,
    parent: Option<&(&'static str, Value)>,
) -> Result<(Vec<Map<String, Value>>, bool)> {
    let check = |mut given: Map<String, Value>| {
        if let Some((name, value)) = parent
            && given.insert((*name).to_owned(), value.clone()).is_some()
        {
            return Err(Error::bad_request(format!("Unrecognized attribute(s) '{name}'")));
        }
        attributes::check_create(R::ATTRIBUTES, &actor.caller, actor.is_admin(), given)
    };
    let Some(items) = call.body.get(R::COLLECTION) else {
        return Ok((vec![check(one(&call.body, R::NAME)?)?], false));
    };
    let items = items.as_array().filter(|items| !items.is_empty());
    let items = items.ok_or_else(|| Error::bad_request("Resources required"))?;
    let unwrapped = items.iter().map(|item| match item.get(R::NAME) {
        Some(_) => one(item, R::NAME),
        None => members(item),
    });
    let checked = unwrapped.map(|given| check(given?)).collect::<Result<_>>()?;
    Ok((checked, true))
}

/// The thing that a body wraps under its name.
pub(crate) fn one(body: &Value, name: &str) -> Result<Map<String, Value>> {
    if body.is_null() {
        return Err(Error::bad_request("Resource body required"));
    }
    if !body.is_object() {
        return Err(Error::bad_request("Body contains invalid data"));
    }
    let missing = || Error::bad_request(format!("Unable to find '{name}' in request body"));
    members(body.get(name).filter(|value| !value.is_null()).ok_or_else(missing)?)
}

fn members(value: &Value) -> Result<Map<String, Value>> {
    let object = value.as_object().cloned();
    object.ok_or_else(|| Error::bad_request("Body contains invalid data"))
}

/// Neutron: `If-Match: revision_number=<int>`; other tags are nobody's business.
fn demanded_revision(call: &Call) -> Result<Option<i64>> {
    let header = call.header("if-match").unwrap_or_default();
    let mut tags = header
        .split(',')
        .filter_map(|tag| tag.trim().trim_matches('"').strip_prefix("revision_number="));
    let Some(text) = tags.next() else {
        return Ok(None);
    };
    if tags.next().is_some() {
        let message = "Multiple revision_number etags are not supported";
        return Err(errors::bad_resource("if-match", message));
    }
    let number = text.parse().map_err(|_| {
        let message = "Revision number etag must be in the format of revision_number=<int>";
        errors::bad_resource("if-match", message)
    })?;
    Ok(Some(number))
}
