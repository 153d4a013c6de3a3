//! `AWS::EC2::InternetGateway`: the external network, which there is already. What it leads to is told
//! by `AWS::EC2::VPCGatewayAttachment`.

use kit::error::Result;
use serde_json::Value;

use super::tags;
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW};
use crate::template::Schema;

pub(crate) struct InternetGateway;

impl Plugin for InternetGateway {
    fn name(&self) -> &'static str {
        "AWS::EC2::InternetGateway"
    }

    fn schema(&self) -> Schema {
        Schema::of([tags()])
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[SHOW_ROW]
    }

    fn is_at_once(&self) -> bool {
        true
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        act.take_own_name();
        Ok(())
    }

    fn attribute(&self, _: &Look<'_>, _: &str) -> Result<Value> {
        Ok(Value::Null)
    }
}
