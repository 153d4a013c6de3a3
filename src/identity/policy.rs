//! Rules with the names and defaults of Keystone 30. Read by the enforcer; the policy matrix walks
//! it.

const ADMIN: &str = "rule:admin_required";
const READER: &str = "rule:admin_required or (role:reader and system_scope:all)";
const DOMAIN_MANAGED: &str = "'manager':%(target.role.name)s or 'member':%(target.role.name)s or 'reader':%(target.role.name)s";
const IN_DOMAIN_READER: &str = "(rule:admin_required) or (role:reader and system_scope:all) or (role:reader and domain_id:%(target.domain_id)s)";
const USER_READER: &str = "(rule:admin_required) or (role:reader and system_scope:all) or (role:reader and token.domain.id:%(target.user.domain_id)s) or user_id:%(target.user.id)s";
const USER_MANAGER: &str =
    "(rule:admin_required) or (role:manager and token.domain.id:%(target.user.domain_id)s)";
const USER_PROJECTS: &str = "(rule:admin_required) or (role:reader and system_scope:all) or (role:reader and domain_id:%(target.user.domain_id)s) or user_id:%(target.user.id)s";
const USER_GROUPS: &str = "(rule:admin_required) or (role:reader and system_scope:all) or (role:reader and domain_id:%(target.user.domain_id)s) or user_id:%(user_id)s";
const PROJECT_READER: &str = "(rule:admin_required) or (role:reader and system_scope:all) or (role:reader and domain_id:%(target.project.domain_id)s and not None:%(target.project.domain_id)s) or project_id:%(target.project.id)s";
const PROJECT_MANAGER: &str = "(rule:admin_required) or (role:manager and domain_id:%(target.project.domain_id)s and not None:%(target.project.domain_id)s)";
const DOMAIN_READER: &str = "rule:admin_required or (role:reader and system_scope:all) or token.domain.id:%(target.domain.id)s or token.project.domain.id:%(target.domain.id)s";
const DOMAINS_READER: &str = "rule:admin_required or (role:reader and system_scope:all) or (role:reader and domain_id:%(target.domain.id)s)";
const ROLE_READER: &str = "(rule:admin_required or (role:reader and system_scope:all)) or (role:manager and rule:domain_managed_target_role)";
const ROLES_READER: &str = "(rule:admin_required or (role:reader and system_scope:all)) or (role:manager and not domain_id:None)";
const ASSIGNMENTS_READER: &str = "(rule:admin_required) or (role:reader and system_scope:all) or (role:reader and domain_id:%(target.domain_id)s and not None:%(target.domain_id)s)";
const OWNER_READER: &str =
    "(rule:admin_required) or (role:reader and system_scope:all) or rule:owner";
const GROUP_READER: &str = "(rule:admin_required) or (role:reader and system_scope:all) or (role:reader and domain_id:%(target.group.domain_id)s)";
const MEMBER_READER: &str = "(rule:admin_required) or (role:reader and system_scope:all) or (role:reader and domain_id:%(target.group.domain_id)s and domain_id:%(target.user.domain_id)s)";
const GROUP_MANAGER: &str =
    "(rule:admin_required) or (role:manager and domain_id:%(target.group.domain_id)s)";
const MEMBER_MANAGER: &str = "(rule:admin_required) or (role:manager and domain_id:%(target.group.domain_id)s and domain_id:%(target.user.domain_id)s)";
const CREDENTIAL_READER: &str = "(rule:admin_required) or (role:reader and system_scope:all) or user_id:%(target.credential.user_id)s";
const CREDENTIAL_OWNER: &str = "(rule:admin_required) or user_id:%(target.credential.user_id)s";
const CREDENTIAL_MEMBER: &str =
    "(rule:admin_required) or (role:member and user_id:%(target.credential.user_id)s)";
const READ_GRANTS: &str = "(rule:admin_required) or ((role:reader and system_scope:all) or (role:reader and domain_id:%(target.user.domain_id)s and domain_id:%(target.project.domain_id)s) or (role:reader and domain_id:%(target.user.domain_id)s and domain_id:%(target.domain.id)s) or (role:reader and domain_id:%(target.group.domain_id)s and domain_id:%(target.project.domain_id)s) or (role:reader and domain_id:%(target.group.domain_id)s and domain_id:%(target.domain.id)s))";
const CHECK_GRANTS: &str = "(rule:admin_required) or ((role:reader and system_scope:all) or (role:reader and domain_id:%(target.user.domain_id)s and domain_id:%(target.project.domain_id)s) or (role:reader and domain_id:%(target.user.domain_id)s and domain_id:%(target.domain.id)s) or (role:reader and domain_id:%(target.group.domain_id)s and domain_id:%(target.project.domain_id)s) or (role:reader and domain_id:%(target.group.domain_id)s and domain_id:%(target.domain.id)s)) and (domain_id:%(target.role.domain_id)s or None:%(target.role.domain_id)s)";
const WRITE_GRANTS: &str = "(rule:admin_required) or ((role:admin and domain_id:%(target.user.domain_id)s and domain_id:%(target.project.domain_id)s) or (role:admin and domain_id:%(target.user.domain_id)s and domain_id:%(target.domain.id)s) or (role:admin and domain_id:%(target.group.domain_id)s and domain_id:%(target.project.domain_id)s) or (role:admin and domain_id:%(target.group.domain_id)s and domain_id:%(target.domain.id)s)) and (domain_id:%(target.role.domain_id)s or None:%(target.role.domain_id)s) or ((role:manager and domain_id:%(target.user.domain_id)s and domain_id:%(target.project.domain_id)s) or (role:manager and domain_id:%(target.user.domain_id)s and domain_id:%(target.domain.id)s) or (role:manager and domain_id:%(target.group.domain_id)s and domain_id:%(target.project.domain_id)s) or (role:manager and domain_id:%(target.group.domain_id)s and domain_id:%(target.domain.id)s)) and rule:domain_managed_target_role";

kit::rules! {
    ADMIN_REQUIRED, "admin_required", "role:admin or is_admin:1", "Decides what is an administrator of identity.",
        [];
    SERVICE_ROLE, "service_role", "role:service", "Decides what is a service.",
        [];
    SERVICE_OR_ADMIN, "service_or_admin", "rule:admin_required or rule:service_role", "Services and administrators.",
        [];
    OWNER, "owner", "user_id:%(user_id)s", "The user of the URL.",
        [];
    ADMIN_OR_OWNER, "admin_or_owner", "rule:admin_required or rule:owner", "The user of the URL, and administrators.",
        [];
    TOKEN_SUBJECT, "token_subject", "user_id:%(target.token.user_id)s", "The user of the token that is asked about.",
        [];
    DOMAIN_MANAGED_TARGET_ROLE, "domain_managed_target_role", DOMAIN_MANAGED, "Roles that the manager of a domain may hand out.",
        [];
    GET_AUTH_CATALOG, "identity:get_auth_catalog", "", "Show the catalogue of a token.",
        ["GET /v3/auth/catalog"];
    GET_AUTH_PROJECTS, "identity:get_auth_projects", "", "List the projects that a user may scope to.",
        ["GET /v3/auth/projects"];
    GET_AUTH_DOMAINS, "identity:get_auth_domains", "", "List the domains that a user may scope to.",
        ["GET /v3/auth/domains"];
    GET_AUTH_SYSTEM, "identity:get_auth_system", "", "Whether a user may scope to the system.",
        ["GET /v3/auth/system"];
    CHECK_TOKEN, "identity:check_token", "rule:admin_required or (role:reader and system_scope:all) or rule:token_subject", "Check a token.",
        ["HEAD /v3/auth/tokens"];
    VALIDATE_TOKEN, "identity:validate_token", "rule:admin_required or (role:reader and system_scope:all) or rule:service_role or rule:token_subject", "Validate a token.",
        ["GET /v3/auth/tokens"];
    REVOKE_TOKEN, "identity:revoke_token", "rule:admin_required or rule:token_subject", "Revoke a token.",
        ["DELETE /v3/auth/tokens"];
    CREATE_USER, "identity:create_user", USER_MANAGER, "Create a user.",
        ["POST /v3/users"];
    LIST_USERS, "identity:list_users", IN_DOMAIN_READER, "List users.",
        ["GET /v3/users"];
    GET_USER, "identity:get_user", USER_READER, "Show a user.",
        ["GET /v3/users/{user_id}"];
    UPDATE_USER, "identity:update_user", USER_MANAGER, "Update a user.",
        ["PATCH /v3/users/{user_id}"];
    DELETE_USER, "identity:delete_user", USER_MANAGER, "Delete a user.",
        ["DELETE /v3/users/{user_id}"];
    LIST_USER_PROJECTS, "identity:list_user_projects", USER_PROJECTS, "List the projects of a user.",
        ["GET /v3/users/{user_id}/projects"];
    CREATE_PROJECT, "identity:create_project", PROJECT_MANAGER, "Create a project.",
        ["POST /v3/projects"];
    LIST_PROJECTS, "identity:list_projects", IN_DOMAIN_READER, "List projects.",
        ["GET /v3/projects"];
    GET_PROJECT, "identity:get_project", PROJECT_READER, "Show a project.",
        ["GET /v3/projects/{project_id}"];
    UPDATE_PROJECT, "identity:update_project", PROJECT_MANAGER, "Update a project.",
        ["PATCH /v3/projects/{project_id}"];
    DELETE_PROJECT, "identity:delete_project", PROJECT_MANAGER, "Delete a project.",
        ["DELETE /v3/projects/{project_id}"];
    LIST_PROJECT_TAGS, "identity:list_project_tags", PROJECT_READER, "List the tags of a project.",
        ["GET /v3/projects/{project_id}/tags"];
    GET_PROJECT_TAG, "identity:get_project_tag", PROJECT_READER, "Check a tag of a project.",
        ["GET /v3/projects/{project_id}/tags/{value}"];
    UPDATE_PROJECT_TAGS, "identity:update_project_tags", PROJECT_MANAGER, "Replace the tags of a project.",
        ["PUT /v3/projects/{project_id}/tags"];
    CREATE_PROJECT_TAG, "identity:create_project_tag", PROJECT_MANAGER, "Add a tag to a project.",
        ["PUT /v3/projects/{project_id}/tags/{value}"];
    DELETE_PROJECT_TAGS, "identity:delete_project_tags", PROJECT_MANAGER, "Remove the tags of a project.",
        ["DELETE /v3/projects/{project_id}/tags"];
    DELETE_PROJECT_TAG, "identity:delete_project_tag", PROJECT_MANAGER, "Remove a tag of a project.",
        ["DELETE /v3/projects/{project_id}/tags/{value}"];
    CREATE_DOMAIN, "identity:create_domain", ADMIN, "Create a domain.",
        ["POST /v3/domains"];
    LIST_DOMAINS, "identity:list_domains", DOMAINS_READER, "List domains.",
        ["GET /v3/domains"];
    GET_DOMAIN, "identity:get_domain", DOMAIN_READER, "Show a domain.",
        ["GET /v3/domains/{domain_id}"];
    UPDATE_DOMAIN, "identity:update_domain", ADMIN, "Update a domain.",
        ["PATCH /v3/domains/{domain_id}"];
    DELETE_DOMAIN, "identity:delete_domain", ADMIN, "Delete a domain.",
        ["DELETE /v3/domains/{domain_id}"];
    CREATE_ROLE, "identity:create_role", ADMIN, "Create a role.",
        ["POST /v3/roles"];
    LIST_ROLES, "identity:list_roles", ROLES_READER, "List roles.",
        ["GET /v3/roles"];
    GET_ROLE, "identity:get_role", ROLE_READER, "Show a role.",
        ["GET /v3/roles/{role_id}"];
    UPDATE_ROLE, "identity:update_role", ADMIN, "Update a role.",
        ["PATCH /v3/roles/{role_id}"];
    DELETE_ROLE, "identity:delete_role", ADMIN, "Delete a role.",
        ["DELETE /v3/roles/{role_id}"];
    CREATE_DOMAIN_ROLE, "identity:create_domain_role", ADMIN, "Create a role of a domain.",
        ["POST /v3/domain_roles"];
    LIST_DOMAIN_ROLES, "identity:list_domain_roles", READER, "List domain_roles.",
        ["GET /v3/domain_roles"];
    GET_DOMAIN_ROLE, "identity:get_domain_role", READER, "Show a role of a domain.",
        ["GET /v3/domain_roles/{role_id}"];
    UPDATE_DOMAIN_ROLE, "identity:update_domain_role", ADMIN, "Update a role of a domain.",
        ["PATCH /v3/domain_roles/{role_id}"];
    DELETE_DOMAIN_ROLE, "identity:delete_domain_role", ADMIN, "Delete a role of a domain.",
        ["DELETE /v3/domain_roles/{role_id}"];
    LIST_IMPLIED_ROLES, "identity:list_implied_roles", READER, "List what a role implies.",
        ["GET /v3/roles/{prior_role_id}/implies"];
    GET_IMPLIED_ROLE, "identity:get_implied_role", READER, "Show an implication.",
        ["GET /v3/roles/{prior_role_id}/implies/{implied_role_id}"];
    CHECK_IMPLIED_ROLE, "identity:check_implied_role", READER, "Check an implication.",
        ["HEAD /v3/roles/{prior_role_id}/implies/{implied_role_id}"];
    CREATE_IMPLIED_ROLE, "identity:create_implied_role", ADMIN, "Make a role imply another.",
        ["PUT /v3/roles/{prior_role_id}/implies/{implied_role_id}"];
    DELETE_IMPLIED_ROLE, "identity:delete_implied_role", ADMIN, "Remove an implication.",
        ["DELETE /v3/roles/{prior_role_id}/implies/{implied_role_id}"];
    LIST_ROLE_INFERENCE_RULES, "identity:list_role_inference_rules", READER, "List all implications.",
        ["GET /v3/role_inferences"];
    LIST_ROLE_ASSIGNMENTS, "identity:list_role_assignments", ASSIGNMENTS_READER, "List role assignments.",
        ["GET /v3/role_assignments"];
    LIST_ROLE_ASSIGNMENTS_FOR_TREE, "identity:list_role_assignments_for_tree", ASSIGNMENTS_READER, "List role assignments of a tree of projects.",
        ["GET /v3/role_assignments?include_subtree"];
    CHECK_GRANT, "identity:check_grant", CHECK_GRANTS, "Check a role of a user on a project or domain.",
        ["GET /v3/projects/{project_id}/users/{user_id}/roles/{role_id}", "GET /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}"];
    LIST_GRANTS, "identity:list_grants", READ_GRANTS, "List the roles of a user on a project or domain.",
        ["GET /v3/projects/{project_id}/users/{user_id}/roles", "GET /v3/domains/{domain_id}/users/{user_id}/roles"];
    CREATE_GRANT, "identity:create_grant", WRITE_GRANTS, "Give a user a role on a project or domain.",
        ["PUT /v3/projects/{project_id}/users/{user_id}/roles/{role_id}", "PUT /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}"];
    REVOKE_GRANT, "identity:revoke_grant", WRITE_GRANTS, "Take a role of a user on a project or domain away.",
        ["DELETE /v3/projects/{project_id}/users/{user_id}/roles/{role_id}", "DELETE /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}"];
    LIST_SYSTEM_GRANTS_FOR_USER, "identity:list_system_grants_for_user", READER, "List the roles of a user on the system.",
        ["GET /v3/system/users/{user_id}/roles"];
    CHECK_SYSTEM_GRANT_FOR_USER, "identity:check_system_grant_for_user", READER, "Check a role of a user on the system.",
        ["GET /v3/system/users/{user_id}/roles/{role_id}"];
    CREATE_SYSTEM_GRANT_FOR_USER, "identity:create_system_grant_for_user", ADMIN, "Give a user a role on the system.",
        ["PUT /v3/system/users/{user_id}/roles/{role_id}"];
    REVOKE_SYSTEM_GRANT_FOR_USER, "identity:revoke_system_grant_for_user", ADMIN, "Take a role of a user on the system away.",
        ["DELETE /v3/system/users/{user_id}/roles/{role_id}"];
    CREATE_SERVICE, "identity:create_service", ADMIN, "Create a service of the catalogue.",
        ["POST /v3/services"];
    LIST_SERVICES, "identity:list_services", READER, "List services.",
        ["GET /v3/services"];
    GET_SERVICE, "identity:get_service", READER, "Show a service of the catalogue.",
        ["GET /v3/services/{service_id}"];
    UPDATE_SERVICE, "identity:update_service", ADMIN, "Update a service of the catalogue.",
        ["PATCH /v3/services/{service_id}"];
    DELETE_SERVICE, "identity:delete_service", ADMIN, "Delete a service of the catalogue.",
        ["DELETE /v3/services/{service_id}"];
    CREATE_ENDPOINT, "identity:create_endpoint", ADMIN, "Create an endpoint.",
        ["POST /v3/endpoints"];
    LIST_ENDPOINTS, "identity:list_endpoints", READER, "List endpoints.",
        ["GET /v3/endpoints"];
    GET_ENDPOINT, "identity:get_endpoint", READER, "Show an endpoint.",
        ["GET /v3/endpoints/{endpoint_id}"];
    UPDATE_ENDPOINT, "identity:update_endpoint", ADMIN, "Update an endpoint.",
        ["PATCH /v3/endpoints/{endpoint_id}"];
    DELETE_ENDPOINT, "identity:delete_endpoint", ADMIN, "Delete an endpoint.",
        ["DELETE /v3/endpoints/{endpoint_id}"];
    CREATE_REGION, "identity:create_region", ADMIN, "Create a region.",
        ["POST /v3/regions"];
    LIST_REGIONS, "identity:list_regions", "", "List regions.",
        ["GET /v3/regions"];
    GET_REGION, "identity:get_region", "", "Show a region.",
        ["GET /v3/regions/{region_id}"];
    UPDATE_REGION, "identity:update_region", ADMIN, "Update a region.",
        ["PATCH /v3/regions/{region_id}"];
    DELETE_REGION, "identity:delete_region", ADMIN, "Delete a region.",
        ["DELETE /v3/regions/{region_id}"];
    CREATE_APPLICATION_CREDENTIAL, "identity:create_application_credential", "user_id:%(user_id)s", "Create an application credential.",
        ["POST /v3/users/{user_id}/application_credentials"];
    LIST_APPLICATION_CREDENTIALS, "identity:list_application_credentials", OWNER_READER, "List application credentials.",
        ["GET /v3/users/{user_id}/application_credentials"];
    GET_APPLICATION_CREDENTIAL, "identity:get_application_credential", OWNER_READER, "Show an application credential.",
        ["GET /v3/users/{user_id}/application_credentials/{application_credential_id}"];
    DELETE_APPLICATION_CREDENTIAL, "identity:delete_application_credential", "rule:admin_or_owner", "Delete an application credential.",
        ["DELETE /v3/users/{user_id}/application_credentials/{application_credential_id}"];
    LIST_CREDENTIALS, "identity:list_credentials", CREDENTIAL_READER, "List credentials.",
        ["GET /v3/credentials"];
    GET_CREDENTIAL, "identity:get_credential", CREDENTIAL_READER, "Show a credential.",
        ["GET /v3/credentials/{credential_id}"];
    CREATE_CREDENTIAL, "identity:create_credential", CREDENTIAL_OWNER, "Create a credential.",
        ["POST /v3/credentials"];
    UPDATE_CREDENTIAL, "identity:update_credential", CREDENTIAL_OWNER, "Update a credential.",
        ["PATCH /v3/credentials/{credential_id}"];
    DELETE_CREDENTIAL, "identity:delete_credential", CREDENTIAL_OWNER, "Delete a credential.",
        ["DELETE /v3/credentials/{credential_id}"];
    EC2_LIST_CREDENTIALS, "identity:ec2_list_credentials", OWNER_READER, "List EC2 credentials.",
        ["GET /v3/users/{user_id}/credentials/OS-EC2"];
    EC2_GET_CREDENTIAL, "identity:ec2_get_credential", CREDENTIAL_READER, "Show an EC2 credential.",
        ["GET /v3/users/{user_id}/credentials/OS-EC2/{credential_id}"];
    EC2_CREATE_CREDENTIAL, "identity:ec2_create_credential", CREDENTIAL_MEMBER, "Create an EC2 credential.",
        ["POST /v3/users/{user_id}/credentials/OS-EC2"];
    EC2_DELETE_CREDENTIAL, "identity:ec2_delete_credential", CREDENTIAL_MEMBER, "Delete an EC2 credential.",
        ["DELETE /v3/users/{user_id}/credentials/OS-EC2/{credential_id}"];
    EC2TOKENS_VALIDATE, "identity:ec2tokens_validate", "rule:service_or_admin", "Exchange a signed request for a token.",
        ["POST /v3/ec2tokens"];
    LIST_GROUPS, "identity:list_groups", GROUP_READER, "List groups.",
        ["GET /v3/groups"];
    LIST_GROUPS_FOR_USER, "identity:list_groups_for_user", USER_GROUPS, "List the groups of a user.",
        ["GET /v3/users/{user_id}/groups"];
    GET_GROUP, "identity:get_group", GROUP_READER, "Show a group.",
        ["GET /v3/groups/{group_id}"];
    CREATE_GROUP, "identity:create_group", GROUP_MANAGER, "Create a group.",
        ["POST /v3/groups"];
    UPDATE_GROUP, "identity:update_group", GROUP_MANAGER, "Update a group.",
        ["PATCH /v3/groups/{group_id}"];
    DELETE_GROUP, "identity:delete_group", GROUP_MANAGER, "Delete a group.",
        ["DELETE /v3/groups/{group_id}"];
    LIST_USERS_IN_GROUP, "identity:list_users_in_group", GROUP_READER, "List the users of a group.",
        ["GET /v3/groups/{group_id}/users"];
    CHECK_USER_IN_GROUP, "identity:check_user_in_group", MEMBER_READER, "Check whether a user is in a group.",
        ["GET /v3/groups/{group_id}/users/{user_id}"];
    ADD_USER_TO_GROUP, "identity:add_user_to_group", MEMBER_MANAGER, "Put a user into a group.",
        ["PUT /v3/groups/{group_id}/users/{user_id}"];
    REMOVE_USER_FROM_GROUP, "identity:remove_user_from_group", MEMBER_MANAGER, "Take a user out of a group.",
        ["DELETE /v3/groups/{group_id}/users/{user_id}"];
    LIST_SYSTEM_GRANTS_FOR_GROUP, "identity:list_system_grants_for_group", READER, "List the roles of a group on the system.",
        ["GET /v3/system/groups/{group_id}/roles"];
    CHECK_SYSTEM_GRANT_FOR_GROUP, "identity:check_system_grant_for_group", READER, "Check a role of a group on the system.",
        ["GET /v3/system/groups/{group_id}/roles/{role_id}"];
    CREATE_SYSTEM_GRANT_FOR_GROUP, "identity:create_system_grant_for_group", ADMIN, "Give a group a role on the system.",
        ["PUT /v3/system/groups/{group_id}/roles/{role_id}"];
    REVOKE_SYSTEM_GRANT_FOR_GROUP, "identity:revoke_system_grant_for_group", ADMIN, "Take a role of a group on the system away.",
        ["DELETE /v3/system/groups/{group_id}/roles/{role_id}"];
}
