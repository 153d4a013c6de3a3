use serde_json::json;

use super::*;
use crate::template::testing::define;
use crate::template::{NothingYet, Resolved, Result};

fn schema() -> Schema {
    Schema::of([
        Property::integer("length").default(32).range(1, 512),
        Property::list("classes").of(Property::map("")
            .with([Property::string("class").required(), Property::integer("min").default(1)])),
        Property::boolean("flag"),
        Property::string("network").custom("neutron.network").updatable(),
        Property::string("network_id").alias_of("network"),
        Property::any("any"),
    ])
}

/// The values of `properties`, as a template's functions make them.
fn read(properties: &Value) -> Result<Values> {
    let template = json!({
        "heat_template_version": "wallaby",
        "resources": {"one": {"type": "OS::Heat::Value", "properties": {"value": 1}}},
        "outputs": {"o": {"value": properties}},
    });
    let definition = define(&template, &json!({}), Mode::Names)?;
    let snippet = definition.output("o").unwrap().value.as_ref().unwrap();
    schema().read(snippet, "Properties", Mode::Values, &definition.context(&NothingYet))
}

#[test]
fn values_take_the_declared_types_and_defaults() {
    let given = json!({
        "classes": [{"class": 7, "min": "2"}, {"class": "x"}],
        "flag": "TRUE",
        "network_id": "n",
        "any": {"get_attr": ["one", "value"]},
    });
    let values = read(&given).unwrap();
    let known = |name: &str| match &values.values[name] {
        Resolved::Known(value) => value.clone(),
        Resolved::NotYet => json!("not yet"),
    };
    assert_eq!(known("length"), json!(32));
    assert_eq!(known("classes"), json!([{"class": "7", "min": 2}, {"class": "x", "min": 1}]));
    assert_eq!(known("flag"), json!(true));
    assert_eq!((known("network"), known("network_id")), (json!("n"), json!(null)));
    assert_eq!(known("any"), json!("not yet"));
    let [check] = values.custom.as_slice() else { panic!("one check") };
    assert_eq!((check.name.as_str(), &check.value), ("neutron.network", &json!("n")));
    assert_eq!(
        check.refusal("no such network").to_string(),
        "Properties.network: Error validating value 'n': no such network"
    );
}

#[test]
fn wrong_values_are_refused_where_they_stand() {
    for (properties, sentence) in [
        (json!({"nope": 1}), "Properties: Unknown Property nope"),
        (json!({"length": "x"}), "Properties.length: Value 'x' is not an integer"),
        (json!({"length": 0}), "Properties.length: 0 is out of range (min: 1, max: 512)"),
        (json!({"flag": 1}), "Properties.flag: \"1\" is not a valid boolean"),
        (json!({"flag": "On"}), "Properties.flag: \"on\" is not a valid boolean"),
        (json!({"classes": {}}), "Properties.classes: \"{}\" is not a list"),
        (json!({"classes": ["x"]}), "Properties.classes[0]: \"x\" is not a map"),
        (json!({"classes": [{}]}), "Properties.classes[0]: Property class not assigned"),
        (
            json!({"classes": [{"class": "a"}, {"class": [1]}]}),
            "Properties.classes[1].class: Value must be a string; got [1]",
        ),
        (json!({"classes": [{"claas": 1}]}), "Properties.classes[0]: Unknown Property claas"),
        (
            json!({"network": "a", "network_id": "b"}),
            "Properties.network: Cannot define the following properties at the same time: \
             network, network_id.",
        ),
    ] {
        let refusal = read(&properties).unwrap_err();
        assert_eq!(refusal.to_string(), format!("Property error: {sentence}"));
    }
}

#[test]
fn a_property_that_is_left_out_has_its_default() {
    let values = read(&json!({"length": {"if": [false, 1]}, "classes": null})).unwrap();
    assert_eq!(values.values["length"], Resolved::Known(json!(32)));
    assert_eq!(values.values["classes"], Resolved::Known(json!([])));
}
