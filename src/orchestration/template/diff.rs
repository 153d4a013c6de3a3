//! What an update does to each resource: old × new → keep, update, replace, create, delete.
//!
//! It compares what resources were made of with what they are to be made of. A value that hangs
//! on a resource that is itself replaced is not known before that is done: such a resource is
//! looked at again then, and is *perhaps* updated until then.

use indexmap::IndexMap;
use serde_json::Value;

use super::error::{Error, Result};
use super::python;
use super::schema::{OnChange, Schema};
use super::scope::Resolved;

/// What a resource is made of, everything evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Frozen {
    /// Its type, as the template has it.
    pub resource_type: String,
    /// Its properties, defaults filled in.
    pub properties: IndexMap<String, Resolved>,
    /// Its metadata.
    pub metadata: Resolved,
    /// Its update policy.
    pub update_policy: Resolved,
}

/// What happens to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Keep,
    /// It takes other values of these properties; of none if only metadata or policies change.
    Update(Vec<String>),
    /// Another one takes its place, because of these properties; of none if the type changes.
    Replace(Vec<String>),
    /// It comes.
    Create,
    /// It goes.
    Delete,
}

/// What happens to one resource. `schema` is that of the new type.
pub fn compare(name: &str, old: &Frozen, new: &Frozen, schema: &Schema) -> Result<Change> {
    if old.resource_type != new.resource_type {
        return Ok(Change::Replace(Vec::new()));
    }
    let changed = changed(old, new);
    let calling_for = |wanted| -> Vec<String> {
        let on_change = |name: &str| schema.get(name).map_or(OnChange::Replace, |of| of.on_change);
        changed.iter().filter(|name| on_change(name) == wanted).cloned().collect()
    };
    let forbidden = calling_for(OnChange::Refuse);
    if !forbidden.is_empty() {
        return Err(refusal(name, &new.resource_type, forbidden));
    }
    let fixed = calling_for(OnChange::Replace);
    if !fixed.is_empty() {
        return Ok(Change::Replace(fixed));
    }
    let same = same(&old.metadata, &new.metadata) && same(&old.update_policy, &new.update_policy);
    Ok(if changed.is_empty() && same { Change::Keep } else { Change::Update(changed) })
}

/// What happens to every resource of either template: the new ones in their order, then those
/// that go. `schema` answers for a resource of the new template.
pub fn plan<'s>(
    old: &IndexMap<String, Frozen>,
    new: &IndexMap<String, Frozen>,
    schema: impl Fn(&str) -> &'s Schema,
) -> Result<IndexMap<String, Change>> {
    let mut plan = IndexMap::new();
    for (name, wanted) in new {
        let change = match old.get(name) {
            Some(known) => compare(name, known, wanted, schema(name))?,
            None => Change::Create,
        };
        plan.insert(name.clone(), change);
    }
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        plan.insert(name.clone(), Change::Delete);
    }
    Ok(plan)
}

fn changed(old: &Frozen, new: &Frozen) -> Vec<String> {
    let absent = Resolved::Known(Value::Null);
    let gone = old.properties.keys().filter(|name| !new.properties.contains_key(*name));
    let of = |side: &Frozen, name: &str| side.properties.get(name).unwrap_or(&absent).clone();
    let differs = |name: &&String| !same(&of(old, name), &of(new, name));
    new.properties.keys().chain(gone).filter(differs).cloned().collect()
}

fn same(old: &Resolved, new: &Resolved) -> bool {
    match (old, new) {
        (Resolved::Known(old), Resolved::Known(new)) => python::equal(old, new),
        (Resolved::NotYet, _) | (_, Resolved::NotYet) => false,
    }
}

fn refusal(name: &str, resource_type: &str, mut properties: Vec<String>) -> Error {
    properties.sort_unstable();
    let list = properties.join(", ");
    Error::new(
        "NotSupported",
        format!("Update to properties {list} of {name} ({resource_type}) is not supported."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::schema::Property;
    use serde_json::json;

    fn frozen(resource_type: &str, properties: &[(&str, Value)]) -> Frozen {
        let known =
            |(name, value): &(&str, Value)| ((*name).to_owned(), Resolved::Known(value.clone()));
        Frozen {
            resource_type: resource_type.to_owned(),
            properties: properties.iter().map(known).collect(),
            metadata: Resolved::Known(json!({})),
            update_policy: Resolved::Known(json!({})),
        }
    }

    fn schema() -> Schema {
        Schema::of([
            Property::string("live").updatable(),
            Property::string("fixed"),
            Property::string("never").immutable(),
        ])
    }

    #[test]
    fn the_worst_changed_property_decides() {
        let old = frozen("A", &[("live", json!(1)), ("fixed", json!(1)), ("never", json!(1))]);
        let with = |live: i64, fixed: i64, never: i64| {
            let new = [("live", json!(live)), ("fixed", json!(fixed)), ("never", json!(never))];
            compare("r", &old, &frozen("A", &new), &schema())
        };
        assert_eq!(with(1, 1, 1), Ok(Change::Keep));
        assert_eq!(with(2, 1, 1), Ok(Change::Update(vec!["live".to_owned()])));
        assert_eq!(with(2, 2, 1), Ok(Change::Replace(vec!["fixed".to_owned()])));
        assert_eq!(
            with(2, 2, 2).unwrap_err().to_string(),
            "Update to properties never of r (A) is not supported."
        );
    }

    #[test]
    fn a_value_not_known_yet_counts_as_changed() {
        let old = frozen("A", &[("live", json!(1))]);
        let mut new = old.clone();
        new.properties.insert("live".to_owned(), Resolved::NotYet);
        assert_eq!(compare("r", &old, &new, &schema()), Ok(Change::Update(vec!["live".into()])));
    }

    #[test]
    fn a_plan_covers_both_templates() {
        let old = [("a", "A"), ("b", "A"), ("c", "A")];
        let new = [("b", "A"), ("c", "B"), ("d", "A")];
        let all = |rows: [(&str, &str); 3]| -> IndexMap<String, Frozen> {
            rows.map(|(name, kind)| (name.to_owned(), frozen(kind, &[]))).into()
        };
        let schema = schema();
        let plan = plan(&all(old), &all(new), |_| &schema).unwrap();
        let expected = [
            ("b", Change::Keep),
            ("c", Change::Replace(Vec::new())),
            ("d", Change::Create),
            ("a", Change::Delete),
        ];
        assert_eq!(plan, expected.map(|(name, change)| (name.to_owned(), change)).into());
    }
}
