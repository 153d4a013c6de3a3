//! One row per operation of Placement.

use kit::http::{Operation, since};
use kit::op;

use crate::microversions::{AGGREGATES, BASE, CANDIDATES, RESOURCE_CLASSES, TRAITS, USAGES};
use crate::{
    aggregates, allocation_candidates, allocations, inventories, policy, resource_classes,
    resource_providers, traits, usages, versions,
};

/// `/placement`.
#[rustfmt::skip] // a row is a line
pub static ALL: &[Operation] = &[
    op!("versions:index", GET "/", since(BASE), -, 200, versions::api::index).public(),
    op!("resource-providers:index", GET "/resource_providers", since(BASE), policy::PROVIDERS_INDEX, 200, resource_providers::api::index),
    op!("resource-providers:show", GET "/resource_providers/{uuid}", since(BASE), policy::PROVIDERS_SHOW, 200, resource_providers::api::show),
    op!("inventories:index", GET "/resource_providers/{uuid}/inventories", since(BASE), policy::INVENTORIES_INDEX, 200, inventories::api::index),
    op!("inventories:show", GET "/resource_providers/{uuid}/inventories/{resource_class}", since(BASE), policy::INVENTORIES_SHOW, 200, inventories::api::show),
    op!("aggregates:show", GET "/resource_providers/{uuid}/aggregates", since(AGGREGATES), policy::AGGREGATES_SHOW, 200, aggregates::api::show),
    op!("traits:of-provider", GET "/resource_providers/{uuid}/traits", since(TRAITS), policy::PROVIDER_TRAITS_INDEX, 200, traits::api::of_provider),
    op!("allocations:of-provider", GET "/resource_providers/{uuid}/allocations", since(BASE), policy::PROVIDER_ALLOCATIONS_INDEX, 200, allocations::api::of_provider),
    op!("usages:of-provider", GET "/resource_providers/{uuid}/usages", since(BASE), policy::PROVIDER_USAGES_SHOW, 200, usages::api::of_provider),
    op!("usages:index", GET "/usages", since(USAGES), policy::USAGES_INDEX, 200, usages::api::index),
    op!("allocations:show", GET "/allocations/{consumer_uuid}", since(BASE), policy::ALLOCATIONS_SHOW, 200, allocations::api::show),
    op!("allocation-candidates:index", GET "/allocation_candidates", since(CANDIDATES), policy::CANDIDATES_INDEX, 200, allocation_candidates::api::index),
    op!("traits:index", GET "/traits", since(TRAITS), policy::TRAITS_INDEX, 200, traits::api::index),
    op!("traits:show", GET "/traits/{name}", since(TRAITS), policy::TRAITS_SHOW, 204, traits::api::show),
    op!("resource-classes:index", GET "/resource_classes", since(RESOURCE_CLASSES), policy::CLASSES_INDEX, 200, resource_classes::api::index),
    op!("resource-classes:show", GET "/resource_classes/{name}", since(RESOURCE_CLASSES), policy::CLASSES_SHOW, 200, resource_classes::api::show),
];
