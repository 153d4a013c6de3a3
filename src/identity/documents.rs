//! The part of the contract that describes this service: path below `api-ref/`, and the text.

macro_rules! documents {
    ($($name:literal),* $(,)?) => {
        &[$((
            concat!("identity/", $name, ".yaml"),
            include_str!(concat!("../../api-ref/identity/", $name, ".yaml")),
        )),*]
    };
}

/// One row per document.
pub(crate) static ALL: &[(&str, &str)] = documents![
    "application_credentials",
    "auth",
    "catalog_services",
    "credentials",
    "domain_grants",
    "domains",
    "ec2_credentials",
    "ec2_tokens",
    "endpoints",
    "groups",
    "identity_versions",
    "inherited_grants",
    "project_grants",
    "project_tags",
    "projects",
    "regions",
    "role_assignments",
    "role_inferences",
    "roles",
    "shared",
    "system_grants",
    "tokens",
    "users",
];
