//! Operation tables become a router: prefix, path, method, version, action key.

use std::collections::HashMap;

use matchit::Router;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::fault::Miss;
use super::microversion::Mv;
use super::operation::{BodyKind, Method, Operation};
use super::service::{Dialect, Mount, Service};
use crate::error::{Error, Result};

/// Every mount of every service, longest prefix first.
pub(super) struct Routes {
    mounts: Vec<Mounted>,
}

/// A mount with its compiled table.
pub(super) struct Mounted {
    pub(super) service: &'static Service,
    pub(super) mount: &'static Mount,
    /// The prefix with the version, as a URL begins.
    prefix: String,
    router: Router<usize>,
    rows: Vec<Vec<&'static Operation>>,
}

/// Where a URL leads.
pub(super) struct Located<'a> {
    pub(super) mounted: &'a Mounted,
    /// The project id that stood before the path.
    pub(super) project: Option<String>,
    /// Rows of this path and method, of all versions and actions; or why there are none.
    pub(super) rows: std::result::Result<Vec<&'static Operation>, Miss>,
    pub(super) params: Vec<(String, String)>,
}

impl Routes {
    /// Compiles the tables; two rows that contradict each other are an error naming the path.
    pub(super) fn new(services: &[&'static Service]) -> Result<Self> {
        let mut mounts = Vec::new();
        for service in services.iter().copied() {
            for mount in service.mounts {
                mounts.push(Mounted::new(service, mount)?);
            }
        }
        mounts.sort_by_key(|mounted| std::cmp::Reverse(mounted.prefix.len()));
        Ok(Self { mounts })
    }

    /// Finds the mount and rows of a path; `None` when no service is there.
    pub(super) fn locate(&self, method: Method, path: &str) -> Option<Located<'_>> {
        let (mounted, rest) = self.mounts.iter().find_map(|mounted| {
            let rest = path.strip_prefix(mounted.prefix.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then_some((mounted, rest))
        })?;
        let (project, rest) = mounted.split_project(rest);
        let rest = if rest.is_empty() { "/" } else { rest };
        let (rows, params) = mounted.find(method, rest);
        Some(Located { mounted, project: project.map(str::to_owned), rows, params })
    }
}

impl Mounted {
    fn new(service: &'static Service, mount: &'static Mount) -> Result<Self> {
        let mut by_path: HashMap<&'static str, Vec<&'static Operation>> = HashMap::new();
        for row in mount.operations {
            by_path.entry(row.path).or_default().push(row);
        }
        let mut router = Router::new();
        let mut rows = Vec::new();
        for (path, operations) in by_path {
            router
                .insert(path, rows.len())
                .map_err(|error| Error::internal(format!("{}{path}: {error}", mount.prefix)))?;
            rows.push(operations);
        }
        let prefix = format!("{}{}", mount.prefix, mount.version);
        Ok(Self { service, mount, prefix, router, rows })
    }

    /// Nova: a first segment of hex digits and dashes is a project id. Heat: the first segment is
    /// one, whatever it looks like.
    fn split_project<'p>(&self, rest: &'p str) -> (Option<&'p str>, &'p str) {
        if !self.mount.project_in_path {
            return (None, rest);
        }
        let segment = rest.trim_start_matches('/').split('/').next().unwrap_or_default();
        let is_id = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
        let always = self.service.dialect == Dialect::Heat;
        let is_project = !segment.is_empty() && (always || segment.bytes().all(is_id));
        if is_project { (Some(segment), &rest[1 + segment.len()..]) } else { (None, rest) }
    }

    fn find(&self, method: Method, path: &str) -> (Found, Vec<(String, String)>) {
        let path = if self.service.dialect.ignores_last_slash() {
            path.trim_end_matches('/')
        } else {
            path
        };
        let format = self.service.dialect.format_suffix();
        let path = format.and_then(|format| path.strip_suffix(format)).unwrap_or(path);
        let Ok(matched) = self.router.at(if path.is_empty() { "/" } else { path }) else {
            return (Err(Miss::Path), Vec::new());
        };
        let params = matched
            .params
            .iter()
            .map(|(key, value)| {
                (key.to_owned(), percent_decode_str(value).decode_utf8_lossy().into_owned())
            })
            .collect();
        let all = self.rows.get(*matched.value).map_or(&[][..], Vec::as_slice);
        let of =
            |method| -> Vec<_> { all.iter().copied().filter(|row| row.method == method).collect() };
        let mut rows = of(method);
        if rows.is_empty() && method == Method::HEAD {
            rows = of(Method::GET);
        }
        // Amazon's APIs do not tell a query from a form.
        if rows.is_empty() && method == Method::POST {
            rows = of(Method::GET);
            rows.retain(|row| row.body == BodyKind::Form);
        }
        if rows.is_empty() { (Err(Miss::Method(methods(all))), params) } else { (Ok(rows), params) }
    }
}

fn methods(rows: &[&Operation]) -> Vec<Method> {
    let mut methods = Vec::new();
    for row in rows {
        if !methods.contains(&row.method) {
            methods.push(row.method);
        }
    }
    methods
}

type Found = std::result::Result<Vec<&'static Operation>, Miss>;

/// The row for this version and, for actions, this body.
///
/// Nova: a body with other than one key is malformed; an unknown key, or one outside its
/// versions, has its own sentences.
pub(super) fn choose(
    rows: &[&'static Operation],
    version: Mv,
    body: &Value,
) -> Result<&'static Operation> {
    let in_version = |row: &&&'static Operation| row.span.contains(version);
    let outside = || Error::not_found("The resource could not be found.");
    if rows.iter().all(|row| row.action.is_none()) {
        return rows.iter().find(in_version).copied().ok_or_else(outside);
    }
    let keys: Vec<&String> = body.as_object().map(|map| map.keys().collect()).unwrap_or_default();
    let [key] = keys.as_slice() else {
        return Err(Error::bad_request("Malformed request body"));
    };
    let named: Vec<_> = rows.iter().filter(|row| row.action == Some(key.as_str())).collect();
    if named.is_empty() {
        return Err(Error::bad_request(format!("There is no such action: {key}")));
    }
    named.into_iter().find(in_version).copied().ok_or_else(outside)
}

/// The row for the parameter `Action`, which Amazon's APIs go by.
pub(super) fn choose_by_parameter(
    rows: &[&'static Operation],
    parameters: &[(String, String)],
) -> Result<&'static Operation> {
    let named = parameters.iter().find(|(name, _)| name == "Action").map(|(_, value)| value);
    let is_named = |row: &&&'static Operation| row.action == named.map(String::as_str);
    rows.iter().find(is_named).copied().ok_or_else(|| Error::bad_request("").tag("InvalidAction"))
}
