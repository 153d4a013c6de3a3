use serde_json::json;

use super::*;
use crate::template::diff::{Change, plan};
use crate::template::snippet::Needed;
use crate::template::testing::define;

const VERSION: &str = "2018-08-31";

/// A HOT template of `resources`, with what else is given.
fn hot(rest: &Value) -> Value {
    let mut template = json!({"heat_template_version": VERSION});
    let members = rest.as_object().unwrap().clone();
    template.as_object_mut().unwrap().extend(members);
    template
}

#[track_caller]
fn refused(template: &Value, mode: Mode, class: &str, sentence: &str) {
    let refusal = define(template, &json!({}), mode).unwrap_err();
    assert_eq!((refusal.class(), refusal.to_string().as_str()), (class, sentence));
}

#[track_caller]
fn refused_at(resource: &Value, sentence: &str) {
    let template = hot(&json!({"resources": {"x": resource, "y": {"type": "OS::Heat::None"}}}));
    refused(&template, Mode::Values, "StackValidationFailed", sentence);
}

/// What Heat 27 answered to requests of `/validate` and of creation.
#[test]
fn refusals_are_those_of_a_real_heat() {
    let value = |value: Value| json!({"type": "OS::Heat::Value", "properties": {"value": value}});
    let failed = "StackValidationFailed";
    for (template, class, sentence) in [
        (
            hot(&json!({"resources": {"x": {"type": "OS::Nope"}}})),
            failed,
            "The Resource Type (OS::Nope) could not be found.",
        ),
        (
            json!({"foo": 1}),
            "InvalidTemplateVersion",
            "The template version is invalid: Template version was not provided",
        ),
        (
            json!({"heat_template_version": "2099-01-01"}),
            "InvalidTemplateVersion",
            "The template version is invalid: \"heat_template_version: 2099-01-01\". \
             \"heat_template_version\" should be one of: 2013-05-23, 2014-10-16, 2015-04-30, \
             2015-10-15, 2016-04-08, 2016-10-14, 2017-02-24, 2017-09-01, 2018-03-02, 2018-08-31, \
             2021-04-16, newton, ocata, pike, queens, rocky, wallaby",
        ),
        (
            hot(&json!({"resources": {"x": value(json!({"get_resource": "nope"}))}})),
            "InvalidTemplateReference",
            "The specified reference \"nope\" (in x.Properties.value) is incorrect.",
        ),
        (
            hot(&json!({"resources": {
                "a": value(json!({"get_attr": ["b", "value"]})),
                "b": value(json!({"get_attr": ["a", "value"]})),
            }})),
            "CircularDependencyException",
            "Circular Dependency Found: {Value \"a\": {Value \"b\"}, Value \"b\": {Value \"a\"}}",
        ),
        (hot(&json!({"conditioms": {}})), failed, "The template section is invalid: conditioms"),
        (
            hot(&json!({"parameters": {"KeyName": {"type": "string", "Defautl": "x"}}})),
            "InvalidSchemaError",
            "Invalid key 'Defautl' for parameter (KeyName)",
        ),
        (
            hot(&json!({"parameters": {"p": {"type": "password"}}})),
            "InvalidSchemaError",
            "Invalid type (password)",
        ),
        (
            hot(&json!({
                "resources": {"one": value(json!(1))},
                "outputs": {"o": {"value": {"get_attr": ["one", "addresses"]}}},
            })),
            failed,
            "outputs.o.value.get_attr: The Referenced Attribute (one addresses) is incorrect.",
        ),
        (
            hot(&json!({"outputs": {"o": {"value": {"get_attr": ["one", "addresses"]}}}})),
            failed,
            "outputs.o.value.get_attr: The specified reference \"one\" (in unknown) is incorrect.",
        ),
        (
            hot(&json!({"resources": {
                "x": value(json!({"list": [{"get_attr": ["y", "nope"]}]})),
                "y": value(json!(1)),
            }})),
            failed,
            "resources.x.properties.value.list[0].get_attr: The Referenced Attribute (y nope) is \
             incorrect.",
        ),
        (
            hot(&json!({"resources": {"x": {
                "type": "OS::Heat::Value", "depends_on": "y", "properties": {"value": 1},
            }}})),
            "InvalidTemplateReference",
            "The specified reference \"y\" (in x) is incorrect.",
        ),
    ] {
        refused(&template, Mode::Names, class, sentence);
    }
}

#[test]
fn values_are_refused_only_where_they_are_looked_at() {
    let template = hot(&json!({"resources": {
        "x": {"type": "OS::Heat::RandomString", "properties": {"length": 1000}},
    }}));
    define(&template, &json!({}), Mode::Names).unwrap();
    let sentence =
        "Property error: resources.x.properties.length: 1000 is out of range (min: 1, max: 512)";
    refused(&template, Mode::Values, "StackValidationFailed", sentence);
}

#[test]
fn parameters_are_held_to_their_declaration() {
    let template = hot(&json!({"parameters": {
        "len": {"type": "number", "default": 8, "constraints": [{"range": {"min": 1, "max": 64}}]},
    }}));
    for (environment, class, sentence) in [
        (
            json!({"parameters": {"len": 99}}),
            "StackValidationFailed",
            "Parameter 'len' is invalid: 99 is out of range (min: 1, max: 64)",
        ),
        (
            json!({"parameters": {"nope": 1}}),
            "UnknownUserParameter",
            "The Parameter (nope) was not defined in template.",
        ),
        (
            json!({"bogus": {}}),
            "HTTPBadRequest",
            "Environment not in valid format: environment has wrong section \"bogus\"",
        ),
    ] {
        let refusal = define(&template, &environment, Mode::Values).unwrap_err();
        assert_eq!((refusal.class(), refusal.to_string().as_str()), (class, sentence));
    }
    let required = hot(&json!({"parameters": {"p": {"type": "string"}}}));
    let sentence = "The Parameter (p) was not provided.";
    refused(&required, Mode::Values, "UserParameterMissing", sentence);
    define(&required, &json!({}), Mode::Names).unwrap();
}

#[test]
fn text_that_is_no_template_is_refused_before_all() {
    let refusal = define(&json!("not: [valid"), &json!({}), Mode::Names).unwrap_err();
    assert_eq!(refusal.class(), "HTTPBadRequest");
    let start = "Template not in valid format: Error parsing template [root stack] ";
    assert!(refusal.to_string().starts_with(start), "{refusal}");
    for (text, sentence) in [
        ("a: 1", "Template not in valid format: Template format version not found."),
        ("- 1", "Template not in valid format: The template is not a JSON object or YAML mapping."),
    ] {
        refused(&json!(text), Mode::Names, "HTTPBadRequest", sentence);
    }
    let long = format!("# {}\n", "x".repeat(600_000));
    let refusal = define(&json!(long), &json!({}), Mode::Names).unwrap_err();
    assert_eq!(refusal.class(), "RequestLimitExceeded");
}

#[test]
fn definitions_of_resources_are_checked() {
    for (resource, sentence) in [
        (json!({}), "Each resource must contain a type key."),
        (json!({"properties": {}}), "Each resource must contain a type key."),
        (json!({"type": ""}), "Each Resource must contain a Type key."),
        (
            json!("text"),
            "\"resources\" must contain a map of resource maps. Found a [<class 'str'>] instead",
        ),
        (
            json!({"type": "OS::Heat::None", "Properties": {}}),
            "\"Properties\" is not a valid keyword inside a resource definition",
        ),
        (
            json!({"type": "OS::Heat::None", "properties": null}),
            "Resource x properties type must be object",
        ),
        (json!({"type": {"get_param": "t"}}), "Resource x type type must be string"),
        (
            json!({"type": "OS::Heat::None", "depends_on": ["y", 1]}),
            "Resource x depends_on must be a list of strings",
        ),
        (
            json!({"type": "OS::Heat::None", "deletion_policy": "Keep"}),
            "Invalid deletion policy \"Keep\"",
        ),
        (
            json!({"type": "OS::Heat::None", "deletion_policy": "snapshot"}),
            "resources.x.deletion_policy: \"Snapshot\" deletion policy not supported",
        ),
        (
            json!({"type": "OS::Heat::None", "condition": "nope"}),
            "resources.x.condition: Invalid condition \"nope\"",
        ),
        (
            json!({"type": "OS::Heat::Value", "properties": {"value": {"list_join": 1}}}),
            "resources.x.properties.value.list_join: Incorrect arguments to \"list_join\" should \
             be: \"list_join\" : [ \" \", [ \"str1\", \"str2\"] ...]",
        ),
        (
            json!({"type": "OS::Heat::Value", "properties": {"value": {"Ref": "y"}}}),
            "resources.x.properties.value.Ref: The template version is invalid: The function Ref \
             is not supported in this version of HOT.",
        ),
        (
            json!({"type": "OS::Heat::Value", "properties": {"valeu": 1}}),
            "Property error: resources.x.properties: Unknown Property valeu",
        ),
        (
            json!({"type": "OS::Heat::Value"}),
            "Property error: resources.x.properties: Property value not assigned",
        ),
    ] {
        refused_at(&resource, sentence);
    }
    let old = json!({"heat_template_version": "2013-05-23", "resources": {
        "x": {"type": "OS::Heat::None", "condition": "c"},
    }});
    let sentence = "Invalid keyword(s) inside a resource definition: condition";
    refused(&old, Mode::Names, "StackValidationFailed", sentence);
}

#[test]
fn groups_and_names_are_checked() {
    let groups = |groups: Value| {
        hot(&json!({"parameters": {"p": {"type": "string"}}, "parameter_groups": groups}))
    };
    let title = "Parameter Groups error: parameter_groups";
    for (given, rest) in [
        (json!({"a": 1}), ": The parameter_groups should be a list."),
        (json!([{"label": "g"}]), ".g: The parameters must be provided for each parameter group."),
        (
            json!([{"label": "g", "parameters": ["p", "p"]}]),
            ".g: The p parameter must be assigned to one parameter group only.",
        ),
        (
            json!([{"parameters": ["q"]}]),
            ": The grouped parameter q does not reference a valid parameter.",
        ),
    ] {
        let sentence = format!("{title}{rest}");
        refused(&groups(given), Mode::Names, "StackValidationFailed", &sentence);
    }
    let twice = hot(&json!({
        "parameters": {"p": {"type": "string"}},
        "resources": {"p": {"type": "OS::Heat::None"}},
    }));
    refused(&twice, Mode::Names, "StackValidationFailed", "Duplicate names {'p'}");
}

#[test]
fn conditions_choose_resources_and_branches() {
    let template = hot(&json!({
        "parameters": {"env": {"type": "string", "default": "dev"}},
        "conditions": {
            "prod": {"equals": [{"get_param": "env"}, "prod"]},
            "not_prod": {"not": "prod"},
            "either": {"or": ["prod", "not_prod"]},
        },
        "resources": {
            "a": {"type": "OS::Heat::Value", "condition": "prod", "properties": {"value": 1}},
            "b": {
                "type": "OS::Heat::Value",
                "depends_on": "a",
                "condition": {"and": ["either", "not_prod"]},
                "properties": {"value": {"if": ["prod", {"get_attr": ["a", "value"]}, 2]}},
            },
        },
        "outputs": {"o": {"condition": "prod", "value": {"get_attr": ["a", "value"]}}},
    }));
    let names = |definition: &Definition| -> Vec<String> {
        definition.resources().map(|resource| resource.name.clone()).collect()
    };
    let dev = define(&template, &json!({}), Mode::Values).unwrap();
    assert_eq!(names(&dev), ["b"]);
    assert_eq!(dev.graph().unwrap().requires("b").count(), 0);
    let output = dev.output("o").unwrap();
    assert_eq!(dev.output_value(output, &NothingYet), Ok(Resolved::Known(json!(null))));

    let prod = define(&template, &json!({"parameters": {"env": "prod"}}), Mode::Values).unwrap();
    assert_eq!(names(&prod), ["a"]);
    let output = prod.output("o").unwrap();
    assert_eq!(prod.output_value(output, &NothingYet), Ok(Resolved::NotYet));
    assert_eq!(
        prod.output_references(output),
        [Reference { resource: "a".into(), what: Needed::Attribute("value".into()) }]
    );
}

#[test]
fn wrong_conditions_are_refused() {
    let failed = "StackValidationFailed";
    let wanting = |conditions: Value| {
        hot(&json!({
            "conditions": conditions,
            "resources": {"x": {"type": "OS::Heat::None", "condition": "a"}},
        }))
    };
    for (conditions, sentence) in [
        (
            json!({"a": {"not": "b"}, "b": {"not": "a"}}),
            "Condition validation error: Circular definition for condition \"a\"",
        ),
        (
            json!({"a": "text"}),
            "Condition validation error: The definition of condition \"a\" is invalid: text",
        ),
        (
            json!({"a": {"get_attr": ["x", "y"]}}),
            "conditions.a.get_attr: The function \"get_attr\" is invalid in this context",
        ),
        (
            json!([]),
            "Conditions validation error: Condition definitions must be a map. Found a list \
             instead",
        ),
    ] {
        refused(&wanting(conditions), Mode::Names, failed, sentence);
    }
}

#[test]
fn cloudformation_is_read_in_its_own_words() {
    let template = json!({
        "HeatTemplateFormatVersion": "2012-12-12",
        "Parameters": {"Size": {"Type": "Number", "Default": "8", "MinValue": "1"}},
        "Mappings": {"M": {"k": {"v": "mapped"}}},
        "Resources": {
            "A": {"Type": "OS::Heat::RandomString", "Properties": {"length": {"Ref": "Size"}}},
            "B": {
                "Type": "OS::Heat::Value",
                "DependsOn": "A",
                "Properties": {"value": {"Fn::Join": ["-", [
                    {"Fn::FindInMap": ["M", "k", "v"]}, {"Ref": "AWS::StackName"},
                    {"Fn::Select": ["1", ["a", "b"]]}, {"Fn::Base64": "text"},
                ]]}},
            },
        },
        "Outputs": {"O": {"Value": {"Fn::GetAtt": ["A", "value"]}}},
    });
    let definition = define(&template, &json!({}), Mode::Values).unwrap();
    let value = |name: &str, property: &str| {
        let resource = definition.resource(name).unwrap();
        definition.properties(resource, &NothingYet).unwrap().values[property].clone()
    };
    assert_eq!(value("A", "length"), Resolved::Known(json!(8)));
    assert_eq!(value("B", "value"), Resolved::Known(json!("mapped-stack-b-text")));

    let mut wrong = template.clone();
    wrong["Resources"]["A"]["Properties"] = json!({"length": {"Fn::GetAtt": ["B"]}});
    let sentence = "Resources.A.Properties.length.Fn::GetAtt: Arguments to \"Fn::GetAtt\" must be \
                    of the form [resource_name, attribute]";
    refused(&wrong, Mode::Names, "StackValidationFailed", sentence);
}

/// A stack of which one resource exists.
struct OneExists;

impl Scope for OneExists {
    fn reference(&self, resource: &str) -> Result<Resolved> {
        Ok(if resource == "one" { Resolved::Known(json!("id-of-one")) } else { Resolved::NotYet })
    }

    fn attribute(&self, resource: &str, attribute: &str, path: &[Value]) -> Result<Resolved> {
        assert_eq!(attribute, "value");
        let value = json!({"list": ["zero", "first"]});
        Ok(match resource {
            "one" => Resolved::Known(crate::template::select(&value, path)),
            _ => Resolved::NotYet,
        })
    }

    fn attributes(&self, resource: &str) -> Result<Resolved> {
        Ok(if resource == "one" { Resolved::Known(json!({"value": 1})) } else { Resolved::NotYet })
    }

    fn facade(&self, _part: crate::template::Facade) -> Result<Resolved> {
        Ok(Resolved::Known(json!("Retain")))
    }

    fn availability_zones(&self) -> Result<Vec<String>> {
        Ok(vec!["nova".to_owned()])
    }
}

#[test]
fn values_become_known_as_resources_come_into_being() {
    let value = |value: Value| json!({"type": "OS::Heat::Value", "properties": {"value": value}});
    let template = hot(&json!({
        "resources": {
            "one": value(json!(1)),
            "two": value(json!({"get_attr": ["one", "value", "list", 1]})),
            "three": value(json!({"list_join": ["/", [{"get_resource": "one"}, {"get_resource": "two"}]]})),
            "four": value(json!({"get_attr": ["one"]})),
            "five": value(json!({"resource_facade": "deletion_policy"})),
        },
    }));
    let definition = define(&template, &json!({}), Mode::Values).unwrap();
    let value = |name: &str| {
        let resource = definition.resource(name).unwrap();
        definition.properties(resource, &OneExists).unwrap().values["value"].clone()
    };
    assert_eq!(value("two"), Resolved::Known(json!("first")));
    assert_eq!(value("three"), Resolved::NotYet);
    assert_eq!(value("four"), Resolved::Known(json!({"value": 1})));
    assert_eq!(value("five"), Resolved::Known(json!("Retain")));
    let graph = definition.graph().unwrap();
    assert_eq!(graph.requires("three").collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(definition.order(&graph).unwrap().first(), Some(&"one"));
}

#[test]
fn what_the_stack_did_not_make_waits_for_nothing() {
    let template = hot(&json!({"resources": {
        "x": {"type": "OS::Heat::None", "external_id": "abc", "depends_on": "y"},
        "y": {"type": "OS::Heat::None"},
    }}));
    let sentence = "Invalid dependency with external OS::Heat::None resource: abc";
    refused(&template, Mode::Names, "InvalidExternalResourceDependency", sentence);
}

#[test]
fn two_definitions_make_a_plan() {
    let with = |length: u32, value: Value| {
        let template = hot(&json!({"resources": {
            "secret": {"type": "OS::Heat::RandomString", "properties": {"length": length}},
            "named": {"type": "OS::Heat::Value", "properties": {"value": value}},
            "same": {"type": "OS::Heat::TestResource"},
        }}));
        define(&template, &json!({}), Mode::Values).unwrap()
    };
    let frozen = |definition: &Definition| -> IndexMap<String, Frozen> {
        let resources = definition.resources();
        let freeze = |resource: &Resource| definition.freeze(resource, &NothingYet).unwrap();
        resources.map(|resource| (resource.name.clone(), freeze(resource))).collect()
    };
    let (old, new) = (with(8, json!(1)), with(9, json!({"get_resource": "secret"})));
    let schema = |name: &str| &new.resource(name).unwrap().info.properties;
    let plan = plan(&frozen(&old), &frozen(&new), schema).unwrap();
    assert_eq!(plan["secret"], Change::Replace(vec!["length".to_owned()]));
    assert_eq!(plan["named"], Change::Update(vec!["value".to_owned()]));
    assert_eq!(plan["same"], Change::Keep);
}
