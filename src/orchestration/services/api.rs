//! `/services`.

use kit::error::Result;
use kit::http::{Call, Reply};
use serde_json::json;

/// What engine and host are called: there are no others to tell them from.
const HOST: &str = "novadock";
/// How often Heat's engines say that they live, in seconds.
const REPORT_INTERVAL: i64 = 60;

/// `GET /services`: the one engine. It is up, because it answers, and has said so just now.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    call.authorize()?;
    let id = call.platform.installation.to_string();
    Ok(Reply::json(json!({"services": [{
        "id": id,
        "engine_id": id,
        "binary": "heat-engine",
        "host": HOST,
        "hostname": HOST,
        "topic": "engine",
        "report_interval": REPORT_INTERVAL,
        "created_at": null,
        "updated_at": call.platform.clock.now().iso_micro(),
        "deleted_at": null,
        "status": "up",
    }]})))
}
