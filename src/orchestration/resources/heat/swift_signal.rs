//! `OS::Heat::SwiftSignal`: waits until objects were put where its handle says.
//!
//! We have no object store: the handle's URL is a temporary URL of ours, and what is put there is
//! a signal at once. All else is a wait condition's.

use super::wait_condition::{Classes, Condition};
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};

/// The type.
pub(crate) static SIGNAL: Condition = Condition {
    name: "OS::Heat::SwiftSignal",
    handle: "handle",
    timeout: "timeout",
    count: "count",
    schema,
    attributes: ATTRIBUTES,
    classes: &Classes { failure: "SwiftSignalFailure", timeout: "SwiftSignalTimeout" },
    forgets: false,
    refusal: |reference| {
        format!(
            "\"{reference}\" is not a valid SwiftSignalHandle.  The Swift TempURL path is invalid"
        )
    },
};

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "data",
        kind: "string",
        description: "JSON data that was uploaded via the SwiftSignalHandle.",
    },
    SHOW_ROW,
];

fn schema(own: &Condition) -> Schema {
    Schema::of([
        Property::string(own.handle).required().described("URL of TempURL where resource will signal completion and optionally upload data."),
        Property::number(own.timeout).required().range(1, 43_200).described("The maximum number of seconds to wait for the resource to signal completion. Once the timeout is reached, creation of the signal resource will fail."),
        Property::integer(own.count).default(1).range(1, 1000).described("The number of success signals that must be received before the stack creation process continues."),
    ])
}
