//! The EC2 tree: a table of keys by the version that brought them
//! (`nova/api/metadata/base.py::get_ec2_metadata`).
//!
//! A guest has no block devices of its own, so `block-device-mapping` is not there.

use compute::facade::GuestFacts;

use crate::tree::Document;

/// Every version, oldest first.
static VERSIONS: &[&str] = &[
    "1.0",
    "2007-01-19",
    "2007-03-01",
    "2007-08-29",
    "2007-10-10",
    "2007-12-15",
    "2008-02-01",
    "2008-09-01",
    "2009-04-04",
];

/// What a name leads to.
enum Node {
    /// A value.
    Text(Vec<u8>),
    /// More names, in the order of their listing.
    Folder(Vec<(&'static str, Self)>),
    /// A folder that its parent lists in words of its own (`0=mykey`), without a slash.
    Titled(String, Vec<(&'static str, Self)>),
}

/// A key of `meta-data`: its name, the version that brought it, its content if there is one.
struct Row {
    name: &'static str,
    since: &'static str,
    render: fn(&GuestFacts) -> Option<Node>,
}

/// Every key, sorted as listings are.
static META_DATA: &[Row] = &[
    Row { name: "ami-id", since: "1.0", render: ami_id },
    Row { name: "ami-launch-index", since: "1.0", render: |f| text(f.launch_index.to_string()) },
    // Nova: this very word, in every release (`api/metadata/base.py`).
    Row { name: "ami-manifest-path", since: "1.0", render: |_| text("FIXME") },
    Row { name: "hostname", since: "1.0", render: |f| text(f.full_hostname()) },
    Row { name: "instance-action", since: "2008-09-01", render: |_| text("none") },
    Row { name: "instance-id", since: "1.0", render: |f| text(format!("i-{:08x}", f.number)) },
    Row { name: "instance-type", since: "2007-08-29", render: |f| text(f.flavor_name.as_str()) },
    Row { name: "local-hostname", since: "2007-01-19", render: |f| text(f.full_hostname()) },
    Row { name: "local-ipv4", since: "1.0", render: local_address },
    Row { name: "placement", since: "2008-02-01", render: placement },
    Row { name: "public-hostname", since: "2007-01-19", render: |f| text(f.full_hostname()) },
    Row { name: "public-ipv4", since: "2007-01-19", render: floating_address },
    Row { name: "public-keys", since: "1.0", render: public_keys },
    Row { name: "reservation-id", since: "1.0", render: |f| text(f.reservation_id.as_str()) },
    Row { name: "security-groups", since: "1.0", render: |f| text(f.security_groups.join("\n")) },
];

/// What the steps of a path lead to.
pub(crate) fn lookup(facts: &GuestFacts, steps: &[&str]) -> Option<Document> {
    let Some((version, names)) = steps.split_first() else {
        return Some(Document::text(versions()));
    };
    let found = names.iter().try_fold(root(facts, known(version)?), |node, name| match node {
        Node::Folder(entries) | Node::Titled(_, entries) => {
            entries.into_iter().find(|(key, _)| key == name).map(|(_, node)| node)
        }
        Node::Text(_) => None,
    })?;
    Some(Document::text(match found {
        Node::Text(content) => content,
        Node::Folder(entries) | Node::Titled(_, entries) => listing(&entries).into_bytes(),
    }))
}

fn versions() -> String {
    VERSIONS.iter().copied().chain(["latest"]).collect::<Vec<_>>().join("\n")
}

fn known(version: &str) -> Option<&'static str> {
    match version {
        "latest" => VERSIONS.last().copied(),
        dated => VERSIONS.iter().copied().find(|known| *known == dated),
    }
}

fn root(facts: &GuestFacts, version: &'static str) -> Node {
    // Versions sort as texts.
    let keys = META_DATA.iter().filter(|row| row.since <= version);
    let meta_data = keys.filter_map(|row| Some((row.name, (row.render)(facts)?))).collect();
    let mut entries = vec![("meta-data", Node::Folder(meta_data))];
    if !facts.user_data.is_empty() {
        entries.push(("user-data", Node::Text(facts.user_data.clone())));
    }
    Node::Folder(entries)
}

fn listing(entries: &[(&'static str, Node)]) -> String {
    let names = entries.iter().map(|(name, node)| match node {
        Node::Text(_) => (*name).to_owned(),
        Node::Folder(_) => format!("{name}/"),
        Node::Titled(title, _) => title.clone(),
    });
    names.collect::<Vec<_>>().join("\n")
}

#[expect(clippy::unnecessary_wraps, reason = "what a row's function returns")]
fn text(content: impl Into<Vec<u8>>) -> Option<Node> {
    Some(Node::Text(content.into()))
}

/// EC2 numbers images; the first digits of ours serve.
fn ami_id(facts: &GuestFacts) -> Option<Node> {
    let digits: String = facts.image_id.as_ref()?.as_str().chars().take(8).collect();
    text(format!("ami-{digits}"))
}

fn local_address(facts: &GuestFacts) -> Option<Node> {
    let mut addresses = facts.nics.iter().flat_map(|nic| &nic.addresses);
    let (address, _) = addresses.find(|(address, _)| address.is_ipv4())?;
    text(address.to_string())
}

/// The first floating IP; without one, nothing, which EC2 writes as an empty text.
fn floating_address(facts: &GuestFacts) -> Option<Node> {
    let address = facts.nics.iter().flat_map(|nic| &nic.floating_addresses).next();
    text(address.map(ToString::to_string).unwrap_or_default())
}

#[expect(clippy::unnecessary_wraps, reason = "a row's function like the others")]
fn placement(facts: &GuestFacts) -> Option<Node> {
    let zone = Node::Text(facts.availability_zone.clone().into_bytes());
    Some(Node::Folder(vec![("availability-zone", zone)]))
}

fn public_keys(facts: &GuestFacts) -> Option<Node> {
    let key = facts.key_pair.as_ref()?;
    let content = Node::Text(key.public_key.clone().into_bytes());
    let folder = Node::Titled(format!("0={}", key.name), vec![("openssh-key", content)]);
    Some(Node::Folder(vec![("0", folder)]))
}
