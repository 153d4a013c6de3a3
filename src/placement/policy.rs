//! The rules of Placement, with its names and defaults.

use kit::rules;

/// Administrators, and other services (Placement: `admin_or_service_api`).
const ADMIN_OR_SERVICE: &str = "role:admin or role:service";
/// The same, and readers of the project.
const READER: &str = "role:admin or (role:reader and project_id:%(project_id)s) or role:service";

rules! {
    PROVIDERS_INDEX, "placement:resource_providers:list", ADMIN_OR_SERVICE,
        "List resource providers.", ["GET /resource_providers"];
    PROVIDERS_SHOW, "placement:resource_providers:show", ADMIN_OR_SERVICE,
        "Show a resource provider.", ["GET /resource_providers/{uuid}"];
    INVENTORIES_INDEX, "placement:resource_providers:inventories:list", ADMIN_OR_SERVICE,
        "List what a provider has.", ["GET /resource_providers/{uuid}/inventories"];
    INVENTORIES_SHOW, "placement:resource_providers:inventories:show", ADMIN_OR_SERVICE,
        "Show what a provider has of a class.", ["GET /resource_providers/{uuid}/inventories/{resource_class}"];
    AGGREGATES_SHOW, "placement:resource_providers:aggregates:list", ADMIN_OR_SERVICE,
        "List the aggregates of a provider.", ["GET /resource_providers/{uuid}/aggregates"];
    PROVIDER_TRAITS_INDEX, "placement:resource_providers:traits:list", ADMIN_OR_SERVICE,
        "List the traits of a provider.", ["GET /resource_providers/{uuid}/traits"];
    PROVIDER_ALLOCATIONS_INDEX, "placement:resource_providers:allocations:list", ADMIN_OR_SERVICE,
        "List what is taken of a provider.", ["GET /resource_providers/{uuid}/allocations"];
    PROVIDER_USAGES_SHOW, "placement:resource_providers:usages", ADMIN_OR_SERVICE,
        "Sum up what is taken of a provider.", ["GET /resource_providers/{uuid}/usages"];
    USAGES_INDEX, "placement:usages", READER,
        "Sum up what a project takes.", ["GET /usages"];
    ALLOCATIONS_SHOW, "placement:allocations:list", ADMIN_OR_SERVICE,
        "List what a consumer takes.", ["GET /allocations/{consumer_uuid}"];
    CANDIDATES_INDEX, "placement:allocation_candidates:list", ADMIN_OR_SERVICE,
        "List where there is room.", ["GET /allocation_candidates"];
    TRAITS_INDEX, "placement:traits:list", ADMIN_OR_SERVICE,
        "List traits.", ["GET /traits"];
    TRAITS_SHOW, "placement:traits:show", ADMIN_OR_SERVICE,
        "Say whether there is a trait.", ["GET /traits/{name}"];
    CLASSES_INDEX, "placement:resource_classes:list", ADMIN_OR_SERVICE,
        "List resource classes.", ["GET /resource_classes"];
    CLASSES_SHOW, "placement:resource_classes:show", ADMIN_OR_SERVICE,
        "Show a resource class.", ["GET /resource_classes/{name}"];
}
