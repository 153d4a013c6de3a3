//! What an `OS::Nova::Server` looks like: its attributes and its properties, as tables.

use serde_json::{Map, Value};

use crate::resources::{Attribute, SHOW_ROW};
use crate::template::{Property, Schema};

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
        name: "tags",
        kind: "list",
        description: "Tags from the server. Supported since client version 2.26.",
    },
    SHOW_ROW,
];

#[rustfmt::skip] // a row is a line
pub(super) fn schema() -> Schema {
    Schema::of([
        Property::string("name").updatable().described("Server name."),
        Property::string("image").required().updatable().custom("glance.image").described("The ID or name of the image to boot with."),
        Property::string("flavor").required().updatable().custom("nova.flavor").described("The ID or name of the flavor to boot onto."),
        Property::string("flavor_update_policy").default("RESIZE").updatable().allowed(["RESIZE", "REPLACE"]).described("Policy on how to apply a flavor update; either by requesting a server resize or by replacing the entire server."),
        Property::string("image_update_policy").default("REBUILD").updatable().allowed(["REBUILD", "REPLACE", "REBUILD_PRESERVE_EPHEMERAL"]).described("Policy on how to apply an image-id update; either by requesting a server rebuild or by replacing the entire server."),
        Property::string("key_name").custom("nova.keypair").described("Name of keypair to inject into the server."),
        Property::string("availability_zone").described("Name of the availability zone for server placement."),
        Property::list("security_groups").default(Vec::<Value>::new()).described("List of security group names or IDs. Cannot be used if neutron ports are associated with this server; assign security groups to the ports instead."),
        Property::list("networks").updatable().of(Property::map("*").with([
            Property::string("uuid").alias_of("network"),
            Property::string("network").custom("neutron.network").described("Name or ID of network to create a port on."),
            Property::string("allocate_network").allowed(["none", "auto"]),
            Property::string("fixed_ip").custom("ip_addr"),
            Property::string("port").custom("neutron.port").described("ID of an existing port to associate with this server."),
            Property::string("tag").described("Port tag. Heat ignores any update on this property as nova does not support it."),
        ])).described("An ordered list of nics to be added to this server, with information about connected networks, fixed ips, port etc."),
        Property::map("scheduler_hints").described("Arbitrary key-value pairs specified by the client to help boot a server."),
        Property::map("metadata").default(Map::new()).updatable().described("Arbitrary key/value metadata to store for this server. Both keys and values must be 255 characters or less. Non-string values will be serialized to JSON (and the serialized string must be 255 characters or less)."),
        Property::string("user_data_format").default("HEAT_CFNTOOLS").allowed(["HEAT_CFNTOOLS", "RAW", "SOFTWARE_CONFIG"]).described("How the user_data should be formatted for the server. For HEAT_CFNTOOLS, the user_data is bundled as part of the heat-cfntools cloud-init boot configuration data. For RAW the user_data is passed to Nova unmodified. For SOFTWARE_CONFIG user_data is bundled as part of the software config data, and metadata is derived from any associated SoftwareDeployment resources."),
        Property::string("user_data_update_policy").default("REPLACE").updatable().allowed(["REPLACE", "IGNORE", "REBUILD"]).described("Policy on how to apply a user_data update; by ignoring it, by replacing the entire server, or rebuild the server."),
        Property::string("user_data").default("").updatable().described("User data script to be executed by cloud-init. Changes cause replacement of the resource by default, but can be ignored altogether by setting the `user_data_update_policy` property."),
        Property::boolean("config_drive").described("If True, enable config drive on the server."),
        Property::string("diskConfig").allowed(["AUTO", "MANUAL"]).described("Control how the disk is partitioned when the server is created."),
        Property::map("personality").default(Map::new()).described("A map of files to create/overwrite on the server upon boot. Keys are file names and values are the file contents."),
        Property::string("admin_pass").updatable().described("The administrator password for the server."),
        Property::list("tags").updatable().of(Property::string("*")).described("Server tags. Supported since client version 2.26."),
    ])
}
