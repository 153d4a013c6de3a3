//! PURE: a stack as a snapshot has kept it → what it is made of.
//!
//! As in Heat, what was kept is written into the template: a server's `image` is the snapshot's. A
//! nested stack has no template of its own that would last, so what belongs into it goes along with
//! the source of the stack around it.

use serde_json::{Map, Value};

use crate::resources;
use crate::stack_exports::model::{Entries, Export};
use crate::stacks::model::{Kept, Part, Source};

/// What the stack was made of, with what was kept in it.
pub(crate) fn source(data: &Export) -> Source {
    put(data.source(), kept(&data.resources))
}

/// The source of a nested stack, with what was kept of it where the stack around it is a restored
/// one.
pub(crate) fn inside(source: Source, outer: &Source, resource: &str) -> Source {
    match outer.kept.0.get(resource) {
        Some(part) => put(source, part.inside.clone()),
        None => source,
    }
}

/// What was kept, by the types of the resources.
fn kept(entries: &Entries) -> Kept {
    let parts = entries.iter().filter_map(|(name, entry)| {
        let data = entry.resource_data.as_ref();
        let plugin = resources::find(&entry.resource_type);
        let properties = plugin.zip(data).map(|(plugin, data)| plugin.restored(data));
        let inside = entry.resources.as_ref().map(kept);
        let part =
            Part { properties: properties.unwrap_or_default(), inside: inside.unwrap_or_default() };
        (part != Part::default()).then(|| (name.clone(), part))
    });
    Kept(parts.collect())
}

/// Properties go into the template, the rest goes along.
fn put(mut source: Source, mut kept: Kept) -> Source {
    for (name, part) in &mut kept.0 {
        let properties = std::mem::take(&mut part.properties);
        if let Some(resource) = resource(&mut source.template, name) {
            replace(resource, properties);
        }
    }
    kept.0.retain(|_, part| *part != Part::default());
    Source { kept, ..source }
}

fn resource<'a>(template: &'a mut Value, name: &str) -> Option<&'a mut Map<String, Value>> {
    let sections = template.as_object_mut()?;
    let section = if sections.contains_key("resources") { "resources" } else { "Resources" };
    sections.get_mut(section)?.get_mut(name)?.as_object_mut()
}

fn replace(resource: &mut Map<String, Value>, properties: Map<String, Value>) {
    let section = if resource.contains_key("Properties") { "Properties" } else { "properties" };
    if let Some(Value::Object(given)) = resource.get_mut(section) {
        given.extend(properties);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entries(value: Value) -> Entries {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn a_server_is_restored_from_its_image_and_so_is_one_in_a_nested_stack() {
        let server = |image: &str| json!({"type": "OS::Nova::Server", "resource_data": {"snapshot_image_id": image}});
        let kept = kept(&entries(json!({
            "web": server("one"),
            "net": {"type": "OS::Neutron::Net", "resource_data": {}},
            "part": {"type": "inner.yaml", "resources": {"db": server("two")}},
        })));
        let template = |name: &str| {
            let server = json!({"properties": {"image": "tiny", "flavor": "m1.tiny"}});
            json!({"heat_template_version": "rocky", "resources": {name: server}})
        };
        let made_of = |name| Source { template: template(name), ..Source::default() };
        let outer = put(made_of("web"), kept);
        assert_eq!(
            outer.template["resources"]["web"]["properties"],
            json!({"image": "one", "flavor": "m1.tiny"})
        );
        let inner = inside(made_of("db"), &outer, "part");
        assert_eq!(inner.template["resources"]["db"]["properties"]["image"], "two");
        assert_eq!(inside(made_of("db"), &outer, "other"), made_of("db"));
    }
}
