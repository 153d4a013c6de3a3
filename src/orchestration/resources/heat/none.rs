//! `OS::Heat::None`: takes any property, makes nothing, has any attribute.

use crate::resources::{Attributes, Plugin};
use crate::template::Schema;

pub(in crate::resources) static PLUGIN: Plugin = Plugin {
    name: "OS::Heat::None",
    class: "NoneResource",
    properties: Schema::open,
    attributes: Attributes::Any,
};
