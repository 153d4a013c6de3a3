//! Rules, with the names and defaults that operators of Heat know.

use kit::rules;

const MEMBER: &str = "role:member and project_id:%(project_id)s";
const READER: &str = "role:reader and project_id:%(project_id)s";
const READER_OR_STACK_USER: &str = "(role:reader and project_id:%(project_id)s) or \
                                    (role:heat_stack_user and project_id:%(project_id)s)";
const ADMIN: &str = "role:admin";
const NOBODY: &str = "!";
const PROJECT_ADMIN: &str = "rule:project_admin";

rules! {
    STACKS_INDEX, "stacks:index", READER, "List stacks.", ["GET /stacks"];
    STACKS_DETAIL, "stacks:detail", READER, "List stacks.", ["GET /stacks/detail"];
    STACKS_GLOBAL_INDEX, "stacks:global_index", NOBODY, "List the stacks of all projects.",
        ["GET /stacks"];
    STACKS_CREATE, "stacks:create", MEMBER, "Create a stack.", ["POST /stacks"];
    STACKS_PREVIEW, "stacks:preview", READER, "Preview a stack.", ["POST /stacks/preview"];
    STACKS_PREVIEW_UPDATE, "stacks:preview_update", MEMBER, "Preview the update of a stack.",
        ["PUT /stacks/{stack_name}/{stack_id}/preview"];
    STACKS_PREVIEW_UPDATE_PATCH, "stacks:preview_update_patch", MEMBER,
        "Preview the update of a stack, keeping what is not named.",
        ["PATCH /stacks/{stack_name}/{stack_id}/preview"];
    STACKS_LOOKUP, "stacks:lookup", READER, "Find a stack by name or id.",
        ["GET /stacks/{stack_identity}"];
    STACKS_SHOW, "stacks:show", READER, "See a stack.", ["GET /stacks/{stack_name}/{stack_id}"];
    STACKS_DELETE, "stacks:delete", MEMBER, "Delete a stack.",
        ["DELETE /stacks/{stack_name}/{stack_id}"];
    STACKS_UPDATE, "stacks:update", MEMBER, "Update a stack.",
        ["PUT /stacks/{stack_name}/{stack_id}"];
    STACKS_UPDATE_PATCH, "stacks:update_patch", MEMBER, "Update a stack, keeping what is not named.",
        ["PATCH /stacks/{stack_name}/{stack_id}"];
    ACTIONS_ACTION, "actions:action", MEMBER, "Suspend, resume or check a stack, cancel its update.",
        ["POST /stacks/{stack_name}/{stack_id}/actions"];
    STACKS_TEMPLATE, "stacks:template", READER, "See the template of a stack.",
        ["GET /stacks/{stack_name}/{stack_id}/template"];
    STACKS_ENVIRONMENT, "stacks:environment", READER, "See the environment of a stack.",
        ["GET /stacks/{stack_name}/{stack_id}/environment"];
    STACKS_FILES, "stacks:files", READER, "See the files of a stack.",
        ["GET /stacks/{stack_name}/{stack_id}/files"];
    STACKS_EXPORT, "stacks:export", MEMBER, "Export a stack.",
        ["GET /stacks/{stack_name}/{stack_id}/export"];
    STACKS_ABANDON, "stacks:abandon", MEMBER, "Let a stack go without what it made.",
        ["DELETE /stacks/{stack_name}/{stack_id}/abandon"];
    STACKS_SNAPSHOT, "stacks:snapshot", MEMBER, "Keep what a stack is now.",
        ["POST /stacks/{stack_name}/{stack_id}/snapshots"];
    STACKS_SHOW_SNAPSHOT, "stacks:show_snapshot", READER, "See a snapshot of a stack.",
        ["GET /stacks/{stack_name}/{stack_id}/snapshots/{snapshot_id}"];
    STACKS_DELETE_SNAPSHOT, "stacks:delete_snapshot", MEMBER, "Delete a snapshot of a stack.",
        ["DELETE /stacks/{stack_name}/{stack_id}/snapshots/{snapshot_id}"];
    STACKS_LIST_SNAPSHOTS, "stacks:list_snapshots", READER, "List the snapshots of a stack.",
        ["GET /stacks/{stack_name}/{stack_id}/snapshots"];
    STACKS_RESTORE_SNAPSHOT, "stacks:restore_snapshot", MEMBER, "Make a stack what it was.",
        ["POST /stacks/{stack_name}/{stack_id}/snapshots/{snapshot_id}/restore"];
    SERVICE_INDEX, "service:index", ADMIN, "List the engines.", ["GET /services"];
    STACKS_LIST_OUTPUTS, "stacks:list_outputs", READER, "List the outputs of a stack.",
        ["GET /stacks/{stack_name}/{stack_id}/outputs"];
    STACKS_SHOW_OUTPUT, "stacks:show_output", READER, "See an output of a stack.",
        ["GET /stacks/{stack_name}/{stack_id}/outputs/{output_key}"];
    STACKS_LIST_RESOURCE_TYPES, "stacks:list_resource_types", READER, "List resource types.",
        ["GET /resource_types"];
    STACKS_RESOURCE_SCHEMA, "stacks:resource_schema", READER, "See a resource type.",
        ["GET /resource_types/{type_name}"];
    STACKS_GENERATE_TEMPLATE, "stacks:generate_template", READER,
        "Generate a template from a resource type.", ["GET /resource_types/{type_name}/template"];
    VALIDATE_TEMPLATE, "stacks:validate_template", MEMBER, "Validate a template.",
        ["POST /validate"];
    LIST_TEMPLATE_VERSIONS, "stacks:list_template_versions", READER, "List template versions.",
        ["GET /template_versions"];
    LIST_TEMPLATE_FUNCTIONS, "stacks:list_template_functions", READER, "List template functions.",
        ["GET /template_versions/{template_version}/functions"];
    RESOURCE_INDEX, "resource:index", READER, "List the resources of a stack.",
        ["GET /stacks/{stack_name}/{stack_id}/resources"];
    RESOURCE_SHOW, "resource:show", READER, "See a resource.",
        ["GET /stacks/{stack_name}/{stack_id}/resources/{resource_name}"];
    RESOURCE_MARK_UNHEALTHY, "resource:mark_unhealthy", MEMBER, "Say that a resource is not well.",
        ["PATCH /stacks/{stack_name}/{stack_id}/resources/{resource_name}"];
    RESOURCE_METADATA, "resource:metadata", READER, "See the metadata of a resource.",
        ["GET /stacks/{stack_name}/{stack_id}/resources/{resource_name}/metadata"];
    RESOURCE_SIGNAL, "resource:signal", READER_OR_STACK_USER, "Signal a resource.",
        ["POST /stacks/{stack_name}/{stack_id}/resources/{resource_name}/signal"];
    SOFTWARE_CONFIGS_GLOBAL_INDEX, "software_configs:global_index", NOBODY,
        "List the software configs of all projects.", ["GET /software_configs"];
    SOFTWARE_CONFIGS_INDEX, "software_configs:index", READER, "List software configs.",
        ["GET /software_configs"];
    SOFTWARE_CONFIGS_CREATE, "software_configs:create", MEMBER, "Create a software config.",
        ["POST /software_configs"];
    SOFTWARE_CONFIGS_SHOW, "software_configs:show", READER, "See a software config.",
        ["GET /software_configs/{config_id}"];
    SOFTWARE_CONFIGS_DELETE, "software_configs:delete", MEMBER, "Delete a software config.",
        ["DELETE /software_configs/{config_id}"];
    SOFTWARE_DEPLOYMENTS_INDEX, "software_deployments:index", READER, "List software deployments.",
        ["GET /software_deployments"];
    SOFTWARE_DEPLOYMENTS_CREATE, "software_deployments:create", MEMBER,
        "Create a software deployment.", ["POST /software_deployments"];
    SOFTWARE_DEPLOYMENTS_SHOW, "software_deployments:show", READER, "See a software deployment.",
        ["GET /software_deployments/{deployment_id}"];
    SOFTWARE_DEPLOYMENTS_UPDATE, "software_deployments:update", MEMBER,
        "Update a software deployment.", ["PUT /software_deployments/{deployment_id}"];
    SOFTWARE_DEPLOYMENTS_DELETE, "software_deployments:delete", MEMBER,
        "Delete a software deployment.", ["DELETE /software_deployments/{deployment_id}"];
    SOFTWARE_DEPLOYMENTS_METADATA, "software_deployments:metadata", READER_OR_STACK_USER,
        "See the software configs of a server.", ["GET /software_deployments/metadata/{server_id}"];
    EVENTS_INDEX, "events:index", READER, "List events.",
        ["GET /stacks/{stack_name}/{stack_id}/events"];
    EVENTS_SHOW, "events:show", READER, "See an event.",
        ["GET /stacks/{stack_name}/{stack_id}/resources/{resource_name}/events/{event_id}"];
    BUILD_INFO, "build_info:build_info", READER, "See which build answers.", ["GET /build_info"];
    PROJECT_ADMIN_RULE, "project_admin", ADMIN, "Decides what is an administrator of a project.", [];
    TYPE_NOVA_FLAVOR, "resource_types:OS::Nova::Flavor", PROJECT_ADMIN, "Make flavors in stacks.", [];
    TYPE_NEUTRON_QUOTA, "resource_types:OS::Neutron::Quota", PROJECT_ADMIN, "Set quotas of networks in stacks.", [];
    TYPE_NOVA_QUOTA, "resource_types:OS::Nova::Quota", PROJECT_ADMIN, "Set quotas of servers in stacks.", [];
    TYPE_NEUTRON_PROVIDER_NET, "resource_types:OS::Neutron::ProviderNet", PROJECT_ADMIN, "Make provider networks in stacks.", [];
    TYPE_NOVA_HOST_AGGREGATE, "resource_types:OS::Nova::HostAggregate", PROJECT_ADMIN, "Make host aggregates in stacks.", [];
    TYPE_KEYSTONE, "resource_types:OS::Keystone::*", PROJECT_ADMIN, "Make things of identity in stacks.", [];
}

/// The rules of Amazon's API, which Heat names apart.
pub(crate) mod amazon {
    use kit::rules;

    use super::{MEMBER, READER, READER_OR_STACK_USER};

    rules! {
        LIST_STACKS, "cloudformation:ListStacks", READER, "List stacks.", ["GET /?Action=ListStacks"];
        DESCRIBE_STACKS, "cloudformation:DescribeStacks", READER, "See stacks.", ["GET /?Action=DescribeStacks"];
        CREATE_STACK, "cloudformation:CreateStack", MEMBER, "Create a stack.", ["GET /?Action=CreateStack"];
        UPDATE_STACK, "cloudformation:UpdateStack", MEMBER, "Update a stack.", ["GET /?Action=UpdateStack"];
        CANCEL_UPDATE_STACK, "cloudformation:CancelUpdateStack", MEMBER, "Cancel the update of a stack.", ["GET /?Action=CancelUpdateStack"];
        DELETE_STACK, "cloudformation:DeleteStack", MEMBER, "Delete a stack.", ["GET /?Action=DeleteStack"];
        GET_TEMPLATE, "cloudformation:GetTemplate", READER, "See the template of a stack.", ["GET /?Action=GetTemplate"];
        ESTIMATE_TEMPLATE_COST, "cloudformation:EstimateTemplateCost", READER, "Ask what a template costs.", ["GET /?Action=EstimateTemplateCost"];
        VALIDATE_TEMPLATE, "cloudformation:ValidateTemplate", READER, "Validate a template.", ["GET /?Action=ValidateTemplate"];
        DESCRIBE_STACK_EVENTS, "cloudformation:DescribeStackEvents", READER, "List events.", ["GET /?Action=DescribeStackEvents"];
        DESCRIBE_STACK_RESOURCE, "cloudformation:DescribeStackResource", READER_OR_STACK_USER, "See a resource.", ["GET /?Action=DescribeStackResource"];
        DESCRIBE_STACK_RESOURCES, "cloudformation:DescribeStackResources", READER, "See the resources of a stack.", ["GET /?Action=DescribeStackResources"];
        LIST_STACK_RESOURCES, "cloudformation:ListStackResources", READER, "List the resources of a stack.", ["GET /?Action=ListStackResources"];
    }
}

pub(crate) use amazon::ALL as CLOUDFORMATION;
