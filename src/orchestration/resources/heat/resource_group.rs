//! `OS::Heat::ResourceGroup`: a number of resources of one definition, numbered from 0.

use kit::error::Result;
use serde_json::{Map, Value};

use super::members::{self, Batches};
use crate::resources::nested::{Child, Composite, Form, Inside, Member, Round};
use crate::resources::{Act, Attribute, SHOW_ROW};
use crate::template::{self, Bounds, Property, Rule, Schema, python, select};

pub(crate) struct ResourceGroup;

/// The names of members that never come again, separated by commas.
const REMOVED: &str = "name_blacklist";
const DEFINITION: &str = "resource_def";
const REMOVAL: &str = "removal_policies";

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "refs",
        kind: "list",
        description: "A list of resource IDs for the resources in the group.",
    },
    Attribute {
        name: "refs_map",
        kind: "map",
        description: "A map of resource names to IDs for the resources in the group.",
    },
    Attribute {
        name: "attributes",
        kind: "map",
        description: "A map of resource names to the specified attribute of each individual resource. Requires heat_template_version: 2014-10-16.",
    },
    Attribute {
        name: "removed_rsrc_list",
        kind: "list",
        description: "A list of removed resource names.",
    },
    SHOW_ROW,
];

impl Composite for ResourceGroup {
    fn name(&self) -> &'static str {
        "OS::Heat::ResourceGroup"
    }

    fn schema(&self) -> Schema {
        Schema::of([
            Property::integer("count")
                .default(1)
                .updatable()
                .at_least(0)
                .described("The number of resources to create."),
            Property::string("index_var")
                .default("%index%")
                .demanding(Rule::Length(Bounds { min: Some(3.into()), max: None }))
                .described("A variable that this resource will use to replace with the current index of a given resource in the group. Can be used, for example, to customize the name property of grouped servers in order to differentiate them when listed with nova client."),
            Property::map(DEFINITION)
                .required()
                .updatable()
                .with([
                    Property::string("type").required().described("The type of the resources in the group."),
                    Property::map("properties").described("Property values for the resources in the group."),
                    Property::map("metadata").described("Supplied metadata for the resources in the group."),
                ])
                .described("Resource definition for the resources in the group. The value of this property is the definition of a resource just as if it had been declared in the template itself."),
            Property::list(REMOVAL)
                .default(Vec::<Value>::new())
                .updatable()
                .of(Property::map("*")
                    .with([Property::list("resource_list").default(Vec::<Value>::new()).described("List of resources to be removed when doing an update which requires removal of specific resources. The resource may be specified several ways: (1) The resource name, as in the nested stack, (2) The resource reference returned from get_resource in a template, as available via the 'refs' attribute. Note this is destructive on update when specified; even if the count is not being reduced, and once a resource name is removed, its name is never reused in subsequent updates.")])
                    .described("Policy to be processed when doing an update which requires removal of specific resources."))
                .described("Policies for removal of resources on update."),
            Property::string("removal_policies_mode")
                .default("append")
                .updatable()
                .allowed(["append", "update"])
                .described("How to handle changes to removal_policies on update. The default \"append\" mode appends to the internal list, \"update\" replaces it on update."),
        ])
    }

    fn update_policy(&self) -> Schema {
        let least = Property::integer("min_in_service").default(0).at_least(0);
        Schema::of([
            Property::map("rolling_update").with([least].into_iter().chain(batch())),
            Property::map("batch_create").with(batch()),
        ])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn child(&self, form: &Form<'_>, round: Option<Round>) -> template::Result<Option<Child>> {
        let Some(Value::Object(definition)) = form.get(DEFINITION) else { return Ok(None) };
        let definition = members::cleaned(definition);
        let variable = form.text("index_var").unwrap_or("%index%");
        let define = |name: &str| defined(&definition, variable, name);
        let removed = removed(&form.data);
        // What is wrong with one member is wrong with all.
        let size = if form.is_sample { size(form).min(1) } else { size(form) };
        let members = match round {
            None => names(&removed).take(size).map(|name| (name.clone(), define(&name))).collect(),
            Some(round) => {
                let names: Vec<String> = names(&removed).take(round.size).collect();
                let old = in_order(form, &removed, &names, size, round);
                let taken: Vec<String> = old.iter().map(|member| member.name.clone()).collect();
                let mut new = names.into_iter().filter(|name| !taken.contains(name));
                members::after(round, old, define, || new.next().unwrap_or_default())
            }
        };
        Ok(Some(Child { template: members::template(members), ..Child::default() }))
    }

    fn note(&self, act: &mut Act<'_>, properties: &Map<String, Value>) -> Result<()> {
        let before = removed(&act.resource.data);
        let listed = listed(act, properties, &before)?;
        let replaces = properties.get("removal_policies_mode").is_some_and(|mode| mode == "update");
        let mut names = if replaces { Vec::new() } else { before };
        names.extend(listed);
        names.sort_unstable();
        names.dedup();
        act.resource.data.insert(REMOVED.to_owned(), Value::from(names.join(",")));
        Ok(())
    }

    fn rounds(&self, form: &Form<'_>, changed: &[String]) -> Result<Vec<Round>> {
        let is_new = changed.iter().any(|name| name == DEFINITION);
        let removed = removed(&form.data);
        let counts = |member: &&Member| member.failed || !removed.contains(&member.name);
        let current = form.members.iter().filter(counts).count();
        Ok(rounds(form, is_new, size(form), current))
    }

    fn attribute(&self, inside: &Inside<'_>, name: &str, path: &[Value]) -> Result<Value> {
        if let Some(value) = inside.by_name(name, path)? {
            return Ok(value);
        }
        let members = inside.declared();
        match name {
            "removed_rsrc_list" => Ok(removed(&inside.look.resource.data).into_iter().collect()),
            "refs" => Ok(select(&inside.references(&members)?, path)),
            "refs_map" => inside.references_by_name(&members),
            "attributes" if path.is_empty() => Err(inside.no_attribute(name)),
            "attributes" => inside.attributes_by_name(&members, path),
            _ => members.iter().map(|member| inside.at(member, name, path)).collect(),
        }
    }
}

/// What a policy says of batches.
pub(super) fn batch() -> [Property; 2] {
    [
        Property::integer("max_batch_size").default(1).at_least(1),
        Property::number("pause_time").default(0).at_least(0),
    ]
}

/// The rounds from `current` members to as many as are wanted, by the update policy of the group;
/// without one, or where no member changes, all is done at once.
pub(super) fn rounds(form: &Form<'_>, changes: bool, wanted: usize, current: usize) -> Vec<Round> {
    let policy = match form.is_there {
        false => form.update_policy.get("batch_create"),
        true if changes => form.update_policy.get("rolling_update"),
        true => None,
    };
    let Some(Value::Object(policy)) = policy else { return Vec::new() };
    let number = |name: &str| policy.get(name).and_then(Value::as_u64).unwrap_or_default();
    let pause = policy.get("pause_time").and_then(Value::as_f64).unwrap_or_default();
    let batches = Batches {
        min_in_service: usize::try_from(number("min_in_service")).unwrap_or_default(),
        max_batch_size: usize::try_from(number("max_batch_size")).unwrap_or(1),
        pause_ms: members::pause_ms(pause),
        extra_goes: true,
    };
    batches.rounds(wanted, current)
}

/// How many members are wanted.
fn size(form: &Form<'_>) -> usize {
    usize::try_from(form.number("count").unwrap_or(1)).unwrap_or_default()
}

/// Every name that a member may have.
fn names(removed: &[String]) -> impl Iterator<Item = String> {
    (0_usize..).map(|index| index.to_string()).filter(|name| !removed.contains(name))
}

fn removed(data: &Map<String, Value>) -> Vec<String> {
    let names = data.get(REMOVED).and_then(Value::as_str).unwrap_or_default();
    names.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The names of the members that the policies of removal list, by name or reference.
fn listed(
    act: &Act<'_>,
    properties: &Map<String, Value>,
    before: &[String],
) -> Result<Vec<String>> {
    let inside = Inside::of(&act.look())?;
    let policies = properties.get(REMOVAL).and_then(Value::as_array).into_iter().flatten();
    let lists = policies.filter_map(|policy| policy.get("resource_list")?.as_array());
    let mut names = Vec::new();
    for wanted in lists.flatten() {
        let text = python::text(wanted);
        let Some(inside) = &inside else {
            names.push(text);
            continue;
        };
        let members = inside.declared();
        if before.contains(&text) || members.contains(&text) {
            names.push(text);
            continue;
        }
        for member in members {
            if inside.reference(&member)? == text.as_str() {
                names.push(member);
                break;
            }
        }
    }
    Ok(names)
}

/// The members that are there, the first to be replaced or removed first: those whose names are
/// not wanted, then the highest numbers.
fn in_order(
    form: &Form<'_>,
    removed: &[String],
    names: &[String],
    target: usize,
    round: Round,
) -> Vec<Member> {
    let stays = |member: &&Member| !removed.contains(&member.name);
    let mut members: Vec<Member> = form.members.iter().filter(stays).cloned().collect();
    members.sort_by_key(|member| match names.iter().position(|name| *name == member.name) {
        None => 0,
        Some(index) if index < target => target - index,
        Some(_) => round.size,
    });
    members
}

/// The definition of a member, its number filled in.
fn defined(definition: &Map<String, Value>, variable: &str, name: &str) -> Value {
    let mut definition = definition.clone();
    if let Some(properties) = definition.get_mut("properties") {
        *properties = numbered(properties, variable, name);
    }
    Value::Object(definition)
}

fn numbered(value: &Value, variable: &str, name: &str) -> Value {
    match value {
        Value::String(text) => Value::from(text.replace(variable, name)),
        Value::Array(items) => items.iter().map(|item| numbered(item, variable, name)).collect(),
        Value::Object(members) => {
            let numbered =
                |(key, value): (&String, &Value)| (key.clone(), numbered(value, variable, name));
            Value::Object(members.iter().map(numbered).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}
