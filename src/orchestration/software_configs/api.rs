//! `/software_configs`.

use kit::error::Result;
use kit::http::{Call, Cx, Reply};
use kit::ids::SoftwareConfigId;
use kit::policy::Target;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::model::{SoftwareConfig, UNGROUPED};
use super::{logic, store, view};
use crate::policy;
use crate::stacks::lookup::Rights;
use crate::stacks::reach::Reach;

/// `GET /software_configs`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    if call.query("global_tenant").is_some_and(|text| text.eq_ignore_ascii_case("true")) {
        let own = Target::own(call.caller()?);
        let rule = &policy::SOFTWARE_CONFIGS_GLOBAL_INDEX;
        call.platform.policy.authorize(rule, call.caller()?, &own)?;
    }
    let reach = Reach::of(&call)?;
    let read = move |connection: &Connection| store::list(connection, &reach);
    let configs = call.platform.store.read(read).await?;
    let cx = Cx::new(&call);
    let rows: Vec<Value> = configs.iter().map(|row| view::SUMMARY.render(row, &cx)).collect();
    Ok(Reply::json(json!({"software_configs": rows})))
}

/// `POST /software_configs`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    call.authorize()?;
    let member = |name: &str| call.body.get(name).unwrap_or(&Value::Null);
    let text = |name: &str| member(name).as_str().map(str::to_owned);
    let object = || Value::Object(Map::new());
    let config = SoftwareConfig {
        id: SoftwareConfigId::random(),
        project: call.caller()?.require_project()?.clone(),
        name: text("name").unwrap_or_default(),
        group: text("group").unwrap_or_else(|| UNGROUPED.to_owned()),
        config: Some(member("config")).filter(|v| !v.is_null()).cloned().unwrap_or(Value::from("")),
        inputs: logic::inputs(member("inputs"))?,
        outputs: logic::outputs(member("outputs"))?,
        options: Some(member("options")).filter(|v| v.is_object()).cloned().unwrap_or_else(object),
        created_at: call.platform.clock.now(),
    };
    let row = config.clone();
    let write = move |connection: &Connection| store::insert(connection, &row);
    call.platform.store.write("software_configs:create", write).await?;
    Ok(shown(&config))
}

/// `GET /software_configs/{config_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let read = move |connection: &Connection| asked.open(connection, &rights);
    let config = call.platform.store.read(read).await?;
    Ok(shown(&config))
}

/// `DELETE /software_configs/{config_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let (asked, rights) = (Asked::of(&call)?, Rights::of(&call)?);
    let write = move |connection: &Connection| {
        let config = asked.open(connection, &rights)?;
        logic::delete(connection, &config.id)
    };
    call.platform.store.write("software_configs:delete", write).await?;
    Ok(Reply::empty())
}

fn shown(config: &SoftwareConfig) -> Reply {
    Reply::json(json!({"software_config": view::detail(config)}))
}

/// The config that a path names.
struct Asked {
    id: SoftwareConfigId,
}

impl Asked {
    fn of(call: &Call) -> Result<Self> {
        call.authorize()?;
        Ok(Self { id: SoftwareConfigId::from(call.param("config_id")) })
    }

    fn open(&self, connection: &Connection, rights: &Rights) -> Result<SoftwareConfig> {
        let found = store::get(connection, rights.reach(), &self.id)?;
        rights.open(found.ok_or_else(logic::not_found)?)
    }
}
