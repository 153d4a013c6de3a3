//! What `/validate` answers: `CloudFormation`'s names for everything, whatever the template's.

use serde_json::{Map, Value, json};

use super::logic::{Nested, Verdict};
use crate::stacks::blueprint::Blueprint;
use crate::template::{Bounds, Kind, Parameter, Parameters, Rule};

pub(super) fn verdict(verdict: &Verdict) -> Value {
    let mut answer = Map::new();
    answer.insert("Description".to_owned(), verdict.blueprint.template.description());
    answer.insert("Parameters".to_owned(), parameters(&verdict.parameters));
    if let Some(groups) = verdict.blueprint.template.parameter_groups() {
        answer.insert("ParameterGroups".to_owned(), groups.clone());
    }
    answer.insert("Environment".to_owned(), verdict.environment.clone());
    // Heat accepts these without a word.
    if !verdict.placeholders.is_empty() {
        let warning = |(name, kind): &(String, String)| {
            format!("resources.{name}: {kind} is a placeholder: nothing is created.")
        };
        let warnings: Vec<String> = verdict.placeholders.iter().map(warning).collect();
        answer.insert("Warnings".to_owned(), json!(warnings));
    }
    answer.extend(below(&verdict.nested));
    Value::Object(answer)
}

fn parameters(parameters: &Parameters) -> Value {
    let declared = parameters.iter().filter(|parameter| !parameter.pseudo);
    let shown = declared.map(|row| (row.declaration.name.clone(), parameter(row)));
    Value::Object(shown.collect())
}

/// What the templates of the resources ask, those of their resources too.
fn below(nested: &[Nested]) -> Option<(String, Value)> {
    let one = |nested: &Nested| {
        let Blueprint { template, definition, .. } = &nested.blueprint;
        let mut shown = Map::from_iter([
            ("Type".to_owned(), json!(nested.resource_type)),
            ("Description".to_owned(), template.description()),
            ("Parameters".to_owned(), parameters(definition.parameters())),
        ]);
        shown.extend(
            template
                .parameter_groups()
                .map(|groups| ("ParameterGroups".to_owned(), groups.clone())),
        );
        shown.extend(below(&nested.inner));
        (nested.resource.clone(), Value::Object(shown))
    };
    let all: Map<String, Value> = nested.iter().map(one).collect();
    (!all.is_empty()).then(|| ("NestedParameters".to_owned(), Value::Object(all)))
}

fn parameter(parameter: &Parameter) -> Value {
    let declaration = &parameter.declaration;
    let mut fields = vec![
        ("Type", json!(kind(declaration.kind))),
        ("Description", json!(declaration.description.as_deref().unwrap_or_default())),
        ("NoEcho", json!(if declaration.hidden { "true" } else { "false" })),
        ("Label", json!(declaration.label.as_ref().unwrap_or(&declaration.name))),
    ];
    fields.extend(parameter.default().map(|default| ("Default", default.clone())));
    fields.extend(parameter.given.as_ref().map(|given| ("Value", given.clone())));
    if !declaration.tags.is_empty() {
        fields.push(("Tags", json!(declaration.tags)));
    }
    for constraint in &declaration.constraints {
        fields.extend(rule(&constraint.rule));
    }
    let sentences = declaration.constraints.iter();
    let sentences: Vec<&str> =
        sentences.filter_map(|constraint| constraint.description.as_deref()).collect();
    if !sentences.is_empty() {
        fields.push(("ConstraintDescription", json!(sentences.join(" "))));
    }
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// What `CloudFormation` calls a type.
pub(crate) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::String | Kind::Any => "String",
        Kind::Integer | Kind::Number => "Number",
        Kind::Boolean => "Boolean",
        Kind::Map => "Json",
        Kind::List => "CommaDelimitedList",
    }
}

/// What `CloudFormation` says of a demand.
pub(crate) fn rule(rule: &Rule) -> Vec<(&'static str, Value)> {
    match rule {
        Rule::Length(bounds) => ends(bounds, "MinLength", "MaxLength"),
        Rule::Range(bounds) => ends(bounds, "MinValue", "MaxValue"),
        Rule::Modulo { step, offset } => {
            vec![("Step", step.clone()), ("Offset", offset.clone())]
        }
        Rule::AllowedValues(values) => vec![("AllowedValues", json!(values))],
        Rule::AllowedPattern { pattern, .. } => vec![("AllowedPattern", json!(pattern))],
        Rule::Custom(name) => vec![("CustomConstraint", json!(name))],
    }
}

fn ends(bounds: &Bounds, min: &'static str, max: &'static str) -> Vec<(&'static str, Value)> {
    let end = |name, end: &Option<Value>| Some((name, end.clone()?));
    [end(min, &bounds.min), end(max, &bounds.max)].into_iter().flatten().collect()
}
