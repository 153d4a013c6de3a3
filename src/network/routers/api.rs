//! `/routers`: what passed the table becomes logic.

use kit::Result;
use kit::error::Error;
use kit::http::{Call, Cx, Reply, View};
use kit::ids::{ProjectId, RouterId};
use kit::policy::{Guarded, Rule, Target};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::attributes::ATTRIBUTES;
use super::model::{NewRouter, Router, RouterChange, WantedInterface};
use super::{errors, interfaces, logic, routes, store, view};
use crate::attributes::Attribute;
use crate::checks::{self, Bad};
use crate::errors::bad_resource;
use crate::listing::store::Pages;
use crate::ports::model::Port;
use crate::resource::{self, Actor, Resource};
use crate::subnets::model::HostRoute;
use crate::{policy, quotas};

impl Resource for Router {
    const NAME: &'static str = "router";
    const COLLECTION: &'static str = "routers";
    const PATH: &'static str = "/routers";
    const PARAMETER: &'static str = "router_id";
    const ATTRIBUTES: &'static [Attribute] = ATTRIBUTES;
    const VIEW: &'static View<Self> = &view::ROUTER;
    const GET: &'static Rule = &policy::GET_ROUTER;
    const PAGES: Option<&'static Pages> = Some(&store::PAGES);

    fn get(connection: &Connection, id: &str) -> Result<Option<Guarded<Self>>> {
        store::get(connection, &RouterId::from(id))
    }

    fn list(connection: &Connection, project: Option<&ProjectId>) -> Result<Vec<Guarded<Self>>> {
        store::list(connection, project)
    }

    fn not_found(id: &str) -> Error {
        errors::router_not_found(&RouterId::from(id))
    }

    fn revision(&self) -> i64 {
        self.standard.revision
    }

    fn create(actor: &Actor, connection: &Connection, given: Map<String, Value>) -> Result<Self> {
        let owner = Actor::owner(&given);
        actor.may_create::<Self>(&Target::project(&owner), &given)?;
        quotas::check(&actor.platform, connection, &owner, &[("router", 1)])?;
        let new: NewRouter = serde_json::from_value(Value::Object(given))?;
        logic::create(actor, connection, &owner, new)
    }

    fn update(
        self,
        actor: &Actor,
        connection: &Connection,
        given: Map<String, Value>,
    ) -> Result<()> {
        let change: RouterChange = serde_json::from_value(Value::Object(given))?;
        logic::update(actor, connection, self, change)
    }

    fn delete(self, _: &Actor, connection: &Connection) -> Result<()> {
        logic::delete(connection, &self)
    }
}

/// `PUT /routers/{router_id}/add_extraroutes`.
pub(crate) async fn add_routes(call: Call) -> Result<Reply> {
    change_routes(call, |given| (Vec::new(), given)).await
}

/// `PUT /routers/{router_id}/remove_extraroutes`.
pub(crate) async fn remove_routes(call: Call) -> Result<Reply> {
    change_routes(call, |given| (given, Vec::new())).await
}

/// Which of the routes of a body go, and which come.
type Exchange = fn(Vec<HostRoute>) -> (Vec<HostRoute>, Vec<HostRoute>);

async fn change_routes(call: Call, exchange: Exchange) -> Result<Reply> {
    let (actor, id) = (Actor::of(&call)?, call.param(Router::PARAMETER).to_owned());
    let given = resource::one(&call.body, Router::NAME)?.remove("routes").unwrap_or_default();
    let (less, more) = exchange(routes::read(&given)?);
    let write = move |connection: &Connection| {
        let router = actor.open::<Router>(connection, &id, &Map::new())?;
        routes::exchange(&actor, connection, router, &less, more)?;
        actor.see::<Router>(connection, &id)
    };
    let (router, _) = call.platform.store.write("extra routes", write).await?;
    Ok(Reply::json(json!({Router::NAME: Router::VIEW.render(&router, &Cx::new(&call))})))
}

/// `PUT /routers/{router_id}/add_router_interface`.
pub(crate) async fn add_interface(call: Call) -> Result<Reply> {
    change_interface(call, interfaces::add).await
}

/// `PUT /routers/{router_id}/remove_router_interface`.
pub(crate) async fn remove_interface(call: Call) -> Result<Reply> {
    change_interface(call, interfaces::remove).await
}

type Change = fn(&Actor, &Connection, &Router, &WantedInterface) -> Result<Port>;

async fn change_interface(call: Call, change: Change) -> Result<Reply> {
    let (actor, id) = (Actor::of(&call)?, call.param(Router::PARAMETER).to_owned());
    let wanted = wanted(&call.body)?;
    let write = move |connection: &Connection| {
        let router = actor.open::<Router>(connection, &id, &Map::new())?;
        Ok((change(&actor, connection, &router, &wanted)?, router.id))
    };
    let (port, router) = call.platform.store.write("router interface", write).await?;
    let subnets: Vec<_> = port.fixed_ips.iter().map(|fixed| &fixed.subnet_id).collect();
    Ok(Reply::json(json!({
        "id": router, "tenant_id": port.project, "project_id": port.project, "port_id": port.id,
        "network_id": port.network, "subnet_id": subnets.last(), "subnet_ids": subnets,
    })))
}

fn wanted(body: &Value) -> Result<WantedInterface> {
    for key in ["port_id", "subnet_id"] {
        if let Some(value) = body.get(key) {
            checks::uuid(value).map_err(|bad| match bad {
                Bad::Reason(reason) => bad_resource("router", reason),
                Bad::Whole(error) => error,
            })?;
        }
    }
    // What is not there at all is for the rules to refuse, in their own words.
    Ok(serde_json::from_value(body.clone()).unwrap_or_default())
}
