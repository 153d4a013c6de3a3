//! What the API shows of the audit log.

use kit::clock::Time;
use serde_json::{Map, Value, json};

use super::logic::Month;

/// The log of a month: each host with the number of servers that it had.
pub(super) fn log(month: Month, hosts: &[(String, i64)]) -> Value {
    let entry = |(host, servers): &(String, i64)| {
        let message = format!("Instance usage audit ran for host {host}, {servers} instances.");
        let entry = json!({"state": "DONE", "instances": servers, "errors": 0, "message": message});
        (host.clone(), entry)
    };
    json!({
        "period_beginning": period(month.begin),
        "period_ending": period(month.end),
        "num_hosts": hosts.len(),
        "num_hosts_done": hosts.len(),
        "num_hosts_running": 0,
        "num_hosts_not_run": 0,
        "hosts_not_run": [],
        "total_instances": hosts.iter().map(|(_, servers)| servers).sum::<i64>(),
        "total_errors": 0,
        "overall_status": "ALL hosts done. 0 errors.",
        "log": hosts.iter().map(entry).collect::<Map<String, Value>>(),
    })
}

/// As Python prints a time.
fn period(time: Time) -> String {
    time.iso_z().replace('T', " ").replace('Z', "")
}
