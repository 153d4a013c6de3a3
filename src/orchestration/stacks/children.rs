//! What the resources of a template nest in its stack, looked at before anything exists.
//!
//! A mistake in the third template down is told with the way to it, as Heat tells it. PURE, but for
//! [`examine`].

use std::collections::HashMap;

use super::blueprint::{self, Blueprint};
use super::tree;
use crate::resources::Plugin;
use crate::resources::constraints::Asker;
use crate::resources::nested::Form;
use crate::template::{Error, Identity, Mode, Resource, Result};

/// A stack that would be nested in another one.
pub(crate) struct Nested {
    pub(crate) resource: String,
    pub(crate) resource_type: String,
    pub(crate) blueprint: Blueprint,
}

/// Says what is wrong with the stacks that are nested in one of that blueprint.
pub(crate) fn check(blueprint: &Blueprint) -> Result<()> {
    level(blueprint, 0)
}

/// Says what is wrong with the resources of that blueprint as far as the house must be asked.
pub(crate) fn examine(asker: &Asker<'_>, blueprint: &Blueprint) -> Result<()> {
    let made = blueprint.definition.resources().filter(|resource| resource.external_id.is_none());
    for resource in made {
        with_form(blueprint, resource, |plugin, form| plugin.examine(asker, &form))?;
    }
    Ok(())
}

/// The stacks that would be nested in one of that blueprint, not those nested in them; one member
/// of a group stands for all.
pub(crate) fn of(blueprint: &Blueprint) -> Result<Vec<Nested>> {
    nested_in(blueprint, true)
}

/// All of them, with those nested in them, by their resources.
pub(crate) fn tree(blueprint: &Blueprint) -> Result<Tree> {
    let branch = |nested: Nested| {
        let inner = tree(&nested.blueprint)?;
        Ok((nested.resource, Branch { blueprint: nested.blueprint, inner }))
    };
    nested_in(blueprint, false)?.into_iter().map(branch).collect()
}

/// See [`tree`].
pub(crate) type Tree = HashMap<String, Branch>;

/// A stack that would be nested, and what would be nested in it.
pub(crate) struct Branch {
    pub(crate) blueprint: Blueprint,
    pub(crate) inner: Tree,
}

fn nested_in(blueprint: &Blueprint, is_sample: bool) -> Result<Vec<Nested>> {
    let nested = blueprint.definition.resources().map(|resource| {
        let found = inner(blueprint, resource, 0, is_sample);
        let nested = |blueprint| Nested {
            resource: resource.name.clone(),
            resource_type: resource.resource_type.clone(),
            blueprint,
        };
        Ok(found.map_err(|error| placed(blueprint, resource, &error))?.map(nested))
    });
    nested.filter_map(Result::transpose).collect()
}

fn level(blueprint: &Blueprint, depth: usize) -> Result<()> {
    for resource in blueprint.definition.resources() {
        if resource.external_id.is_none() {
            with_form(blueprint, resource, |plugin, form| plugin.validate(&form))?;
        }
        let checked = inner(blueprint, resource, depth, true).and_then(|found| match found {
            Some(inner) => {
                inner.definition.parameters().validate(false)?;
                inner.definition.validate(Mode::Names)?;
                level(&inner, depth + 1)
            }
            None => Ok(()),
        });
        checked.map_err(|error| placed(blueprint, resource, &error))?;
    }
    Ok(())
}

fn placed(blueprint: &Blueprint, resource: &Resource, error: &Error) -> Error {
    let label = with_form(blueprint, resource, |plugin, form| Ok(plugin.child_label(&form)));
    let label = label.unwrap_or_default();
    blueprint.definition.inside(resource, &label, error)
}

/// What the nested stack of a resource would be made of, if it has one.
fn inner(
    outer: &Blueprint,
    resource: &Resource,
    depth: usize,
    is_sample: bool,
) -> Result<Option<Blueprint>> {
    let child =
        with_form(outer, resource, |plugin, form| plugin.child(&Form { is_sample, ..form }));
    let Some(child) = child?.filter(|_| resource.external_id.is_none()) else { return Ok(None) };
    if depth >= tree::MAX_DEPTH {
        return Err(tree::too_deep());
    }
    let identity = Identity { stack_name: resource.name.clone(), ..Identity::default() };
    let files = &outer.template.files;
    let source = child.source(files, &outer.environment, Some(&resource.name))?;
    Blueprint::read(&source, &identity).map(Some)
}

fn with_form<T>(
    blueprint: &Blueprint,
    resource: &Resource,
    of: impl FnOnce(&'static dyn Plugin, Form<'_>) -> Result<T>,
) -> Result<T> {
    let registry = &blueprint.environment.registry;
    let plugin = blueprint::implementation(registry, &resource.resource_type, &resource.name)?;
    let properties = blueprint.definition.foreseen(resource);
    of(plugin, Form::unborn(blueprint, resource, &properties))
}
