//! What a resource type says of its properties, and what it makes of those of a template.
//!
//! A plug-in declares a [`Schema`] with the builders of [`Property`], one row per property:
//!
//! ```
//! use orchestration::template::{Property, Schema};
//!
//! let schema = Schema::of([
//!     Property::integer("length").default(32).range(1, 512),
//!     Property::list("classes").of(Property::map("").with([
//!         Property::string("class").required().allowed(["letters", "digits"]),
//!         Property::integer("min").default(1).range(1, 512),
//!     ])),
//!     Property::string("salt").updatable(),
//! ]);
//! assert!(schema.get("salt").is_some());
//! ```
//!
//! [`Schema::read`] turns properties into values of the declared types, defaults filled in, or
//! refuses them with Heat's sentences.

mod read;

use indexmap::IndexMap;
use serde_json::Value;

use super::constraints::{Bounds, Constraint, Kind, Rule};
use super::parameters::Declaration;

pub use read::{Mode, Values};

/// The properties of a type.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    properties: IndexMap<String, Property>,
    /// Any property is taken as it is.
    open: bool,
}

/// One property.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// It must be given.
    pub required: bool,
    /// The value if it is not given.
    pub default: Option<Value>,
    /// What is demanded of the value.
    pub constraints: Vec<Constraint>,
    /// What its members or items look like.
    pub inner: Inner,
    /// What a change of it means for a resource.
    pub on_change: OnChange,
    /// An old name of the property named here.
    pub alias_of: Option<String>,
    /// Lists and maps may come as text, as parameters do.
    pub from_parameter: bool,
    /// What the API says it is for.
    pub description: Option<String>,
    /// Heat knows it, and refuses it.
    pub is_refused: bool,
}

/// What a change of a property means for a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnChange {
    /// Another one takes its place.
    Replace,
    /// It takes the new value.
    Update,
    /// It is refused.
    Refuse,
}

/// What is in a list or a map.
#[derive(Clone, Debug)]
pub enum Inner {
    /// Nobody looks.
    Anything,
    /// Each item of a list.
    Each(Box<Property>),
    /// The members of a map.
    Members(Schema),
}

impl Schema {
    /// These properties.
    pub fn of(properties: impl IntoIterator<Item = Property>) -> Self {
        let named = |property: Property| (property.name.clone(), property);
        Self { properties: properties.into_iter().map(named).collect(), open: false }
    }

    /// Whatever comes.
    pub fn open() -> Self {
        Self { properties: IndexMap::new(), open: true }
    }

    /// The properties that a nested template has: its parameters.
    pub fn of_parameters<'a>(declarations: impl IntoIterator<Item = &'a Declaration>) -> Self {
        Self::of(declarations.into_iter().map(Property::of_parameter))
    }

    /// The property of that name.
    pub fn get(&self, name: &str) -> Option<&Property> {
        self.properties.get(name)
    }

    /// Every property.
    pub fn iter(&self) -> impl Iterator<Item = &Property> {
        self.properties.values()
    }
}

impl Property {
    fn new(name: &str, kind: Kind) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            required: false,
            default: None,
            constraints: Vec::new(),
            inner: Inner::Anything,
            on_change: OnChange::Replace,
            alias_of: None,
            from_parameter: false,
            description: None,
            is_refused: false,
        }
    }

    /// A text.
    pub fn string(name: &str) -> Self {
        Self::new(name, Kind::String)
    }

    /// A whole number.
    pub fn integer(name: &str) -> Self {
        Self::new(name, Kind::Integer)
    }

    /// A number.
    pub fn number(name: &str) -> Self {
        Self::new(name, Kind::Number)
    }

    /// True or false.
    pub fn boolean(name: &str) -> Self {
        Self::new(name, Kind::Boolean)
    }

    /// A map; see [`Property::with`].
    pub fn map(name: &str) -> Self {
        Self::new(name, Kind::Map)
    }

    /// A list; see [`Property::of`].
    pub fn list(name: &str) -> Self {
        Self::new(name, Kind::List)
    }

    /// Whatever comes.
    pub fn any(name: &str) -> Self {
        Self::new(name, Kind::Any)
    }

    /// The property that a parameter of a nested template is.
    fn of_parameter(declaration: &Declaration) -> Self {
        Self {
            required: declaration.default.is_none(),
            constraints: declaration.constraints.clone(),
            on_change: OnChange::Update,
            from_parameter: matches!(declaration.kind, Kind::Map | Kind::List),
            description: declaration.description.clone(),
            ..Self::new(&declaration.name, declaration.kind)
        }
    }

    /// It must be given.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same under another name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The value if it is not given.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = Some(value.into());
        self
    }

    /// It can change while the resource lives.
    #[must_use]
    pub fn updatable(mut self) -> Self {
        self.on_change = OnChange::Update;
        self
    }

    /// It can never change.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.on_change = OnChange::Refuse;
        self
    }

    /// It is an old name of another property, which takes its value.
    #[must_use]
    pub fn alias_of(mut self, name: &str) -> Self {
        self.alias_of = Some(name.to_owned());
        self
    }

    /// What each item of a list looks like.
    #[must_use]
    pub fn of(mut self, item: Self) -> Self {
        self.inner = Inner::Each(Box::new(item));
        self
    }

    /// The members of a map.
    #[must_use]
    pub fn with(mut self, members: impl IntoIterator<Item = Self>) -> Self {
        self.inner = Inner::Members(Schema::of(members));
        self
    }

    /// What the API says it is for.
    #[must_use]
    pub fn described(mut self, description: &str) -> Self {
        self.description = Some(description.to_owned());
        self
    }

    /// It is known, and does nothing in Heat either: whoever gives it is refused.
    #[must_use]
    pub fn refused(mut self) -> Self {
        self.is_refused = true;
        self.described("Not Implemented.")
    }

    /// A number between two.
    #[must_use]
    pub fn range(self, min: i64, max: i64) -> Self {
        self.demanding(Rule::Range(bounds(min, max)))
    }

    /// A number that is not smaller.
    #[must_use]
    pub fn at_least(self, min: i64) -> Self {
        self.demanding(Rule::Range(Bounds { min: Some(min.into()), max: None }))
    }

    /// A length between two.
    #[must_use]
    pub fn length(self, min: i64, max: i64) -> Self {
        self.demanding(Rule::Length(bounds(min, max)))
    }

    /// One of these values.
    #[must_use]
    pub fn allowed<V: Into<Value>>(self, values: impl IntoIterator<Item = V>) -> Self {
        self.demanding(Rule::AllowedValues(values.into_iter().map(Into::into).collect()))
    }

    /// Something that another service knows.
    #[must_use]
    pub fn custom(self, name: &str) -> Self {
        self.demanding(Rule::Custom(name.to_owned()))
    }

    /// Whatever the rule says.
    #[must_use]
    pub fn demanding(mut self, rule: Rule) -> Self {
        self.constraints.push(Constraint::new(rule));
        self
    }
}

fn bounds(min: i64, max: i64) -> Bounds {
    Bounds { min: Some(min.into()), max: Some(max.into()) }
}

#[cfg(test)]
mod tests;
