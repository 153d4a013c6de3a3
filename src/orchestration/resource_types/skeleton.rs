//! A template generated from a type: its properties as parameters, its attributes as outputs, one
//! resource between them. What users begin a nested template with.

use serde_json::{Map, Value, json};

use super::view::kind;
use crate::resources::{self, Attribute, Plugin};
use crate::template::{Constraint, Kind, Property, Rule};

/// The language of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    /// `CloudFormation`'s.
    Cfn,
    /// Heat's own.
    Hot,
}

/// What the two languages call the same things.
struct Words {
    description: &'static str,
    parameters: &'static str,
    resources: &'static str,
    outputs: &'static str,
    kind: &'static str,
    properties: &'static str,
    default: &'static str,
    value: &'static str,
    parameter: &'static str,
    resource: &'static str,
    attribute: &'static str,
}

static CFN: Words = Words {
    description: "Description",
    parameters: "Parameters",
    resources: "Resources",
    outputs: "Outputs",
    kind: "Type",
    properties: "Properties",
    default: "Default",
    value: "Value",
    parameter: "Ref",
    resource: "Ref",
    attribute: "Fn::GetAtt",
};

static HOT: Words = Words {
    description: "description",
    parameters: "parameters",
    resources: "resources",
    outputs: "outputs",
    kind: "type",
    properties: "properties",
    default: "default",
    value: "value",
    parameter: "get_param",
    resource: "get_resource",
    attribute: "get_attr",
};

impl Language {
    /// The language of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "cfn" => Some(Self::Cfn),
            "hot" => Some(Self::Hot),
            _ => None,
        }
    }

    fn words(self) -> &'static Words {
        match self {
            Self::Cfn => &CFN,
            Self::Hot => &HOT,
        }
    }

    fn version(self) -> (&'static str, &'static str) {
        match self {
            Self::Cfn => ("HeatTemplateFormatVersion", "2012-12-12"),
            Self::Hot => ("heat_template_version", "2016-10-14"),
        }
    }
}

/// The template.
pub(super) fn template(plugin: &'static dyn Plugin, language: Language) -> Value {
    let (words, class) = (language.words(), plugin.class());
    let info = resources::info(plugin);
    let shown = || info.properties.iter().filter(|property| property.alias_of.is_none());
    let parameters: Map<String, Value> =
        shown().map(|row| (row.name.clone(), parameter(row, language))).collect();
    let properties: Map<String, Value> =
        shown().map(|row| (row.name.clone(), given(row, language))).collect();
    let mut outputs: Map<String, Value> = plugin
        .attributes()
        .iter()
        .map(|row| (row.name.to_owned(), output(row, class, words)))
        .collect();
    outputs.insert("OS::stack_id".to_owned(), json!({words.value: {words.resource: class}}));
    let (key, version) = language.version();
    json!({
        key: version,
        words.description: format!("Initial template of {class}"),
        words.parameters: parameters,
        words.resources: {class: {words.kind: plugin.name(), words.properties: properties}},
        words.outputs: outputs,
    })
}

fn output(row: &Attribute, class: &str, words: &Words) -> Value {
    json!({words.value: {words.attribute: [class, row.name]}, words.description: row.description})
}

/// What the resource is given: the parameter of that name.
fn given(row: &Property, language: Language) -> Value {
    let parameter = json!({language.words().parameter: row.name});
    match (language, row.kind) {
        (Language::Cfn, Kind::List) => json!({"Fn::Split": [",", parameter]}),
        _ => parameter,
    }
}

fn parameter(row: &Property, language: Language) -> Value {
    let words = language.words();
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    put(words.kind, json!(parameter_kind(row.kind, language)));
    if let Some(description) = &row.description {
        put(words.description, json!(description));
    }
    if let Some(default) = &row.default {
        put(words.default, default.clone());
    }
    match language {
        Language::Hot if row.constraints.is_empty() => {}
        Language::Hot => put("constraints", row.constraints.iter().map(hot_constraint).collect()),
        Language::Cfn => {
            let rules = row
                .constraints
                .iter()
                .flat_map(|constraint| crate::template_validate::view::rule(&constraint.rule));
            rules
                .filter(|(name, _)| *name != "CustomConstraint")
                .for_each(|(name, value)| put(name, value));
            if row.kind == Kind::Boolean {
                put("AllowedValues", json!(["True", "true", "False", "false"]));
            }
        }
    }
    Value::Object(members)
}

/// Heat: a custom constraint leaves an empty place.
fn hot_constraint(constraint: &Constraint) -> Value {
    match constraint.rule {
        Rule::Custom(_) => json!({}),
        Rule::Range(_)
        | Rule::Length(_)
        | Rule::Modulo { .. }
        | Rule::AllowedValues(_)
        | Rule::AllowedPattern { .. } => constraint.to_value(),
    }
}

/// Parameters know fewer types than properties.
fn parameter_kind(kind_of_property: Kind, language: Language) -> &'static str {
    match (language, kind_of_property) {
        (Language::Cfn, _) => crate::template_validate::view::kind(kind_of_property),
        (Language::Hot, Kind::Integer) => kind(Kind::Number),
        (Language::Hot, Kind::List) => "comma_delimited_list",
        (Language::Hot, Kind::Map | Kind::Any) => "json",
        (Language::Hot, Kind::String | Kind::Number | Kind::Boolean) => kind(kind_of_property),
    }
}
