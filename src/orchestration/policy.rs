//! Rules, with the names and defaults that operators of Heat know.

use kit::rules;

const MEMBER: &str = "role:member and project_id:%(project_id)s";
const READER: &str = "role:reader and project_id:%(project_id)s";

rules! {
    VALIDATE_TEMPLATE, "stacks:validate_template", MEMBER, "Validate template.",
        ["POST /v1/{tenant_id}/validate"];
    LIST_TEMPLATE_VERSIONS, "stacks:list_template_versions", READER, "List template versions.",
        ["GET /v1/{tenant_id}/template_versions"];
    LIST_TEMPLATE_FUNCTIONS, "stacks:list_template_functions", READER, "List template functions.",
        ["GET /v1/{tenant_id}/template_versions/{template_version}/functions"];
}
