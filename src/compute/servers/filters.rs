//! `GET /servers?…`: the query becomes conditions, sort keys and a page.
//!
//! Called by `api.rs`. Follows `nova/api/openstack/compute/servers.py::_get_servers`: which
//! filters a member may use grows with the versions, the others are passed over in silence;
//! administrators may use every column. The contract has refused malformed values before.

use kit::clock::Time;
use kit::error::{Error, Result};
use kit::http::{Call, Page, Span, since};
use kit::policy::Target;

use super::states::{self, Wanted};
use crate::loose;
use crate::microversions::{
    BASE, CHANGES_BEFORE, HOSTNAME, IP6_FILTER, LOCKED_REASON, MEMBER_FILTERS, SERVER_TAGS,
    STRICT_STATUS,
};
use crate::policy;

/// Which servers, in which order, from where on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Query {
    /// All of them must hold.
    pub(crate) conditions: Vec<Condition>,
    /// The first key first.
    pub(crate) sort: Vec<Sort>,
    /// Rows at most.
    pub(crate) limit: i64,
    /// The id of the last row of the page before.
    pub(crate) marker: Option<String>,
    /// Servers with an address that holds one of these texts; empty: all.
    pub(crate) addresses: Vec<String>,
}

/// One condition; fields are named as in Nova's model.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    /// The field is one of these.
    OneOf(&'static str, Vec<String>),
    /// The pattern is found in the field.
    Matches(&'static str, String),
    /// Locked or not.
    Locked(bool),
    /// Deleted, softly too, or not.
    Deleted(bool),
    /// Changed at or after.
    ChangedSince(Time),
    /// Changed at or before.
    ChangedBefore(Time),
    /// By tags.
    Tags(TagRule, Vec<String>),
}

/// How tags are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagRule {
    /// It has all of them.
    All,
    /// It has one of them.
    Any,
    /// It does not have all of them.
    NotAll,
    /// It has none of them.
    NotAny,
}

/// One sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sort {
    /// The field, as in Nova's model.
    pub(crate) field: String,
    /// The largest first.
    pub(crate) descending: bool,
}

/// How a filter's value is read.
#[derive(Clone, Copy)]
enum How {
    /// Equal to it.
    Exact,
    /// Found in it, as a pattern.
    Pattern,
    Tags(TagRule),
    Since,
    Before,
    Locked,
    Address,
    /// Read elsewhere in this file.
    Apart,
}

/// One filter: its parameter, the field, how it is read, and from when members may use it.
struct Filter {
    key: &'static str,
    field: &'static str,
    how: How,
    members: Option<Span>,
}

const fn filter(key: &'static str, field: &'static str, how: How, members: Option<Span>) -> Filter {
    Filter { key, field, how, members }
}

const EVER: Option<Span> = Some(since(BASE));
const WIDE: Option<Span> = Some(since(MEMBER_FILTERS));
const TAGS: Option<Span> = Some(since(SERVER_TAGS));

static FILTERS: &[Filter] = &[
    filter("reservation_id", "reservation_id", How::Pattern, EVER),
    filter("name", "display_name", How::Pattern, EVER),
    filter("image", "image_ref", How::Exact, EVER),
    filter("flavor", "flavor", How::Exact, EVER),
    filter("ip", "", How::Address, EVER),
    filter("ip6", "", How::Address, Some(since(IP6_FILTER))),
    filter("changes-since", "", How::Since, EVER),
    filter("changes-before", "", How::Before, Some(since(CHANGES_BEFORE))),
    filter("tags", "", How::Tags(TagRule::All), TAGS),
    filter("tags-any", "", How::Tags(TagRule::Any), TAGS),
    filter("not-tags", "", How::Tags(TagRule::NotAll), TAGS),
    filter("not-tags-any", "", How::Tags(TagRule::NotAny), TAGS),
    filter("locked", "", How::Locked, Some(since(LOCKED_REASON))),
    filter("availability_zone", "availability_zone", How::Pattern, WIDE),
    filter("config_drive", "config_drive", How::Pattern, WIDE),
    filter("key_name", "key_name", How::Pattern, WIDE),
    filter("created_at", "created_at", How::Pattern, WIDE),
    filter("launched_at", "launched_at", How::Pattern, WIDE),
    filter("terminated_at", "terminated_at", How::Pattern, WIDE),
    filter("power_state", "power_state", How::Pattern, WIDE),
    filter("task_state", "task_state", How::Exact, WIDE),
    filter("vm_state", "vm_state", How::Exact, WIDE),
    filter("progress", "progress", How::Pattern, WIDE),
    filter("user_id", "user_id", How::Exact, WIDE),
    filter("hostname", "hostname", How::Pattern, Some(since(HOSTNAME))),
    filter("deleted", "", How::Apart, None),
    filter("status", "", How::Apart, EVER),
    filter("all_tenants", "", How::Apart, EVER),
    filter("project_id", "project_id", How::Apart, None),
    filter("tenant_id", "project_id", How::Apart, None),
    filter("uuid", "uuid", How::Exact, None),
    filter("image_ref", "image_ref", How::Exact, None),
    filter("host", "host", How::Exact, None),
    filter("node", "node", How::Pattern, None),
    filter("display_name", "display_name", How::Pattern, None),
    filter("description", "display_description", How::Pattern, None),
    filter("display_description", "display_description", How::Pattern, None),
    filter("locked_by", "locked_by", How::Pattern, None),
    filter("launch_index", "launch_index", How::Pattern, None),
    filter("kernel_id", "kernel_id", How::Pattern, None),
    filter("ramdisk_id", "ramdisk_id", How::Pattern, None),
    filter("root_device_name", "root_device_name", How::Pattern, None),
    filter("access_ip_v4", "access_ip_v4", How::Pattern, None),
    filter("access_ip_v6", "access_ip_v6", How::Pattern, None),
    filter("auto_disk_config", "auto_disk_config", How::Pattern, None),
];

/// Filters that name parts of a server which are no fields (Nova: joined tables).
static JOINED: &[&str] = &[
    "block_device_mapping",
    "services",
    "metadata",
    "system_metadata",
    "info_cache",
    "security_groups",
    "pci_devices",
];

/// Sort keys that are taken and passed over.
static IGNORED_SORT_KEYS: &[&str] = &[
    "architecture",
    "cell_name",
    "cleaned",
    "default_ephemeral_device",
    "default_swap_device",
    "deleted",
    "deleted_at",
    "disable_terminate",
    "ephemeral_gb",
    "ephemeral_key_uuid",
    "id",
    "key_data",
    "launched_on",
    "memory_mb",
    "os_type",
    "reservation_id",
    "root_gb",
    "shutdown_terminate",
    "user_data",
    "vcpus",
    "vm_mode",
];

/// Reads the query of `GET /servers` or, with `detail`, `GET /servers/detail`. `None`: nothing
/// can match.
pub(crate) fn read(call: &Call, detail: bool) -> Result<Option<Query>> {
    let all_filters = call.allows(&policy::SERVERS_ALL_FILTERS, &Target::own(call.caller()?));
    let page = Page::from(call, call.platform.settings.compute.max_limit)?;
    let mut query = Query { limit: page.limit, marker: page.marker, ..Query::default() };
    for row in FILTERS {
        let usable = all_filters || row.members.is_some_and(|span| span.contains(call.version));
        if let Some(value) = call.query(row.key).filter(|_| usable) {
            add(&mut query, row, value)?;
        }
    }
    refuse_joined(call, all_filters)?;
    if !add_status(&mut query, call)? {
        return Ok(None);
    }
    check_times(&query)?;
    add_deleted(&mut query, call, all_filters)?;
    add_project(&mut query, call, detail)?;
    query.sort = sort(call)?;
    Ok(Some(query))
}

fn add(query: &mut Query, row: &Filter, value: &str) -> Result<()> {
    let condition = match row.how {
        How::Exact => Condition::OneOf(row.field, vec![value.to_owned()]),
        How::Pattern => Condition::Matches(row.field, pattern(row.key, value)?),
        How::Tags(rule) => Condition::Tags(rule, value.split(',').map(str::to_owned).collect()),
        How::Since => Condition::ChangedSince(time(row.key, value)?),
        How::Before => Condition::ChangedBefore(time(row.key, value)?),
        How::Locked => Condition::Locked(locked(value)?),
        How::Address => {
            query.addresses.push(value.to_owned());
            return Ok(());
        }
        How::Apart => return Ok(()),
    };
    query.conditions.push(condition);
    Ok(())
}

fn pattern(key: &str, value: &str) -> Result<String> {
    match regex::Regex::new(value) {
        Ok(_) => Ok(value.to_owned()),
        Err(_) => Err(Error::bad_request(format!(
            "Invalid input for query parameters {key}. Value: {value}. '{value}' is not a 'regex'"
        ))),
    }
}

fn time(key: &str, value: &str) -> Result<Time> {
    Time::parse(value).ok_or_else(|| Error::bad_request(format!("Invalid filter field: {key}.")))
}

fn locked(value: &str) -> Result<bool> {
    loose::boolean(value).ok_or_else(|| {
        Error::bad_request(format!(
            "Invalid input received: Unrecognized value '{value}', acceptable values are: \
             '0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'"
        ))
    })
}

fn refuse_joined(call: &Call, all_filters: bool) -> Result<()> {
    let refused = |key: &str| all_filters && (JOINED.contains(&key) || key.starts_with('_'));
    match call.query.iter().find(|(key, _)| refused(key)) {
        Some((key, _)) => Err(Error::bad_request(format!("Invalid filter field: {key}."))),
        None => Ok(()),
    }
}

/// False when the status is one that no server has.
fn add_status(query: &mut Query, call: &Call) -> Result<bool> {
    if call.query("status").is_none() {
        return Ok(true);
    }
    let Some(Wanted { vm_states, tasks }) = states::states_of(call.query_all("status")) else {
        if since(STRICT_STATUS).contains(call.version) {
            return Err(Error::bad_request("Invalid status value"));
        }
        return Ok(false);
    };
    let texts = vm_states.iter().map(|state| state.as_str().to_owned()).collect();
    query.conditions.push(Condition::OneOf("vm_state", texts));
    if let Some(tasks) = tasks {
        let texts = tasks.iter().map(|task| task.as_str().to_owned()).collect();
        query.conditions.push(Condition::OneOf("task_state", texts));
    }
    Ok(true)
}

fn check_times(query: &Query) -> Result<()> {
    let mut since = None;
    let mut before = None;
    for condition in &query.conditions {
        if let Condition::ChangedSince(time) = condition {
            since = Some(*time);
        } else if let Condition::ChangedBefore(time) = condition {
            before = Some(*time);
        }
    }
    match (since, before) {
        (Some(since), Some(before)) if before < since => Err(Error::bad_request(
            "The value of changes-since must be less than or equal to changes-before.",
        )),
        _ => Ok(()),
    }
}

/// Only the living, unless deleted ones were asked for or a time of change was given.
fn add_deleted(query: &mut Query, call: &Call, all_filters: bool) -> Result<()> {
    let only_deleted = query.conditions.iter().any(|condition| {
        matches!(condition, Condition::OneOf("vm_state", states) if states == &["deleted"])
    });
    let by_time = query.conditions.iter().any(|condition| {
        matches!(condition, Condition::ChangedSince(_) | Condition::ChangedBefore(_))
    });
    let asked = call.query("deleted").filter(|_| all_filters);
    if only_deleted {
        if !policy::is_admin(call) {
            return Err(Error::forbidden("Only administrators may list deleted instances"));
        }
        query.conditions.push(Condition::Deleted(true));
    } else if let Some(text) = asked {
        query.conditions.push(Condition::Deleted(loose::boolean(text).unwrap_or(false)));
    } else if !by_time {
        query.conditions.push(Condition::Deleted(false));
    }
    Ok(())
}

/// The caller's project, or with `all_tenants` everybody's or the one asked for.
fn add_project(query: &mut Query, call: &Call, detail: bool) -> Result<()> {
    let caller = call.caller()?;
    if all_tenants(call)? {
        let rule = if detail { &policy::SERVERS_DETAIL_ALL } else { &policy::SERVERS_INDEX_ALL };
        call.platform.policy.authorize(rule, caller, &Target::own(caller))?;
        if let Some(project) = call.query("project_id").or_else(|| call.query("tenant_id")) {
            query.conditions.push(Condition::OneOf("project_id", vec![project.to_owned()]));
        }
        return Ok(());
    }
    query.conditions.push(match caller.project() {
        Some(project) => Condition::OneOf("project_id", vec![project.to_string()]),
        None => Condition::OneOf("user_id", vec![caller.user_id.to_string()]),
    });
    Ok(())
}

fn all_tenants(call: &Call) -> Result<bool> {
    match call.query("all_tenants") {
        None => Ok(false),
        Some("") => Ok(true),
        Some(text) => loose::boolean(text).ok_or_else(|| {
            Error::bad_request(format!(
                "Invalid input received: Unrecognized value '{text}', acceptable values are: \
                 '0', '1', 'f', 'false', 'n', 'no', 'off', 'on', 't', 'true', 'y', 'yes'"
            ))
        }),
    }
}

/// The sort keys with their directions; keys without one follow the last.
fn sort(call: &Call) -> Result<Vec<Sort>> {
    let directions: Vec<&str> = call.query_all("sort_dir").map(str::trim).collect();
    if directions.iter().any(|direction| !matches!(*direction, "asc" | "desc")) {
        return Err(Error::bad_request(
            "Invalid input received: Unknown sort direction, must be 'desc' or 'asc'",
        ));
    }
    let given: Vec<&str> = call.query_all("sort_key").map(str::trim).collect();
    let keys = if given.is_empty() { vec!["created_at"] } else { given };
    let mut sorts: Vec<Sort> = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        if matches!(*key, "host" | "node") && !policy::is_admin(call) {
            let sentence = format!("Only administrators can sort servers by {key}");
            return Err(Error::forbidden(sentence));
        }
        let direction = directions.get(index).or(directions.first()).unwrap_or(&"desc");
        if !ignored(call, key) {
            sorts.push(Sort { field: (*key).to_owned(), descending: *direction == "desc" });
        }
    }
    if !sorts.iter().any(|sort| sort.field == "created_at") {
        let descending = sorts.first().is_none_or(|sort| sort.descending);
        sorts.push(Sort { field: "created_at".to_owned(), descending });
    }
    Ok(sorts)
}

fn ignored(call: &Call, key: &str) -> bool {
    let locked_too = !since(LOCKED_REASON).contains(call.version);
    IGNORED_SORT_KEYS.contains(&key) || (locked_too && key == "locked")
}
