//! Makes rows of views. Neutron has no microversions, so every field is always there.

use kit::http::{ALWAYS, Cx, Field};
use kit::policy::Rule;
use serde_json::Value;

/// A field that everybody sees.
pub(crate) const fn field<T>(key: &'static str, render: fn(&T, &Cx<'_>) -> Value) -> Field<T> {
    Field { key, versions: &[ALWAYS], rule: None, render }
}

/// A field that only those see whom a rule allows.
pub(crate) const fn for_some<T>(
    key: &'static str,
    rule: &'static Rule,
    render: fn(&T, &Cx<'_>) -> Value,
) -> Field<T> {
    Field { key, versions: &[ALWAYS], rule: Some(rule), render }
}
