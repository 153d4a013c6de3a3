//! `OS::Heat::None`: takes any property, makes nothing.

use kit::error::Result;
use kit::ids::StackEventId;
use serde_json::Value;

use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW};
use crate::template::Schema;

pub(crate) struct NoneResource;

static ATTRIBUTES: &[Attribute] = &[SHOW_ROW];

impl Plugin for NoneResource {
    fn name(&self) -> &'static str {
        "OS::Heat::None"
    }

    fn class(&self) -> &'static str {
        "NoneResource"
    }

    fn has_any_attribute(&self) -> bool {
        true
    }

    fn schema(&self) -> Schema {
        Schema::open()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn is_at_once(&self) -> bool {
        true
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        // Heat: a fresh UUID stands for the thing that there is not.
        act.resource.physical = Some(StackEventId::random().to_string());
        Ok(())
    }

    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}
