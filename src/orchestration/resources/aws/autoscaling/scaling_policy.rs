//! `AWS::AutoScaling::ScalingPolicy`: a policy that is known by the URL which signals it.

use crate::resources::heat::scaling_policy::ScalingPolicy;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::Property;

/// The type.
pub(in crate::resources) static POLICY: ScalingPolicy = ScalingPolicy {
    name: "AWS::AutoScaling::ScalingPolicy",
    class: "AWSScalingPolicy",
    group: "AutoScalingGroupName",
    adjustment: "ScalingAdjustment",
    kind: "AdjustmentType",
    kinds: ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"],
    cooldown: "Cooldown",
    min_step: "MinAdjustmentStep",
    number: Property::integer,
    attributes: ATTRIBUTES,
    is_url: true,
};

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "AlarmUrl",
        kind: "string",
        description: "A signed url to handle the alarm. (Heat extension).",
    },
    SHOW_ROW,
];
