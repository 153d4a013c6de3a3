//! The compute documents of `api-ref/`, one per resource, embedded in the program.

/// Path below `api-ref/` and content.
macro_rules! document {
    ($file:literal) => {
        (concat!("compute/", $file), include_str!(concat!("../../api-ref/compute/", $file)))
    };
}

/// Every document of this service.
pub(crate) static ALL: &[(&str, &str)] = &[
    document!("aggregates.yaml"),
    document!("assisted-volume-snapshots.yaml"),
    document!("availability-zones.yaml"),
    document!("baremetal-nodes.yaml"),
    document!("console-auth-tokens.yaml"),
    document!("consoles.yaml"),
    document!("extensions.yaml"),
    document!("flavor-access.yaml"),
    document!("flavor-extra-specs.yaml"),
    document!("flavors.yaml"),
    document!("floating-ip-pools.yaml"),
    document!("floating-ips.yaml"),
    document!("hosts.yaml"),
    document!("hypervisors.yaml"),
    document!("image-metadata.yaml"),
    document!("images.yaml"),
    document!("instance-actions.yaml"),
    document!("instance-usage-audit-log.yaml"),
    document!("interfaces.yaml"),
    document!("ips.yaml"),
    document!("keypairs.yaml"),
    document!("limits.yaml"),
    document!("networks.yaml"),
    document!("migrations.yaml"),
    document!("quota-class-sets.yaml"),
    document!("quota-sets.yaml"),
    document!("removed.yaml"),
    document!("remote-consoles.yaml"),
    document!("security-group-rules.yaml"),
    document!("security-groups.yaml"),
    document!("server-actions.yaml"),
    document!("server-diagnostics.yaml"),
    document!("server-external-events.yaml"),
    document!("server-groups.yaml"),
    document!("server-metadata.yaml"),
    document!("server-password.yaml"),
    document!("server-migrations.yaml"),
    document!("server-security-groups.yaml"),
    document!("server-tags.yaml"),
    document!("server-topology.yaml"),
    document!("servers.yaml"),
    document!("services.yaml"),
    document!("shares.yaml"),
    document!("simple-tenant-usage.yaml"),
    document!("snapshots.yaml"),
    document!("tenant-networks.yaml"),
    document!("versions.yaml"),
    document!("volume-attachments.yaml"),
    document!("volumes-boot.yaml"),
    document!("volumes.yaml"),
];
