//! What every type says of itself, and what it is handed to look or to act. The types are rows of
//! [`super::ALL`](super); the engine calls them.

use futures_util::future::{BoxFuture, ready};
use kit::clock::Time;
use kit::error::{Error, Result};
use kit::policy::Caller;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use super::constraints::Asker;
use super::nested::{Child, Form};
use crate::engine::Hand;
use crate::stack_resources::model::Resource;
use crate::stacks::model::{Action, Stack};
use crate::template::diff::Frozen;
use crate::template::{HiddenNeeds, Schema, select};

/// The attribute that every type has: all that the service shows of the thing.
pub(crate) const SHOW: &str = "show";

/// An attribute of a type: a row.
#[derive(Debug)]
pub(crate) struct Attribute {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its type, as the API names it; empty where Heat names none.
    pub(crate) kind: &'static str,
    /// What it is.
    pub(crate) description: &'static str,
}

/// The row that every type ends with.
pub(crate) const SHOW_ROW: Attribute =
    Attribute { name: SHOW, kind: "map", description: "Detailed information about resource." };

/// A resource and its stack, for looking.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) hand: Hand<'a>,
    pub(crate) stack: &'a Stack,
    pub(crate) resource: &'a Resource,
}

impl Look<'_> {
    /// What its thing is called in the service that has it; empty while there is none.
    pub(crate) fn physical(&self) -> &str {
        self.resource.physical.as_deref().unwrap_or_default()
    }
}

/// A resource and its stack, for acting on behalf of the stack's user.
pub(crate) struct Act<'a> {
    pub(crate) hand: Hand<'a>,
    pub(crate) caller: Caller,
    pub(crate) stack: &'a Stack,
    pub(crate) resource: &'a mut Resource,
}

impl Act<'_> {
    /// The same, for looking.
    pub(crate) fn look(&self) -> Look<'_> {
        Look { hand: self.hand, stack: self.stack, resource: self.resource }
    }

    /// The name of the thing: the property `name`, or one made of stack and resource.
    pub(crate) fn thing_name(&self, limit: usize) -> String {
        match self.text("name") {
            Some(name) => name.to_owned(),
            None => self.resource.physical_name(self.stack, limit),
        }
    }

    /// A property that is text and there.
    pub(crate) fn text(&self, property: &str) -> Option<&str> {
        let text = self.resource.properties.get(property).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    }

    /// What its thing is called in the service that has it.
    pub(crate) fn physical(&self) -> &str {
        self.resource.physical.as_deref().unwrap_or_default()
    }

    /// Names the thing after stack and resource, for types whose thing is nowhere else.
    pub(crate) fn take_own_name(&mut self) {
        self.resource.physical = Some(self.resource.physical_name(self.stack, 255));
    }
}

/// Whether what was begun has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pending {
    /// It has.
    Over,
    /// Not before an operation on this target has; or this time has come.
    For(String, Option<Time>),
}

/// How an update went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Updated {
    /// The thing is what is wanted now.
    InPlace,
    /// It cannot be: another one must take its place. Nothing was done.
    Replace,
}

/// What a signal led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Signalled {
    /// Nothing that anybody needs to hear of.
    Nothing,
    /// An event, in the words of the signal itself.
    Heard,
    /// An event that says this of it.
    Said(String),
}

/// A resource type. What a type does not have, it need not say.
pub(crate) trait Plugin: Sync {
    /// `OS::Nova::Server`.
    fn name(&self) -> &'static str;

    /// What Heat calls its class in sentences about cycles.
    fn class(&self) -> &'static str {
        self.name().rsplit("::").next().unwrap_or_default()
    }

    /// Its properties.
    fn schema(&self) -> Schema;

    /// What its update policy may say.
    fn update_policy(&self) -> Schema {
        Schema::default()
    }

    /// Its attributes; the last is `show`.
    fn attributes(&self) -> &'static [Attribute];

    /// What its resources need besides all that they name.
    fn hidden_needs(&self) -> Option<HiddenNeeds> {
        None
    }

    /// Whether whatever attribute is asked for is there.
    fn has_any_attribute(&self) -> bool {
        false
    }

    /// Whether it is nothing but its row: nothing takes long, nothing is waited for or looked at.
    fn is_at_once(&self) -> bool {
        false
    }

    /// Whether its thing is a nested stack: every update reaches it, and a newer traversal takes it
    /// over while it is still at work.
    fn is_stack(&self) -> bool {
        false
    }

    /// Says what is wrong with a resource that no property says alone, before anything exists.
    fn validate(&self, _form: &Form<'_>) -> crate::template::Result<()> {
        Ok(())
    }

    /// The same, where the house must be asked: its settings, its services. What is nested in the
    /// stack is asked about when that is made.
    fn examine(&self, _asker: &Asker<'_>, _form: &Form<'_>) -> crate::template::Result<()> {
        Ok(())
    }

    /// What the nested stack of a resource is made of.
    fn child(&self, _form: &Form<'_>) -> crate::template::Result<Option<Child>> {
        Ok(None)
    }

    /// What the template of the nested stack is called in refusals.
    fn child_label(&self, _form: &Form<'_>) -> String {
        String::new()
    }

    /// Puts into the resource's row what making the thing needs and takes too long for a
    /// transaction. It may be asked again after it has.
    fn prepare(
        &self,
        _context: Context,
        _caller: Caller,
        _resource: Resource,
    ) -> BoxFuture<'static, Result<(), Failure>> {
        Box::pin(ready(Ok(())))
    }

    /// Makes the thing of `resource.properties` and notes what it is called.
    fn create(&self, act: &mut Act<'_>) -> Result<()>;

    /// Gives the thing other properties; `changed` names those that differ from
    /// `resource.properties`. Without properties that can change, everything is replaced before.
    fn update(
        &self,
        _act: &mut Act<'_>,
        _properties: &Map<String, Value>,
        _changed: &[String],
    ) -> Result<Updated> {
        Ok(Updated::InPlace)
    }

    /// Removes the thing; gone already is success.
    fn delete(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Puts the thing to sleep.
    fn suspend(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Wakes the thing.
    fn resume(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Says what is wrong with the thing, or that it is gone.
    fn check(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Whether it may be signalled while, or after, that is done to it.
    fn takes_signals_after(&self, action: Action) -> bool {
        !matches!(action, Action::Suspend | Action::Delete)
    }

    /// Keeps what the thing is now, where that can be kept; what is noted in `resource.data` goes
    /// into the snapshot of the stack.
    fn snapshot(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Whether the thing can be kept before it is deleted (`deletion_policy: Snapshot`).
    fn is_kept_before_deletion(&self) -> bool {
        false
    }

    /// Properties that make of the thing what a snapshot has kept; `data` is what was noted then.
    fn restored(&self, _data: &Map<String, Value>) -> Map<String, Value> {
        Map::new()
    }

    /// Takes over the thing that `resource.physical` names, without making it again. Heat: whatever
    /// it is, what is wrong with it shows when something is done with it.
    fn adopt(&self, act: &mut Act<'_>) -> Result<()> {
        if act.resource.physical.is_some() {
            return Ok(());
        }
        Err(Error::bad_request("Resource ID was not provided.").tag("Exception"))
    }

    /// Refuses a thing that is not the stack's to take. Services refuse by themselves when something
    /// is done with it; whatever no service has is refused here.
    fn check_adopted(&self, _look: &Look<'_>, _physical: &str) -> Result<()> {
        Ok(())
    }

    /// What a type keeps for itself and takes over with a thing: only what harms nobody, whatever it
    /// says.
    fn adopted_data(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a guest is its thing, whose end its resource shows without being asked.
    fn is_server(&self) -> bool {
        false
    }

    /// Takes a signal: somebody outside says that something has happened. It may come while a
    /// visit waits; who waits for it is woken by `kit::workflow::wake`.
    fn signal(&self, _act: &mut Act<'_>, _details: &Value) -> Result<Signalled> {
        let sentence = "signal is not supported for resource.";
        Err(Error::bad_request(sentence).tag("ResourceActionNotSupported"))
    }

    /// Whether what was begun has ended; an error if it has, badly.
    fn pending(&self, _look: &Look<'_>) -> Result<Pending> {
        Ok(Pending::Over)
    }

    /// Begins the next of several things that an action does one after the other, when what was
    /// begun has ended; `false` when there is none.
    fn go_on(&self, _act: &mut Act<'_>) -> Result<bool> {
        Ok(false)
    }

    /// Ends what was begun and is not waited for any more, as its time is up or it is to go.
    fn cancel(&self, _look: &Look<'_>) -> Result<()> {
        Ok(())
    }

    /// Looks at the thing outside, when what was begun has ended; what is kept of it is added to
    /// `resource.data`.
    fn observe(
        &self,
        _context: Context,
        _resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        Box::pin(ready(Ok(Map::new())))
    }

    /// Whether one that is replaced must be gone before another can be made, because it holds
    /// something that there is only one of and that it cannot let go.
    fn goes_before_its_successor(&self, _look: &Look<'_>) -> Result<bool> {
        Ok(false)
    }

    /// Whether one that is replaced lets go of what there is only one of, before another is made.
    fn lets_go(&self, _look: &Look<'_>) -> bool {
        false
    }

    /// Begins to let go.
    fn let_go(&self, _act: &mut Act<'_>) -> Result<()> {
        Ok(())
    }

    /// Begins to take back what it has let go and `followers`, which came after it, may hold.
    fn take_back(&self, _act: &mut Act<'_>, _followers: &[Resource]) -> Result<()> {
        Ok(())
    }

    /// The target of operations of which one at a time is done to the thing.
    fn takes_turns_at(&self, _look: &Look<'_>) -> Option<String> {
        None
    }

    /// Whether one that failed is replaced by the next update; Heat's types say yes by default.
    fn replaces_failed(&self, _look: &Look<'_>) -> Result<bool> {
        Ok(true)
    }

    /// The metadata that it shows.
    fn metadata(&self, look: &Look<'_>) -> Value {
        look.resource.metadata.clone()
    }

    /// Whether every update of the stack puts another one in its place, made of this.
    fn is_replaced_by_updates(&self, _wanted: &Frozen) -> bool {
        false
    }

    /// What `get_resource` gives.
    fn reference(&self, look: &Look<'_>) -> String {
        look.physical().to_owned()
    }

    /// What `get_attr` gives; null where there is nothing.
    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value>;

    /// The same, followed along `path`; groups ask each of their members for it.
    fn attribute_at(&self, look: &Look<'_>, name: &str, path: &[Value]) -> Result<Value> {
        Ok(select(&self.attribute(look, name)?, path))
    }

    /// The attributes that are shown with a resource.
    fn shown(&self, _look: &Look<'_>) -> Result<Vec<String>> {
        let names = self.attributes().iter().map(|row| row.name);
        Ok(names.filter(|name| *name != SHOW).map(str::to_owned).collect())
    }
}
