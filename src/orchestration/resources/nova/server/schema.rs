//! What an `OS::Nova::Server` looks like: its attributes and its properties, as tables.

use serde_json::{Map, Value};

use crate::resources::neutron::port::NO_FIXED_IPS;
use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Bounds, Property, Rule, Schema};

pub(super) static ATTRIBUTES: &[Attribute] = &[
    Attribute { name: "name", kind: "string", description: "Name of the server." },
    Attribute {
        name: "addresses",
        kind: "map",
        description: "A dict of all network addresses with corresponding port_id and subnets. Each network will have two keys in dict, they are network name and network id. The port ID may be obtained through the following expression: \"{get_attr: [<server>, addresses, <network name_or_id>, 0, port]}\". The subnets may be obtained trough the following expression: \"{get_attr: [<server>, addresses, <network name_or_id>, 0, subnets]}\". The network may be obtained through the following expression: \"{get_attr: [<server>, addresses, <network name_or_id>, 0, network]}\".",
    },
    Attribute {
        name: "networks",
        kind: "map",
        description: "A dict of assigned network addresses of the form: {\"public\": [ip1, ip2...], \"private\": [ip3, ip4], \"public_uuid\": [ip1, ip2...], \"private_uuid\": [ip3, ip4]}. Each network will have two keys in dict, they are network name and network id.",
    },
    Attribute {
        name: "first_address",
        kind: "",
        description: "Convenience attribute to fetch the first assigned network address, or an empty string if nothing has been assigned at this time. Result may not be predictable if the server has addresses from more than one network.",
    },
    Attribute {
        name: "instance_name",
        kind: "string",
        description: "AWS compatible instance name.",
    },
    Attribute {
        name: "accessIPv4",
        kind: "string",
        description: "The manually assigned alternative public IPv4 address of the server.",
    },
    Attribute {
        name: "accessIPv6",
        kind: "string",
        description: "The manually assigned alternative public IPv6 address of the server.",
    },
    Attribute {
        name: "console_urls",
        kind: "map",
        description: "URLs of server's consoles. To get a specific console type, the requested type can be specified as parameter to the get_attr function, e.g. get_attr: [ <server>, console_urls, novnc ]. Currently supported types are novnc, xvpvnc, spice-html5, rdp-html5, serial and webmks.",
    },
    Attribute {
        name: "tags",
        kind: "list",
        description: "Tags from the server. Supported since client version 2.26.",
    },
    Attribute {
        name: "os_collect_config",
        kind: "map",
        description: "The os-collect-config configuration for the server's local agent to be configured to connect to Heat to retrieve deployment data.",
    },
    SHOW_ROW,
];

#[rustfmt::skip] // a row is a line
pub(super) fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("Server name."),
        Property::string("image").updatable().custom("glance.image").described("The ID or name of the image to boot with."),
        Property::string("flavor").required().updatable().custom("nova.flavor").described("The ID or name of the flavor to boot onto."),
        Property::string("flavor_update_policy").default("RESIZE").updatable().allowed(["RESIZE", "REPLACE"]).described("Policy on how to apply a flavor update; either by requesting a server resize or by replacing the entire server."),
        Property::string("image_update_policy").default("REBUILD").updatable().allowed(["REBUILD", "REPLACE", "REBUILD_PRESERVE_EPHEMERAL"]).described("Policy on how to apply an image-id update; either by requesting a server rebuild or by replacing the entire server."),
        Property::list("block_device_mapping").of(Property::map("*").with([
            Property::string("device_name").required(),
            Property::string("volume_id").custom("cinder.volume"),
            Property::string("snapshot_id").custom("cinder.snapshot"),
            Property::integer("volume_size"),
            Property::boolean("delete_on_termination"),
        ])).described("Block device mappings for this server."),
        Property::list("block_device_mapping_v2").of(Property::map("*").with(block_device())).described("Block device mappings v2 for this server."),
        Property::string("key_name").custom("nova.keypair").described("Name of keypair to inject into the server."),
        Property::string("admin_user").described("Name of the administrative user to use on the server."),
        Property::string("availability_zone").described("Name of the availability zone for server placement."),
        Property::list("security_groups").default(Vec::<Value>::new()).described("List of security group names or IDs. Cannot be used if neutron ports are associated with this server; assign security groups to the ports instead."),
        Property::list("networks").updatable().of(Property::map("*").with([
            Property::string("uuid").alias_of("network"),
            Property::string("network").custom("neutron.network").described("Name or ID of network to create a port on."),
            Property::string("allocate_network").updatable().allowed(["none", "auto"]),
            Property::string("fixed_ip").custom("ip_addr"),
            Property::string("port").custom("neutron.port").described("ID of an existing port to associate with this server."),
            Property::map("port_extra_properties").updatable().with(port_extra_properties()).described("Dict, which has expand properties for port. Used only if port property is not specified for creating port."),
            Property::string("subnet").described("Subnet in which to allocate the IP address for port. Used for creating port, based on derived properties. If subnet is specified, network property becomes optional."),
            Property::string("floating_ip").described("ID of the floating IP to associate."),
            Property::string("tag").described("Port tag. Heat ignores any update on this property as nova does not support it."),
        ])).described("An ordered list of nics to be added to this server, with information about connected networks, fixed ips, port etc."),
        Property::map("scheduler_hints").described("Arbitrary key-value pairs specified by the client to help boot a server."),
        Property::map("metadata").default(Map::new()).updatable().described("Arbitrary key/value metadata to store for this server. Both keys and values must be 255 characters or less. Non-string values will be serialized to JSON (and the serialized string must be 255 characters or less)."),
        Property::string("user_data_format").default("HEAT_CFNTOOLS").allowed(["HEAT_CFNTOOLS", "RAW", "SOFTWARE_CONFIG"]).described("How the user_data should be formatted for the server. For HEAT_CFNTOOLS, the user_data is bundled as part of the heat-cfntools cloud-init boot configuration data. For RAW the user_data is passed to Nova unmodified. For SOFTWARE_CONFIG user_data is bundled as part of the software config data, and metadata is derived from any associated SoftwareDeployment resources."),
        Property::string("software_config_transport").default("POLL_SERVER_CFN").updatable().allowed(["POLL_SERVER_CFN", "POLL_SERVER_HEAT", "POLL_TEMP_URL", "ZAQAR_MESSAGE"]).described("How the server should receive the metadata required for software configuration. POLL_SERVER_CFN will allow calls to the cfn API action DescribeStackResource authenticated with the provided keypair. POLL_SERVER_HEAT will allow calls to the Heat API resource-show using the provided keystone credentials. POLL_TEMP_URL will create and populate a Swift TempURL with metadata for polling. ZAQAR_MESSAGE will create a dedicated zaqar queue and post the metadata for polling."),
        Property::string("user_data_update_policy").default("REPLACE").updatable().allowed(["REPLACE", "IGNORE", "REBUILD"]).described("Policy on how to apply a user_data update; by ignoring it, by replacing the entire server, or rebuild the server."),
        Property::string("user_data").default("").updatable().described("User data script to be executed by cloud-init. Changes cause replacement of the resource by default, but can be ignored altogether by setting the `user_data_update_policy` property."),
        Property::string("reservation_id").described("A UUID for the set of servers being requested."),
        Property::boolean("config_drive").described("If True, enable config drive on the server."),
        Property::string("diskConfig").allowed(["AUTO", "MANUAL"]).described("Control how the disk is partitioned when the server is created."),
        Property::map("personality").default(Map::new()).described("A map of files to create/overwrite on the server upon boot. Keys are file names and values are the file contents."),
        Property::string("admin_pass").updatable().described("The administrator password for the server."),
        Property::list("tags").updatable().of(Property::string("*")).described("Server tags. Supported since client version 2.26."),
        Property::map("deployment_swift_data").default(Map::new()).updatable().with([
            Property::string("container").updatable().demanding(not_empty()),
            Property::string("object").updatable().demanding(not_empty()),
        ]).described("Swift container and object to use for storing deployment data for the server resource."),
    ])
}

fn not_empty() -> Rule {
    Rule::Length(Bounds { min: Some(1.into()), max: None })
}

/// What a port that is made for the server may be given besides.
fn port_extra_properties() -> [Property; 7] {
    [
        Property::map("value_specs").default(Map::new()).updatable(),
        Property::boolean("admin_state_up").default(true).updatable(),
        Property::string("mac_address").custom("mac_addr"),
        Property::list("allowed_address_pairs").updatable().of(Property::map("*").with([
            Property::string("mac_address").custom("mac_addr"),
            Property::string("ip_address").required().custom("ip_or_cidr"),
        ])),
        Property::string("binding:vnic_type").default("normal").updatable().allowed(["normal"]),
        Property::boolean("port_security_enabled").updatable(),
        Property::boolean(NO_FIXED_IPS).default(false).updatable(),
    ]
}

fn block_device() -> [Property; 14] {
    [
        Property::string("device_name"),
        Property::string("volume_id").custom("cinder.volume"),
        Property::string("image_id").alias_of("image"),
        Property::string("image").custom("glance.image"),
        Property::string("snapshot_id").custom("cinder.snapshot"),
        Property::integer("swap_size"),
        Property::integer("ephemeral_size").at_least(1),
        Property::string("ephemeral_format").allowed(["ext2", "ext3", "ext4", "xfs", "ntfs"]),
        Property::string("device_type").allowed(["cdrom", "disk"]),
        Property::string("disk_bus").allowed(["ide", "lame_bus", "sata", "scsi", "usb", "virtio"]),
        Property::integer("boot_index"),
        Property::integer("volume_size"),
        Property::string("volume_type").custom("cinder.vtype"),
        Property::boolean("delete_on_termination"),
    ]
}
