//! `/usages`, and `/resource_providers/{uuid}/usages`.

use compute::facade::{Consumer, consumers_of_project};
use kit::error::Result;
use kit::http::{Call, Reply};
use kit::ids::{ProjectId, UserId};
use kit::policy::Target;
use serde_json::{Map, Value, json};

use crate::allocations::api::taken;
use crate::microversions::CONSUMER_TYPES;
use crate::model::{DISK_GB, MEMORY_MB, VCPU};
use crate::resource_providers::api::find;

/// The type of consumer that servers are.
const INSTANCE: &str = "INSTANCE";

/// `GET /resource_providers/{uuid}/usages`.
pub(crate) async fn of_provider(call: Call) -> Result<Reply> {
    let provider = find(&call).await?;
    let own = provider.inventories.iter().map(|own| (own.class.to_owned(), json!(own.used)));
    let usages: Map<String, Value> = own.collect();
    Ok(Reply::json(json!({"usages": usages, "resource_provider_generation": provider.generation})))
}

/// `GET /usages`: of a project, or of a user in it.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let project = ProjectId::from(call.query("project_id").unwrap_or_default());
    call.authorize_on(&Target::project(&project))?;
    let user = call.query("user_id").map(UserId::from);
    let read = move |db: &_| consumers_of_project(db, &project, user.as_ref());
    let mut consumers = call.platform.store.read(read).await?;
    if call.version < CONSUMER_TYPES {
        return Ok(Reply::json(json!({"usages": sums(&consumers)})));
    }
    let group = match call.query("consumer_type") {
        Some("all") => "all",
        Some(INSTANCE) | None => INSTANCE,
        Some(_) => {
            consumers.clear();
            INSTANCE
        }
    };
    let mut usages = Map::new();
    if !consumers.is_empty() {
        let mut sums = sums(&consumers);
        sums.insert("consumer_count".to_owned(), json!(consumers.len()));
        usages.insert(group.to_owned(), Value::Object(sums));
    }
    Ok(Reply::json(json!({"usages": usages})))
}

/// Class → what all of them take.
fn sums(consumers: &[Consumer]) -> Map<String, Value> {
    let sum = |class: &&str| {
        let own =
            |one: &Consumer| taken(one).find(|(own, _)| own == class).map(|(_, amount)| amount);
        consumers.iter().filter_map(own).reduce(|sum, more| sum + more)
    };
    let classes = [VCPU, MEMORY_MB, DISK_GB];
    let known = classes.iter().filter_map(|class| Some(((*class).to_owned(), json!(sum(class)?))));
    known.collect()
}
