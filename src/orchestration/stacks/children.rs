//! What the resources of a template nest in its stack, looked at before anything exists.
//!
//! A mistake in the third template down is told with the way to it, as Heat tells it. PURE.

use super::blueprint::{self, Blueprint};
use super::tree;
use crate::resources::nested::{Child, Form};
use crate::template::{Identity, Mode, Result};

/// Says what is wrong with the stacks that are nested in one of that blueprint.
pub(crate) fn check(blueprint: &Blueprint) -> Result<()> {
    level(blueprint, 0)
}

fn level(blueprint: &Blueprint, depth: usize) -> Result<()> {
    let definition = &blueprint.definition;
    for resource in definition.resources().filter(|row| row.external_id.is_none()) {
        let registry = &blueprint.environment.registry;
        let (kind, name) = (&resource.resource_type, &resource.name);
        let plugin = blueprint::implementation(registry, kind, name)?;
        if !plugin.is_stack() {
            continue;
        }
        let properties = definition.foreseen(resource);
        let form = Form::unborn(blueprint, resource, &properties);
        let label = plugin.child_label(&form);
        let checked = plugin.child(&form).and_then(|child| match child {
            Some(child) => one(blueprint, name, &child, depth),
            None => Ok(()),
        });
        checked.map_err(|error| definition.inside(resource, &label, &error))?;
    }
    Ok(())
}

fn one(outer: &Blueprint, resource: &str, child: &Child, depth: usize) -> Result<()> {
    if depth >= tree::MAX_DEPTH {
        return Err(tree::too_deep());
    }
    let identity = Identity { stack_name: resource.to_owned(), ..Identity::default() };
    let files = &outer.template.files;
    let source = child.source(files, &outer.environment, Some(resource))?;
    let inner = Blueprint::read(&source, &identity)?;
    inner.definition.parameters().validate(false)?;
    inner.definition.validate(Mode::Names)?;
    level(&inner, depth + 1)
}
