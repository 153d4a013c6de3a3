//! `AWS::CloudFormation::WaitCondition`: waits until its handle was signalled often enough.

use crate::resources::heat::wait_condition::{Condition, data_attribute};
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::Property;

/// The type.
pub(crate) static CONDITION: Condition = Condition {
    name: "AWS::CloudFormation::WaitCondition",
    handle: "Handle",
    timeout: "Timeout",
    count: "Count",
    timeout_kind: Property::integer,
    attributes: ATTRIBUTES,
};

static ATTRIBUTES: &[Attribute] = &[data_attribute("Data"), SHOW_ROW];
