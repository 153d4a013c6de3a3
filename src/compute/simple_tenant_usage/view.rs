//! What the API shows of usage.

use kit::clock::Time;
use serde_json::{Value, json};

use super::model::{Run, Usage, Window};

/// The usage of a project; its servers where `detailed`.
pub(super) fn usage(usage: &Usage, window: Window, now: Time, detailed: bool) -> Value {
    let mut shown = json!({
        "tenant_id": usage.project,
        "total_local_gb_usage": usage.total(window, |run| run.disk_gb),
        "total_vcpus_usage": usage.total(window, |run| run.vcpus),
        "total_memory_mb_usage": usage.total(window, |run| run.ram_mb),
        "total_hours": usage.total(window, |_| 1),
        "start": window.start.iso_micro(),
        "stop": window.stop.iso_micro(),
    });
    if let (true, Value::Object(fields)) = (detailed, &mut shown) {
        let runs: Vec<Value> = usage.runs.iter().map(|row| run(row, window, now)).collect();
        fields.insert("server_usages".to_owned(), json!(runs));
    }
    shown
}

fn run(run: &Run, window: Window, now: Time) -> Value {
    let state = if run.terminated_at.is_some() { "terminated" } else { &run.vm_state };
    json!({
        "hours": run.hours(window),
        "flavor": run.flavor,
        "instance_id": run.server,
        "name": run.name,
        "tenant_id": run.project,
        "memory_mb": run.ram_mb,
        "local_gb": run.disk_gb,
        "vcpus": run.vcpus,
        "started_at": run.launched_at.iso_micro(),
        "ended_at": run.terminated_at.map(Time::iso_micro),
        "state": state,
        "uptime": run.uptime(now),
    })
}
