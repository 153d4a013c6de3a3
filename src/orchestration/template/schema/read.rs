//! Properties of a template → values of the declared types.

use indexmap::IndexMap;
use kit::http::pyrepr::Repr;
use serde_json::{Map, Value};

use super::{Inner, Property, Schema};
use crate::template::constraints::{CustomCheck, Kind, Place, custom_checks};
use crate::template::error::{Error, Result};
use crate::template::python;
use crate::template::scope::{Context, Resolved};
use crate::template::snippet::{Outcome, Snippet, Stop};

/// How closely properties are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Only their names.
    Names,
    /// Values too, as far as they are known.
    Values,
}

/// Values of properties.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// By name, every declared property, null where there is no value.
    pub values: IndexMap<String, Resolved>,
    /// What other services must know.
    pub custom: Vec<CustomCheck>,
}

/// What a template gives for a property.
type Given = IndexMap<String, Outcome>;

impl Schema {
    /// The values of `properties` of a resource. The place in a refusal begins with `section`.
    pub fn read(
        &self,
        properties: &Snippet,
        section: &str,
        mode: Mode,
        context: &Context<'_>,
    ) -> Result<Values> {
        let mut reader = Reader { path: vec![section.to_owned()], custom: Vec::new() };
        let read = given(properties, mode, context)
            .and_then(|given| reader.schema(self, &given, mode))
            .map_err(|error| error.within([section]).titled("Property error"));
        Ok(Values { values: read?, custom: reader.custom })
    }
}

fn given(properties: &Snippet, mode: Mode, context: &Context<'_>) -> Result<Given> {
    let value_of = |snippet: &Snippet| match mode {
        Mode::Names => Err(Stop::NotYet),
        Mode::Values => snippet.evaluate(context),
    };
    match properties {
        Snippet::Map(members) => {
            Ok(members.iter().map(|(name, member)| (name.clone(), value_of(member))).collect())
        }
        Snippet::Call(_) if mode == Mode::Values => match properties.resolve(context)? {
            Resolved::Known(Value::Object(members)) => Ok(known(&members)),
            Resolved::Known(_) | Resolved::NotYet => Ok(Given::new()),
        },
        Snippet::Call(_) | Snippet::Scalar(_) | Snippet::List(_) | Snippet::Omitted => {
            Ok(Given::new())
        }
    }
}

fn known(members: &Map<String, Value>) -> Given {
    members.iter().map(|(name, value)| (name.clone(), Ok(value.clone()))).collect()
}

struct Reader {
    path: Vec<String>,
    custom: Vec<CustomCheck>,
}

impl Reader {
    /// The values of a level of properties; places in refusals are relative to it.
    fn schema(
        &mut self,
        schema: &Schema,
        given: &Given,
        mode: Mode,
    ) -> Result<IndexMap<String, Resolved>> {
        if schema.open {
            let value =
                |outcome: &Outcome| outcome.clone().map_or(Resolved::NotYet, Resolved::Known);
            return Ok(given.iter().map(|(name, given)| (name.clone(), value(given))).collect());
        }
        if let Some(name) = given.keys().find(|name| schema.get(name).is_none()) {
            return Err(Error::validation(format!("Unknown Property {name}")));
        }
        let mut values = IndexMap::new();
        for property in schema.iter() {
            let value = match mode {
                Mode::Names => Resolved::NotYet,
                Mode::Values => self.property(schema, property, given)?,
            };
            if property.is_refused && given.contains_key(&property.name) {
                let sentence = format!("Property {} not implemented yet", property.name);
                return Err(Error::validation(sentence));
            }
            values.insert(property.name.clone(), value);
        }
        Ok(values)
    }

    fn property(
        &mut self,
        schema: &Schema,
        property: &Property,
        given: &Given,
    ) -> Result<Resolved> {
        let name = &property.name;
        let outcome = match &property.alias_of {
            // Its value went to the property whose name it is.
            Some(_) => return Ok(Resolved::Known(Value::Null)),
            None => chosen(schema, name, given)?,
        };
        let found = match outcome {
            Some(Ok(value)) => Some(value),
            Some(Err(Stop::NotYet)) => return Ok(Resolved::NotYet),
            Some(Err(Stop::Refused(error))) => {
                return Err(Error::validation(error.to_string()).within([name]));
            }
            Some(Err(Stop::Omitted)) | None => None,
        };
        let missing = found.is_none();
        if missing && property.default.is_none() {
            if !property.required {
                return Ok(Resolved::Known(Value::Null));
            }
            let error = Error::validation(format!("Property {name} not assigned"));
            return Err(if given.contains_key(name) { error.within([name]) } else { error });
        }
        self.path.push(name.clone());
        let read = self.value(property, found.unwrap_or(Value::Null));
        self.path.pop();
        read.map(Resolved::Known).map_err(|error| error.never_plain().within([name]))
    }

    /// The value in its type, checked. Null stands for the default.
    fn value(&mut self, property: &Property, value: Value) -> Result<Value> {
        let or_default = || property.default.clone().unwrap_or_else(|| empty(property.kind));
        let value = if value.is_null() { or_default() } else { value };
        let value = match property.kind {
            Kind::String => string(value)?,
            Kind::Integer => integer(&value)?,
            Kind::Number => python::number(&value)?,
            Kind::Boolean => boolean(&value)?,
            Kind::Map => self.map(property, value)?,
            Kind::List => self.list(property, value)?,
            Kind::Any => value,
        };
        for constraint in &property.constraints {
            constraint.check(&value, property.kind, kind_name(property.kind))?;
        }
        let place = Place::Property(self.path.clone());
        self.custom.extend(custom_checks(&property.constraints, &value, &place));
        Ok(value)
    }

    fn map(&mut self, property: &Property, value: Value) -> Result<Value> {
        if property.from_parameter && value.is_string() {
            return Ok(value);
        }
        if property.from_parameter && value.is_array() {
            return Ok(Value::String(python::dumps(&value)));
        }
        let Value::Object(members) = value else {
            return Err(Error::kind(format!("\"{}\" is not a map", python::text(&value))));
        };
        let Inner::Members(schema) = &property.inner else { return Ok(Value::Object(members)) };
        let values = self.schema(schema, &known(&members), Mode::Values)?;
        let plain = values.into_iter().map(|(name, value)| (name, plain(value)));
        Ok(Value::Object(plain.collect()))
    }

    fn list(&mut self, property: &Property, value: Value) -> Result<Value> {
        let items = match value {
            Value::Array(items) => items,
            Value::String(text) if property.from_parameter => {
                let parts = text.split(',').filter(|_| !text.is_empty());
                parts.map(Value::from).collect()
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => {
                return Err(Error::kind(format!("\"{}\" is not a list", Repr(&value))));
            }
        };
        let Inner::Each(item) = &property.inner else { return Ok(Value::Array(items)) };
        let mut read = Vec::with_capacity(items.len());
        for (index, value) in items.into_iter().enumerate() {
            let index = index.to_string();
            self.path.push(index.clone());
            let value = self.value(item, value);
            self.path.pop();
            read.push(value.map_err(|error| error.never_plain().within([&index]))?);
            if item.is_refused {
                return Err(Error::validation(format!("Property {index} not implemented yet")));
            }
        }
        Ok(Value::Array(read))
    }
}

/// What is given under the name or an old name of it; both at once is refused.
fn chosen(schema: &Schema, name: &str, given: &Given) -> Result<Option<Outcome>> {
    let own = given.get(name).filter(|outcome| !matches!(outcome, Err(Stop::Omitted)));
    let aliases = schema.iter().filter(|property| property.alias_of.as_deref() == Some(name));
    let mut aliases = aliases.filter_map(|alias| Some((&alias.name, given.get(&alias.name)?)));
    match (own, aliases.next()) {
        (Some(_), Some((alias, _))) => Err(Error::validation(format!(
            "Cannot define the following properties at the same time: {name}, {alias}."
        ))
        .within([name])),
        (own, alias) => Ok(own.or(alias.map(|(_, outcome)| outcome)).cloned()),
    }
}

fn plain(value: Resolved) -> Value {
    match value {
        Resolved::Known(value) => value,
        Resolved::NotYet => Value::Null,
    }
}

/// What null means without a default.
fn empty(kind: Kind) -> Value {
    match kind {
        Kind::String => Value::String(String::new()),
        Kind::Integer | Kind::Number => Value::from(0),
        Kind::Boolean => Value::Bool(false),
        Kind::Map => Value::Object(Map::new()),
        Kind::List => Value::Array(Vec::new()),
        Kind::Any => Value::Null,
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "String",
        Kind::Integer => "Integer",
        Kind::Number => "Number",
        Kind::Boolean => "Boolean",
        Kind::Map => "Map",
        Kind::List => "List",
        Kind::Any => "Any",
    }
}

fn string(value: Value) -> Result<Value> {
    match &value {
        Value::String(_) => Ok(value),
        Value::Bool(_) | Value::Number(_) if python::type_name(&value) != "float" => {
            Ok(Value::String(python::text(&value)))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(Error::value(format!("Value must be a string; got {}", Repr(&value))))
        }
    }
}

fn integer(value: &Value) -> Result<Value> {
    python::int(value).map(Value::from).ok_or_else(|| match value {
        Value::Array(_) | Value::Object(_) => Error::kind(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            python::type_name(value)
        )),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Error::kind(format!("Value '{}' is not an integer", python::text(value)))
        }
    })
}

fn boolean(value: &Value) -> Result<Value> {
    let word = match value {
        Value::Bool(flag) => return Ok(Value::Bool(*flag)),
        Value::String(text) => text.to_lowercase(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => python::text(value),
    };
    match word.as_str() {
        "true" if value.is_string() => Ok(Value::Bool(true)),
        "false" if value.is_string() => Ok(Value::Bool(false)),
        _ => Err(Error::value(format!("\"{word}\" is not a valid boolean"))),
    }
}
