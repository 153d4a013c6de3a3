//! The rules of the compute API, with the names and defaults that operators know.

use kit::http::Call;
use kit::ids::ProjectId;
use kit::policy::{
    ADMIN, ADMIN_OR_OWNER_USER, ANY, Caller, Enforcer, PROJECT_MANAGER_OR_ADMIN,
    PROJECT_MEMBER_OR_ADMIN, PROJECT_READER_OR_ADMIN, Rule, Target,
};
use kit::rules;

/// Other services (Nova: `service_role`).
const SERVICE: &str = "role:service";
/// Other services, and administrators (Nova: `service_or_admin`).
const SERVICE_OR_ADMIN: &str = "role:service or rule:context_is_admin";

rules! {
    SERVERS_INDEX, "os_compute_api:servers:index", PROJECT_READER_OR_ADMIN,
        "List servers.", ["GET /servers"];
    SERVERS_DETAIL, "os_compute_api:servers:detail", PROJECT_READER_OR_ADMIN,
        "List servers with details.", ["GET /servers/detail"];
    SERVERS_INDEX_ALL, "os_compute_api:servers:index:get_all_tenants", ADMIN,
        "List the servers of all projects.", ["GET /servers"];
    SERVERS_DETAIL_ALL, "os_compute_api:servers:detail:get_all_tenants", ADMIN,
        "List the servers of all projects with details.", ["GET /servers/detail"];
    SERVERS_ALL_FILTERS, "os_compute_api:servers:allow_all_filters", ADMIN,
        "Filter servers by every field.", ["GET /servers", "GET /servers/detail"];
    SERVERS_SHOW, "os_compute_api:servers:show", PROJECT_READER_OR_ADMIN,
        "Show a server.", ["GET /servers/{server_id}"];
    SERVERS_SHOW_EXTRA_SPECS, "os_compute_api:servers:show:flavor-extra-specs", PROJECT_READER_OR_ADMIN,
        "Show the extra specs of a server's flavor.", ["GET /servers/{server_id}", "GET /servers/detail"];
    SERVERS_SHOW_HOST_STATUS, "os_compute_api:servers:show:host_status", ADMIN,
        "Show the status of a server's host.", ["GET /servers/{server_id}", "GET /servers/detail"];
    SERVERS_EXTENDED_ATTRIBUTES, "os_compute_api:os-extended-server-attributes", ADMIN,
        "Show a server's host and other attributes for administrators.",
        ["GET /servers/{server_id}", "GET /servers/detail", "PUT /servers/{server_id}"];
    SERVERS_CREATE, "os_compute_api:servers:create", PROJECT_MEMBER_OR_ADMIN,
        "Create a server.", ["POST /servers"];
    SERVERS_CREATE_FORCED_HOST, "os_compute_api:servers:create:forced_host", ADMIN,
        "Create a server on the host named with the zone.", ["POST /servers"];
    SERVERS_CREATE_REQUESTED_HOST, "compute:servers:create:requested_destination", ADMIN,
        "Create a server on a host or node.", ["POST /servers"];
    SERVERS_CREATE_VOLUMES, "os_compute_api:servers:create:attach_volume", PROJECT_MEMBER_OR_ADMIN,
        "Create a server with block devices.", ["POST /servers"];
    SERVERS_CREATE_NETWORKS, "os_compute_api:servers:create:attach_network", PROJECT_MEMBER_OR_ADMIN,
        "Create a server on networks.", ["POST /servers"];
    SERVERS_CREATE_CERTIFICATES, "os_compute_api:servers:create:trusted_certs", PROJECT_MEMBER_OR_ADMIN,
        "Create a server with trusted image certificates.", ["POST /servers"];
    SERVERS_CREATE_ZERO_DISK, "os_compute_api:servers:create:zero_disk_flavor", ADMIN,
        "Create a server whose flavor has no disk of its own.", ["POST /servers"];
    CONTAINERS_PRIVILEGED, "os_compute_api:servers:create:container:privileged", ADMIN,
        "Have a container with extended privileges, by a stack.", ["POST /servers"];
    CONTAINERS_DEVICES, "os_compute_api:servers:create:container:devices", ADMIN,
        "Have a container with devices of the host, by a stack.", ["POST /servers"];
    CONTAINERS_HOST_PATHS, "os_compute_api:servers:create:container:host_paths", ADMIN,
        "Have a container with directories of the host, by a stack.", ["POST /servers"];
    CONTAINERS_CAPABILITIES, "os_compute_api:servers:create:container:capabilities", ADMIN,
        "Have a container with unusual capabilities of the kernel, by a stack.", ["POST /servers"];
    SERVERS_UPDATE, "os_compute_api:servers:update", PROJECT_MEMBER_OR_ADMIN,
        "Change a server.", ["PUT /servers/{server_id}"];
    SERVERS_DELETE, "os_compute_api:servers:delete", PROJECT_MEMBER_OR_ADMIN,
        "Delete a server.", ["DELETE /servers/{server_id}"];
    SERVERS_FORCE_DELETE, "os_compute_api:os-deferred-delete:force", PROJECT_MEMBER_OR_ADMIN,
        "Delete a server at once.", ["POST /servers/{server_id}/action (forceDelete)"];
    SERVERS_RESTORE, "os_compute_api:os-deferred-delete:restore", PROJECT_MEMBER_OR_ADMIN,
        "Restore a deleted server.", ["POST /servers/{server_id}/action (restore)"];
    SERVERS_START, "os_compute_api:servers:start", PROJECT_MEMBER_OR_ADMIN,
        "Start a server.", ["POST /servers/{server_id}/action (os-start)"];
    SERVERS_STOP, "os_compute_api:servers:stop", PROJECT_MEMBER_OR_ADMIN,
        "Stop a server.", ["POST /servers/{server_id}/action (os-stop)"];
    SERVERS_REBOOT, "os_compute_api:servers:reboot", PROJECT_MEMBER_OR_ADMIN,
        "Reboot a server.", ["POST /servers/{server_id}/action (reboot)"];
    SERVERS_REBUILD, "os_compute_api:servers:rebuild", PROJECT_MEMBER_OR_ADMIN,
        "Rebuild a server.", ["POST /servers/{server_id}/action (rebuild)"];
    SERVERS_RESIZE, "os_compute_api:servers:resize", PROJECT_MEMBER_OR_ADMIN,
        "Resize a server.", ["POST /servers/{server_id}/action (resize)"];
    SERVERS_CONFIRM_RESIZE, "os_compute_api:servers:confirm_resize", PROJECT_MEMBER_OR_ADMIN,
        "Confirm a resize.", ["POST /servers/{server_id}/action (confirmResize)"];
    SERVERS_REVERT_RESIZE, "os_compute_api:servers:revert_resize", PROJECT_MEMBER_OR_ADMIN,
        "Revert a resize.", ["POST /servers/{server_id}/action (revertResize)"];
    SERVERS_MIGRATE, "os_compute_api:os-migrate-server:migrate", PROJECT_MANAGER_OR_ADMIN,
        "Move a stopped server to another host.", ["POST /servers/{server_id}/action (migrate)"];
    SERVERS_MIGRATE_HOST, "os_compute_api:os-migrate-server:migrate:host", ADMIN,
        "Move a stopped server to a host of one's choice.",
        ["POST /servers/{server_id}/action (migrate)"];
    SERVERS_MIGRATE_LIVE, "os_compute_api:os-migrate-server:migrate_live", PROJECT_MANAGER_OR_ADMIN,
        "Move a running server to another host.",
        ["POST /servers/{server_id}/action (os-migrateLive)"];
    SERVERS_MIGRATE_LIVE_HOST, "os_compute_api:os-migrate-server:migrate_live:host", ADMIN,
        "Move a running server to a host of one's choice.",
        ["POST /servers/{server_id}/action (os-migrateLive)"];
    SERVERS_EVACUATE, "os_compute_api:os-evacuate", ADMIN,
        "Make a server anew whose host is gone.", ["POST /servers/{server_id}/action (evacuate)"];
    MIGRATIONS_INDEX, "os_compute_api:os-migrations:index", PROJECT_MANAGER_OR_ADMIN,
        "List migrations.", ["GET /os-migrations"];
    MIGRATIONS_INDEX_ALL, "os_compute_api:os-migrations:index:all_projects", ADMIN,
        "List the migrations of all projects.", ["GET /os-migrations"];
    MIGRATIONS_INDEX_HOST, "os_compute_api:os-migrations:index:host", ADMIN,
        "See the hosts of migrations.", ["GET /os-migrations"];
    SERVER_MIGRATIONS_INDEX, "os_compute_api:servers:migrations:index", PROJECT_MANAGER_OR_ADMIN,
        "List a server's live migrations.", ["GET /servers/{server_id}/migrations"];
    SERVER_MIGRATIONS_SHOW, "os_compute_api:servers:migrations:show", ADMIN,
        "Show a live migration.", ["GET /servers/{server_id}/migrations/{migration_id}"];
    SERVER_MIGRATIONS_FORCE_COMPLETE, "os_compute_api:servers:migrations:force_complete",
        PROJECT_MANAGER_OR_ADMIN, "Force a live migration to its end.",
        ["POST /servers/{server_id}/migrations/{migration_id}/action (force_complete)"];
    SERVER_MIGRATIONS_DELETE, "os_compute_api:servers:migrations:delete", PROJECT_MANAGER_OR_ADMIN,
        "Abort a live migration.", ["DELETE /servers/{server_id}/migrations/{migration_id}"];
    SERVERS_PAUSE, "os_compute_api:os-pause-server:pause", PROJECT_MEMBER_OR_ADMIN,
        "Freeze a server.", ["POST /servers/{server_id}/action (pause)"];
    SERVERS_UNPAUSE, "os_compute_api:os-pause-server:unpause", PROJECT_MEMBER_OR_ADMIN,
        "Thaw a server.", ["POST /servers/{server_id}/action (unpause)"];
    SERVERS_SUSPEND, "os_compute_api:os-suspend-server:suspend", PROJECT_MEMBER_OR_ADMIN,
        "Suspend a server.", ["POST /servers/{server_id}/action (suspend)"];
    SERVERS_RESUME, "os_compute_api:os-suspend-server:resume", PROJECT_MEMBER_OR_ADMIN,
        "Resume a suspended server.", ["POST /servers/{server_id}/action (resume)"];
    SERVERS_SHELVE, "os_compute_api:os-shelve:shelve", PROJECT_MEMBER_OR_ADMIN,
        "Shelve a server.", ["POST /servers/{server_id}/action (shelve)"];
    SERVERS_SHELVE_OFFLOAD, "os_compute_api:os-shelve:shelve_offload", ADMIN,
        "Remove the guest of a shelved server.", ["POST /servers/{server_id}/action (shelveOffload)"];
    SERVERS_UNSHELVE, "os_compute_api:os-shelve:unshelve", PROJECT_MEMBER_OR_ADMIN,
        "Bring a shelved server back.", ["POST /servers/{server_id}/action (unshelve)"];
    SERVERS_UNSHELVE_TO_HOST, "os_compute_api:os-shelve:unshelve_to_host", ADMIN,
        "Bring a shelved server back on the host named.", ["POST /servers/{server_id}/action (unshelve)"];
    SERVERS_LOCK, "os_compute_api:os-lock-server:lock", PROJECT_MEMBER_OR_ADMIN,
        "Lock a server.", ["POST /servers/{server_id}/action (lock)"];
    SERVERS_UNLOCK, "os_compute_api:os-lock-server:unlock", PROJECT_MEMBER_OR_ADMIN,
        "Unlock a server.", ["POST /servers/{server_id}/action (unlock)"];
    SERVERS_UNLOCK_OVERRIDE, "os_compute_api:os-lock-server:unlock:unlock_override", ADMIN,
        "Unlock a server that somebody else locked.", ["POST /servers/{server_id}/action (unlock)"];
    SERVERS_CONSOLE_OUTPUT, "os_compute_api:os-console-output", PROJECT_MEMBER_OR_ADMIN,
        "Read a server's console.", ["POST /servers/{server_id}/action (os-getConsoleOutput)"];
    REMOTE_CONSOLES, "os_compute_api:os-remote-consoles", PROJECT_MEMBER_OR_ADMIN,
        "Get the address of a server's console.", ["POST /servers/{server_id}/remote-consoles"];
    CONSOLE_AUTH_TOKENS, "os_compute_api:os-console-auth-tokens", ADMIN,
        "See what a console's token leads to.", ["GET /os-console-auth-tokens/{console_token}"];
    SERVERS_CHANGE_PASSWORD, "os_compute_api:os-admin-password", PROJECT_MEMBER_OR_ADMIN,
        "Change the administrative password of a server.", ["POST /servers/{server_id}/action (changePassword)"];
    SERVERS_RESCUE, "os_compute_api:os-rescue", PROJECT_MEMBER_OR_ADMIN,
        "Rescue a server.", ["POST /servers/{server_id}/action (rescue)"];
    SERVERS_UNRESCUE, "os_compute_api:os-unrescue", PROJECT_MEMBER_OR_ADMIN,
        "End the rescue of a server.", ["POST /servers/{server_id}/action (unrescue)"];
    SERVERS_TRIGGER_CRASH_DUMP, "os_compute_api:servers:trigger_crash_dump", PROJECT_MEMBER_OR_ADMIN,
        "Have a server dump its memory.", ["POST /servers/{server_id}/action (trigger_crash_dump)"];
    SERVERS_INJECT_NETWORK_INFO, "os_compute_api:os-admin-actions:inject_network_info", ADMIN,
        "Tell a guest of its networks.", ["POST /servers/{server_id}/action (injectNetworkInfo)"];
    SERVERS_CREATE_BACKUP, "os_compute_api:os-create-backup", PROJECT_MEMBER_OR_ADMIN,
        "Back a server up.", ["POST /servers/{server_id}/action (createBackup)"];
    SERVERS_CREATE_IMAGE, "os_compute_api:servers:create_image", PROJECT_MEMBER_OR_ADMIN,
        "Make an image of a server.", ["POST /servers/{server_id}/action (createImage)"];
    SERVERS_RESET_STATE, "os_compute_api:os-admin-actions:reset_state", ADMIN,
        "Set a server's state by hand.", ["POST /servers/{server_id}/action (os-resetState)"];
    SERVER_METADATA_INDEX, "os_compute_api:server-metadata:index", PROJECT_READER_OR_ADMIN,
        "List a server's metadata.", ["GET /servers/{server_id}/metadata"];
    SERVER_METADATA_SHOW, "os_compute_api:server-metadata:show", PROJECT_READER_OR_ADMIN,
        "Show an item of a server's metadata.", ["GET /servers/{server_id}/metadata/{key}"];
    SERVER_METADATA_CREATE, "os_compute_api:server-metadata:create", PROJECT_MEMBER_OR_ADMIN,
        "Add to a server's metadata.", ["POST /servers/{server_id}/metadata"];
    SERVER_METADATA_REPLACE, "os_compute_api:server-metadata:update_all", PROJECT_MEMBER_OR_ADMIN,
        "Replace a server's metadata.", ["PUT /servers/{server_id}/metadata"];
    SERVER_METADATA_UPDATE, "os_compute_api:server-metadata:update", PROJECT_MEMBER_OR_ADMIN,
        "Set an item of a server's metadata.", ["PUT /servers/{server_id}/metadata/{key}"];
    SERVER_METADATA_DELETE, "os_compute_api:server-metadata:delete", PROJECT_MEMBER_OR_ADMIN,
        "Remove an item of a server's metadata.", ["DELETE /servers/{server_id}/metadata/{key}"];
    SERVER_TAGS_INDEX, "os_compute_api:os-server-tags:index", PROJECT_READER_OR_ADMIN,
        "List a server's tags.", ["GET /servers/{server_id}/tags"];
    SERVER_TAGS_SHOW, "os_compute_api:os-server-tags:show", PROJECT_READER_OR_ADMIN,
        "Tell whether a server has a tag.", ["GET /servers/{server_id}/tags/{tag}"];
    SERVER_TAGS_UPDATE, "os_compute_api:os-server-tags:update", PROJECT_MEMBER_OR_ADMIN,
        "Add a tag to a server.", ["PUT /servers/{server_id}/tags/{tag}"];
    SERVER_TAGS_REPLACE, "os_compute_api:os-server-tags:update_all", PROJECT_MEMBER_OR_ADMIN,
        "Replace a server's tags.", ["PUT /servers/{server_id}/tags"];
    SERVER_TAGS_DELETE, "os_compute_api:os-server-tags:delete", PROJECT_MEMBER_OR_ADMIN,
        "Take a tag from a server.", ["DELETE /servers/{server_id}/tags/{tag}"];
    SERVER_TAGS_DELETE_ALL, "os_compute_api:os-server-tags:delete_all", PROJECT_MEMBER_OR_ADMIN,
        "Take all tags from a server.", ["DELETE /servers/{server_id}/tags"];
    SERVER_ADDRESSES_INDEX, "os_compute_api:ips:index", PROJECT_READER_OR_ADMIN,
        "List a server's addresses.", ["GET /servers/{server_id}/ips"];
    SERVER_ADDRESSES_SHOW, "os_compute_api:ips:show", PROJECT_READER_OR_ADMIN,
        "List a server's addresses on one network.", ["GET /servers/{server_id}/ips/{network_label}"];
    SERVER_SECURITY_GROUPS, "os_compute_api:os-security-groups:list", PROJECT_READER_OR_ADMIN,
        "List a server's security groups.", ["GET /servers/{server_id}/os-security-groups"];
    SERVER_DIAGNOSTICS, "os_compute_api:os-server-diagnostics", ADMIN,
        "Show what the engine counts about a server.", ["GET /servers/{server_id}/diagnostics"];
    SERVER_TOPOLOGY, "compute:server:topology:index", PROJECT_READER_OR_ADMIN,
        "Show the NUMA topology of a server.", ["GET /servers/{server_id}/topology"];
    SERVER_PASSWORD_SHOW, "os_compute_api:os-server-password:show", PROJECT_READER_OR_ADMIN,
        "Show the encrypted password of a server.", ["GET /servers/{server_id}/os-server-password"];
    SERVER_PASSWORD_DELETE, "os_compute_api:os-server-password:clear", PROJECT_MEMBER_OR_ADMIN,
        "Forget the encrypted password of a server.", ["DELETE /servers/{server_id}/os-server-password"];
    SERVERS_ADD_SECURITY_GROUP, "os_compute_api:os-security-groups:add", PROJECT_MEMBER_OR_ADMIN,
        "Put a server into a security group.", ["POST /servers/{server_id}/action (addSecurityGroup)"];
    SERVERS_REMOVE_SECURITY_GROUP, "os_compute_api:os-security-groups:remove", PROJECT_MEMBER_OR_ADMIN,
        "Take a server out of a security group.", ["POST /servers/{server_id}/action (removeSecurityGroup)"];
    INTERFACES_INDEX, "os_compute_api:os-attach-interfaces:list", PROJECT_READER_OR_ADMIN,
        "List a server's interfaces.", ["GET /servers/{server_id}/os-interface"];
    INTERFACES_SHOW, "os_compute_api:os-attach-interfaces:show", PROJECT_READER_OR_ADMIN,
        "Show an interface of a server.", ["GET /servers/{server_id}/os-interface/{port_id}"];
    INTERFACES_CREATE, "os_compute_api:os-attach-interfaces:create", PROJECT_MEMBER_OR_ADMIN,
        "Give a server an interface.", ["POST /servers/{server_id}/os-interface"];
    INTERFACES_DELETE, "os_compute_api:os-attach-interfaces:delete", PROJECT_MEMBER_OR_ADMIN,
        "Take an interface from a server.", ["DELETE /servers/{server_id}/os-interface/{port_id}"];
    INSTANCE_ACTIONS_INDEX, "os_compute_api:os-instance-actions:list", PROJECT_READER_OR_ADMIN,
        "List what was done to a server.", ["GET /servers/{server_id}/os-instance-actions"];
    INSTANCE_ACTIONS_SHOW, "os_compute_api:os-instance-actions:show", PROJECT_READER_OR_ADMIN,
        "Show what was done to a server.", ["GET /servers/{server_id}/os-instance-actions/{request_id}"];
    INSTANCE_ACTIONS_EVENTS, "os_compute_api:os-instance-actions:events", ADMIN,
        "Show tracebacks and hosts of what was done to a server.",
        ["GET /servers/{server_id}/os-instance-actions/{request_id}"];
    INSTANCE_ACTIONS_DETAILS, "os_compute_api:os-instance-actions:events:details", ADMIN,
        "Show why something done to a server failed.",
        ["GET /servers/{server_id}/os-instance-actions/{request_id}"];
    FLAVORS_CREATE, "os_compute_api:os-flavor-manage:create", ADMIN,
        "Create a flavor.", ["POST /flavors"];
    FLAVORS_UPDATE, "os_compute_api:os-flavor-manage:update", ADMIN,
        "Change a flavor's description.", ["PUT /flavors/{flavor_id}"];
    FLAVORS_DELETE, "os_compute_api:os-flavor-manage:delete", ADMIN,
        "Delete a flavor.", ["DELETE /flavors/{flavor_id}"];
    FLAVOR_ACCESS_INDEX, "os_compute_api:os-flavor-access", ADMIN,
        "List who may use a private flavor.", ["GET /flavors/{flavor_id}/os-flavor-access"];
    FLAVOR_EXTRA_SPECS_INDEX, "os_compute_api:os-flavor-extra-specs:index", PROJECT_READER_OR_ADMIN,
        "List a flavor's extra specs.", ["GET /flavors/{flavor_id}/os-extra_specs"];

    // flavor extra specs
    FLAVOR_EXTRA_SPECS_SHOW, "os_compute_api:os-flavor-extra-specs:show", PROJECT_READER_OR_ADMIN,
        "Show one extra spec of a flavor.", ["GET /flavors/{flavor_id}/os-extra_specs/{key}"];
    FLAVOR_EXTRA_SPECS_CREATE, "os_compute_api:os-flavor-extra-specs:create", ADMIN,
        "Add extra specs to a flavor.", ["POST /flavors/{flavor_id}/os-extra_specs"];
    FLAVOR_EXTRA_SPECS_UPDATE, "os_compute_api:os-flavor-extra-specs:update", ADMIN,
        "Change an extra spec of a flavor.", ["PUT /flavors/{flavor_id}/os-extra_specs/{key}"];
    FLAVOR_EXTRA_SPECS_DELETE, "os_compute_api:os-flavor-extra-specs:delete", ADMIN,
        "Take an extra spec from a flavor.", ["DELETE /flavors/{flavor_id}/os-extra_specs/{key}"];

    // flavor access
    FLAVOR_ACCESS_ADD, "os_compute_api:os-flavor-access:add_tenant_access", ADMIN,
        "Let a project use a private flavor.",
        ["POST /flavors/{flavor_id}/action (addTenantAccess)"];
    FLAVOR_ACCESS_REMOVE, "os_compute_api:os-flavor-access:remove_tenant_access", ADMIN,
        "Take a private flavor from a project.",
        ["POST /flavors/{flavor_id}/action (removeTenantAccess)"];

    // keypairs
    KEYPAIRS_INDEX, "os_compute_api:os-keypairs:index", ADMIN_OR_OWNER_USER,
        "List a user's key pairs.", ["GET /os-keypairs"];
    KEYPAIRS_CREATE, "os_compute_api:os-keypairs:create", ADMIN_OR_OWNER_USER,
        "Import or generate a key pair.", ["POST /os-keypairs"];
    KEYPAIRS_DELETE, "os_compute_api:os-keypairs:delete", ADMIN_OR_OWNER_USER,
        "Delete a key pair.", ["DELETE /os-keypairs/{keypair_name}"];
    KEYPAIRS_SHOW, "os_compute_api:os-keypairs:show", ADMIN_OR_OWNER_USER,
        "Show a key pair.", ["GET /os-keypairs/{keypair_name}"];

    // limits
    LIMITS_INDEX, "os_compute_api:limits", ANY,
        "Show the limits of the own project.", ["GET /limits"];
    LIMITS_OTHER_PROJECT, "os_compute_api:limits:other_project", ADMIN,
        "Show the limits of another project.", ["GET /limits"];

    // quota sets
    QUOTA_SETS_SHOW, "os_compute_api:os-quota-sets:show", PROJECT_READER_OR_ADMIN,
        "Show the quotas of a project.", ["GET /os-quota-sets/{project_id}"];
    QUOTA_SETS_DETAIL, "os_compute_api:os-quota-sets:detail", PROJECT_READER_OR_ADMIN,
        "Show the quotas of a project with its usage.", ["GET /os-quota-sets/{project_id}/detail"];
    QUOTA_SETS_DEFAULTS, "os_compute_api:os-quota-sets:defaults", ANY,
        "Show the default quotas.", ["GET /os-quota-sets/{project_id}/defaults"];
    QUOTA_SETS_UPDATE, "os_compute_api:os-quota-sets:update", ADMIN,
        "Set the quotas of a project.", ["PUT /os-quota-sets/{project_id}"];
    QUOTA_SETS_DELETE, "os_compute_api:os-quota-sets:delete", ADMIN,
        "Give a project the default quotas again.", ["DELETE /os-quota-sets/{project_id}"];

    // quota class sets
    QUOTA_CLASS_SETS_SHOW, "os_compute_api:os-quota-class-sets:show", ADMIN,
        "Show the quotas of a class.", ["GET /os-quota-class-sets/{quota_class}"];
    QUOTA_CLASS_SETS_UPDATE, "os_compute_api:os-quota-class-sets:update", ADMIN,
        "Set the quotas of a class.", ["PUT /os-quota-class-sets/{quota_class}"];

    // availability zones
    AVAILABILITY_ZONES_INDEX, "os_compute_api:os-availability-zone:list", ANY,
        "List availability zones.", ["GET /os-availability-zone"];
    AVAILABILITY_ZONES_DETAIL, "os_compute_api:os-availability-zone:detail", ADMIN,
        "List availability zones with their hosts.", ["GET /os-availability-zone/detail"];

    // hypervisors
    HYPERVISORS_INDEX, "os_compute_api:os-hypervisors:list", ADMIN,
        "List hypervisors.", ["GET /os-hypervisors"];
    HYPERVISORS_DETAIL, "os_compute_api:os-hypervisors:list-detail", ADMIN,
        "List hypervisors with details.", ["GET /os-hypervisors/detail"];
    HYPERVISORS_STATISTICS, "os_compute_api:os-hypervisors:statistics", ADMIN,
        "Show the sums over all hypervisors.", ["GET /os-hypervisors/statistics"];
    HYPERVISORS_SHOW, "os_compute_api:os-hypervisors:show", ADMIN,
        "Show a hypervisor.", ["GET /os-hypervisors/{hypervisor_id}"];
    HYPERVISORS_UPTIME, "os_compute_api:os-hypervisors:uptime", ADMIN,
        "Show how long a hypervisor is up.", ["GET /os-hypervisors/{hypervisor_id}/uptime"];
    HYPERVISORS_SEARCH, "os_compute_api:os-hypervisors:search", ADMIN,
        "Search hypervisors by name.", ["GET /os-hypervisors/{hypervisor_id}/search"];
    HYPERVISORS_SERVERS, "os_compute_api:os-hypervisors:servers", ADMIN,
        "List the servers of hypervisors.", ["GET /os-hypervisors/{hypervisor_id}/servers"];

    // host aggregates
    AGGREGATES_INDEX, "os_compute_api:os-aggregates:index", ADMIN,
        "List host aggregates.", ["GET /os-aggregates"];
    AGGREGATES_SHOW, "os_compute_api:os-aggregates:show", ADMIN,
        "Show a host aggregate.", ["GET /os-aggregates/{aggregate_id}"];
    AGGREGATES_CREATE, "os_compute_api:os-aggregates:create", ADMIN,
        "Create a host aggregate.", ["POST /os-aggregates"];
    AGGREGATES_UPDATE, "os_compute_api:os-aggregates:update", ADMIN,
        "Change the name or the zone of a host aggregate.", ["PUT /os-aggregates/{aggregate_id}"];
    AGGREGATES_DELETE, "os_compute_api:os-aggregates:delete", ADMIN,
        "Delete a host aggregate.", ["DELETE /os-aggregates/{aggregate_id}"];
    AGGREGATES_ADD_HOST, "os_compute_api:os-aggregates:add_host", ADMIN,
        "Put a host into an aggregate.", ["POST /os-aggregates/{aggregate_id}/action (add_host)"];
    AGGREGATES_REMOVE_HOST, "os_compute_api:os-aggregates:remove_host", ADMIN,
        "Take a host out of an aggregate.", ["POST /os-aggregates/{aggregate_id}/action (remove_host)"];
    AGGREGATES_SET_METADATA, "os_compute_api:os-aggregates:set_metadata", ADMIN,
        "Change the metadata of a host aggregate.", ["POST /os-aggregates/{aggregate_id}/action (set_metadata)"];

    AGGREGATES_IMAGES, "compute:aggregates:images", ADMIN,
        "Let the hosts of an aggregate fetch images.", ["POST /os-aggregates/{aggregate_id}/images"];

    // hosts, as they were
    HOSTS_INDEX, "os_compute_api:os-hosts:list", ADMIN,
        "List hosts, below 2.43.", ["GET /os-hosts"];
    HOSTS_SHOW, "os_compute_api:os-hosts:show", ADMIN,
        "Show a host, below 2.43.", ["GET /os-hosts/{host_name}"];
    HOSTS_UPDATE, "os_compute_api:os-hosts:update", ADMIN,
        "Switch a host, below 2.43.", ["PUT /os-hosts/{host_name}"];
    HOSTS_REBOOT, "os_compute_api:os-hosts:reboot", ADMIN,
        "Reboot a host, below 2.43.", ["GET /os-hosts/{host_name}/reboot"];
    HOSTS_SHUTDOWN, "os_compute_api:os-hosts:shutdown", ADMIN,
        "Shut a host down, below 2.43.", ["GET /os-hosts/{host_name}/shutdown"];
    HOSTS_STARTUP, "os_compute_api:os-hosts:start", ADMIN,
        "Start a host, below 2.43.", ["GET /os-hosts/{host_name}/startup"];

    // services
    SERVICES_INDEX, "os_compute_api:os-services:list", ADMIN,
        "List services.", ["GET /os-services"];
    SERVICES_UPDATE, "os_compute_api:os-services:update", ADMIN,
        "Enable, disable or force down a service.", ["PUT /os-services/{service_id}"];
    SERVICES_DELETE, "os_compute_api:os-services:delete", ADMIN,
        "Delete a service.", ["DELETE /os-services/{service_id}"];

    // simple tenant usage
    SIMPLE_TENANT_USAGE_INDEX, "os_compute_api:os-simple-tenant-usage:list", ADMIN,
        "Show the usage of every project.", ["GET /os-simple-tenant-usage"];
    SIMPLE_TENANT_USAGE_SHOW, "os_compute_api:os-simple-tenant-usage:show", PROJECT_READER_OR_ADMIN,
        "Show the usage of a project.", ["GET /os-simple-tenant-usage/{project_id}"];

    // server groups
    SERVER_GROUPS_INDEX, "os_compute_api:os-server-groups:index", PROJECT_READER_OR_ADMIN,
        "List server groups.", ["GET /os-server-groups"];
    SERVER_GROUPS_INDEX_ALL, "os_compute_api:os-server-groups:index:all_projects", ADMIN,
        "List the server groups of all projects.", ["GET /os-server-groups"];
    SERVER_GROUPS_SHOW, "os_compute_api:os-server-groups:show", PROJECT_READER_OR_ADMIN,
        "Show a server group.", ["GET /os-server-groups/{server_group_id}"];
    SERVER_GROUPS_CREATE, "os_compute_api:os-server-groups:create", PROJECT_MEMBER_OR_ADMIN,
        "Create a server group.", ["POST /os-server-groups"];
    SERVER_GROUPS_DELETE, "os_compute_api:os-server-groups:delete", PROJECT_MEMBER_OR_ADMIN,
        "Delete a server group.", ["DELETE /os-server-groups/{server_group_id}"];

    // networks and security groups, as they were
    NETWORKS_INDEX, "os_compute_api:os-networks:list", PROJECT_READER_OR_ADMIN,
        "List networks, below 2.36.", ["GET /os-networks"];
    NETWORKS_SHOW, "os_compute_api:os-networks:show", PROJECT_READER_OR_ADMIN,
        "Show a network, below 2.36.", ["GET /os-networks/{network_id}"];
    TENANT_NETWORKS_INDEX, "os_compute_api:os-tenant-networks:list", PROJECT_READER_OR_ADMIN,
        "List the networks of a project, below 2.36.", ["GET /os-tenant-networks"];
    TENANT_NETWORKS_SHOW, "os_compute_api:os-tenant-networks:show", PROJECT_READER_OR_ADMIN,
        "Show a network of a project, below 2.36.", ["GET /os-tenant-networks/{network_id}"];
    FLOATING_IP_POOLS, "os_compute_api:os-floating-ip-pools", ANY,
        "List pools of floating IPs, below 2.36.", ["GET /os-floating-ip-pools"];
    FLOATING_IPS_INDEX, "os_compute_api:os-floating-ips:list", PROJECT_READER_OR_ADMIN,
        "List floating IPs, below 2.36.", ["GET /os-floating-ips"];
    FLOATING_IPS_SHOW, "os_compute_api:os-floating-ips:show", PROJECT_READER_OR_ADMIN,
        "Show a floating IP, below 2.36.", ["GET /os-floating-ips/{floating_ip_id}"];
    FLOATING_IPS_CREATE, "os_compute_api:os-floating-ips:create", PROJECT_MEMBER_OR_ADMIN,
        "Take a floating IP, below 2.36.", ["POST /os-floating-ips"];
    FLOATING_IPS_DELETE, "os_compute_api:os-floating-ips:delete", PROJECT_MEMBER_OR_ADMIN,
        "Give a floating IP back, below 2.36.", ["DELETE /os-floating-ips/{floating_ip_id}"];
    SERVERS_ADD_FIXED_IP, "os_compute_api:os-multinic:add", PROJECT_MEMBER_OR_ADMIN,
        "Add an address to an interface of a server, below 2.44.", ["POST /servers/{server_id}/action (addFixedIp)"];
    SERVERS_REMOVE_FIXED_IP, "os_compute_api:os-multinic:remove", PROJECT_MEMBER_OR_ADMIN,
        "Take an address from an interface of a server, below 2.44.", ["POST /servers/{server_id}/action (removeFixedIp)"];
    SERVERS_ADD_FLOATING_IP, "os_compute_api:os-floating-ips:add", PROJECT_MEMBER_OR_ADMIN,
        "Lead a floating IP to a server, below 2.44.", ["POST /servers/{server_id}/action (addFloatingIp)"];
    SERVERS_REMOVE_FLOATING_IP, "os_compute_api:os-floating-ips:remove", PROJECT_MEMBER_OR_ADMIN,
        "Lead a floating IP away from a server, below 2.44.", ["POST /servers/{server_id}/action (removeFloatingIp)"];
    SECURITY_GROUPS_INDEX, "os_compute_api:os-security-groups:get", PROJECT_READER_OR_ADMIN,
        "List security groups, below 2.36.", ["GET /os-security-groups"];
    SECURITY_GROUPS_SHOW, "os_compute_api:os-security-groups:show", PROJECT_READER_OR_ADMIN,
        "Show a security group, below 2.36.", ["GET /os-security-groups/{security_group_id}"];
    SECURITY_GROUPS_CREATE, "os_compute_api:os-security-groups:create", PROJECT_MEMBER_OR_ADMIN,
        "Create a security group, below 2.36.", ["POST /os-security-groups"];
    SECURITY_GROUPS_UPDATE, "os_compute_api:os-security-groups:update", PROJECT_MEMBER_OR_ADMIN,
        "Change a security group, below 2.36.", ["PUT /os-security-groups/{security_group_id}"];
    SECURITY_GROUPS_DELETE, "os_compute_api:os-security-groups:delete", PROJECT_MEMBER_OR_ADMIN,
        "Delete a security group, below 2.36.", ["DELETE /os-security-groups/{security_group_id}"];
    SECURITY_GROUP_RULES_CREATE, "os_compute_api:os-security-groups:rule:create", PROJECT_MEMBER_OR_ADMIN,
        "Add a rule to a security group, below 2.36.", ["POST /os-security-group-rules"];
    SECURITY_GROUP_RULES_DELETE, "os_compute_api:os-security-groups:rule:delete", PROJECT_MEMBER_OR_ADMIN,
        "Remove a rule of a security group, below 2.36.", ["DELETE /os-security-group-rules/{security_group_rule_id}"];

    // volumes and shares
    VOLUME_ATTACHMENTS_INDEX, "os_compute_api:os-volumes-attachments:index", PROJECT_READER_OR_ADMIN,
        "List the volumes of a server.", ["GET /servers/{server_id}/os-volume_attachments"];
    VOLUME_ATTACHMENTS_CREATE, "os_compute_api:os-volumes-attachments:create", PROJECT_MEMBER_OR_ADMIN,
        "Attach a volume to a server.", ["POST /servers/{server_id}/os-volume_attachments"];
    VOLUME_ATTACHMENTS_SHOW, "os_compute_api:os-volumes-attachments:show", PROJECT_READER_OR_ADMIN,
        "Show a volume of a server.", ["GET /servers/{server_id}/os-volume_attachments/{volume_id}"];
    VOLUME_ATTACHMENTS_UPDATE, "os_compute_api:os-volumes-attachments:update", PROJECT_MEMBER_OR_ADMIN,
        "Change how a volume is attached.", ["PUT /servers/{server_id}/os-volume_attachments/{volume_id}"];
    VOLUME_ATTACHMENTS_SWAP, "os_compute_api:os-volumes-attachments:swap", SERVICE,
        "Put another volume in the place of one.", ["PUT /servers/{server_id}/os-volume_attachments/{volume_id}"];
    VOLUME_ATTACHMENTS_DELETE, "os_compute_api:os-volumes-attachments:delete", PROJECT_MEMBER_OR_ADMIN,
        "Detach a volume from a server.", ["DELETE /servers/{server_id}/os-volume_attachments/{volume_id}"];
    SHARES_INDEX, "os_compute_api:os-server-shares:index", PROJECT_READER_OR_ADMIN,
        "List the shares of a server.", ["GET /servers/{server_id}/shares"];
    SHARES_CREATE, "os_compute_api:os-server-shares:create", PROJECT_MEMBER_OR_ADMIN,
        "Attach a share to a server.", ["POST /servers/{server_id}/shares"];
    SHARES_SHOW, "os_compute_api:os-server-shares:show", PROJECT_READER_OR_ADMIN,
        "Show a share of a server.", ["GET /servers/{server_id}/shares/{share_id}"];
    SHARES_DELETE, "os_compute_api:os-server-shares:delete", PROJECT_MEMBER_OR_ADMIN,
        "Detach a share from a server.", ["DELETE /servers/{server_id}/shares/{share_id}"];

    // for operators
    AUDIT_LOG_INDEX, "os_compute_api:os-instance-usage-audit-log:list", ADMIN,
        "Count the servers of last month.", ["GET /os-instance_usage_audit_log"];
    AUDIT_LOG_SHOW, "os_compute_api:os-instance-usage-audit-log:show", ADMIN,
        "Count the servers of a month.", ["GET /os-instance_usage_audit_log/{before}"];
    BAREMETAL_NODES_INDEX, "os_compute_api:os-baremetal-nodes:list", ADMIN,
        "List machines of Ironic, below 2.36.", ["GET /os-baremetal-nodes"];
    BAREMETAL_NODES_SHOW, "os_compute_api:os-baremetal-nodes:show", ADMIN,
        "Show a machine of Ironic, below 2.36.", ["GET /os-baremetal-nodes/{node_id}"];

    // volumes, as they were
    VOLUMES_INDEX, "os_compute_api:os-volumes:list", PROJECT_READER_OR_ADMIN,
        "List volumes, below 2.36.", ["GET /os-volumes"];
    VOLUMES_DETAIL, "os_compute_api:os-volumes:detail", PROJECT_READER_OR_ADMIN,
        "List volumes with details, below 2.36.", ["GET /os-volumes/detail"];
    VOLUMES_SHOW, "os_compute_api:os-volumes:show", PROJECT_READER_OR_ADMIN,
        "Show a volume, below 2.36.", ["GET /os-volumes/{volume_id}"];
    VOLUMES_CREATE, "os_compute_api:os-volumes:create", PROJECT_MEMBER_OR_ADMIN,
        "Create a volume, below 2.36.", ["POST /os-volumes"];
    VOLUMES_DELETE, "os_compute_api:os-volumes:delete", PROJECT_MEMBER_OR_ADMIN,
        "Delete a volume, below 2.36.", ["DELETE /os-volumes/{volume_id}"];
    SNAPSHOTS_INDEX, "os_compute_api:os-volumes:snapshots:list", PROJECT_READER_OR_ADMIN,
        "List snapshots of volumes, below 2.36.", ["GET /os-snapshots"];
    SNAPSHOTS_DETAIL, "os_compute_api:os-volumes:snapshots:detail", PROJECT_READER_OR_ADMIN,
        "List snapshots of volumes with details, below 2.36.", ["GET /os-snapshots/detail"];
    SNAPSHOTS_SHOW, "os_compute_api:os-volumes:snapshots:show", PROJECT_READER_OR_ADMIN,
        "Show a snapshot of a volume, below 2.36.", ["GET /os-snapshots/{snapshot_id}"];
    SNAPSHOTS_CREATE, "os_compute_api:os-volumes:snapshots:create", PROJECT_MEMBER_OR_ADMIN,
        "Create a snapshot of a volume, below 2.36.", ["POST /os-snapshots"];
    SNAPSHOTS_DELETE, "os_compute_api:os-volumes:snapshots:delete", PROJECT_MEMBER_OR_ADMIN,
        "Delete a snapshot of a volume, below 2.36.", ["DELETE /os-snapshots/{snapshot_id}"];

    // what other services report
    SERVER_EXTERNAL_EVENTS, "os_compute_api:os-server-external-events:create", SERVICE_OR_ADMIN,
        "Report events about servers.", ["POST /os-server-external-events"];
    ASSISTED_SNAPSHOTS_CREATE, "os_compute_api:os-assisted-volume-snapshots:create", SERVICE_OR_ADMIN,
        "Help with a snapshot of an attached volume.", ["POST /os-assisted-volume-snapshots"];
    ASSISTED_SNAPSHOTS_DELETE, "os_compute_api:os-assisted-volume-snapshots:delete", SERVICE_OR_ADMIN,
        "Help with the end of such a snapshot.", ["DELETE /os-assisted-volume-snapshots/{snapshot_id}"];

    // extensions
    EXTENSIONS, "os_compute_api:extensions", ANY,
        "List extensions.", ["GET /extensions", "GET /extensions/{alias}"];
}

/// The base rule by its name; Nova asks it where a lock or a state binds everybody else.
static CONTEXT_IS_ADMIN: Rule = Rule {
    name: "context_is_admin",
    check: "role:admin",
    doc: "Decides what is an administrator.",
    operations: &[],
};

/// Whether an administrator asks.
pub(crate) fn is_admin(call: &Call) -> bool {
    call.allows(&CONTEXT_IS_ADMIN, &Target::none())
}

/// The same, of a caller without a request.
pub(crate) fn rules_the_cloud(policy: &Enforcer, caller: &Caller) -> bool {
    policy.allows(&CONTEXT_IS_ADMIN, caller, &Target::none())
}

/// Whose things the caller finds at all, before any rule is asked; `None`: everybody's.
///
/// Nova: the queries of all but administrators are filtered by project, so the things of others
/// are not found rather than forbidden.
pub(crate) fn visible_to(policy: &Enforcer, caller: &Caller) -> Option<ProjectId> {
    let nobody = || ProjectId::from("");
    (!rules_the_cloud(policy, caller)).then(|| caller.project().cloned().unwrap_or_else(nobody))
}
