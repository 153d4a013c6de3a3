//! Parameters: how a template declares them, and what a request makes of them.
//!
//! A [`Declaration`] is what the template says. [`Parameters`] are the declarations with the
//! values of an environment and the pseudo parameters of a stack; functions read them by name.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::constraints::{Constraint, CustomCheck, Kind, Place, custom_checks};
use super::environment::Environment;
use super::error::{Error, Result};
use super::python;

/// What a template says of a parameter.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: Kind,
    /// The type as the template spells it.
    pub kind_name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The value if none is given.
    pub default: Option<Value>,
    /// What is demanded of the value.
    pub constraints: Vec<Constraint>,
    /// The value is never shown.
    pub hidden: bool,
    /// What a form calls it.
    pub label: Option<String>,
    /// A stack's value may not change.
    pub immutable: bool,
    /// Words that tools look for.
    pub tags: Vec<Value>,
}

/// What stands for a hidden value.
const HIDDEN: &str = "******";

impl Declaration {
    /// Says what is wrong with the declaration itself.
    fn validate(&self) -> Result<()> {
        for constraint in &self.constraints {
            if !constraint.rule.fits(self.kind) {
                let (rule, kind) = (constraint.rule.name(), &self.kind_name);
                return Err(Error::schema(format!("{rule} constraint invalid for {kind}")));
            }
        }
        let Some(default) = &self.default else { return Ok(()) };
        let value = self.default_as_list(default)?;
        self.check(value.as_ref().unwrap_or(default)).map_err(|error| {
            let shown = python::text(default);
            Error::schema(format!("Invalid default {shown} ({error})"))
        })
    }

    /// The default of a list in parts, if it is one.
    fn default_as_list(&self, default: &Value) -> Result<Option<Value>> {
        if self.kind != Kind::List {
            return Ok(None);
        }
        if default.as_str() == Some("") {
            // Heat: one empty text, although the value will be an empty list.
            return Ok(Some(Value::Array(vec![default.clone()])));
        }
        list(default).map(Some).map_err(|error| {
            let (_, detail) = error.message().split_once(": ").unwrap_or_default();
            Error::schema(format!("Default must be a comma-delimited list string: {detail}"))
        })
    }

    fn check(&self, value: &Value) -> Result<()> {
        let check = |constraint: &Constraint| constraint.check(value, self.kind, &self.kind_name);
        self.constraints.iter().try_for_each(check)
    }

    /// The value in the parameter's type.
    pub(crate) fn parse(&self, value: &Value) -> Result<Value> {
        match self.kind {
            Kind::String | Kind::Any => Ok(Value::String(python::text(value))),
            Kind::Integer | Kind::Number => python::number(value),
            Kind::Boolean => python::boolean(value).map(Value::Bool),
            Kind::List => list(value),
            Kind::Map => json(value),
        }
    }

    /// Says what is wrong with a value.
    fn accept(&self, value: &Value) -> Result<()> {
        let parsed = self.parse(value).map_err(|error| error.as_validation())?;
        // Constraints on single values speak of the value as it was given.
        let given = !matches!(self.kind, Kind::List | Kind::Map);
        let checked = self.check(if given { value } else { &parsed });
        checked.map_err(|error| if error.is_plain() { error.as_validation() } else { error })
    }
}

/// `a,b` or a list, as a list of texts.
fn list(value: &Value) -> Result<Value> {
    match value {
        Value::Array(items) => {
            Ok(Value::Array(items.iter().map(|item| Value::String(python::text(item))).collect()))
        }
        Value::String(text) if text.is_empty() => Ok(Value::Array(Vec::new())),
        Value::String(text) => Ok(Value::Array(text.split(',').map(Value::from).collect())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            Err(Error::value(format!(
                "Value must be a comma-delimited list string: '{}' object has no attribute 'split'",
                python::type_name(value)
            )))
        }
    }
}

/// JSON in a text, or what it says already.
fn json(value: &Value) -> Result<Value> {
    match value {
        Value::String(text) if text.is_empty() => Ok(value.clone()),
        Value::String(text) => python::loads(text)
            .map_err(|complaint| Error::value(format!("Value must be valid JSON: {complaint}"))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Ok(value.clone())
        }
    }
}

/// What a stack is called; the source of the pseudo parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The id; empty before there is one.
    pub stack_id: String,
    /// The name.
    pub stack_name: String,
    /// The project.
    pub project_id: String,
}

impl Identity {
    /// The name that spans the cloud.
    pub fn arn(&self) -> String {
        let Self { stack_id, stack_name, project_id } = self;
        format!("arn:openstack:heat::{project_id}:stacks/{stack_name}/{stack_id}")
    }

    /// The pseudo parameters and their values.
    fn pseudo(&self, hot: bool) -> Vec<(&'static str, String)> {
        if hot {
            vec![
                ("OS::stack_id", self.stack_id.clone()),
                ("OS::project_id", self.project_id.clone()),
                ("OS::stack_name", self.stack_name.clone()),
            ]
        } else {
            vec![
                ("AWS::StackId", self.arn()),
                ("AWS::StackName", self.stack_name.clone()),
                // Heat: there is one region, and it is called so.
                ("AWS::Region", "ap-southeast-1".to_owned()),
            ]
        }
    }
}

/// A parameter with what a request gives it.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// What the template says.
    pub declaration: Declaration,
    /// The value that was given.
    pub given: Option<Value>,
    default: Option<Value>,
    /// It comes from the stack, not from the template.
    pub pseudo: bool,
}

impl Parameter {
    fn pseudo(name: &str, value: String) -> Self {
        let declaration = Declaration {
            name: name.to_owned(),
            kind: Kind::String,
            kind_name: "String".to_owned(),
            description: None,
            default: None,
            constraints: Vec::new(),
            hidden: false,
            label: None,
            immutable: false,
            tags: Vec::new(),
        };
        Self { declaration, given: None, default: Some(Value::String(value)), pseudo: true }
    }

    /// The default: that of the environment before that of the template.
    pub fn default(&self) -> Option<&Value> {
        self.default.as_ref().or(self.declaration.default.as_ref())
    }

    fn raw(&self) -> Option<&Value> {
        self.given.as_ref().or_else(|| self.default())
    }

    /// The value in its type.
    pub fn value(&self) -> Result<Value> {
        let name = &self.declaration.name;
        let raw = self.raw().ok_or_else(|| Error::missing_parameter(name))?;
        self.declaration.parse(raw)
    }

    /// The value as `stack show` prints it.
    pub fn text(&self) -> Result<String> {
        let value = self.value()?;
        Ok(match (self.declaration.hidden, self.declaration.kind, &value) {
            (true, _, _) => HIDDEN.to_owned(),
            (false, Kind::List, Value::Array(items)) => {
                items.iter().map(python::text).collect::<Vec<_>>().join(",")
            }
            (false, Kind::Map, _) => python::dumps(&value),
            (false, _, _) => python::text(&value),
        })
    }

    /// Says what is wrong with declaration and, if asked, value.
    fn validate(&self, with_value: bool) -> Result<()> {
        let name = &self.declaration.name;
        let checked = self.declaration.validate().and_then(|()| match self.raw() {
            _ if !with_value => Ok(()),
            Some(value) => self.declaration.accept(value),
            None => Err(Error::missing_parameter(name)),
        });
        checked.map_err(|error| {
            let sentence = format!("Parameter '{name}' is invalid: {error}");
            match (error.is_validation(), error.is_schema()) {
                (true, _) => Error::validation(sentence),
                (_, true) => Error::schema(sentence),
                (false, false) => error,
            }
        })
    }
}

/// All parameters of a stack.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    all: IndexMap<String, Parameter>,
    given: Map<String, Value>,
}

impl Parameters {
    /// The declarations of a template with the values of `environment` and the pseudo parameters
    /// of the stack.
    pub(crate) fn new(
        declarations: &IndexMap<String, Declaration>,
        environment: &Environment,
        identity: &Identity,
        hot: bool,
    ) -> Self {
        let given = environment.parameters.clone();
        let defaults = &environment.parameter_defaults;
        let pseudo = identity.pseudo(hot).into_iter();
        let pseudo = pseudo.map(|(name, value)| Parameter::pseudo(name, value));
        let declared = declarations.iter().map(|(name, declaration)| Parameter {
            declaration: declaration.clone(),
            given: given.get(name).filter(|value| !value.is_null()).cloned(),
            default: defaults.get(name).filter(|value| !value.is_null()).cloned(),
            pseudo: false,
        });
        let named = |parameter: Parameter| (parameter.declaration.name.clone(), parameter);
        let all = pseudo.chain(declared).map(named).collect();
        Self { all, given }
    }

    /// Says what is wrong: values that no parameter has, declarations, and, if asked, values.
    pub fn validate(&self, with_values: bool) -> Result<()> {
        let declared = |name: &str| self.all.get(name).is_some_and(|known| !known.pseudo);
        if let Some(name) = self.given.keys().find(|name| !declared(name)) {
            let sentence = format!("The Parameter ({name}) was not defined in template.");
            return Err(Error::new("UnknownUserParameter", sentence));
        }
        self.all.values().try_for_each(|parameter| parameter.validate(with_values))
    }

    /// What other services must know of the values.
    pub fn custom_checks(&self) -> Vec<CustomCheck> {
        let checks = |parameter: &Parameter| {
            let place = Place::Parameter(parameter.declaration.name.clone());
            let value = parameter.value().unwrap_or(Value::Null);
            custom_checks(&parameter.declaration.constraints, &value, &place)
        };
        self.all.values().filter(|parameter| parameter.raw().is_some()).flat_map(checks).collect()
    }

    /// Every parameter, pseudo ones first.
    pub fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.all.values()
    }

    /// The parameter of that name.
    pub fn get(&self, name: &str) -> Option<&Parameter> {
        self.all.get(name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.all.contains_key(name)
    }

    /// The value in its type.
    pub fn value(&self, name: &str) -> Result<Value> {
        self.all.get(name).ok_or_else(|| Error::missing_parameter(name))?.value()
    }

    /// Refuses an update from `self` to `new` that changes a parameter marked immutable.
    pub fn check_immutable(&self, new: &Self) -> Result<()> {
        let changed = |parameter: &&Parameter| {
            let old = self.all.get(&parameter.declaration.name);
            parameter.declaration.immutable
                && old.is_some_and(|old| match (old.value(), parameter.value()) {
                    (Ok(old), Ok(new)) => !python::equal(&old, &new),
                    (Err(_), Ok(_)) => true,
                    (_, Err(_)) => false,
                })
        };
        let names: Vec<_> =
            new.iter().filter(|parameter| !parameter.pseudo).filter(changed).collect();
        if names.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = names.iter().map(|known| known.declaration.name.as_str()).collect();
        Err(Error::new(
            "ImmutableParameterModified",
            format!(
                "The following parameters are immutable and may not be updated: {}",
                names.join(", ")
            ),
        ))
    }
}
