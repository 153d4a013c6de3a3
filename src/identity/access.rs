//! Policy as Keystone applies it, and how it reads the words of a query. `api.rs` of every
//! resource calls it; it reads no rows.

use kit::error::{Error, Result};
use kit::http::Call;
use kit::ids::DomainId;
use kit::policy::{Guarded, Scope, Target};

/// The row, if the operation's rule allows. Policy stands before existence: who may not see a row
/// cannot tell that it is not there.
pub(crate) fn open<T>(
    call: &Call,
    found: Option<Guarded<T>>,
    absent: impl FnOnce() -> Error,
) -> Result<T> {
    if let Some(row) = found {
        return call.open(row);
    }
    call.authorize_on(&path_target(call))?;
    Err(absent())
}

/// The parameters of the path as what rules may ask (`user_id:%(user_id)s`).
pub(crate) fn path_target(call: &Call) -> Target {
    call.path.iter().fold(Target::none(), |target, (name, value)| target.with(name, value))
}

/// Applies the row's rule to what a list is cut to: the domain of a domain's token.
pub(crate) fn authorize_list(call: &Call, attribute: &str) -> Result<()> {
    let target = match own_domain(call) {
        Some(domain) => Target::none().with(attribute, domain),
        None => Target::none(),
    };
    call.authorize_on(&target)
}

/// The domain that the caller's token is scoped to.
pub(crate) fn own_domain(call: &Call) -> Option<DomainId> {
    match &call.caller.as_ref()?.scope {
        Scope::Domain(domain) => Some(domain.clone()),
        Scope::Project(..) | Scope::System | Scope::Unscoped => None,
    }
}

/// The domain of a new row that names none: the token's, else the default one.
pub(crate) fn domain_for_new(call: &Call) -> DomainId {
    own_domain(call).unwrap_or_else(|| DomainId::from("default"))
}

/// A flag of the query: there, and not `0` (Keystone: `query_filter_is_true`).
pub(crate) fn flag(call: &Call, name: &str) -> bool {
    call.query(name).is_some_and(|value| value != "0")
}

/// Whether a word means true; most do (Keystone: `attr_as_boolean`).
pub(crate) fn is_true(text: &str) -> bool {
    !matches!(text.to_ascii_lowercase().as_str(), "0" | "f" | "false" | "off" | "n" | "no")
}
