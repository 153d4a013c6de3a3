//! `rebuild`: another guest under the same server. Id, host, flavor and addresses stay; the image,
//! and with it all that the guest has written, goes.
//!
//! The row says what the server is to be as soon as the request is answered (Nova:
//! `compute/api.py: rebuild`). A server that was stopped is stopped again when its new guest has
//! run its user data. Where it fails the server is in ERROR, and may be rebuilt again.

use image::facade::BootImage;
use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply};
use kit::ids::ImageId;
use kit::secret::Secret;
use kit::step;
use kit::workflow::{Context, Failure, Workflow, record_nothing};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::stop;
use crate::servers::boot::{
    become_active, ensure_container, ensure_image, inject, remove_container, renew_drive,
    run_user_data,
};
use crate::servers::create::{self, BootParams, Origin};
use crate::servers::disk_config;
use crate::servers::logic::{Asked, Change, check_metadata_quota};
use crate::servers::model::{Server, TaskState, VmState};
use crate::servers::request::{self, Personality, canonical_address};
use crate::servers::steps::{adopt_macs, become_error, observe, server, set_task, start};
use crate::servers::{api, states, store, view};

pub(crate) static REBUILD: Workflow = Workflow {
    kind: "server.rebuild",
    deadline_seconds: 1800,
    steps: &[
        step!("ephemeral", record: refuse_to_preserve),
        step!("image", act: ensure_image),
        step!("remove", act: remove_container, record: note_spawning),
        step!("container", act: ensure_container, undo: (remove_container, record_nothing)),
        step!("inject", act: inject),
        step!("start", act: start, record: adopt_macs),
        step!("drive", act: renew_drive),
        step!("first_boot", act: run_user_data),
        step!("stop", act: stop_again),
        step!("settle", act: observe, record: become_active),
    ],
    on_failed: become_error,
};

/// What the work needs and no row has.
#[derive(Debug, Serialize, Deserialize)]
struct Params {
    #[serde(flatten)]
    boot: BootParams,
    was_stopped: bool,
    preserve_ephemeral: bool,
}

/// What is asked for; `None` leaves it.
pub(crate) struct Rebuild {
    pub(crate) image: ImageId,
    pub(crate) name: Option<String>,
    pub(crate) hostname: Option<String>,
    pub(crate) description: Change,
    pub(crate) key_name: Change,
    pub(crate) user_data: Change,
    pub(crate) access_ipv4: Option<String>,
    pub(crate) access_ipv6: Option<String>,
    pub(crate) auto_disk_config: Option<bool>,
    pub(crate) metadata: Option<Map<String, Value>>,
    pub(crate) personality: Vec<Personality>,
    pub(crate) preserve_ephemeral: bool,
    pub(crate) trusted_certificates: bool,
}

/// The handler.
pub(crate) async fn run(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let body = call.wrapped("rebuild");
    let given = body.get("adminPass").and_then(Value::as_str);
    let password = given.map_or_else(|| Secret::random(12), Secret::new);
    let wanted = read(body)?;
    let write = move |db: &Connection| {
        let server = promise(&asked, db, wanted)?;
        api::complete_one(db, server)
    };
    let row = call.platform.store.write("servers:rebuild", write).await?;
    let shown = view::rebuilt(&row, password.expose(), &Cx::new(&call));
    let location = call.links.path(&format!("/servers/{}", row.server.id));
    Ok(Reply::json(json!({"server": shown})).header("Location", location))
}

/// Reads the body of the action.
pub(crate) fn read(body: &Value) -> Result<Rebuild> {
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    Ok(Rebuild {
        image: ImageId::from(text("imageRef").unwrap_or_default()),
        name: text("name").map(|name| name.trim().to_owned()),
        hostname: text("hostname"),
        description: Change::of(body, "description"),
        key_name: Change::of(body, "key_name"),
        user_data: Change::of(body, "user_data"),
        access_ipv4: text("accessIPv4").map(canonical_address),
        access_ipv6: text("accessIPv6").map(canonical_address),
        auto_disk_config: disk_config::asked(body),
        metadata: body.get("metadata").and_then(Value::as_object).cloned(),
        personality: request::personality(body)?,
        preserve_ephemeral: request::flag(body, "preserve_ephemeral"),
        trusted_certificates: body.get("trusted_image_certificates").is_some_and(Value::is_array),
    })
}

/// Notes what the server is to be, and promises it.
pub(crate) fn promise(asked: &Asked, connection: &Connection, wanted: Rebuild) -> Result<Server> {
    let action = &states::REBUILD;
    let mut server = asked.open_for(connection, action)?;
    let image = check(asked, connection, &server, &wanted)?;
    let params = Params {
        was_stopped: server.vm_state == VmState::Stopped,
        preserve_ephemeral: wanted.preserve_ephemeral,
        boot: BootParams { personality: wanted.personality.clone(), ..BootParams::default() },
    };
    if let Change::To(name) = &wanted.key_name {
        let find = |name| create::key_pair(&Origin::from(asked), connection, name);
        server.key_pair = name.as_deref().map(find).transpose()?;
    }
    apply(&mut server, wanted, image);
    let params = serde_json::to_value(params)?;
    asked.begin(connection, &mut server, action, &REBUILD, params)?;
    Ok(server)
}

fn check(
    asked: &Asked,
    connection: &Connection,
    server: &Server,
    wanted: &Rebuild,
) -> Result<BootImage> {
    if wanted.trusted_certificates {
        return Err(create::no_certificates());
    }
    let (platform, caller) = (&asked.platform, &asked.caller);
    let image = image::facade::get_visible(connection, &platform.policy, caller, &wanted.image)?
        .ok_or_else(|| Error::bad_request("Cannot find image for rebuild"))?;
    disk_config::check(wanted.auto_disk_config, &image.properties, &image.id)?;
    let items = wanted.metadata.as_ref().map_or(0, Map::len);
    check_metadata_quota(platform, connection, &server.project_id, items)?;
    let files = &wanted.personality;
    create::check_personality_quota(platform, connection, &server.project_id, files)?;
    create::check_fit(&server.flavor, &image)?;
    if server.container.is_none() {
        create::check_disk(&Origin::from(asked), &server.flavor, &image)?;
    }
    Ok(image)
}

fn apply(server: &mut Server, wanted: Rebuild, image: BootImage) {
    fn set<T>(field: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *field = value;
        }
    }
    server.image_id = Some(image.id);
    server.image_properties = image.properties;
    set(&mut server.name, wanted.name);
    set(&mut server.hostname, wanted.hostname);
    set(&mut server.auto_disk_config, wanted.auto_disk_config);
    set(&mut server.metadata, wanted.metadata);
    set(&mut server.access_ipv4, wanted.access_ipv4.map(Some));
    set(&mut server.access_ipv6, wanted.access_ipv6.map(Some));
    wanted.description.apply(&mut server.description);
    wanted.user_data.apply(&mut server.user_data);
    wanted.key_name.apply(&mut server.key_name);
}

/// A container has no other disk that could stay (Nova: `PreserveEphemeralNotSupported`).
fn refuse_to_preserve(context: &Context, _: &Connection) -> Result<()> {
    if context.params::<Params>()?.preserve_ephemeral {
        let sentence = "The current driver does not support preserving ephemeral partitions.";
        return Err(Error::bad_request(sentence));
    }
    Ok(())
}

fn note_spawning(context: &Context, connection: &Connection) -> Result<()> {
    let mut server = server(context, connection)?;
    set_task(context, connection, &mut server, Some(TaskState::RebuildSpawning))?;
    store::save(connection, &mut server, context.now())
}

async fn stop_again(context: Context) -> Result<Value, Failure> {
    if context.params::<Params>()?.was_stopped {
        stop::stop(context).await
    } else {
        Ok(Value::Null)
    }
}
