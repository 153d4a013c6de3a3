//! `OS::Nova::Server`: a server. It is complete when its boot has ended and its guest runs.
//!
//! What its user data becomes, [`guest_tools`](crate::guest_tools) knows; what its properties ask of
//! compute is in `body`, what an update does in `change`, what is refused before in `checks` and `fit`.
//!
//! A server on a port or an address of its own is parted from it before its successor comes, which
//! needs it, and gets it back in a rollback (`networks`).

pub(in crate::resources) mod addresses;
mod body;
mod change;
mod checks;
mod consoles;
mod fit;
mod networks;
mod resize;
mod schema;

use compute::facade::{ServerAction, last_words, server_target};
use futures_util::future::BoxFuture;
use kit::error::{Error, Kind as Failed, Result};
use kit::ids::ServerId;
use kit::workflow::{Context, Failure, running_on};
use serde_json::{Map, Value};

use super::{delegated, with_delegate};
use crate::resources::constraints::Asker;
use crate::resources::heat::collected;
use crate::resources::nested::Form;
use crate::resources::neutron::hidden;
use crate::resources::{
    Act, Attribute, Look, Pending, Plugin, SHOW, Updated, gone_is_fine, kept_images,
};
use crate::stack_resources::model::Resource;
use crate::stacks::model::Action;
use crate::template::{self, HiddenNeeds, Schema};

pub(crate) struct Server;

/// How much of a failed guest's console its reason shows.
const LAST_LINES: u32 = 10;

impl Plugin for Server {
    fn name(&self) -> &'static str {
        "OS::Nova::Server"
    }

    fn schema(&self) -> Schema {
        schema::schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        schema::ATTRIBUTES
    }

    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        Some(hidden::of_server)
    }

    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        checks::check(form)
    }

    fn examine(&self, asker: &Asker<'_>, form: &Form<'_>) -> template::Result<()> {
        fit::check(asker, form)
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let body = body::body(act)?;
        let id = with_delegate(act, |delegate| delegate.create_server(&body))?;
        act.resource.physical = Some(id.to_string());
        Ok(())
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        change::apply(act, properties, changed)
    }

    /// Heat: ports are taken from a server that can be parted from them.
    fn goes_before_its_successor(&self, look: &Look<'_>) -> Result<bool> {
        Ok(networks::holds_places(&look.resource.properties) && !can_be_parted(look)?)
    }

    fn lets_go(&self, look: &Look<'_>) -> bool {
        networks::holds_anything(&look.resource.properties)
    }

    fn let_go(&self, act: &mut Act<'_>) -> Result<()> {
        networks::let_go(act)
    }

    fn take_back(&self, act: &mut Act<'_>, followers: &[Resource]) -> Result<()> {
        networks::take_back(act, followers)
    }

    fn takes_turns_at(&self, look: &Look<'_>) -> Option<String> {
        look.resource.physical.as_deref().map(|id| server_target(&ServerId::from(id)))
    }

    /// Heat: one that failed goes on as it is, unless its server is broken or gone.
    fn replaces_failed(&self, look: &Look<'_>) -> Result<bool> {
        if look.physical().is_empty() {
            return Ok(true);
        }
        match show(look) {
            Ok(shown) => Ok(text(&shown, "status") == "ERROR"),
            Err(error) if error.kind == Failed::NotFound => Ok(true),
            Err(error) => Err(error),
        }
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let id = ServerId::from(act.physical());
        gone_is_fine(with_delegate(act, |delegate| delegate.delete_server(&id)))?;
        networks::remove_ports(act)
    }

    fn suspend(&self, act: &mut Act<'_>) -> Result<()> {
        act_unless(act, "SUSPENDED", ServerAction::Suspend)
    }

    fn resume(&self, act: &mut Act<'_>) -> Result<()> {
        act_unless(act, "ACTIVE", ServerAction::Resume)
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        let id = ServerId::from(act.physical());
        let shown = with_delegate(act, |delegate| delegate.show_server(&id))?;
        match text(&shown, "status") {
            "ACTIVE" => Ok(()),
            other => Err(Error::conflict(format!("'ACTIVE' != '{other}'")).tag("Error")),
        }
    }

    fn snapshot(&self, act: &mut Act<'_>) -> Result<()> {
        kept_images::begin(act)
    }

    fn is_kept_before_deletion(&self) -> bool {
        true
    }

    fn restored(&self, data: &Map<String, Value>) -> Map<String, Value> {
        let image = data.get(kept_images::KEPT).cloned();
        image.into_iter().map(|image| ("image".to_owned(), image)).collect()
    }

    fn is_server(&self) -> bool {
        true
    }

    /// A server that is kept before it is deleted is deleted when its image is there; one that takes
    /// back its ports gets them when those that followed it are parted from them.
    fn go_on(&self, act: &mut Act<'_>) -> Result<bool> {
        if networks::are_taken_back(act)? {
            return Ok(true);
        }
        let is_kept = kept_images::take_before_deletion(act.resource);
        if is_kept {
            self.delete(act)?;
        }
        Ok(is_kept)
    }

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        if look.physical().is_empty() {
            return Ok(Pending::Over);
        }
        let own = ServerId::from(look.physical());
        for server in networks::parting(look.resource).chain([own]) {
            let target = server_target(&server);
            if running_on(look.hand.connection, &target)?.is_some() {
                return Ok(Pending::For(target, None));
            }
        }
        kept_images::check(look)?;
        match show(look) {
            Ok(shown) => {
                refuse_error(&shown)?;
                check_update(look)
            }
            Err(error) if error.kind == Failed::NotFound => match look.resource.action {
                Action::Delete => Ok(Pending::Over),
                Action::Init
                | Action::Create
                | Action::Update
                | Action::Rollback
                | Action::Suspend
                | Action::Resume
                | Action::Check
                | Action::Snapshot
                | Action::Restore
                | Action::Adopt => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// A guest that has ended by the time its boot has is no server that one can use.
    fn observe(
        &self,
        context: Context,
        resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        Box::pin(async move {
            let Some(id) = resource.physical.filter(|_| resource.action == Action::Create) else {
                return Ok(Map::new());
            };
            let id = ServerId::from(id);
            match last_words(&context.platform, &id, LAST_LINES).await? {
                Some((code, console)) => Err(Failure::Fail(ended(code, &console))),
                None => Ok(Map::new()),
            }
        })
    }

    fn metadata(&self, look: &Look<'_>) -> Value {
        let format = look.resource.properties.get("user_data_format");
        collected::metadata(look, format.is_some_and(|format| format == "SOFTWARE_CONFIG"))
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let shown = show(look)?;
        Ok(match name {
            SHOW => shown,
            "networks" => addresses::of_networks(look, &shown)?,
            "addresses" => addresses::detailed(look, shown)?,
            "console_urls" => consoles::urls(look)?,
            "os_collect_config" => Value::Object(Map::new()),
            "first_address" => Value::String(addresses::first_address(&shown)),
            "instance_name" => shown.get(INSTANCE_NAME).cloned().unwrap_or_default(),
            name => shown.get(name).cloned().unwrap_or_default(),
        })
    }
}

/// The states of servers whose interfaces come and go.
static WITH_INTERFACES: [&str; 3] = ["ACTIVE", "PAUSED", "SHUTOFF"];

/// Whether interfaces can be taken from the server. One that is gone has none.
fn can_be_parted(look: &Look<'_>) -> Result<bool> {
    if look.physical().is_empty() {
        return Ok(false);
    }
    match show(look) {
        Ok(shown) => Ok(WITH_INTERFACES.contains(&text(&shown, "status"))),
        Err(error) if error.kind == Failed::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Heat: a server that is as wanted already is left alone.
fn act_unless(act: &mut Act<'_>, status: &str, action: ServerAction) -> Result<()> {
    let id = ServerId::from(act.physical());
    with_delegate(act, |delegate| match text(&delegate.show_server(&id)?, "status") {
        already if already == status => Ok(()),
        _ => delegate.act_on_server(&id, action),
    })
}

const INSTANCE_NAME: &str = "OS-EXT-SRV-ATTR:instance_name";

fn show(look: &Look<'_>) -> Result<Value> {
    let caller = look.hand.caller(look.stack)?;
    let id = ServerId::from(look.physical());
    delegated(look.hand, look.stack, &caller, |delegate| delegate.show_server(&id))
}

/// Whether an update has come to what it wanted: interfaces that came and went, and a flavor.
fn check_update(look: &Look<'_>) -> Result<Pending> {
    if look.resource.action != Action::Update {
        return Ok(Pending::Over);
    }
    let caller = look.hand.caller(look.stack)?;
    let is_unconfirmed = delegated(look.hand, look.stack, &caller, |delegate| {
        networks::check_moves(look, delegate)?;
        resize::is_unconfirmed(look, delegate)
    })?;
    let target = server_target(&ServerId::from(look.physical()));
    Ok(if is_unconfirmed { Pending::For(target, None) } else { Pending::Over })
}

fn text<'a>(shown: &'a Value, name: &str) -> &'a str {
    shown.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A server in ERROR fails its resource, with its fault.
fn refuse_error(shown: &Value) -> Result<()> {
    if text(shown, "status") != "ERROR" {
        return Ok(());
    }
    let fault = shown.get("fault").cloned().unwrap_or_default();
    let message = fault.get("message").and_then(Value::as_str).unwrap_or("Unknown");
    let code = fault.get("code").map_or_else(|| "Unknown".to_owned(), Value::to_string);
    Err(in_error(format!("Went to status ERROR due to \"Message: {message}, Code: {code}\"")))
}

/// Why a guest that has ended is no success.
pub(in crate::resources) fn ended(code: i64, console: &str) -> Error {
    let mut sentence =
        format!("Went to status SHUTOFF due to \"The guest ended with exit code {code}\"");
    let console = console.trim();
    if !console.is_empty() {
        sentence = format!("{sentence}. The last lines of its console:\n{console}");
    }
    in_error(sentence)
}

fn in_error(sentence: String) -> Error {
    Error::conflict(sentence).tag("ResourceInError")
}
