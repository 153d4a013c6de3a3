//! What the types have in common whose thing is a stack, nested in that of the resource.
//!
//! Such a type says what its nested stack is made of ([`Composite`]); [`Nested`] makes a plug-in of
//! it. The nested stack has a traversal of its own; the end of that wakes the visit which waits
//! for it, as the end of any operation does. What takes several updates of the nested stack, one
//! batch after the other, is a list of [`Round`]s kept with the resource.

use std::sync::Arc;

use kit::clock::Time;
use kit::error::{Error, Kind, Result};
use kit::ids::{RequestId, StackId};
use serde_json::{Map, Value};

use super::{Act, Attribute, Look, Pending, Plugin, Updated};
use crate::engine::scope::Rows;
use crate::engine::traverse;
use crate::stack_resources::model::{Resource, Wanted};
use crate::stack_resources::store as resource_store;
use crate::stacks::blueprint::{self, Blueprint};
use crate::stacks::model::{Action, Source, Stack, Status};
use crate::stacks::request::{Change, NewStack};
use crate::stacks::{logic, store};
use crate::template::{
    self, Environment, Files, Identity, Output, Resolved, Schema, Scope, Template, select,
};

/// What a refusal is tagged with that repeats the one of a nested stack.
pub(crate) const FAILURE: &str = "NestedFailure";
/// How Heat calls the template of a nested stack that has none of its own.
pub(crate) const NAMELESS: &str = "nested_stack";
/// The longest name of a nested stack.
const NAME_LIMIT: usize = 255;

// What is kept with a resource while it goes through rounds.
const ROUNDS: &str = "rounds";
const PAUSE: &str = "pause_seconds";
const UNTIL: &str = "paused_until";

/// What a nested stack is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Child {
    pub(crate) template: Value,
    pub(crate) parameters: Map<String, Value>,
    /// The name of its template, which must not stand for itself again inside.
    pub(crate) name: Option<String>,
    /// Types that stand for others inside.
    pub(crate) types: &'static [(&'static str, &'static str)],
    pub(crate) timeout_mins: Option<i64>,
}

impl Child {
    /// The source of the nested stack of a resource in a stack with these files and environment.
    pub(crate) fn source(
        &self,
        files: &Arc<Files>,
        environment: &Environment,
        resource: &str,
    ) -> template::Result<Source> {
        let inner =
            environment.child(self.parameters.clone(), Some(resource), self.name.as_deref());
        let mut environment = inner.to_value();
        if let Some(Value::Object(registry)) = environment.get_mut("resource_registry") {
            let rows =
                self.types.iter().map(|(name, stands)| ((*name).to_owned(), (*stands).into()));
            registry.extend(rows);
        }
        Ok(Source {
            template: Template::parse(&self.template, files)?.to_value(),
            files: files.as_ref().clone(),
            environment,
        })
    }
}

/// A member of a nested stack that is there.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// What the template of the nested stack says of it.
    pub(crate) definition: Value,
    pub(crate) failed: bool,
}

/// A resource as what its nested stack is made of.
pub(crate) struct Form<'a> {
    pub(crate) blueprint: &'a Blueprint,
    pub(crate) name: &'a str,
    pub(crate) resource_type: &'a str,
    pub(crate) properties: &'a Map<String, Value>,
    /// What the type has kept with the resource.
    pub(crate) data: Map<String, Value>,
    pub(crate) update_policy: Value,
    /// The members that are there: failed ones first, then in the order in which they came.
    pub(crate) members: Vec<Member>,
    /// How the resources around it are known.
    pub(crate) siblings: Vec<Sibling>,
}

/// A resource of the same stack.
pub(crate) struct Sibling {
    pub(crate) reference: String,
    pub(crate) properties: Map<String, Value>,
    pub(crate) metadata: Value,
}

impl<'a> Form<'a> {
    /// Of a resource that is not there yet.
    pub(crate) fn unborn(
        blueprint: &'a Blueprint,
        resource: &'a template::Resource,
        properties: &'a Map<String, Value>,
    ) -> Self {
        Self {
            blueprint,
            name: &resource.name,
            resource_type: &resource.resource_type,
            properties,
            data: Map::new(),
            update_policy: Value::Null,
            members: Vec::new(),
            siblings: Vec::new(),
        }
    }

    /// A property that is there.
    pub(crate) fn get(&self, property: &str) -> Option<&'a Value> {
        self.properties.get(property).filter(|value| !value.is_null())
    }

    /// A property that is text and there.
    pub(crate) fn text(&self, property: &str) -> Option<&'a str> {
        self.get(property).and_then(Value::as_str)
    }

    /// A property that is a whole number and there.
    pub(crate) fn number(&self, property: &str) -> Option<i64> {
        let value = self.get(property)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }
}

/// One of the updates that bring a nested stack from one definition of its members to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Round {
    /// How many members there are after it.
    pub(crate) size: usize,
    /// How many of them take the new definition in it.
    pub(crate) fresh: usize,
}

/// The rounds of an action, with a pause between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rounds {
    pub(crate) list: Vec<Round>,
    pub(crate) pause_seconds: f64,
}

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
    fn rounds(&self, _form: &Form<'_>, _changed: &[String]) -> Result<Rounds> {
        Ok(Rounds::default())
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
        if physical && thing(act)?.is_none_or(|stack| stack.action == Action::Delete) {
            return Ok(Updated::Replace);
        }
        self.make(act, properties, changed)?;
        Ok(Updated::InPlace)
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        let Some(mut stack) = thing(act)? else { return Ok(()) };
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

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        let Some(stack) = of_look(look)? else { return Ok(Pending::Over) };
        let waits = || Pending::For(stack.target(), None);
        match stack.status {
            Status::InProgress => Ok(waits()),
            // Both have the same time, and the outer stack tells of it.
            Status::Failed if look.stack.deadline <= look.hand.now => Ok(waits()),
            Status::Failed => Err(failure(&stack.reason)),
            Status::Complete => Ok(paused(look)
                .map_or(Pending::Over, |until| Pending::For(String::new(), Some(until)))),
        }
    }

    fn go_on(&self, act: &mut Act<'_>) -> Result<bool> {
        if !matches!(act.resource.action, Action::Create | Action::Update) {
            return Ok(false);
        }
        let pause = act.resource.data.get(PAUSE).and_then(Value::as_f64).unwrap_or_default();
        let mut left = rounds_left(act.resource);
        if left.is_empty() {
            return Ok(false);
        }
        if pause > 0.0 && act.resource.data.remove(UNTIL).is_none() {
            #[expect(clippy::cast_possible_truncation, reason = "a float is cut to what fits")]
            let until = act.hand.now.plus_ms((pause * 1000.0) as i64);
            act.resource.data.insert(UNTIL.to_owned(), Value::from(until.0));
            return Ok(true);
        }
        let round = left.remove(0);
        keep_rounds(act.resource, &left, pause);
        let properties = act.resource.properties.clone();
        self.change(act, &properties, Some(round))?;
        Ok(true)
    }

    fn replaces_failed(&self, look: &Look<'_>) -> Result<bool> {
        Ok(of_look(look)?.is_none())
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
        let form = form(act, &blueprint, properties)?;
        let mut rounds = self.0.rounds(&form, changed)?;
        let first = (!rounds.list.is_empty()).then(|| rounds.list.remove(0));
        keep_rounds(act.resource, &rounds.list, rounds.pause_seconds);
        self.change(act, properties, first)
    }

    fn change(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        round: Option<Round>,
    ) -> Result<()> {
        let blueprint = Blueprint::of(act.stack)?;
        let form = form(act, &blueprint, properties)?;
        let child = self.0.child(&form, round)?.unwrap_or_default();
        put(act, &blueprint, &child)
    }
}

/// Gives a nested stack another number of members of the definition that it has. Its resource
/// stays what it is, as in Heat.
pub(crate) fn resize<T: Composite>(composite: &T, act: &mut Act<'_>, size: usize) -> Result<()> {
    let blueprint = Blueprint::of(act.stack)?;
    let properties = act.resource.properties.clone();
    let form = form(act, &blueprint, &properties)?;
    let child = composite.child(&form, Some(Round { size, fresh: 0 }))?.unwrap_or_default();
    put(act, &blueprint, &child)
}

/// Makes the nested stack, or makes it what the child says.
fn put(act: &mut Act<'_>, blueprint: &Blueprint, child: &Child) -> Result<()> {
    let name = act.resource.name.clone();
    let source = child.source(&blueprint.template.files, &blueprint.environment, &name)?;
    let timeout_mins = child.timeout_mins.or(act.stack.timeout_mins);
    if let Some(stack) = thing(act)? {
        let change = Change { source, tags: Vec::new(), timeout_mins, disable_rollback: true };
        return logic::update(act.hand, &act.caller, &request_id(act.stack), stack, change);
    }
    let new = NewStack {
        name: act.resource.physical_name(act.stack, NAME_LIMIT),
        source,
        tags: Vec::new(),
        timeout_mins,
        disable_rollback: true,
    };
    let made = logic::create_nested(act.hand, &act.caller, act.stack, &name, new)?;
    act.resource.physical = Some(made.id.to_string());
    Ok(())
}

fn form<'a>(
    act: &Act<'_>,
    blueprint: &'a Blueprint,
    properties: &'a Map<String, Value>,
) -> Result<Form<'a>> {
    let definition = blueprint.definition.resource(&act.resource.name);
    let definition = definition.ok_or_else(|| Error::internal("a resource without definition"))?;
    Ok(Form {
        data: act.resource.data.clone(),
        update_policy: policy(act, blueprint)?,
        members: match thing(act)? {
            Some(stack) => members(act, &stack)?,
            None => Vec::new(),
        },
        siblings: siblings(act, blueprint)?,
        ..Form::unborn(blueprint, definition, properties)
    })
}

/// The update policy of the resource, with its defaults.
fn policy(act: &Act<'_>, blueprint: &Blueprint) -> Result<Value> {
    let scope = Rows::new(act.hand, act.stack, blueprint);
    Ok(match blueprint.definition.resource(&act.resource.name) {
        Some(resource) => blueprint.definition.update_policy(resource, &scope)?,
        None => Value::Null,
    })
}

fn siblings(act: &Act<'_>, blueprint: &Blueprint) -> Result<Vec<Sibling>> {
    let rows = resource_store::of_stack(act.hand.connection, &act.stack.id)?;
    let scope = Rows::new(act.hand, act.stack, blueprint);
    let known = |row: &Resource| match scope.reference(&row.name) {
        Ok(Resolved::Known(Value::String(reference))) => Some(Sibling {
            reference,
            properties: row.properties.clone(),
            metadata: row.metadata.clone(),
        }),
        Ok(_) | Err(_) => None,
    };
    Ok(rows.iter().filter(|row| row.wanted == Wanted::Made).filter_map(known).collect())
}

fn members(act: &Act<'_>, stack: &Stack) -> Result<Vec<Member>> {
    let mut rows = resource_store::of_stack(act.hand.connection, &stack.id)?;
    rows.retain(|row| row.wanted != Wanted::Removed);
    rows.sort_by_key(|row| (row.status != Status::Failed, row.created_at, row.name.clone()));
    let written =
        ["resources", "Resources"].iter().find_map(|name| stack.source.template.get(name));
    let member = |row: &Resource| {
        let definition = written?.get(&row.name)?.clone();
        let failed = row.status == Status::Failed;
        Some(Member { name: row.name.clone(), definition, failed })
    };
    Ok(rows.iter().filter_map(member).collect())
}

/// Does to every resource of the nested stack what the action says.
fn for_all(act: &mut Act<'_>, action: Action, wanted: Wanted) -> Result<()> {
    let Some(mut stack) = thing(act)? else {
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

/// The living nested stack of a resource.
fn thing(act: &Act<'_>) -> Result<Option<Stack>> {
    of_look(&Look { hand: act.hand, stack: act.stack, resource: act.resource })
}

fn of_look(look: &Look<'_>) -> Result<Option<Stack>> {
    let Some(id) = &look.resource.physical else { return Ok(None) };
    let found = store::get_for_system(look.hand.connection, &StackId::from(id.as_str()))?;
    Ok(found.filter(|stack| stack.deleted_at.is_none()))
}

fn keep_rounds(resource: &mut Resource, rounds: &[Round], pause_seconds: f64) {
    for key in [ROUNDS, PAUSE, UNTIL] {
        resource.data.remove(key);
    }
    if rounds.is_empty() {
        return;
    }
    let list = rounds.iter().map(|round| Value::from(vec![round.size, round.fresh])).collect();
    resource.data.insert(ROUNDS.to_owned(), list);
    resource.data.insert(PAUSE.to_owned(), Value::from(pause_seconds));
}

fn rounds_left(resource: &Resource) -> Vec<Round> {
    let number = |pair: &Value, index: usize| usize::try_from(pair.get(index)?.as_u64()?).ok();
    let round = |pair: &Value| Some(Round { size: number(pair, 0)?, fresh: number(pair, 1)? });
    let kept = resource.data.get(ROUNDS).and_then(Value::as_array);
    kept.into_iter().flatten().filter_map(round).collect()
}

/// Until when the next round is put off.
fn paused(look: &Look<'_>) -> Option<Time> {
    let until = look.resource.data.get(UNTIL).and_then(Value::as_i64).map(Time);
    until.filter(|until| *until > look.hand.now)
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

/// What is inside a nested stack, for the attributes of its resource.
pub(crate) struct Inside<'a> {
    pub(crate) look: Look<'a>,
    pub(crate) stack: Stack,
    blueprint: Arc<Blueprint>,
    rows: Vec<Resource>,
}

impl<'a> Inside<'a> {
    /// Of a resource; `None` while it has no nested stack.
    pub(crate) fn of(look: &Look<'a>) -> Result<Option<Self>> {
        let Some(stack) = of_look(look)? else { return Ok(None) };
        let blueprint = Blueprint::of(&stack)?;
        let rows = resource_store::of_stack(look.hand.connection, &stack.id)?;
        Ok(Some(Self { look: *look, blueprint, rows, stack }))
    }

    fn scope(&self) -> Rows<'_> {
        Rows::new(self.look.hand, &self.stack, &self.blueprint)
    }

    /// The members that have not failed, in the order in which they came.
    pub(crate) fn members(&self) -> Vec<&str> {
        let stays = |row: &&Resource| row.wanted != Wanted::Removed && row.status != Status::Failed;
        let mut rows: Vec<&Resource> = self.rows.iter().filter(stays).collect();
        rows.sort_by_key(|row| (row.created_at, &row.name));
        rows.into_iter().map(|row| row.name.as_str()).collect()
    }

    /// What a member is known by.
    pub(crate) fn reference(&self, member: &str) -> Result<Value> {
        self.check(member)?;
        Ok(or_null(self.scope().reference(member)?))
    }

    /// An attribute of a member; `path` begins with its name.
    pub(crate) fn attribute(&self, member: &str, path: &[Value]) -> Result<Value> {
        self.check(member)?;
        let Some((name, path)) = path.split_first() else { return Ok(Value::Null) };
        let name = name.as_str().unwrap_or_default();
        Ok(or_null(self.scope().attribute(member, name, path)?))
    }

    /// `resource.<member>` and `resource.<member>.<attribute>`; `None` if it is neither.
    pub(crate) fn by_name(&self, key: &str, path: &[Value]) -> Result<Option<Value>> {
        let Some(rest) = key.strip_prefix("resource.") else { return Ok(None) };
        let (member, attribute) = rest.split_once('.').unwrap_or((rest, ""));
        self.at(member, attribute, path).map(Some)
    }

    /// The attribute of a member, or what it is known by if none is named.
    pub(crate) fn at(&self, member: &str, attribute: &str, path: &[Value]) -> Result<Value> {
        let first = (!attribute.is_empty()).then(|| Value::from(attribute));
        let way: Vec<Value> = first.into_iter().chain(path.iter().cloned()).collect();
        if way.is_empty() { self.reference(member) } else { self.attribute(member, &way) }
    }

    fn check(&self, member: &str) -> Result<()> {
        if self.blueprint.definition.resource(member).is_some() {
            return Ok(());
        }
        let group = &self.look.resource.name;
        let sentence = format!("Member '{member}' not found in group resource '{group}'.");
        Err(Error::not_found(sentence).tag("NotFound"))
    }

    /// The outputs of the nested stack.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = &Output> {
        self.blueprint.definition.outputs()
    }

    /// The value of an output; `None` if there is none of that name.
    pub(crate) fn output(&self, name: &str, path: &[Value]) -> Result<Option<Value>> {
        let definition = &self.blueprint.definition;
        let Some(output) = definition.output(name) else { return Ok(None) };
        let value = or_null(definition.output_value(output, &self.scope())?);
        Ok(Some(select(&value, path)))
    }

    /// What the nested stack is called in the cloud.
    pub(crate) fn arn(&self) -> String {
        let identity: Identity = blueprint::identity(&self.stack);
        identity.arn()
    }

    /// Heat's refusal of an attribute that is not there.
    pub(crate) fn no_attribute(&self, key: &str) -> Error {
        template::Error::attribute(&self.look.resource.name, key).into()
    }
}

fn or_null(resolved: Resolved) -> Value {
    match resolved {
        Resolved::Known(value) => value,
        Resolved::NotYet => Value::Null,
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn rounds_are_kept_with_the_resource() {
        let mut resource = resource("group");
        let rounds = [Round { size: 4, fresh: 2 }, Round { size: 3, fresh: 1 }];
        keep_rounds(&mut resource, &rounds, 1.5);
        assert_eq!(rounds_left(&resource), rounds);
        keep_rounds(&mut resource, &[], 0.0);
        assert!(resource.data.is_empty());
    }
}
