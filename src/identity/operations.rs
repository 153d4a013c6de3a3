//! One row per operation of the identity API.

use kit::http::{ALWAYS, Operation};
use kit::op;

use crate::catalog::{endpoints, regions, services};
use crate::roles::implications;
use crate::{
    application_credentials, assignments, auth, credentials, domains, ec2_credentials, ec2_tokens,
    groups, policy, projects, roles, tokens, users, versions,
};

/// `/`: which versions there are.
pub static DISCOVERY: &[Operation] =
    &[op!("identity_versions:index", GET "/", ALWAYS, -, 300, versions::index).public()];

/// `/v3`.
#[rustfmt::skip]
pub static V3: &[Operation] = &[
    op!("identity_versions:show", GET "/", ALWAYS, -, 200, versions::show).public(),
    // tokens
    op!("tokens:issue", POST "/auth/tokens", ALWAYS, -, 201, tokens::api::issue).public().for_guests(),
    op!("tokens:show", GET "/auth/tokens", ALWAYS, policy::VALIDATE_TOKEN, 200, tokens::api::show),
    op!("tokens:check", HEAD "/auth/tokens", ALWAYS, policy::CHECK_TOKEN, 200, tokens::api::show),
    op!("tokens:revoke", DELETE "/auth/tokens", ALWAYS, policy::REVOKE_TOKEN, 204, tokens::api::revoke),
    // auth
    op!("auth:catalog", GET "/auth/catalog", ALWAYS, policy::GET_AUTH_CATALOG, 200, auth::api::catalog),
    op!("auth:projects", GET "/auth/projects", ALWAYS, policy::GET_AUTH_PROJECTS, 200, auth::api::projects),
    op!("auth:domains", GET "/auth/domains", ALWAYS, policy::GET_AUTH_DOMAINS, 200, auth::api::domains),
    op!("auth:system", GET "/auth/system", ALWAYS, policy::GET_AUTH_SYSTEM, 200, auth::api::system),
    // users
    op!("users:index", GET "/users", ALWAYS, policy::LIST_USERS, 200, users::api::index),
    op!("users:create", POST "/users", ALWAYS, policy::CREATE_USER, 201, users::api::create),
    op!("users:show", GET "/users/{user_id}", ALWAYS, policy::GET_USER, 200, users::api::show),
    op!("users:update", PATCH "/users/{user_id}", ALWAYS, policy::UPDATE_USER, 200, users::api::update),
    op!("users:delete", DELETE "/users/{user_id}", ALWAYS, policy::DELETE_USER, 204, users::api::delete),
    op!("users:change_password", POST "/users/{user_id}/password", ALWAYS, -, 204, users::api::change_password).public(),
    op!("users:projects", GET "/users/{user_id}/projects", ALWAYS, policy::LIST_USER_PROJECTS, 200, users::api::projects),
    op!("users:groups", GET "/users/{user_id}/groups", ALWAYS, policy::LIST_GROUPS_FOR_USER, 200, groups::api::of_user),
    // groups
    op!("groups:index", GET "/groups", ALWAYS, policy::LIST_GROUPS, 200, groups::api::index),
    op!("groups:create", POST "/groups", ALWAYS, policy::CREATE_GROUP, 201, groups::api::create),
    op!("groups:show", GET "/groups/{group_id}", ALWAYS, policy::GET_GROUP, 200, groups::api::show),
    op!("groups:update", PATCH "/groups/{group_id}", ALWAYS, policy::UPDATE_GROUP, 200, groups::api::update),
    op!("groups:delete", DELETE "/groups/{group_id}", ALWAYS, policy::DELETE_GROUP, 204, groups::api::delete),
    op!("groups:users", GET "/groups/{group_id}/users", ALWAYS, policy::LIST_USERS_IN_GROUP, 200, groups::members::index),
    op!("groups:check_user", GET "/groups/{group_id}/users/{user_id}", ALWAYS, policy::CHECK_USER_IN_GROUP, 204, groups::members::check),
    op!("groups:add_user", PUT "/groups/{group_id}/users/{user_id}", ALWAYS, policy::ADD_USER_TO_GROUP, 204, groups::members::add),
    op!("groups:remove_user", DELETE "/groups/{group_id}/users/{user_id}", ALWAYS, policy::REMOVE_USER_FROM_GROUP, 204, groups::members::remove),
    // application credentials
    op!("application_credentials:index", GET "/users/{user_id}/application_credentials", ALWAYS, policy::LIST_APPLICATION_CREDENTIALS, 200, application_credentials::api::index),
    op!("application_credentials:create", POST "/users/{user_id}/application_credentials", ALWAYS, policy::CREATE_APPLICATION_CREDENTIAL, 201, application_credentials::api::create),
    op!("application_credentials:show", GET "/users/{user_id}/application_credentials/{application_credential_id}", ALWAYS, policy::GET_APPLICATION_CREDENTIAL, 200, application_credentials::api::show),
    op!("application_credentials:delete", DELETE "/users/{user_id}/application_credentials/{application_credential_id}", ALWAYS, policy::DELETE_APPLICATION_CREDENTIAL, 204, application_credentials::api::delete),
    // credentials
    op!("credentials:index", GET "/credentials", ALWAYS, policy::LIST_CREDENTIALS, 200, credentials::api::index),
    op!("credentials:create", POST "/credentials", ALWAYS, policy::CREATE_CREDENTIAL, 201, credentials::api::create),
    op!("credentials:show", GET "/credentials/{credential_id}", ALWAYS, policy::GET_CREDENTIAL, 200, credentials::api::show),
    op!("credentials:update", PATCH "/credentials/{credential_id}", ALWAYS, policy::UPDATE_CREDENTIAL, 200, credentials::api::update),
    op!("credentials:delete", DELETE "/credentials/{credential_id}", ALWAYS, policy::DELETE_CREDENTIAL, 204, credentials::api::delete),
    op!("ec2_credentials:index", GET "/users/{user_id}/credentials/OS-EC2", ALWAYS, policy::EC2_LIST_CREDENTIALS, 200, ec2_credentials::api::index),
    op!("ec2_credentials:create", POST "/users/{user_id}/credentials/OS-EC2", ALWAYS, policy::EC2_CREATE_CREDENTIAL, 201, ec2_credentials::api::create),
    op!("ec2_credentials:show", GET "/users/{user_id}/credentials/OS-EC2/{credential_id}", ALWAYS, policy::EC2_GET_CREDENTIAL, 200, ec2_credentials::api::show),
    op!("ec2_credentials:delete", DELETE "/users/{user_id}/credentials/OS-EC2/{credential_id}", ALWAYS, policy::EC2_DELETE_CREDENTIAL, 204, ec2_credentials::api::delete),
    op!("ec2_tokens:issue", POST "/ec2tokens", ALWAYS, policy::EC2TOKENS_VALIDATE, 200, ec2_tokens::api::issue),
    // projects
    op!("projects:index", GET "/projects", ALWAYS, policy::LIST_PROJECTS, 200, projects::api::index),
    op!("projects:create", POST "/projects", ALWAYS, policy::CREATE_PROJECT, 201, projects::api::create),
    op!("projects:show", GET "/projects/{project_id}", ALWAYS, policy::GET_PROJECT, 200, projects::api::show),
    op!("projects:update", PATCH "/projects/{project_id}", ALWAYS, policy::UPDATE_PROJECT, 200, projects::api::update),
    op!("projects:delete", DELETE "/projects/{project_id}", ALWAYS, policy::DELETE_PROJECT, 204, projects::api::delete),
    op!("project_tags:index", GET "/projects/{project_id}/tags", ALWAYS, policy::LIST_PROJECT_TAGS, 200, projects::tags::index),
    op!("project_tags:replace", PUT "/projects/{project_id}/tags", ALWAYS, policy::UPDATE_PROJECT_TAGS, 200, projects::tags::replace),
    op!("project_tags:clear", DELETE "/projects/{project_id}/tags", ALWAYS, policy::DELETE_PROJECT_TAGS, 204, projects::tags::clear),
    op!("project_tags:check", GET "/projects/{project_id}/tags/{value}", ALWAYS, policy::GET_PROJECT_TAG, 204, projects::tags::check),
    op!("project_tags:add", PUT "/projects/{project_id}/tags/{value}", ALWAYS, policy::CREATE_PROJECT_TAG, 201, projects::tags::add),
    op!("project_tags:remove", DELETE "/projects/{project_id}/tags/{value}", ALWAYS, policy::DELETE_PROJECT_TAG, 204, projects::tags::remove),
    // domains
    op!("domains:index", GET "/domains", ALWAYS, policy::LIST_DOMAINS, 200, domains::api::index),
    op!("domains:create", POST "/domains", ALWAYS, policy::CREATE_DOMAIN, 201, domains::api::create),
    op!("domains:show", GET "/domains/{domain_id}", ALWAYS, policy::GET_DOMAIN, 200, domains::api::show),
    op!("domains:update", PATCH "/domains/{domain_id}", ALWAYS, policy::UPDATE_DOMAIN, 200, domains::api::update),
    op!("domains:delete", DELETE "/domains/{domain_id}", ALWAYS, policy::DELETE_DOMAIN, 204, domains::api::delete),
    // roles
    op!("roles:index", GET "/roles", ALWAYS, policy::LIST_ROLES, 200, roles::api::index),
    op!("roles:create", POST "/roles", ALWAYS, policy::CREATE_ROLE, 201, roles::api::create),
    op!("roles:show", GET "/roles/{role_id}", ALWAYS, policy::GET_ROLE, 200, roles::api::show),
    op!("roles:update", PATCH "/roles/{role_id}", ALWAYS, policy::UPDATE_ROLE, 200, roles::api::update),
    op!("roles:delete", DELETE "/roles/{role_id}", ALWAYS, policy::DELETE_ROLE, 204, roles::api::delete),
    op!("role_inferences:index", GET "/role_inferences", ALWAYS, policy::LIST_ROLE_INFERENCE_RULES, 200, implications::index),
    op!("role_inferences:of_role", GET "/roles/{prior_role_id}/implies", ALWAYS, policy::LIST_IMPLIED_ROLES, 200, implications::of_role),
    op!("role_inferences:show", GET "/roles/{prior_role_id}/implies/{implied_role_id}", ALWAYS, policy::GET_IMPLIED_ROLE, 200, implications::show),
    op!("role_inferences:check", HEAD "/roles/{prior_role_id}/implies/{implied_role_id}", ALWAYS, policy::CHECK_IMPLIED_ROLE, 204, implications::check),
    op!("role_inferences:create", PUT "/roles/{prior_role_id}/implies/{implied_role_id}", ALWAYS, policy::CREATE_IMPLIED_ROLE, 201, implications::create),
    op!("role_inferences:delete", DELETE "/roles/{prior_role_id}/implies/{implied_role_id}", ALWAYS, policy::DELETE_IMPLIED_ROLE, 204, implications::delete),
    // assignments
    op!("role_assignments:index", GET "/role_assignments", ALWAYS, policy::LIST_ROLE_ASSIGNMENTS, 200, assignments::api::index),
    op!("project_grants:index", GET "/projects/{project_id}/users/{user_id}/roles", ALWAYS, policy::LIST_GRANTS, 200, assignments::grants::index),
    op!("project_grants:check", GET "/projects/{project_id}/users/{user_id}/roles/{role_id}", ALWAYS, policy::CHECK_GRANT, 204, assignments::grants::check),
    op!("project_grants:create", PUT "/projects/{project_id}/users/{user_id}/roles/{role_id}", ALWAYS, policy::CREATE_GRANT, 204, assignments::grants::create),
    op!("project_grants:revoke", DELETE "/projects/{project_id}/users/{user_id}/roles/{role_id}", ALWAYS, policy::REVOKE_GRANT, 204, assignments::grants::revoke),
    op!("domain_grants:index", GET "/domains/{domain_id}/users/{user_id}/roles", ALWAYS, policy::LIST_GRANTS, 200, assignments::grants::index),
    op!("domain_grants:check", GET "/domains/{domain_id}/users/{user_id}/roles/{role_id}", ALWAYS, policy::CHECK_GRANT, 204, assignments::grants::check),
    op!("domain_grants:create", PUT "/domains/{domain_id}/users/{user_id}/roles/{role_id}", ALWAYS, policy::CREATE_GRANT, 204, assignments::grants::create),
    op!("domain_grants:revoke", DELETE "/domains/{domain_id}/users/{user_id}/roles/{role_id}", ALWAYS, policy::REVOKE_GRANT, 204, assignments::grants::revoke),
    op!("system_grants:index", GET "/system/users/{user_id}/roles", ALWAYS, policy::LIST_SYSTEM_GRANTS_FOR_USER, 200, assignments::grants::index),
    op!("system_grants:check", GET "/system/users/{user_id}/roles/{role_id}", ALWAYS, policy::CHECK_SYSTEM_GRANT_FOR_USER, 204, assignments::grants::check),
    op!("system_grants:create", PUT "/system/users/{user_id}/roles/{role_id}", ALWAYS, policy::CREATE_SYSTEM_GRANT_FOR_USER, 204, assignments::grants::create),
    op!("system_grants:revoke", DELETE "/system/users/{user_id}/roles/{role_id}", ALWAYS, policy::REVOKE_SYSTEM_GRANT_FOR_USER, 204, assignments::grants::revoke),
    op!("inherited_grants:index", GET "/OS-INHERIT/domains/{domain_id}/users/{user_id}/roles/inherited_to_projects", ALWAYS, policy::LIST_GRANTS, 200, assignments::grants::index),
    op!("inherited_grants:check_domain", GET "/OS-INHERIT/domains/{domain_id}/users/{user_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::CHECK_GRANT, 204, assignments::grants::check),
    op!("inherited_grants:create_domain", PUT "/OS-INHERIT/domains/{domain_id}/users/{user_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::CREATE_GRANT, 204, assignments::grants::create),
    op!("inherited_grants:revoke_domain", DELETE "/OS-INHERIT/domains/{domain_id}/users/{user_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::REVOKE_GRANT, 204, assignments::grants::revoke),
    op!("inherited_grants:check_project", GET "/OS-INHERIT/projects/{project_id}/users/{user_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::CHECK_GRANT, 204, assignments::grants::check),
    op!("inherited_grants:create_project", PUT "/OS-INHERIT/projects/{project_id}/users/{user_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::CREATE_GRANT, 204, assignments::grants::create),
    op!("inherited_grants:revoke_project", DELETE "/OS-INHERIT/projects/{project_id}/users/{user_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::REVOKE_GRANT, 204, assignments::grants::revoke),
    // the same of groups
    op!("project_grants:index_of_group", GET "/projects/{project_id}/groups/{group_id}/roles", ALWAYS, policy::LIST_GRANTS, 200, assignments::grants::index),
    op!("project_grants:check_of_group", GET "/projects/{project_id}/groups/{group_id}/roles/{role_id}", ALWAYS, policy::CHECK_GRANT, 204, assignments::grants::check),
    op!("project_grants:create_of_group", PUT "/projects/{project_id}/groups/{group_id}/roles/{role_id}", ALWAYS, policy::CREATE_GRANT, 204, assignments::grants::create),
    op!("project_grants:revoke_of_group", DELETE "/projects/{project_id}/groups/{group_id}/roles/{role_id}", ALWAYS, policy::REVOKE_GRANT, 204, assignments::grants::revoke),
    op!("domain_grants:index_of_group", GET "/domains/{domain_id}/groups/{group_id}/roles", ALWAYS, policy::LIST_GRANTS, 200, assignments::grants::index),
    op!("domain_grants:check_of_group", GET "/domains/{domain_id}/groups/{group_id}/roles/{role_id}", ALWAYS, policy::CHECK_GRANT, 204, assignments::grants::check),
    op!("domain_grants:create_of_group", PUT "/domains/{domain_id}/groups/{group_id}/roles/{role_id}", ALWAYS, policy::CREATE_GRANT, 204, assignments::grants::create),
    op!("domain_grants:revoke_of_group", DELETE "/domains/{domain_id}/groups/{group_id}/roles/{role_id}", ALWAYS, policy::REVOKE_GRANT, 204, assignments::grants::revoke),
    op!("system_grants:index_of_group", GET "/system/groups/{group_id}/roles", ALWAYS, policy::LIST_SYSTEM_GRANTS_FOR_GROUP, 200, assignments::grants::index),
    op!("system_grants:check_of_group", GET "/system/groups/{group_id}/roles/{role_id}", ALWAYS, policy::CHECK_SYSTEM_GRANT_FOR_GROUP, 204, assignments::grants::check),
    op!("system_grants:create_of_group", PUT "/system/groups/{group_id}/roles/{role_id}", ALWAYS, policy::CREATE_SYSTEM_GRANT_FOR_GROUP, 204, assignments::grants::create),
    op!("system_grants:revoke_of_group", DELETE "/system/groups/{group_id}/roles/{role_id}", ALWAYS, policy::REVOKE_SYSTEM_GRANT_FOR_GROUP, 204, assignments::grants::revoke),
    op!("inherited_grants:index_of_group", GET "/OS-INHERIT/domains/{domain_id}/groups/{group_id}/roles/inherited_to_projects", ALWAYS, policy::LIST_GRANTS, 200, assignments::grants::index),
    op!("inherited_grants:check_domain_of_group", GET "/OS-INHERIT/domains/{domain_id}/groups/{group_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::CHECK_GRANT, 204, assignments::grants::check),
    op!("inherited_grants:create_domain_of_group", PUT "/OS-INHERIT/domains/{domain_id}/groups/{group_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::CREATE_GRANT, 204, assignments::grants::create),
    op!("inherited_grants:revoke_domain_of_group", DELETE "/OS-INHERIT/domains/{domain_id}/groups/{group_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::REVOKE_GRANT, 204, assignments::grants::revoke),
    op!("inherited_grants:check_project_of_group", GET "/OS-INHERIT/projects/{project_id}/groups/{group_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::CHECK_GRANT, 204, assignments::grants::check),
    op!("inherited_grants:create_project_of_group", PUT "/OS-INHERIT/projects/{project_id}/groups/{group_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::CREATE_GRANT, 204, assignments::grants::create),
    op!("inherited_grants:revoke_project_of_group", DELETE "/OS-INHERIT/projects/{project_id}/groups/{group_id}/roles/{role_id}/inherited_to_projects", ALWAYS, policy::REVOKE_GRANT, 204, assignments::grants::revoke),
    // catalogue
    op!("catalog_services:index", GET "/services", ALWAYS, policy::LIST_SERVICES, 200, services::api::index),
    op!("catalog_services:create", POST "/services", ALWAYS, policy::CREATE_SERVICE, 201, services::api::create),
    op!("catalog_services:show", GET "/services/{service_id}", ALWAYS, policy::GET_SERVICE, 200, services::api::show),
    op!("catalog_services:update", PATCH "/services/{service_id}", ALWAYS, policy::UPDATE_SERVICE, 200, services::api::update),
    op!("catalog_services:delete", DELETE "/services/{service_id}", ALWAYS, policy::DELETE_SERVICE, 204, services::api::delete),
    op!("endpoints:index", GET "/endpoints", ALWAYS, policy::LIST_ENDPOINTS, 200, endpoints::api::index),
    op!("endpoints:create", POST "/endpoints", ALWAYS, policy::CREATE_ENDPOINT, 201, endpoints::api::create),
    op!("endpoints:show", GET "/endpoints/{endpoint_id}", ALWAYS, policy::GET_ENDPOINT, 200, endpoints::api::show),
    op!("endpoints:update", PATCH "/endpoints/{endpoint_id}", ALWAYS, policy::UPDATE_ENDPOINT, 200, endpoints::api::update),
    op!("endpoints:delete", DELETE "/endpoints/{endpoint_id}", ALWAYS, policy::DELETE_ENDPOINT, 204, endpoints::api::delete),
    op!("regions:index", GET "/regions", ALWAYS, policy::LIST_REGIONS, 200, regions::api::index),
    op!("regions:create", POST "/regions", ALWAYS, policy::CREATE_REGION, 201, regions::api::create),
    op!("regions:show", GET "/regions/{region_id}", ALWAYS, policy::GET_REGION, 200, regions::api::show),
    op!("regions:put", PUT "/regions/{region_id}", ALWAYS, policy::CREATE_REGION, 201, regions::api::create),
    op!("regions:update", PATCH "/regions/{region_id}", ALWAYS, policy::UPDATE_REGION, 200, regions::api::update),
    op!("regions:delete", DELETE "/regions/{region_id}", ALWAYS, policy::DELETE_REGION, 204, regions::api::delete),
];
