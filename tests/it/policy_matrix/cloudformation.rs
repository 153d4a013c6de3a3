//! Heat 27: `heat/policies/cloudformation.py`. Without a token a request is one without a signature,
//! which Amazon calls malformed; what is of another project is not there, which it calls a bad value.

use serde_json::json;

use super::world::{Ids, Owners};
use super::{OK, Row, Verdicts, row};

/// Readers, about themselves or about what everybody sees.
const READER: Verdicts = [400, OK, OK, OK, OK, OK];
const MEMBER: Verdicts = [400, OK, 403, OK, OK, OK];
const READER_HERE: Verdicts = [400, 400, OK, OK, OK, OK];
const MEMBER_HERE: Verdicts = [400, 400, 403, OK, OK, OK];
/// Cancelling what is not under way.
const MEMBER_IN_VAIN: Verdicts = [400, 400, 403, 400, 400, 400];

pub(super) async fn furnish(owners: &Owners) -> Ids {
    let demo = &owners.demo;
    let stacks = format!("/orchestration/v1/{}/stacks", demo.project);
    let body = json!({"stack_name": "amazons", "template": {
        "heat_template_version": "rocky", "resources": {"r": {"type": "OS::Heat::None"}}}});
    let stack = demo.post(&stacks, body).await.expect(201).text("/stack/id");
    Ids::from([
        ("arn", "arn:openstack:heat::p:stacks".to_owned()),
        ("resource_name", "r".to_owned()),
        ("stack_id", stack),
        ("stack_name", "amazons".to_owned()),
    ])
}

#[rustfmt::skip] // a row is a line
pub(super) static ROWS: &[Row] = &[
    row("cloudformation:ListStacks", READER).query("?Action=ListStacks"),
    row("cloudformation:DescribeStacks", READER_HERE).query("?Action=DescribeStacks&StackName={stack_id}"),
    row("cloudformation:DescribeStackEvents", READER_HERE).query("?Action=DescribeStackEvents&StackName={stack_id}"),
    row("cloudformation:GetTemplate", READER_HERE).query("?Action=GetTemplate&StackName={stack_id}"),
    row("cloudformation:DescribeStackResource", READER_HERE).query("?Action=DescribeStackResource&StackName={stack_id}&LogicalResourceId=r"),
    row("cloudformation:DescribeStackResources", READER_HERE).query("?Action=DescribeStackResources&StackName={stack_id}"),
    row("cloudformation:ListStackResources", READER_HERE).query("?Action=ListStackResources&StackName={stack_id}"),
    row("cloudformation:ValidateTemplate", READER).query("?Action=ValidateTemplate&TemplateBody=heat_template_version:+rocky"),
    row("cloudformation:EstimateTemplateCost", READER).query("?Action=EstimateTemplateCost"),
    row("signals:wait_condition", [403; 6]),
    row("signals:wait_condition_post", [403; 6]),
    row("signals:signed", [403; 6]),
    row("signals:init", [403; 6]),
    row("signals:temporary", [403; 6]),
    row("signals:temporary_post", [403; 6]),
    row("cloudformation:CancelUpdateStack", MEMBER_IN_VAIN).query("?Action=CancelUpdateStack&StackName={stack_id}"),
    row("cloudformation:CreateStack", MEMBER).query("?Action=CreateStack&StackName=another&TemplateBody=heat_template_version:+rocky"),
    row("cloudformation:UpdateStack", MEMBER_HERE).query("?Action=UpdateStack&StackName={stack_id}&TemplateBody=heat_template_version:+rocky"),
    row("cloudformation:DeleteStack", MEMBER_HERE).query("?Action=DeleteStack&StackName={stack_id}"),
];
