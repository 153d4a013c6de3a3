//! A piece of a template with its functions found: it can be evaluated, checked, and asked what
//! it refers to.
//!
//! [`super::definition`] makes them; the functions themselves are rows of [`mod@super::functions`].
//! A snippet never holds a value that was looked up: the same one is evaluated again and again as
//! resources come into being.

use serde_json::{Map, Value};

use super::error::{Error, Result};
use super::functions::{self, Branch, Intrinsic, Place};
use super::scope::{Context, Resolved};
use super::versions::Edition;

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Snippet {
    /// Text, number, boolean, null.
    Scalar(Value),
    /// A list.
    List(Vec<Snippet>),
    /// A map that is no function.
    Map(Vec<(String, Snippet)>),
    /// A function and its arguments.
    Call(Box<Call>),
    /// The branch that an `if` without a third argument does not have.
    Omitted,
}

/// A function in a template.
#[derive(Clone, Debug)]
pub struct Call {
    pub(crate) name: String,
    pub(crate) function: &'static dyn Intrinsic,
    pub(crate) args: Snippet,
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.args == other.args
    }
}

/// A resource that a snippet needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The name of the resource.
    pub resource: String,
    /// What of it.
    pub what: Needed,
}

/// What of a resource a snippet needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Needed {
    /// What it is called by.
    Identity,
    /// An attribute.
    Attribute(String),
    /// All its attributes.
    Attributes,
}

/// Why evaluation ends without a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stop {
    /// It depends on something that is not known yet.
    NotYet,
    /// The value is to be left out of what contains it.
    Omitted,
    /// The template is wrong.
    Refused(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

/// What evaluation gives.
pub(crate) type Outcome<T = Value> = std::result::Result<T, Stop>;

/// Turns values of a template into snippets.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) edition: Edition,
    pub(crate) place: Place,
    pub(crate) context: Context<'a>,
}

impl Reader<'_> {
    /// Finds the functions in `value`, which stands at `path`.
    pub(crate) fn read(&self, value: &Value, path: &str) -> Result<Snippet> {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                Ok(Snippet::Scalar(value.clone()))
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items = items.map(|(index, item)| self.read(item, &format!("{path}[{index}]")));
                Ok(Snippet::List(items.collect::<Result<_>>()?))
            }
            Value::Object(members) => match self.function(members) {
                Some((function, name, args)) => {
                    let path = format!("{path}.{name}");
                    self.call(function, name, args, &path).map_err(|error| error.at(&path))
                }
                None => self.map(members, path),
            },
        }
    }

    /// The same reader, where conditions stand.
    pub(crate) fn of_conditions(self) -> Self {
        Self { place: Place::Condition, ..self }
    }

    fn function<'v>(
        &self,
        members: &'v Map<String, Value>,
    ) -> Option<(&'static dyn Intrinsic, &'v str, &'v Value)> {
        let (name, args) = members.iter().next().filter(|_| members.len() == 1)?;
        Some((functions::find(self.edition, self.place, name)?, name, args))
    }

    fn call(
        &self,
        function: &'static dyn Intrinsic,
        name: &str,
        args: &Value,
        path: &str,
    ) -> Result<Snippet> {
        let args = match function.choose(self, name, args)? {
            Branch::Part(part) => self.read(part, path)?,
            Branch::Nothing => Snippet::Omitted,
        };
        let call = Call { name: name.to_owned(), function, args };
        function.check(&call)?;
        Ok(Snippet::Call(Box::new(call)))
    }

    fn map(&self, members: &Map<String, Value>, path: &str) -> Result<Snippet> {
        let read = |(key, value): (&String, &Value)| {
            Ok((key.clone(), self.read(value, &format!("{path}.{key}"))?))
        };
        Ok(Snippet::Map(members.iter().map(read).collect::<Result<_>>()?))
    }
}

impl Snippet {
    /// The members of a map that is no function; anything else has none.
    pub(crate) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Map(members) => members,
            Self::Call(_) | Self::Scalar(_) | Self::List(_) | Self::Omitted => &[],
        }
    }

    /// The value, as far as `context` knows it.
    pub fn resolve(&self, context: &Context<'_>) -> Result<Resolved> {
        match self.value(context) {
            Ok(value) => Ok(Resolved::Known(value)),
            Err(Stop::Omitted) => Ok(Resolved::Known(Value::Null)),
            Err(Stop::NotYet) => Ok(Resolved::NotYet),
            Err(Stop::Refused(error)) => Err(error),
        }
    }

    /// The value; what is to be left out is null.
    pub(crate) fn value(&self, context: &Context<'_>) -> Outcome {
        match self.evaluate(context) {
            Err(Stop::Omitted) => Ok(Value::Null),
            outcome => outcome,
        }
    }

    /// The value, or that it is to be left out.
    pub(crate) fn evaluate(&self, context: &Context<'_>) -> Outcome {
        match self {
            Self::Scalar(value) => Ok(value.clone()),
            Self::List(items) => {
                let items = items.iter().map(|item| item.kept(context));
                Ok(Value::Array(items.filter_map(Outcome::transpose).collect::<Outcome<_>>()?))
            }
            Self::Map(members) => {
                let pair = |(key, member): &(String, Self)| {
                    Ok(member.kept(context)?.map(|value| (key.clone(), value)))
                };
                let pairs = members.iter().map(pair).filter_map(Outcome::transpose);
                Ok(Value::Object(pairs.collect::<Outcome<_>>()?))
            }
            Self::Call(call) => call.function.evaluate(call, context),
            Self::Omitted => Err(Stop::Omitted),
        }
    }

    /// The value as part of a list or map: `None` if it is to be left out.
    fn kept(&self, context: &Context<'_>) -> Outcome<Option<Value>> {
        match self.evaluate(context) {
            Ok(value) => Ok(Some(value)),
            Err(Stop::Omitted) => Ok(None),
            Err(stop) => Err(stop),
        }
    }

    /// Says what is wrong with the functions without evaluating them.
    pub(crate) fn validate(&self, path: &[String], context: &Context<'_>) -> Result<()> {
        match self {
            Self::Scalar(_) | Self::Omitted => Ok(()),
            Self::List(items) => {
                let (parent, above) =
                    path.split_last().map_or(("", path), |(last, above)| (last.as_str(), above));
                for (index, item) in items.iter().enumerate() {
                    let step = format!("{parent}[{index}]");
                    item.validate(&[above, &[step]].concat(), context)?;
                }
                Ok(())
            }
            Self::Map(members) => {
                for (key, member) in members {
                    member.validate(&[path, std::slice::from_ref(key)].concat(), context)?;
                }
                Ok(())
            }
            Self::Call(call) => call.function.validate(call, context).map_err(|error| {
                let place = path.iter().chain([&call.name]).cloned();
                error.as_validation().within(place.collect::<Vec<_>>())
            }),
        }
    }

    /// The resources that this needs, and where: a reference to none is refused with its place.
    pub(crate) fn dependencies(
        &self,
        path: &str,
        context: &Context<'_>,
        found: &mut Vec<Reference>,
    ) -> Result<()> {
        match self {
            Self::Scalar(_) | Self::Omitted => Ok(()),
            Self::List(items) => items.iter().enumerate().try_for_each(|(index, item)| {
                item.dependencies(&format!("{path}[{index}]"), context, found)
            }),
            Self::Map(members) => members.iter().try_for_each(|(key, member)| {
                member.dependencies(&format!("{path}.{key}"), context, found)
            }),
            Self::Call(call) => {
                call.args.dependencies(&format!("{path}.{}", call.name), context, found)?;
                match call.function.refers(call, context) {
                    Ok(Some(reference)) => {
                        context.resource(&reference.resource, path)?;
                        found.push(reference);
                        Ok(())
                    }
                    Ok(None) | Err(Stop::NotYet | Stop::Omitted) => Ok(()),
                    Err(Stop::Refused(error)) => Err(error),
                }
            }
        }
    }

    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            Self::Scalar(_) | Self::Map(_) | Self::Call(_) | Self::Omitted => None,
        }
    }

    pub(crate) fn as_map(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Map(members) => Some(members),
            Self::Scalar(_) | Self::List(_) | Self::Call(_) | Self::Omitted => None,
        }
    }

    pub(crate) fn as_scalar(&self) -> Option<&Value> {
        match self {
            Self::Scalar(value) => Some(value),
            Self::List(_) | Self::Map(_) | Self::Call(_) | Self::Omitted => None,
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        self.as_scalar()?.as_str()
    }

    /// The member of a map.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.iter().find(|(name, _)| name == key).map(|(_, member)| member)
    }

    pub(crate) fn is_call(&self) -> bool {
        matches!(self, Self::Call(_))
    }

    pub(crate) fn is_text(&self) -> bool {
        self.as_str().is_some()
    }

    /// Whether Python would take it for false: nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Scalar(value) => !super::python::truth(value),
            Self::List(items) => items.is_empty(),
            Self::Map(members) => members.is_empty(),
            Self::Call(_) | Self::Omitted => false,
        }
    }

    /// The snippet as it stood in the template.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Scalar(value) => value.clone(),
            Self::List(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Self::Map(members) => {
                let pair = |(key, member): &(String, Self)| (key.clone(), member.to_value());
                Value::Object(members.iter().map(pair).collect())
            }
            Self::Call(call) => {
                Value::Object(Map::from_iter([(call.name.clone(), call.args.to_value())]))
            }
            Self::Omitted => Value::Null,
        }
    }
}

impl Call {
    /// Says what is wrong with the arguments.
    pub(crate) fn validate_arguments(&self, context: &Context<'_>) -> Result<()> {
        self.args.validate(&[], context)
    }

    /// The arguments, evaluated.
    pub(crate) fn arguments(&self, context: &Context<'_>) -> Outcome {
        self.args.value(context)
    }

    /// The arguments if they are a list of exactly `N`.
    pub(crate) fn exactly<const N: usize>(&self) -> Option<&[Snippet; N]> {
        self.args.as_list()?.try_into().ok()
    }
}
