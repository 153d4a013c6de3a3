//! One row per operation of the orchestration API.

use kit::http::{ALWAYS, Operation};
use kit::op;

use crate::stacks::lookup;
use crate::{
    build_info, cloudformation, policy, resource_types, services, signals, software_configs,
    software_deployments, stack_events, stack_exports, stack_outputs, stack_previews,
    stack_resources, stack_snapshots, stacks, template_validate, template_versions, versions,
};

/// `/`: which versions there are.
pub(crate) static DISCOVERY: &[Operation] =
    &[op!("orchestration-versions:index", GET "/", ALWAYS, -, 300, versions::api::index).public()];

/// `/heat-api-cfn/v1`: Amazon's actions, which a query or a form asks for, and the URLs that guests
/// are given to call. There `POST` is for clients of few words that cannot `PUT`, `BusyBox`'s wget
/// among them.
#[rustfmt::skip]
pub(crate) static CLOUDFORMATION: &[Operation] = &[
    op!("cloudformation:ListStacks", GET "/", ALWAYS, policy::amazon::LIST_STACKS, 200, cloudformation::api::list_stacks).public().for_guests().form().action("ListStacks"),
    op!("cloudformation:DescribeStacks", GET "/", ALWAYS, policy::amazon::DESCRIBE_STACKS, 200, cloudformation::api::describe_stacks).public().for_guests().form().action("DescribeStacks"),
    op!("cloudformation:CreateStack", GET "/", ALWAYS, policy::amazon::CREATE_STACK, 200, cloudformation::api::create_stack).public().for_guests().form().action("CreateStack"),
    op!("cloudformation:UpdateStack", GET "/", ALWAYS, policy::amazon::UPDATE_STACK, 200, cloudformation::api::update_stack).public().for_guests().form().action("UpdateStack"),
    op!("cloudformation:CancelUpdateStack", GET "/", ALWAYS, policy::amazon::CANCEL_UPDATE_STACK, 200, cloudformation::api::cancel_update_stack).public().for_guests().form().action("CancelUpdateStack"),
    op!("cloudformation:DeleteStack", GET "/", ALWAYS, policy::amazon::DELETE_STACK, 200, cloudformation::api::delete_stack).public().for_guests().form().action("DeleteStack"),
    op!("cloudformation:GetTemplate", GET "/", ALWAYS, policy::amazon::GET_TEMPLATE, 200, cloudformation::api::get_template).public().for_guests().form().action("GetTemplate"),
    op!("cloudformation:EstimateTemplateCost", GET "/", ALWAYS, policy::amazon::ESTIMATE_TEMPLATE_COST, 200, cloudformation::api::estimate_template_cost).public().for_guests().form().action("EstimateTemplateCost"),
    op!("cloudformation:ValidateTemplate", GET "/", ALWAYS, policy::amazon::VALIDATE_TEMPLATE, 200, cloudformation::api::validate_template).public().for_guests().form().action("ValidateTemplate"),
    op!("cloudformation:DescribeStackEvents", GET "/", ALWAYS, policy::amazon::DESCRIBE_STACK_EVENTS, 200, cloudformation::api::describe_stack_events).public().for_guests().form().action("DescribeStackEvents"),
    op!("cloudformation:DescribeStackResource", GET "/", ALWAYS, policy::amazon::DESCRIBE_STACK_RESOURCE, 200, cloudformation::api::describe_stack_resource).public().for_guests().form().action("DescribeStackResource"),
    op!("cloudformation:DescribeStackResources", GET "/", ALWAYS, policy::amazon::DESCRIBE_STACK_RESOURCES, 200, cloudformation::api::describe_stack_resources).public().for_guests().form().action("DescribeStackResources"),
    op!("cloudformation:ListStackResources", GET "/", ALWAYS, policy::amazon::LIST_STACK_RESOURCES, 200, cloudformation::api::list_stack_resources).public().for_guests().form().action("ListStackResources"),

    op!("signals:wait_condition", PUT "/waitcondition/{arn}/{stack_name}/{stack_id}/resources/{resource_name}", ALWAYS, -, 201, signals::api::wait_condition).public().for_guests().stream(),
    op!("signals:wait_condition_post", POST "/waitcondition/{arn}/{stack_name}/{stack_id}/resources/{resource_name}", ALWAYS, -, 201, signals::api::wait_condition).public().for_guests().stream(),
    op!("signals:signed", POST "/signal/{arn}/{stack_name}/{stack_id}/resources/{resource_name}", ALWAYS, -, 200, signals::api::signed).public().for_guests().stream(),
    op!("signals:init", GET "/init/{arn}/{stack_name}/{stack_id}/resources/{resource_name}", ALWAYS, -, 200, signals::api::init).public().for_guests(),
    op!("signals:temporary", PUT "/temporary/{arn}/{stack_name}/{stack_id}/resources/{resource_name}", ALWAYS, -, 201, signals::api::temporary).public().for_guests().stream(),
    op!("signals:temporary_post", POST "/temporary/{arn}/{stack_name}/{stack_id}/resources/{resource_name}", ALWAYS, -, 201, signals::api::temporary).public().for_guests().stream(),
];

/// `/v1/{project_id}`. A stack is looked up by name or id on every path that begins with one, and
/// the client sent on to where it is.
#[rustfmt::skip]
pub(crate) static ALL: &[Operation] = &[
    op!("build_info:show", GET "/build_info", ALWAYS, policy::BUILD_INFO, 200, build_info::api::show),

    op!("services:index", GET "/services", ALWAYS, policy::SERVICE_INDEX, 200, services::api::index),

    op!("template_validate:validate", POST "/validate", ALWAYS, policy::VALIDATE_TEMPLATE, 200, template_validate::api::validate),
    op!("template_versions:index", GET "/template_versions", ALWAYS, policy::LIST_TEMPLATE_VERSIONS, 200, template_versions::api::index),
    op!("template_versions:functions", GET "/template_versions/{template_version}/functions", ALWAYS, policy::LIST_TEMPLATE_FUNCTIONS, 200, template_versions::api::functions_of),

    op!("stacks:index", GET "/stacks", ALWAYS, policy::STACKS_INDEX, 200, stacks::api::index),
    op!("stacks:create", POST "/stacks", ALWAYS, policy::STACKS_CREATE, 201, stacks::api::create),
    op!("stacks:detail", GET "/stacks/detail", ALWAYS, policy::STACKS_DETAIL, 200, stacks::api::index),
    op!("stack_previews:create", POST "/stacks/preview", ALWAYS, policy::STACKS_PREVIEW, 200, stack_previews::api::create),
    op!("stack_previews:update", PUT "/stacks/{stack_name}/{stack_id}/preview", ALWAYS, policy::STACKS_PREVIEW_UPDATE, 200, stack_previews::api::update),
    op!("stack_previews:patch", PATCH "/stacks/{stack_name}/{stack_id}/preview", ALWAYS, policy::STACKS_PREVIEW_UPDATE_PATCH, 200, stack_previews::api::patch),
    op!("stacks:lookup", GET "/stacks/{stack_name}", ALWAYS, policy::STACKS_LOOKUP, 302, lookup::redirect),
    op!("stacks:lookup_for_delete", DELETE "/stacks/{stack_name}", ALWAYS, policy::STACKS_LOOKUP, 302, lookup::redirect),
    op!("stacks:lookup_for_update", PUT "/stacks/{stack_name}", ALWAYS, policy::STACKS_LOOKUP, 302, lookup::redirect),
    op!("stacks:lookup_for_patch", PATCH "/stacks/{stack_name}", ALWAYS, policy::STACKS_LOOKUP, 302, lookup::redirect),
    op!("stacks:lookup_actions", POST "/stacks/{stack_name}/actions", ALWAYS, policy::STACKS_LOOKUP, 302, lookup::redirect),
    op!("stacks:lookup_resources", GET "/stacks/{stack_name}/resources", ALWAYS, policy::STACKS_LOOKUP, 302, lookup::redirect),
    op!("stacks:lookup_events", GET "/stacks/{stack_name}/events", ALWAYS, policy::STACKS_LOOKUP, 302, lookup::redirect),
    op!("stacks:lookup_template", GET "/stacks/{stack_name}/template", ALWAYS, policy::STACKS_LOOKUP, 302, lookup::redirect),
    op!("stacks:lookup_environment", GET "/stacks/{stack_name}/environment", ALWAYS, policy::STACKS_LOOKUP, 302, lookup::redirect),
    op!("stacks:lookup_files", GET "/stacks/{stack_name}/files", ALWAYS, policy::STACKS_LOOKUP, 302, lookup::redirect),
    op!("stacks:show", GET "/stacks/{stack_name}/{stack_id}", ALWAYS, policy::STACKS_SHOW, 200, stacks::api::show),
    op!("stacks:update", PUT "/stacks/{stack_name}/{stack_id}", ALWAYS, policy::STACKS_UPDATE, 202, stacks::api::update),
    op!("stacks:update_patch", PATCH "/stacks/{stack_name}/{stack_id}", ALWAYS, policy::STACKS_UPDATE_PATCH, 202, stacks::api::patch),
    op!("stacks:action", POST "/stacks/{stack_name}/{stack_id}/actions", ALWAYS, policy::ACTIONS_ACTION, 200, stacks::api::action),
    op!("stacks:delete", DELETE "/stacks/{stack_name}/{stack_id}", ALWAYS, policy::STACKS_DELETE, 204, stacks::api::delete),
    op!("stacks:template", GET "/stacks/{stack_name}/{stack_id}/template", ALWAYS, policy::STACKS_TEMPLATE, 200, stacks::api::template),
    op!("stacks:environment", GET "/stacks/{stack_name}/{stack_id}/environment", ALWAYS, policy::STACKS_ENVIRONMENT, 200, stacks::api::environment),
    op!("stacks:files", GET "/stacks/{stack_name}/{stack_id}/files", ALWAYS, policy::STACKS_FILES, 200, stacks::api::files),

    op!("stack_exports:show", GET "/stacks/{stack_name}/{stack_id}/export", ALWAYS, policy::STACKS_EXPORT, 200, stack_exports::api::show),
    op!("stack_exports:abandon", DELETE "/stacks/{stack_name}/{stack_id}/abandon", ALWAYS, policy::STACKS_ABANDON, 200, stack_exports::api::abandon),

    op!("stack_snapshots:index", GET "/stacks/{stack_name}/{stack_id}/snapshots", ALWAYS, policy::STACKS_LIST_SNAPSHOTS, 200, stack_snapshots::api::index),
    op!("stack_snapshots:create", POST "/stacks/{stack_name}/{stack_id}/snapshots", ALWAYS, policy::STACKS_SNAPSHOT, 200, stack_snapshots::api::create),
    op!("stack_snapshots:show", GET "/stacks/{stack_name}/{stack_id}/snapshots/{snapshot_id}", ALWAYS, policy::STACKS_SHOW_SNAPSHOT, 200, stack_snapshots::api::show),
    op!("stack_snapshots:delete", DELETE "/stacks/{stack_name}/{stack_id}/snapshots/{snapshot_id}", ALWAYS, policy::STACKS_DELETE_SNAPSHOT, 204, stack_snapshots::api::delete),
    op!("stack_snapshots:restore", POST "/stacks/{stack_name}/{stack_id}/snapshots/{snapshot_id}/restore", ALWAYS, policy::STACKS_RESTORE_SNAPSHOT, 202, stack_snapshots::api::restore),

    op!("stack_outputs:index", GET "/stacks/{stack_name}/{stack_id}/outputs", ALWAYS, policy::STACKS_LIST_OUTPUTS, 200, stack_outputs::api::index),
    op!("stack_outputs:show", GET "/stacks/{stack_name}/{stack_id}/outputs/{output_key}", ALWAYS, policy::STACKS_SHOW_OUTPUT, 200, stack_outputs::api::show),

    op!("stack_resources:index", GET "/stacks/{stack_name}/{stack_id}/resources", ALWAYS, policy::RESOURCE_INDEX, 200, stack_resources::api::index),
    op!("stack_resources:show", GET "/stacks/{stack_name}/{stack_id}/resources/{resource_name}", ALWAYS, policy::RESOURCE_SHOW, 200, stack_resources::api::show),
    op!("stack_resources:mark_unhealthy", PATCH "/stacks/{stack_name}/{stack_id}/resources/{resource_name}", ALWAYS, policy::RESOURCE_MARK_UNHEALTHY, 200, stack_resources::api::mark_unhealthy),
    op!("stack_resources:metadata", GET "/stacks/{stack_name}/{stack_id}/resources/{resource_name}/metadata", ALWAYS, policy::RESOURCE_METADATA, 200, stack_resources::api::metadata),
    op!("stack_resources:signal", POST "/stacks/{stack_name}/{stack_id}/resources/{resource_name}/signal", ALWAYS, policy::RESOURCE_SIGNAL, 200, stack_resources::api::signal).public().for_guests(),

    op!("stack_events:index", GET "/stacks/{stack_name}/{stack_id}/events", ALWAYS, policy::EVENTS_INDEX, 200, stack_events::api::index),
    op!("stack_events:of_resource", GET "/stacks/{stack_name}/{stack_id}/resources/{resource_name}/events", ALWAYS, policy::EVENTS_INDEX, 200, stack_events::api::index),
    op!("stack_events:show", GET "/stacks/{stack_name}/{stack_id}/resources/{resource_name}/events/{event_id}", ALWAYS, policy::EVENTS_SHOW, 200, stack_events::api::show),

    op!("software_configs:index", GET "/software_configs", ALWAYS, policy::SOFTWARE_CONFIGS_INDEX, 200, software_configs::api::index),
    op!("software_configs:create", POST "/software_configs", ALWAYS, policy::SOFTWARE_CONFIGS_CREATE, 200, software_configs::api::create),
    op!("software_configs:show", GET "/software_configs/{config_id}", ALWAYS, policy::SOFTWARE_CONFIGS_SHOW, 200, software_configs::api::show),
    op!("software_configs:delete", DELETE "/software_configs/{config_id}", ALWAYS, policy::SOFTWARE_CONFIGS_DELETE, 204, software_configs::api::delete),

    op!("software_deployments:index", GET "/software_deployments", ALWAYS, policy::SOFTWARE_DEPLOYMENTS_INDEX, 200, software_deployments::api::index),
    op!("software_deployments:metadata", GET "/software_deployments/metadata/{server_id}", ALWAYS, policy::SOFTWARE_DEPLOYMENTS_METADATA, 200, software_deployments::api::metadata),
    op!("software_deployments:create", POST "/software_deployments", ALWAYS, policy::SOFTWARE_DEPLOYMENTS_CREATE, 200, software_deployments::api::create),
    op!("software_deployments:show", GET "/software_deployments/{deployment_id}", ALWAYS, policy::SOFTWARE_DEPLOYMENTS_SHOW, 200, software_deployments::api::show),
    op!("software_deployments:update", PUT "/software_deployments/{deployment_id}", ALWAYS, policy::SOFTWARE_DEPLOYMENTS_UPDATE, 200, software_deployments::api::update),
    op!("software_deployments:delete", DELETE "/software_deployments/{deployment_id}", ALWAYS, policy::SOFTWARE_DEPLOYMENTS_DELETE, 204, software_deployments::api::delete),

    op!("resource_types:index", GET "/resource_types", ALWAYS, policy::STACKS_LIST_RESOURCE_TYPES, 200, resource_types::api::index),
    op!("resource_types:show", GET "/resource_types/{type_name}", ALWAYS, policy::STACKS_RESOURCE_SCHEMA, 200, resource_types::api::show),
    op!("resource_types:template", GET "/resource_types/{type_name}/template", ALWAYS, policy::STACKS_GENERATE_TEMPLATE, 200, resource_types::api::template),
];
