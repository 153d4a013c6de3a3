//! The actions: `GET` or `POST /heat-api-cfn/v1/?Action=…`.

use kit::error::{Error, Result};
use kit::http::{Body, Call, Cx, Links, Reply};
use serde_json::{Value, json};

use super::parameters::{self, optional, required};
use super::{signed, view};
use crate::stacks::lookup;
use crate::stacks::model::Stack;
use crate::{stack_events, stack_resources, stacks, template_validate};

/// `ListStacks`.
pub(crate) async fn list_stacks(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let mut summaries = Vec::new();
        for stack in list(call).await? {
            let mut summary = view::renamed(&stack, view::SUMMARY);
            summary.insert("StackId".to_owned(), json!(arn_shown(call, &stack)?));
            summaries.push(summary);
        }
        Ok(json!({"StackSummaries": summaries}))
    })
    .await
}

/// `DescribeStacks`: one, or all.
pub(crate) async fn describe_stacks(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let mut described = Vec::new();
        for stack in these(call).await? {
            let shown = ask(call, &of_stack(&stack), Value::Null, stacks::api::show).await?;
            let shown = shown.get("stack").unwrap_or(&Value::Null);
            described.push(view::stack(shown, &arn(&stack)));
        }
        Ok(json!({"Stacks": described}))
    })
    .await
}

/// `CreateStack`.
pub(crate) async fn create_stack(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let body = body(call, Some(required(&call.query, "StackName")?))?;
        let made = ask(call, &[], body, stacks::api::create).await?;
        let id = made.pointer("/stack/id").and_then(Value::as_str).unwrap_or_default();
        Ok(json!({"StackId": arn(&lookup::identify(call, id).await?)}))
    })
    .await
}

/// `UpdateStack`.
pub(crate) async fn update_stack(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let stack = named(call).await?;
        ask(call, &of_stack(&stack), body(call, None)?, stacks::api::update).await?;
        Ok(json!({"StackId": arn(&stack)}))
    })
    .await
}

/// `CancelUpdateStack`.
pub(crate) async fn cancel_update_stack(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let stack = named(call).await?;
        let body = json!({"cancel_update": null});
        ask(call, &of_stack(&stack), body, stacks::api::action).await?;
        Ok(json!({}))
    })
    .await
}

/// `DeleteStack`.
pub(crate) async fn delete_stack(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let stack = named(call).await?;
        ask(call, &of_stack(&stack), Value::Null, stacks::api::delete).await?;
        Ok(json!(""))
    })
    .await
}

/// `GetTemplate`.
pub(crate) async fn get_template(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let stack = named(call).await?;
        let template = ask(call, &of_stack(&stack), Value::Null, stacks::api::template).await?;
        Ok(json!({"TemplateBody": template}))
    })
    .await
}

/// `EstimateTemplateCost`: Heat's word on what a cloud of one's own costs.
pub(crate) async fn estimate_template_cost(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        call.authorize()?;
        Ok(json!({"Url": "http://en.wikipedia.org/wiki/Gratis"}))
    })
    .await
}

/// `ValidateTemplate`.
pub(crate) async fn validate_template(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let body = json!({"template": parameters::template(&call.query)?});
        let verdict = ask(call, &[], body, template_validate::api::validate).await?;
        Ok(view::verdict(verdict))
    })
    .await
}

/// `DescribeStackEvents`: of one, or of all.
pub(crate) async fn describe_stack_events(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let mut events = Vec::new();
        for stack in these(call).await? {
            let inner = within(call, &of_stack(&stack), Value::Null)?;
            for event in stack_events::api::read(&inner).await? {
                let event = stack_events::view::detail(&event, &Cx::new(&inner));
                let mut view = view::within(&event, view::EVENT, &arn(&stack), &stack.name);
                let properties = event.get("resource_properties").unwrap_or(&Value::Null);
                view.insert("ResourceProperties".to_owned(), json!(properties.to_string()));
                events.push(view);
            }
        }
        Ok(json!({"StackEvents": events}))
    })
    .await
}

/// `DescribeStackResource`: what guests read their metadata by.
pub(crate) async fn describe_stack_resource(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let stack = named(call).await?;
        let name = required(&call.query, "LogicalResourceId")?;
        stack_resources::api::check_own(call, &stack, name).await?;
        let path = [of_stack(&stack).as_slice(), &[("resource_name", name.to_owned())]].concat();
        let shown = ask(call, &path, Value::Null, stack_resources::api::show).await?;
        let shown = shown.get("resource").unwrap_or(&Value::Null);
        let metadata = ask(call, &path, Value::Null, stack_resources::api::metadata).await?;
        let mut detail = view::within(shown, view::DETAIL, &arn(&stack), &stack.name);
        let metadata = metadata.get("metadata").cloned().unwrap_or_default();
        detail.insert("Metadata".to_owned(), metadata);
        Ok(json!({"StackResourceDetail": detail}))
    })
    .await
}

/// `DescribeStackResources`: those of a stack, or of the stack that has made a thing.
pub(crate) async fn describe_stack_resources(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let stack = match optional(&call.query, "PhysicalResourceId") {
            Some(_) if optional(&call.query, "StackName").is_some() => {
                let sentence = "Use `StackName` or `PhysicalResourceId` but not both";
                return Err(Error::bad_request(sentence).tag("InvalidParameterCombination"));
            }
            Some(thing) => lookup::maker(call, thing).await?,
            None => named(call).await?,
        };
        let wanted = optional(&call.query, "LogicalResourceId");
        let rows = resources(call, &stack).await?;
        let rows = rows.iter().filter(|row| {
            wanted.is_none_or(|name| row.get("resource_name").is_some_and(|own| own == name))
        });
        let show = |row| view::within(row, view::RESOURCE, &arn(&stack), &stack.name);
        Ok(json!({"StackResources": rows.map(show).collect::<Vec<_>>()}))
    })
    .await
}

/// `ListStackResources`.
pub(crate) async fn list_stack_resources(call: Call) -> Result<Reply> {
    respond(call, async |call| {
        let rows = resources(call, &named(call).await?).await?;
        let show = |row| view::renamed(row, view::RESOURCE_SUMMARY);
        Ok(json!({"StackResourceSummaries": rows.iter().map(show).collect::<Vec<_>>()}))
    })
    .await
}

/// Answers a call, once it is known who asks.
async fn respond(
    mut call: Call,
    answer: impl AsyncFnOnce(&Call) -> Result<Value>,
) -> Result<Reply> {
    if call.caller.is_none() {
        call.caller = Some(signed::caller(&call).await?);
    }
    let result = answer(&call).await?;
    let action = call.operation.action.unwrap_or_default();
    Ok(view::reply(action, result, optional(&call.query, "ContentType")))
}

/// What a handler of the own API answers to the same caller, by the rule of this action.
async fn ask(
    call: &Call,
    path: &[(&str, String)],
    body: Value,
    handler: impl AsyncFnOnce(Call) -> Result<Reply>,
) -> Result<Value> {
    match handler(within(call, path, body)?).await?.body {
        Body::Json(value) => Ok(value),
        Body::Empty | Body::Text(..) | Body::Stream(_) | Body::Socket(_) => Ok(Value::Null),
    }
}

/// The call that a handler of the own API gets.
fn within(call: &Call, path: &[(&str, String)], body: Value) -> Result<Call> {
    let caller = call.caller()?;
    let project = format!("/{}", caller.require_project()?);
    let inner = Call::without_request(&call.platform, call.operation, caller);
    Ok(Call {
        request_id: call.request_id.clone(),
        path: path.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        body,
        links: Links { project, ..call.links.clone() },
        ..inner
    })
}

/// The stacks of the caller's project.
async fn list(call: &Call) -> Result<Vec<Value>> {
    let shown = ask(call, &[], Value::Null, stacks::api::index).await?;
    Ok(rows(&shown, "stacks"))
}

/// The stack that is named, or all.
async fn these(call: &Call) -> Result<Vec<Stack>> {
    if optional(&call.query, "StackName").is_some() {
        return Ok(vec![named(call).await?]);
    }
    let mut all = Vec::new();
    for shown in list(call).await? {
        let id = shown.get("id").and_then(Value::as_str).unwrap_or_default();
        all.push(lookup::identify(call, id).await?);
    }
    Ok(all)
}

async fn named(call: &Call) -> Result<Stack> {
    let named = required(&call.query, "StackName")?;
    lookup::identify(call, parameters::stack_name(named)).await
}

async fn resources(call: &Call, stack: &Stack) -> Result<Vec<Value>> {
    let shown = ask(call, &of_stack(stack), Value::Null, stack_resources::api::index).await?;
    Ok(rows(&shown, "resources"))
}

fn rows(shown: &Value, name: &str) -> Vec<Value> {
    shown.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// A stack as the paths of the own API name it.
fn of_stack(stack: &Stack) -> [(&'static str, String); 2] {
    [("stack_name", stack.name.clone()), ("stack_id", stack.id.to_string())]
}

/// The body of a request for a stack; a stack that is there has its name.
fn body(call: &Call, name: Option<&str>) -> Result<Value> {
    let query = &call.query;
    Ok(json!({
        "stack_name": name,
        "template": parameters::template(query)?,
        "parameters": parameters::of_template(query),
        "timeout_mins": optional(query, "TimeoutInMinutes"),
        "disable_rollback": parameters::disable_rollback(query)?,
    }))
}

fn arn(stack: &Stack) -> String {
    format!("arn:openstack:heat::{}:stacks/{}/{}", stack.project, stack.name, stack.id)
}

/// The same of a stack in a list.
fn arn_shown(call: &Call, shown: &Value) -> Result<String> {
    let text = |name: &str| shown.get(name).and_then(Value::as_str).unwrap_or_default();
    let project = call.caller()?.require_project()?;
    Ok(format!("arn:openstack:heat::{project}:stacks/{}/{}", text("stack_name"), text("id")))
}
