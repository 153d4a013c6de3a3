//! What the types have in common whose thing is a stack, nested in that of the resource.
//!
//! Such a type says what its nested stack is made of ([`Composite`]); [`Nested`] makes a plug-in of
//! it. The nested stack has a traversal of its own; the end of that wakes the visit which waits
//! for it, as the end of any operation does. What takes several updates of the nested stack, one
//! batch after the other, is a list of [`Round`]s kept with the resource.

mod form;
mod inside;
mod rounds;

use std::sync::Arc;

use kit::error::{Error, Kind, Result};
use kit::ids::{RequestId, StackId};
use serde_json::{Map, Value};

pub(crate) use form::{Child, Form, Member};
pub(crate) use inside::Inside;
pub(crate) use rounds::Round;

use super::{Act, Attribute, Look, Pending, Plugin, Updated};
use crate::engine::{adoption, traverse};
use crate::stack_exports::model::Entries;
use crate::stack_resources::model::{Resource, Wanted};
use crate::stack_snapshots::restore;
use crate::stacks::blueprint::Blueprint;
use crate::stacks::model::{Action, Stack, Status};
use crate::stacks::request::{Change, NewStack};
use crate::stacks::{logic, store};
use crate::template::{self, Schema};

/// What a refusal is tagged with that repeats the one of a nested stack.
pub(crate) const FAILURE: &str = "NestedFailure";
/// How Heat calls the template of a nested stack that has none of its own.
pub(crate) const NAMELESS: &str = "nested_stack";
/// The longest name of a nested stack.
const NAME_LIMIT: usize = 255;

/// A type whose thing is a nested stack.
pub(crate) trait Composite: Sync {
    fn name(&self) -> &'static str;

    fn class(&self) -> &'static str {
        self.name().rsplit("::").next().unwrap_or_default()
    }

    fn schema(&self) -> Schema;

    fn update_policy(&self) -> Schema {
        Schema::default()
    }

    fn attributes(&self) -> &'static [Attribute];

    /// Says what is wrong with a resource that no property says alone, before anything exists.
    fn validate(&self, _form: &Form<'_>) -> template::Result<()> {
        Ok(())
    }

    /// What the nested stack is made of; after a round only in part. `None` if there is nothing
    /// to say yet.
    fn child(&self, form: &Form<'_>, round: Option<Round>) -> template::Result<Option<Child>>;

    /// What the template of the nested stack is called in refusals.
    fn label(&self, _form: &Form<'_>) -> String {
        NAMELESS.to_owned()
    }

    /// Notes what the type keeps with the resource, before the nested stack is made or changed.
    fn note(&self, _act: &mut Act<'_>, _properties: &Map<String, Value>) -> Result<()> {
        Ok(())
    }

    /// The rounds in which the nested stack is made, or becomes another because `changed` have.
    /// With none, it is done at once.
    fn rounds(&self, _form: &Form<'_>, _changed: &[String]) -> Result<Vec<Round>> {
        Ok(Vec::new())
    }

    fn reference(&self, look: &Look<'_>) -> String {
        look.physical().to_owned()
    }

    /// The attributes that are shown with the resource.
    fn shown(&self, _inside: &Inside<'_>) -> Vec<String> {
        let names = self.attributes().iter().map(|row| row.name);
        names.filter(|name| *name != super::SHOW).map(str::to_owned).collect()
    }

    fn attribute(&self, inside: &Inside<'_>, name: &str, path: &[Value]) -> Result<Value>;
}

/// The plug-in of such a type.
pub(crate) struct Nested<T>(pub(crate) T);

impl<T: Composite> Plugin for Nested<T> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn class(&self) -> &'static str {
        self.0.class()
    }

    fn schema(&self) -> Schema {
        self.0.schema()
    }

    fn update_policy(&self) -> Schema {
        self.0.update_policy()
    }

    fn attributes(&self) -> &'static [Attribute] {
        self.0.attributes()
    }

    fn has_any_attribute(&self) -> bool {
        true
    }

    fn is_stack(&self) -> bool {
        true
    }

    fn validate(&self, form: &Form<'_>) -> template::Result<()> {
        self.0.validate(form)
    }

    fn child(&self, form: &Form<'_>) -> template::Result<Option<Child>> {
        self.0.child(form, None)
    }

    fn child_label(&self, form: &Form<'_>) -> String {
        self.0.label(form)
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        let properties = act.resource.properties.clone();
        self.make(act, &properties, &[])
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let physical = act.resource.physical.is_some();
        if physical && thing(&act.look())?.is_none_or(|stack| stack.action == Action::Delete) {
            return Ok(Updated::Replace);
        }
        self.make(act, properties, changed)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let Some(mut stack) = thing(&act.look())? else { return Ok(()) };
        logic::delete(act.hand, &request_id(act.stack), &mut stack)
    }

    fn suspend(&self, act: &mut Act<'_>) -> Result<()> {
        for_all(act, Action::Suspend, Wanted::Suspended)
    }

    fn resume(&self, act: &mut Act<'_>) -> Result<()> {
        for_all(act, Action::Resume, Wanted::Resumed)
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        for_all(act, Action::Check, Wanted::Checked)
    }

    /// The nested stack is another one, of the things that were left in the old one.
    fn adopt(&self, act: &mut Act<'_>) -> Result<()> {
        let left = adoption::inner(act.resource)?;
        let properties = act.resource.properties.clone();
        self.0.note(act, &properties)?;
        let blueprint = Blueprint::of(act.stack)?;
        let form = form::of(&act.look(), &blueprint, &properties)?;
        let child = self.0.child(&form, None)?.unwrap_or_default();
        put(act, &blueprint, &child, Some(left))
    }

    fn snapshot(&self, act: &mut Act<'_>) -> Result<()> {
        for_all(act, Action::Snapshot, Wanted::Snapshotted)
    }

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        let Some(stack) = thing(look)? else { return Ok(Pending::Over) };
        let waits = || Pending::For(stack.target(), None);
        match stack.status {
            Status::InProgress => Ok(waits()),
            // Both have the same time, and the outer stack tells of it.
            Status::Failed if look.stack.deadline <= look.hand.now => Ok(waits()),
            Status::Failed => Err(failure(&stack.reason)),
            Status::Complete => Ok(rounds::paused_until(look)
                .map_or(Pending::Over, |until| Pending::For(String::new(), Some(until)))),
        }
    }

    fn go_on(&self, act: &mut Act<'_>) -> Result<bool> {
        if !matches!(act.resource.action, Action::Create | Action::Update) {
            return Ok(false);
        }
        let left = rounds::left(act.resource);
        let Some((round, rest)) = left.split_first() else { return Ok(false) };
        if rounds::begin_pause(act.resource, *round, act.hand.now) {
            return Ok(true);
        }
        rounds::keep(act.resource, rest);
        let properties = act.resource.properties.clone();
        self.change(act, &properties, Some(*round))?;
        Ok(true)
    }

    fn replaces_failed(&self, look: &Look<'_>) -> Result<bool> {
        Ok(thing(look)?.is_none())
    }

    fn reference(&self, look: &Look<'_>) -> String {
        self.0.reference(look)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        self.attribute_at(look, name, &[])
    }

    fn attribute_at(&self, look: &Look<'_>, name: &str, path: &[Value]) -> Result<Value> {
        match Inside::of(look)? {
            Some(inside) => self.0.attribute(&inside, name, path),
            None => Ok(Value::Null),
        }
    }

    fn shown(&self, look: &Look<'_>) -> Result<Vec<String>> {
        Ok(Inside::of(look)?.map(|inside| self.0.shown(&inside)).unwrap_or_default())
    }
}

impl<T: Composite> Nested<T> {
    /// Begins the first round, or all of it.
    fn make(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<()> {
        self.0.note(act, properties)?;
        let blueprint = Blueprint::of(act.stack)?;
        let form = form::of(&act.look(), &blueprint, properties)?;
        let list = self.0.rounds(&form, changed)?;
        rounds::check(&list, act.stack.timeout_mins.unwrap_or(traverse::DEFAULT_TIMEOUT_MINS))?;
        rounds::keep(act.resource, list.get(1..).unwrap_or_default());
        self.change(act, properties, list.first().copied())
    }

    fn change(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        round: Option<Round>,
    ) -> Result<()> {
        let blueprint = Blueprint::of(act.stack)?;
        let form = form::of(&act.look(), &blueprint, properties)?;
        let child = self.0.child(&form, round)?.unwrap_or_default();
        put(act, &blueprint, &child, None)
    }
}

/// Gives a nested stack another number of members of the definition that it has. Its resource
/// stays what it is, as in Heat.
pub(crate) fn resize(composite: &dyn Composite, act: &mut Act<'_>, size: usize) -> Result<()> {
    let blueprint = Blueprint::of(act.stack)?;
    let properties = act.resource.properties.clone();
    let form = form::of(&act.look(), &blueprint, &properties)?;
    let child = composite.child(&form, Some(Round::of_size(size)))?.unwrap_or_default();
    put(act, &blueprint, &child, None)
}

/// Makes the nested stack what its type has noted by now.
pub(crate) fn renew(composite: &dyn Composite, act: &mut Act<'_>) -> Result<()> {
    let blueprint = Blueprint::of(act.stack)?;
    let properties = act.resource.properties.clone();
    let form = form::of(&act.look(), &blueprint, &properties)?;
    let child = composite.child(&form, None)?.unwrap_or_default();
    put(act, &blueprint, &child, None)
}

/// Makes the nested stack, of what was left of another where that is said, or makes it what the
/// child says.
fn put(
    act: &mut Act<'_>,
    blueprint: &Blueprint,
    child: &Child,
    left: Option<Entries>,
) -> Result<()> {
    let name = act.resource.name.clone();
    let source = child.source(&blueprint.template.files, &blueprint.environment, Some(&name))?;
    let source = restore::inside(source, act.stack.source(), &name);
    let timeout_mins = child.timeout_mins.or(act.stack.timeout_mins);
    if let Some(stack) = thing(&act.look())? {
        let change = Change { source, tags: Vec::new(), timeout_mins, disable_rollback: true };
        return logic::update(act.hand, &act.caller, &request_id(act.stack), stack, change);
    }
    let new = NewStack {
        name: act.resource.physical_name(act.stack, NAME_LIMIT),
        source,
        tags: Vec::new(),
        timeout_mins,
        disable_rollback: true,
        left,
    };
    let made = logic::create_nested(act.hand, &act.caller, act.stack, &name, new)?;
    act.resource.physical = Some(made.id.to_string());
    Ok(())
}

/// The nested stack of a resource as it would be with these properties; `None` while there is none.
pub(crate) fn foreseen(
    look: &Look<'_>,
    plugin: &dyn Plugin,
    blueprint: &Blueprint,
    properties: &Map<String, Value>,
) -> Result<Option<Stack>> {
    let Some(stack) = thing(look)? else { return Ok(None) };
    let form = form::of(look, blueprint, properties)?;
    let Some(child) = plugin.child(&form)? else { return Ok(None) };
    let name = &look.resource.name;
    let source = child.source(&blueprint.template.files, &blueprint.environment, Some(name))?;
    let source = restore::inside(source, look.stack.source(), name);
    Ok(Some(Stack { source: Arc::new(source.into()), ..stack }))
}

/// Does to every resource of the stack what the action says.
pub(crate) fn for_all(act: &mut Act<'_>, action: Action, wanted: Wanted) -> Result<()> {
    let Some(mut stack) = thing(&act.look())? else {
        let (what, name) = (action.to_string().to_lowercase(), &act.resource.name);
        return Err(
            Error::conflict(format!("Cannot {what} {name}, stack not created")).tag("Error")
        );
    };
    act.stack.request_id.clone_into(&mut stack.request_id);
    traverse::begin_for_all(act.hand, &mut stack, action, wanted)
}

fn request_id(stack: &Stack) -> RequestId {
    RequestId::from(stack.request_id.as_str())
}

/// The living stack that is the thing of a resource.
pub(crate) fn thing(look: &Look<'_>) -> Result<Option<Stack>> {
    let Some(id) = &look.resource.physical else { return Ok(None) };
    let found = store::get_for_system(look.hand.connection, &StackId::from(id.as_str()))?;
    // A stack that was adopted may name whatever it likes.
    let is_own = |found: &Stack| found.deleted_at.is_none() && found.project == look.stack.project;
    Ok(found.filter(is_own))
}

/// The failure of a nested stack as its resource tells it: class and way of the resource in it
/// that failed first.
fn failure(reason: &str) -> Error {
    let (_, told) = reason.split_once(" failed: ").unwrap_or(("", reason));
    Error::new(Kind::Conflict, told).tag(FAILURE)
}

/// Such a failure with the resource on its way.
pub(crate) fn placed(resource: &Resource, told: &str) -> String {
    let name = &resource.name;
    match told.split_once(": resources.") {
        Some((class, way)) => format!("{class}: resources.{name}.resources.{way}"),
        None => format!("resources.{name}: {told}"),
    }
}

#[cfg(test)]
mod tests {
    use kit::clock::Time;

    use super::*;

    fn resource(name: &str) -> Resource {
        Resource::new(&StackId::from("s"), name, "OS::Heat::ResourceGroup", Time(0))
    }

    #[test]
    fn the_failure_of_a_nested_stack_is_told_with_the_way_to_it() {
        let told = failure("Resource CREATE failed: ValueError: resources.0: it failed");
        let outer = placed(&resource("group"), &told.public);
        assert_eq!(outer, "ValueError: resources.group.resources.0: it failed");
        let outermost = placed(&resource("part"), &outer);
        assert_eq!(outermost, "ValueError: resources.part.resources.group.resources.0: it failed");
        assert_eq!(placed(&resource("g"), "Timed out"), "resources.g: Timed out");
    }
}
