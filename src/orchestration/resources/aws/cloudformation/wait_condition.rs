//! `AWS::CloudFormation::WaitCondition`: waits until its handle was signalled often enough.

use crate::resources::heat::wait_condition::{CLASSES, Condition, data_attribute, refusal};
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::Property;

/// The type.
pub(crate) static CONDITION: Condition = Condition {
    name: "AWS::CloudFormation::WaitCondition",
    handle: "Handle",
    timeout: "Timeout",
    count: "Count",
    schema: |own| own.schema_with(Property::integer(own.timeout)),
    attributes: ATTRIBUTES,
    classes: &CLASSES,
    forgets: true,
    refusal,
};

static ATTRIBUTES: &[Attribute] = &[data_attribute("Data"), SHOW_ROW];
