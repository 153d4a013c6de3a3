//! `AWS::EC2::Instance`: a server, told by EC2's properties what `OS::Nova::Server` is told by
//! Heat's. All that a server does, that type does.

use futures_util::future::BoxFuture;
use kit::error::Result;
use kit::workflow::{Context, Failure};
use serde_json::{Map, Value};

use crate::resources::neutron;
use crate::resources::nova::server::Server;
use crate::resources::{Act, Attribute, Look, Pending, Plugin, SHOW, SHOW_ROW, Updated, object};
use crate::stack_resources::model::Resource;
use crate::template::{Property, Schema};

pub(crate) struct Instance;

/// Properties that are Heat's under another name.
static SAME: &[(&str, &str)] = &[
    ("ImageId", "image"),
    ("InstanceType", "flavor"),
    ("KeyName", "key_name"),
    ("AvailabilityZone", "availability_zone"),
    ("UserData", "user_data"),
];

/// What becomes of the other properties that can change.
static OTHERS: &[(&str, &str)] =
    &[("Tags", "metadata"), ("NetworkInterfaces", "networks"), ("SubnetId", "networks")];

impl Plugin for Instance {
    fn name(&self) -> &'static str {
        "AWS::EC2::Instance"
    }

    fn schema(&self) -> Schema {
        schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn is_server(&self) -> bool {
        true
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        as_server(act, |act| Server.create(act))
    }

    fn update(
        &self,
        act: &mut Act<'_>,
        properties: &Map<String, Value>,
        changed: &[String],
    ) -> Result<Updated> {
        let wanted = translated(act, properties)?;
        let names = SAME.iter().chain(OTHERS);
        let changed = names.filter(|(name, _)| changed.iter().any(|other| other == name));
        let changed: Vec<String> = changed.map(|(_, name)| (*name).to_owned()).collect();
        as_server(act, |act| Server.update(act, &wanted, &changed))
    }

    fn delete(&self, act: &mut Act<'_>) -> Result<()> {
        Server.delete(act)
    }

    fn suspend(&self, act: &mut Act<'_>) -> Result<()> {
        Server.suspend(act)
    }

    fn resume(&self, act: &mut Act<'_>) -> Result<()> {
        Server.resume(act)
    }

    fn check(&self, act: &mut Act<'_>) -> Result<()> {
        Server.check(act)
    }

    fn takes_turns_at(&self, look: &Look<'_>) -> Option<String> {
        Server.takes_turns_at(look)
    }

    fn pending(&self, look: &Look<'_>) -> Result<Pending> {
        Server.pending(look)
    }

    fn observe(
        &self,
        context: Context,
        resource: Resource,
    ) -> BoxFuture<'static, Result<Map<String, Value>, Failure>> {
        Server.observe(context, resource)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        match name {
            SHOW => Server.attribute(look, SHOW),
            "AvailabilityZone" => Server.attribute(look, "OS-EXT-AZ:availability_zone"),
            _ => {
                let address = Server.attribute(look, "first_address")?;
                // Heat: what a server without an address says.
                let none = address.as_str().is_some_and(str::is_empty);
                Ok(if none { Value::from("0.0.0.0") } else { address })
            }
        }
    }
}

/// Runs `work` on a resource that has the properties of a server.
fn as_server<T>(act: &mut Act<'_>, work: impl FnOnce(&mut Act<'_>) -> Result<T>) -> Result<T> {
    let own = act.resource.properties.clone();
    act.resource.properties = translated(act, &own)?;
    let outcome = work(act);
    act.resource.properties = own;
    outcome
}

/// EC2's properties as Heat's.
fn translated(act: &Act<'_>, own: &Map<String, Value>) -> Result<Map<String, Value>> {
    let list = |name: &str| own.get(name).and_then(Value::as_array).into_iter().flatten();
    let mut server = Map::new();
    for (name, heats) in SAME {
        if let Some(value) = own.get(*name).filter(|value| !value.is_null()) {
            server.insert((*heats).to_owned(), value.clone());
        }
    }
    let groups = list("SecurityGroups").chain(list("SecurityGroupIds")).cloned();
    server.insert("security_groups".to_owned(), groups.collect());
    server.insert("networks".to_owned(), networks(act, own)?);
    server.insert("metadata".to_owned(), Value::Object(pairs(list("Tags"))));
    let hints = pairs(list("NovaSchedulerHints"));
    if !hints.is_empty() {
        server.insert("scheduler_hints".to_owned(), Value::Object(hints));
    }
    let devices = list("Volumes").chain(list("BlockDeviceMappings")).cloned();
    server.insert("block_device_mapping".to_owned(), devices.collect());
    server.insert("user_data_format".to_owned(), Value::from("HEAT_CFNTOOLS"));
    Ok(server)
}

/// A list of keys and values as a map; a key that comes again has a list of values.
fn pairs<'a>(rows: impl Iterator<Item = &'a Value>) -> Map<String, Value> {
    let mut map = Map::new();
    for row in rows {
        let key = row.get("Key").and_then(Value::as_str).unwrap_or_default().to_owned();
        let value = row.get("Value").cloned().unwrap_or_default();
        let kept = match map.remove(&key) {
            None => value,
            Some(Value::Array(mut values)) => {
                values.push(value);
                Value::Array(values)
            }
            Some(one) => Value::Array(vec![one, value]),
        };
        map.insert(key, kept);
    }
    map
}

/// The ports in the order of their devices; without any, the network of the subnet.
fn networks(act: &Act<'_>, own: &Map<String, Value>) -> Result<Value> {
    let ports = own.get("NetworkInterfaces").and_then(Value::as_array).into_iter().flatten();
    let mut ports: Vec<(i64, Value)> = ports.enumerate().map(port).collect();
    if !ports.is_empty() {
        ports.sort_by_key(|(index, _)| *index);
        return Ok(ports.into_iter().map(|(_, port)| object([("port", port)])).collect());
    }
    match own.get("SubnetId").and_then(Value::as_str).filter(|id| !id.is_empty()) {
        Some(subnet) => {
            let network = neutron::network_of_subnet(act, subnet)?;
            Ok(Value::Array(vec![object([("network", Value::String(network))])]))
        }
        None => Ok(Value::Array(Vec::new())),
    }
}

/// An interface: a port, or a port with its place.
fn port((position, interface): (usize, &Value)) -> (i64, Value) {
    let position = i64::try_from(position).unwrap_or(i64::MAX);
    match interface.get("NetworkInterfaceId") {
        Some(port) => {
            let index = interface.get("DeviceIndex");
            let number = |value: &Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
            (index.and_then(number).unwrap_or(position), port.clone())
        }
        None => (position, interface.clone()),
    }
}

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "AvailabilityZone",
        kind: "string",
        description: "The Availability Zone where the specified instance is launched.",
    },
    Attribute {
        name: "PrivateDnsName",
        kind: "string",
        description: "Private DNS name of the specified instance.",
    },
    Attribute {
        name: "PublicDnsName",
        kind: "string",
        description: "Public DNS name of the specified instance.",
    },
    Attribute {
        name: "PrivateIp",
        kind: "string",
        description: "Private IP address of the specified instance.",
    },
    Attribute {
        name: "PublicIp",
        kind: "string",
        description: "Public IP address of the specified instance.",
    },
    SHOW_ROW,
];
#[rustfmt::skip] // a row is a line
fn schema() -> Schema {
    Schema::of([
        Property::string("ImageId").required().custom("glance.image").described("Glance image ID or name."),
        Property::string("InstanceType").required().updatable().custom("nova.flavor").described("Nova instance type (flavor)."),
        Property::string("KeyName").custom("nova.keypair").described("Optional Nova keypair name."),
        Property::string("AvailabilityZone").described("Availability zone to launch the instance in."),
        Property::string("DisableApiTermination").refused(),
        Property::string("KernelId").refused(),
        Property::boolean("Monitoring").refused(),
        Property::string("PlacementGroupName").refused(),
        Property::string("PrivateIpAddress").refused(),
        Property::string("RamDiskId").refused(),
        Property::list("SecurityGroups").described("Security group names to assign."),
        Property::list("SecurityGroupIds").described("Security group IDs to assign."),
        Property::list("NetworkInterfaces").updatable().described("Network interfaces to associate with instance."),
        Property::boolean("SourceDestCheck").refused(),
        Property::string("SubnetId").updatable().described("Subnet ID to launch instance in."),
        Property::list("Tags").updatable().of(Property::map("*").with([
            Property::string("Key").required(),
            Property::string("Value").required(),
        ])).described("Tags to attach to instance."),
        Property::list("NovaSchedulerHints").of(Property::map("*").with([
            Property::string("Key").required(),
            Property::string("Value").required(),
        ])).described("Scheduler hints to pass to Nova (Heat extension)."),
        Property::list("Volumes").default(Vec::<Value>::new()).of(Property::map("*").with([
            Property::string("Device").required(),
            Property::string("VolumeId").required().custom("cinder.volume"),
        ])).described("Volumes to attach to instance."),
        block_devices(),
        Property::string("Tenancy").allowed(["dedicated", "default"]).refused(),
        Property::string("UserData").described("User data to pass to instance."),
    ])
}

/// The property that asks for volumes, of instances and of what they are launched from.
pub(in crate::resources) fn block_devices() -> Property {
    let volume = [
        Property::boolean("DeleteOnTermination").default(true),
        Property::number("Iops").refused(),
        Property::string("SnapshotId").custom("cinder.snapshot"),
        Property::string("VolumeSize"),
        Property::string("VolumeType").refused(),
    ];
    let device = [
        Property::string("DeviceName").required(),
        Property::map("Ebs").with(volume),
        Property::map("NoDevice").refused(),
        Property::string("VirtualName").refused(),
    ];
    let devices = Property::list("BlockDeviceMappings").of(Property::map("*").with(device));
    devices.described("Block device mappings to attach to instance.")
}
