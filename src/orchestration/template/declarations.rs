//! The section of parameters → [`Declaration`]s, in the two spellings of HOT and `CloudFormation`.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::constraints::{Bounds, Constraint, Kind, Rule};
use super::error::{Error, Result};
use super::parameters::Declaration;
use super::python;
use super::versions::Edition;

/// How a flavour spells a type.
type Kinds = &'static [(&'static str, Kind)];

static HOT_KINDS: Kinds = &[
    ("string", Kind::String),
    ("number", Kind::Number),
    ("comma_delimited_list", Kind::List),
    ("json", Kind::Map),
    ("boolean", Kind::Boolean),
];
static CFN_KINDS: Kinds = &[
    ("String", Kind::String),
    ("Number", Kind::Number),
    ("CommaDelimitedList", Kind::List),
    ("Json", Kind::Map),
    ("Boolean", Kind::Boolean),
];

static HOT_KEYS: &[&str] =
    &["type", "description", "default", "schema", "constraints", "hidden", "label", "immutable"];
static CFN_KEYS: &[&str] = &[
    "Type",
    "Default",
    "NoEcho",
    "AllowedValues",
    "AllowedPattern",
    "MaxLength",
    "MinLength",
    "MaxValue",
    "MinValue",
    "Description",
    "ConstraintDescription",
    "Label",
];
static CONSTRAINT_KEYS: &[&str] = &[
    "description",
    "length",
    "range",
    "modulo",
    "allowed_values",
    "allowed_pattern",
    "custom_constraint",
];

/// Reads the section.
pub(crate) fn read(
    edition: Edition,
    section: &Map<String, Value>,
) -> Result<IndexMap<String, Declaration>> {
    let read = |(name, definition): (&String, &Value)| {
        let declaration =
            if edition.is_hot() { hot(edition, name, definition) } else { cfn(name, definition) };
        Ok((name.clone(), declaration?))
    };
    section.iter().map(read).collect()
}

/// The definition as a map with none but known keys.
fn members<'v>(
    definition: &'v Value,
    keys: &[&str],
    entity: &str,
) -> Result<&'v Map<String, Value>> {
    let expected = || Error::schema(format!("Invalid {entity}, expected a mapping"));
    let members = definition.as_object().ok_or_else(expected)?;
    match members.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(key) => Err(Error::schema(format!("Invalid key '{key}' for {entity}"))),
        None => Ok(members),
    }
}

fn missing_type(name: &str) -> Error {
    Error::schema(format!("Missing parameter type for parameter: {name}"))
}

/// The type, and how the template spells it. Heat looks at it after all else.
fn kind(kinds: Kinds, spelt: &Value) -> Result<(Kind, String)> {
    let spelt = python::text(spelt);
    match kinds.iter().find(|(known, _)| *known == spelt) {
        Some((_, kind)) => Ok((*kind, spelt)),
        None => Err(Error::schema(format!("Invalid type ({spelt})"))),
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value.filter(|value| !value.is_null()).map(python::text)
}

fn present(value: Option<&Value>) -> Option<Value> {
    value.filter(|value| !value.is_null()).cloned()
}

fn number(value: Option<&Value>) -> Result<Option<Value>> {
    present(value).map(|value| python::number(&value)).transpose()
}

fn hot(edition: Edition, name: &str, definition: &Value) -> Result<Declaration> {
    let tagged = edition >= Edition::Hot20180302;
    let keys = [HOT_KEYS, if tagged { &["tags"] } else { &[] }].concat();
    let members = members(definition, &keys, &format!("parameter ({name})"))?;
    let spelt = members.get("type").ok_or_else(|| missing_type(name))?;
    let tags = match members.get("tags") {
        None => Vec::new(),
        Some(Value::Array(tags)) => tags.clone(),
        Some(_) => {
            let sentence = format!("Tags property should be a list for parameter: {name}");
            return Err(Error::schema(sentence));
        }
    };
    let constraints = hot_constraints(edition, name, members.get("constraints"))?;
    let (kind, kind_name) = kind(HOT_KINDS, spelt)?;
    Ok(Declaration {
        name: name.to_owned(),
        kind,
        kind_name,
        description: text(members.get("description")),
        default: present(members.get("default")),
        constraints,
        hidden: members.get("hidden").is_some_and(python::truth),
        label: text(members.get("label")),
        immutable: members.get("immutable").is_some_and(python::truth),
        tags,
    })
}

fn hot_constraints(
    edition: Edition,
    name: &str,
    definitions: Option<&Value>,
) -> Result<Vec<Constraint>> {
    match definitions {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            items.iter().map(|item| hot_constraint(edition, item)).collect()
        }
        Some(_) => Err(Error::schema(format!(
            "Invalid parameter constraints for parameter {name}, expected a list"
        ))),
    }
}

fn hot_constraint(edition: Edition, definition: &Value) -> Result<Constraint> {
    let members = members(definition, CONSTRAINT_KEYS, "parameter constraints")?;
    let modulo = members.get("modulo").filter(|_| edition >= Edition::Hot20170224);
    let rule = if let Some(modulo) = modulo {
        let ends = self::members(modulo, &["step", "offset"], "modulo constraint")?;
        Rule::modulo(number(ends.get("step"))?, number(ends.get("offset"))?)?
    } else if let Some(range) = members.get("range") {
        Rule::range(hot_bounds(range, "range constraint")?)?
    } else if let Some(length) = members.get("length") {
        Rule::length(hot_bounds(length, "length constraint")?)?
    } else if let Some(values) = members.get("allowed_values") {
        Rule::allowed_values(values)?
    } else if let Some(pattern) = members.get("allowed_pattern") {
        Rule::allowed_pattern(pattern)?
    } else if let Some(custom) = members.get("custom_constraint") {
        Rule::Custom(python::text(custom))
    } else {
        return Err(Error::schema("No constraint expressed"));
    };
    Ok(Constraint::new(rule).described(text(members.get("description"))))
}

fn hot_bounds(definition: &Value, entity: &str) -> Result<Bounds> {
    let ends = members(definition, &["min", "max"], entity)?;
    Ok(Bounds { min: number(ends.get("min"))?, max: number(ends.get("max"))? })
}

fn cfn(name: &str, definition: &Value) -> Result<Declaration> {
    let members = members(definition, CFN_KEYS, &format!("parameter ({name})"))?;
    let spelt = members.get("Type").ok_or_else(|| missing_type(name))?;
    let constraints = cfn_constraints(members)?;
    let (kind, kind_name) = kind(CFN_KINDS, spelt)?;
    let hidden = members.get("NoEcho").map(python::text).unwrap_or_default();
    Ok(Declaration {
        name: name.to_owned(),
        kind,
        kind_name,
        description: text(members.get("Description")),
        default: present(members.get("Default")),
        constraints,
        hidden: hidden.eq_ignore_ascii_case("true"),
        label: text(members.get("Label")),
        immutable: false,
        tags: Vec::new(),
    })
}

fn cfn_constraints(members: &Map<String, Value>) -> Result<Vec<Constraint>> {
    let bounds = |min, max| -> Result<Option<Bounds>> {
        let given = members.contains_key(min) || members.contains_key(max);
        let bounds = Bounds { min: number(members.get(min))?, max: number(members.get(max))? };
        Ok(given.then_some(bounds))
    };
    let mut rules = Vec::new();
    if let Some(bounds) = bounds("MinValue", "MaxValue")? {
        rules.push(Rule::range(bounds)?);
    }
    if let Some(bounds) = bounds("MinLength", "MaxLength")? {
        rules.push(Rule::length(bounds)?);
    }
    if let Some(values) = members.get("AllowedValues") {
        rules.push(Rule::allowed_values(values)?);
    }
    if let Some(pattern) = members.get("AllowedPattern") {
        rules.push(Rule::allowed_pattern(pattern)?);
    }
    let description = text(members.get("ConstraintDescription"));
    let described = |rule| Constraint::new(rule).described(description.clone());
    Ok(rules.into_iter().map(described).collect())
}
