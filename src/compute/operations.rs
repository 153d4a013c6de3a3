//! One row per operation of the compute API.

use kit::http::{Operation, between, since};
use kit::op;

use crate::microversions::{
    BASE, FLAVOR_DESCRIPTION, HYPERVISOR_STATISTICS_GONE, IMAGE_METADATA_GONE, KEYPAIR_TYPES,
    PROXIES_GONE, SERVICE_UUID,
};
use crate::{
    availability_zones, extensions, flavor_access, flavor_extra_specs, flavors, gone, hypervisors,
    image_metadata, images, keypairs, limits, policy, quota_class_sets, quota_sets, server_groups,
    services, simple_tenant_usage, versions,
};

/// `/`: which versions there are.
pub static DISCOVERY: &[Operation] = &[
    op!("versions:index", GET "/", kit::http::ALWAYS, -, 200, versions::index).public(),
    op!("versions:choices", GET "/{*path}", kit::http::ALWAYS, -, 300, versions::choices).public(),
];

/// `/v2.1` and `/v2`.
pub static ALL: &[Operation] = &[
    op!("versions:show", GET "/", since(BASE), -, 200, versions::show).public(),
    // flavors
    op!("flavors:index", GET "/flavors", since(BASE), -, 200, flavors::api::index),
    op!("flavors:detail", GET "/flavors/detail", since(BASE), -, 200, flavors::api::detail),
    op!("flavors:show", GET "/flavors/{flavor_id}", since(BASE), -, 200, flavors::api::show),
    op!("flavors:create", POST "/flavors", since(BASE), policy::FLAVORS_CREATE, 200, flavors::api::create),
    op!("flavors:update", PUT "/flavors/{flavor_id}", since(FLAVOR_DESCRIPTION), policy::FLAVORS_UPDATE, 200, flavors::api::update),
    op!("flavors:delete", DELETE "/flavors/{flavor_id}", since(BASE), policy::FLAVORS_DELETE, 202, flavors::api::delete),
    // flavor extra specs
    op!("flavor-extra-specs:index", GET "/flavors/{flavor_id}/os-extra_specs", since(BASE), policy::FLAVOR_EXTRA_SPECS_INDEX, 200, flavor_extra_specs::api::index),
    op!("flavor-extra-specs:create", POST "/flavors/{flavor_id}/os-extra_specs", since(BASE), policy::FLAVOR_EXTRA_SPECS_CREATE, 200, flavor_extra_specs::api::create),
    op!("flavor-extra-specs:show", GET "/flavors/{flavor_id}/os-extra_specs/{key}", since(BASE), policy::FLAVOR_EXTRA_SPECS_SHOW, 200, flavor_extra_specs::api::show),
    op!("flavor-extra-specs:update", PUT "/flavors/{flavor_id}/os-extra_specs/{key}", since(BASE), policy::FLAVOR_EXTRA_SPECS_UPDATE, 200, flavor_extra_specs::api::update),
    op!("flavor-extra-specs:delete", DELETE "/flavors/{flavor_id}/os-extra_specs/{key}", since(BASE), policy::FLAVOR_EXTRA_SPECS_DELETE, 200, flavor_extra_specs::api::delete),
    // flavor access
    op!("flavor-access:index", GET "/flavors/{flavor_id}/os-flavor-access", since(BASE), policy::FLAVOR_ACCESS_INDEX, 200, flavor_access::api::index),
    op!("flavor-access:add", POST "/flavors/{flavor_id}/action", since(BASE), policy::FLAVOR_ACCESS_ADD, 200, flavor_access::api::add).action("addTenantAccess"),
    op!("flavor-access:remove", POST "/flavors/{flavor_id}/action", since(BASE), policy::FLAVOR_ACCESS_REMOVE, 200, flavor_access::api::remove).action("removeTenantAccess"),
    // keypairs
    op!("keypairs:index", GET "/os-keypairs", since(BASE), policy::KEYPAIRS_INDEX, 200, keypairs::api::index),
    op!("keypairs:create", POST "/os-keypairs", between(BASE, KEYPAIR_TYPES), policy::KEYPAIRS_CREATE, 200, keypairs::api::create),
    op!("keypairs:create", POST "/os-keypairs", since(KEYPAIR_TYPES), policy::KEYPAIRS_CREATE, 201, keypairs::api::create),
    op!("keypairs:show", GET "/os-keypairs/{keypair_name}", since(BASE), policy::KEYPAIRS_SHOW, 200, keypairs::api::show),
    op!("keypairs:delete", DELETE "/os-keypairs/{keypair_name}", between(BASE, KEYPAIR_TYPES), policy::KEYPAIRS_DELETE, 202, keypairs::api::delete),
    op!("keypairs:delete", DELETE "/os-keypairs/{keypair_name}", since(KEYPAIR_TYPES), policy::KEYPAIRS_DELETE, 204, keypairs::api::delete),
    // limits
    op!("limits:index", GET "/limits", since(BASE), policy::LIMITS_INDEX, 200, limits::api::index),
    // quota sets
    op!("quota-sets:show", GET "/os-quota-sets/{project_id}", since(BASE), policy::QUOTA_SETS_SHOW, 200, quota_sets::api::show),
    op!("quota-sets:detail", GET "/os-quota-sets/{project_id}/detail", since(BASE), policy::QUOTA_SETS_DETAIL, 200, quota_sets::api::detail),
    op!("quota-sets:defaults", GET "/os-quota-sets/{project_id}/defaults", since(BASE), policy::QUOTA_SETS_DEFAULTS, 200, quota_sets::api::defaults),
    op!("quota-sets:update", PUT "/os-quota-sets/{project_id}", since(BASE), policy::QUOTA_SETS_UPDATE, 200, quota_sets::api::update),
    op!("quota-sets:delete", DELETE "/os-quota-sets/{project_id}", since(BASE), policy::QUOTA_SETS_DELETE, 202, quota_sets::api::delete),
    // quota class sets
    op!("quota-class-sets:show", GET "/os-quota-class-sets/{quota_class}", since(BASE), policy::QUOTA_CLASS_SETS_SHOW, 200, quota_class_sets::api::show),
    op!("quota-class-sets:update", PUT "/os-quota-class-sets/{quota_class}", since(BASE), policy::QUOTA_CLASS_SETS_UPDATE, 200, quota_class_sets::api::update),
    // availability zones
    op!("availability-zones:index", GET "/os-availability-zone", since(BASE), policy::AVAILABILITY_ZONES_INDEX, 200, availability_zones::api::index),
    op!("availability-zones:detail", GET "/os-availability-zone/detail", since(BASE), policy::AVAILABILITY_ZONES_DETAIL, 200, availability_zones::api::detail),
    // hypervisors
    op!("hypervisors:index", GET "/os-hypervisors", since(BASE), policy::HYPERVISORS_INDEX, 200, hypervisors::api::index),
    op!("hypervisors:detail", GET "/os-hypervisors/detail", since(BASE), policy::HYPERVISORS_DETAIL, 200, hypervisors::api::detail),
    op!("hypervisors:statistics", GET "/os-hypervisors/statistics", between(BASE, HYPERVISOR_STATISTICS_GONE), policy::HYPERVISORS_STATISTICS, 200, hypervisors::api::statistics),
    op!("hypervisors:show", GET "/os-hypervisors/{hypervisor_id}", since(BASE), policy::HYPERVISORS_SHOW, 200, hypervisors::api::show),
    op!("hypervisors:uptime", GET "/os-hypervisors/{hypervisor_id}/uptime", between(BASE, HYPERVISOR_STATISTICS_GONE), policy::HYPERVISORS_UPTIME, 200, hypervisors::api::uptime),
    op!("hypervisors:search", GET "/os-hypervisors/{hypervisor_id}/search", between(BASE, SERVICE_UUID), policy::HYPERVISORS_SEARCH, 200, hypervisors::api::search),
    op!("hypervisors:servers", GET "/os-hypervisors/{hypervisor_id}/servers", between(BASE, SERVICE_UUID), policy::HYPERVISORS_SERVERS, 200, hypervisors::api::servers),
    // services
    op!("services:index", GET "/os-services", since(BASE), policy::SERVICES_INDEX, 200, services::api::index),
    op!("services:update", PUT "/os-services/{service_id}", between(BASE, SERVICE_UUID), policy::SERVICES_UPDATE, 200, services::api::act),
    op!("services:update", PUT "/os-services/{service_id}", since(SERVICE_UUID), policy::SERVICES_UPDATE, 200, services::api::update),
    op!("services:delete", DELETE "/os-services/{service_id}", since(BASE), policy::SERVICES_DELETE, 204, services::api::delete),
    // simple tenant usage
    op!("simple-tenant-usage:index", GET "/os-simple-tenant-usage", since(BASE), policy::SIMPLE_TENANT_USAGE_INDEX, 200, simple_tenant_usage::api::index),
    op!("simple-tenant-usage:show", GET "/os-simple-tenant-usage/{project_id}", since(BASE), policy::SIMPLE_TENANT_USAGE_SHOW, 200, simple_tenant_usage::api::show),
    // server groups
    op!("server-groups:index", GET "/os-server-groups", since(BASE), policy::SERVER_GROUPS_INDEX, 200, server_groups::api::index),
    op!("server-groups:show", GET "/os-server-groups/{server_group_id}", since(BASE), policy::SERVER_GROUPS_SHOW, 200, server_groups::api::show),
    op!("server-groups:create", POST "/os-server-groups", since(BASE), policy::SERVER_GROUPS_CREATE, 200, server_groups::api::create),
    op!("server-groups:delete", DELETE "/os-server-groups/{server_group_id}", since(BASE), policy::SERVER_GROUPS_DELETE, 204, server_groups::api::delete),
    // extensions
    op!("extensions:index", GET "/extensions", since(BASE), policy::EXTENSIONS, 200, extensions::api::index),
    op!("extensions:show", GET "/extensions/{alias}", since(BASE), policy::EXTENSIONS, 200, extensions::api::show),
    // images, as they were
    op!("images:index", GET "/images", between(BASE, PROXIES_GONE), -, 200, images::api::index),
    op!("images:detail", GET "/images/detail", between(BASE, PROXIES_GONE), -, 200, images::api::detail),
    op!("images:show", GET "/images/{image_id}", between(BASE, PROXIES_GONE), -, 200, images::api::show),
    op!("images:delete", DELETE "/images/{image_id}", between(BASE, PROXIES_GONE), -, 204, images::api::delete),
    op!("image-metadata:index", GET "/images/{image_id}/metadata", between(BASE, IMAGE_METADATA_GONE), -, 200, image_metadata::api::index),
    op!("image-metadata:create", POST "/images/{image_id}/metadata", between(BASE, IMAGE_METADATA_GONE), -, 200, image_metadata::api::create),
    op!("image-metadata:replace", PUT "/images/{image_id}/metadata", between(BASE, IMAGE_METADATA_GONE), -, 200, image_metadata::api::replace),
    op!("image-metadata:show", GET "/images/{image_id}/metadata/{key}", between(BASE, IMAGE_METADATA_GONE), -, 200, image_metadata::api::show),
    op!("image-metadata:update", PUT "/images/{image_id}/metadata/{key}", between(BASE, IMAGE_METADATA_GONE), -, 200, image_metadata::api::update_one),
    op!("image-metadata:delete", DELETE "/images/{image_id}/metadata/{key}", between(BASE, IMAGE_METADATA_GONE), -, 204, image_metadata::api::delete),
    // removed for good
    op!("removed:agents-index", GET "/os-agents", since(BASE), -, 410, gone::gone),
    op!("removed:agents-create", POST "/os-agents", since(BASE), -, 410, gone::gone),
    op!("removed:agents-delete", DELETE "/os-agents/{agent_id}", since(BASE), -, 410, gone::gone),
    op!("removed:agents-update", PUT "/os-agents/{agent_id}", since(BASE), -, 410, gone::gone),
    op!("removed:cells-index", GET "/os-cells", since(BASE), -, 410, gone::gone),
    op!("removed:cells-create", POST "/os-cells", since(BASE), -, 410, gone::gone),
    op!("removed:cells-capacities", GET "/os-cells/capacities", since(BASE), -, 410, gone::gone),
    op!("removed:cells-detail", GET "/os-cells/detail", since(BASE), -, 410, gone::gone),
    op!("removed:cells-info", GET "/os-cells/info", since(BASE), -, 410, gone::gone),
    op!("removed:cells-sync-instances", POST "/os-cells/sync_instances", since(BASE), -, 410, gone::gone),
    op!("removed:cells-delete", DELETE "/os-cells/{cell_id}", since(BASE), -, 410, gone::gone),
    op!("removed:cells-show", GET "/os-cells/{cell_id}", since(BASE), -, 410, gone::gone),
    op!("removed:cells-update", PUT "/os-cells/{cell_id}", since(BASE), -, 410, gone::gone),
    op!("removed:cells-capacities-show", GET "/os-cells/{cell_id}/capacities", since(BASE), -, 410, gone::gone),
    op!("removed:certificates-create", POST "/os-certificates", since(BASE), -, 410, gone::gone),
    op!("removed:certificates-show", GET "/os-certificates/{certificate_id}", since(BASE), -, 410, gone::gone),
    op!("removed:cloudpipe-index", GET "/os-cloudpipe", since(BASE), -, 410, gone::gone),
    op!("removed:cloudpipe-create", POST "/os-cloudpipe", since(BASE), -, 410, gone::gone),
    op!("removed:cloudpipe-update", PUT "/os-cloudpipe/{cloudpipe_id}", since(BASE), -, 410, gone::gone),
    op!("removed:fixed-ips-show", GET "/os-fixed-ips/{fixed_ip}", since(BASE), -, 410, gone::gone),
    op!("removed:fixed-ips-reserve", POST "/os-fixed-ips/{fixed_ip}/action", since(BASE), -, 410, gone::gone).action("reserve"),
    op!("removed:fixed-ips-unreserve", POST "/os-fixed-ips/{fixed_ip}/action", since(BASE), -, 410, gone::gone).action("unreserve"),
    op!("removed:floating-ip-dns-index", GET "/os-floating-ip-dns", since(BASE), -, 410, gone::gone),
    op!("removed:floating-ip-dns-entries-delete", DELETE "/os-floating-ip-dns/{domain}/entries/{entry}", since(BASE), -, 410, gone::gone),
    op!("removed:floating-ip-dns-entries-show", GET "/os-floating-ip-dns/{domain}/entries/{entry}", since(BASE), -, 410, gone::gone),
    op!("removed:floating-ip-dns-entries-update", PUT "/os-floating-ip-dns/{domain}/entries/{entry}", since(BASE), -, 410, gone::gone),
    op!("removed:floating-ip-dns-delete", DELETE "/os-floating-ip-dns/{domain}", since(BASE), -, 410, gone::gone),
    op!("removed:floating-ip-dns-update", PUT "/os-floating-ip-dns/{domain}", since(BASE), -, 410, gone::gone),
    op!("removed:floating-ips-bulk-index", GET "/os-floating-ips-bulk", since(BASE), -, 410, gone::gone),
    op!("removed:floating-ips-bulk-create", POST "/os-floating-ips-bulk", since(BASE), -, 410, gone::gone),
    op!("removed:floating-ips-bulk-show", GET "/os-floating-ips-bulk/{host}", since(BASE), -, 410, gone::gone),
    op!("removed:floating-ips-bulk-update", PUT "/os-floating-ips-bulk/{host}", since(BASE), -, 410, gone::gone),
    op!("removed:fping-index", GET "/os-fping", since(BASE), -, 410, gone::gone),
    op!("removed:fping-show", GET "/os-fping/{server_id}", since(BASE), -, 410, gone::gone),
    op!("removed:networks-create", POST "/os-networks", since(BASE), -, 410, gone::gone),
    op!("removed:networks-add", POST "/os-networks/add", since(BASE), -, 410, gone::gone),
    op!("removed:networks-delete", DELETE "/os-networks/{network_id}", since(BASE), -, 410, gone::gone),
    op!("removed:networks-associate-host", POST "/os-networks/{network_id}/action", since(BASE), -, 410, gone::gone).action("associate_host"),
    op!("removed:networks-disassociate", POST "/os-networks/{network_id}/action", since(BASE), -, 410, gone::gone).action("disassociate"),
    op!("removed:networks-disassociate-host", POST "/os-networks/{network_id}/action", since(BASE), -, 410, gone::gone).action("disassociate_host"),
    op!("removed:networks-disassociate-project", POST "/os-networks/{network_id}/action", since(BASE), -, 410, gone::gone).action("disassociate_project"),
    op!("removed:security-group-default-rules-index", GET "/os-security-group-default-rules", since(BASE), -, 410, gone::gone),
    op!("removed:security-group-default-rules-create", POST "/os-security-group-default-rules", since(BASE), -, 410, gone::gone),
    op!("removed:security-group-default-rules-delete", DELETE "/os-security-group-default-rules/{rule_id}", since(BASE), -, 410, gone::gone),
    op!("removed:security-group-default-rules-show", GET "/os-security-group-default-rules/{rule_id}", since(BASE), -, 410, gone::gone),
    op!("removed:tenant-networks-create", POST "/os-tenant-networks", since(BASE), -, 410, gone::gone),
    op!("removed:tenant-networks-delete", DELETE "/os-tenant-networks/{network_id}", since(BASE), -, 410, gone::gone),
    op!("removed:servers-rdp-console", POST "/servers/{server_id}/action", since(BASE), -, 410, gone::gone).action("os-getRDPConsole"),
    op!("removed:servers-reset-network", POST "/servers/{server_id}/action", since(BASE), -, 410, gone::gone).action("resetNetwork"),
    op!("removed:consoles-index", GET "/servers/{server_id}/consoles", since(BASE), -, 410, gone::gone),
    op!("removed:consoles-create", POST "/servers/{server_id}/consoles", since(BASE), -, 410, gone::gone),
    op!("removed:consoles-delete", DELETE "/servers/{server_id}/consoles/{console_id}", since(BASE), -, 410, gone::gone),
    op!("removed:consoles-show", GET "/servers/{server_id}/consoles/{console_id}", since(BASE), -, 410, gone::gone),
    op!("removed:virtual-interfaces-index", GET "/servers/{server_id}/os-virtual-interfaces", since(BASE), -, 410, gone::gone),
];
