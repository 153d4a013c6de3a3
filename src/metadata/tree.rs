//! What a path of the metadata service leads to. PURE: facts and a path in, a document out.

use compute::facade::GuestFacts;

use crate::{ec2, openstack};

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    /// Its media type.
    pub(crate) media_type: &'static str,
    /// Its content.
    pub(crate) content: Vec<u8>,
}

impl Document {
    /// Text, lists of names among it.
    pub(crate) fn text(content: impl Into<Vec<u8>>) -> Self {
        Self { media_type: "text/plain; charset=UTF-8", content: content.into() }
    }

    /// JSON.
    pub(crate) fn json(content: impl Into<Vec<u8>>) -> Self {
        Self { media_type: "application/json", content: content.into() }
    }
}

/// What depends on when and how often one asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment<'a> {
    /// Today, `2026-01-31`: versions of the future are not listed.
    pub(crate) today: &'a str,
    /// Fresh random bytes for the guest's generator.
    pub(crate) seed: &'a [u8],
}

/// The document at `path`. Whatever is not the OpenStack tree is the EC2 tree.
pub(crate) fn lookup(facts: &GuestFacts, path: &str, moment: Moment<'_>) -> Option<Document> {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    match steps.as_slice() {
        ["openstack", rest @ ..] => openstack::lookup(facts, rest, moment),
        ["ec2", rest @ ..] | rest => ec2::lookup(facts, rest),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use kit::ids::{ImageId, ProjectId, ServerId};
    use serde_json::{Map, Value, json};

    use super::*;

    /// A guest without a network: what a tree can say of it.
    pub(crate) fn guest() -> GuestFacts {
        GuestFacts {
            id: ServerId::from("11111111-2222-3333-4444-555555555555"),
            project_id: ProjectId::from("p"),
            number: 10,
            name: "web".to_owned(),
            hostname: "web".to_owned(),
            availability_zone: "nova".to_owned(),
            launch_index: 0,
            reservation_id: "r-1".to_owned(),
            image_id: Some(ImageId::from("abcdef01-2222-3333-4444-555555555555")),
            flavor_name: "m1.tiny".to_owned(),
            key_pair: None,
            metadata: Map::from_iter([("role".to_owned(), json!("db"))]),
            user_data: b"#!/bin/sh\n".to_vec(),
            password: String::new(),
            nics: Vec::new(),
            security_groups: vec!["default".to_owned(), "web".to_owned()],
        }
    }

    pub(crate) fn get(path: &str) -> Option<String> {
        let moment = Moment { today: "2026-11-22", seed: b"seed" };
        let found = lookup(&guest(), path, moment)?;
        Some(String::from_utf8(found.content).unwrap())
    }

    fn keys(path: &str) -> Vec<String> {
        let document: Value = serde_json::from_str(&get(path).unwrap()).unwrap();
        document.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn the_trees_list_their_versions() {
        assert!(get("/openstack").unwrap().ends_with("2020-10-14\n2025-04-04\nlatest"));
        assert!(get("/openstack/").unwrap().starts_with("2012-08-10\n"));
        let old = Moment { today: "2013-01-01", seed: b"" };
        let listed = lookup(&guest(), "/openstack", old).unwrap().content;
        assert_eq!(listed, b"2012-08-10\nlatest");
        assert!(get("/").unwrap().starts_with("1.0\n2007-01-19\n"));
        assert_eq!(get("/ec2"), get("/"));
    }

    #[test]
    fn a_version_has_what_it_had_then() {
        let first = keys("/openstack/2012-08-10/meta_data.json");
        let latest = keys("/openstack/latest/meta_data.json");
        for (key, since_first) in [
            ("uuid", true),
            ("hostname", true),
            ("meta", true),
            ("random_seed", false),
            ("project_id", false),
            ("devices", false),
            ("dedicated_cpus", false),
        ] {
            assert_eq!(first.iter().any(|other| other == key), since_first, "{key}");
            assert!(latest.iter().any(|other| other == key), "{key}");
        }
        assert_eq!(get("/openstack/2012-08-10/vendor_data.json"), None);
        assert_eq!(get("/openstack/2013-10-17/vendor_data.json").as_deref(), Some("{}"));
        assert_eq!(get("/openstack/2012-08-10").unwrap(), "meta_data.json\nuser_data");
        assert_eq!(
            get("/openstack/latest/").unwrap(),
            "meta_data.json\nuser_data\npassword\nvendor_data.json\nnetwork_data.json\n\
             vendor_data2.json"
        );
        assert_eq!(get("/openstack/latest/user_data").unwrap(), "#!/bin/sh\n");
        assert_eq!(get("/openstack/1999-01-01/meta_data.json"), None);
        assert_eq!(get("/openstack/latest/nope"), None);
    }

    #[test]
    fn the_ec2_tree_is_walked_by_names() {
        let cases = [
            ("/latest/meta-data/instance-id", Some("i-0000000a")),
            ("/latest/meta-data/ami-id", Some("ami-abcdef01")),
            ("/latest/meta-data/hostname", Some("web.novalocal")),
            ("/latest/meta-data/security-groups", Some("default\nweb")),
            ("/latest/meta-data/placement", Some("availability-zone")),
            ("/latest/meta-data/placement/availability-zone", Some("nova")),
            ("/latest/user-data", Some("#!/bin/sh\n")),
            ("/latest", Some("meta-data/\nuser-data")),
            ("/1.0/meta-data/instance-type", None),
            ("/2007-08-29/meta-data/instance-type", Some("m1.tiny")),
            ("/latest/meta-data/public-keys", None),
            ("/latest/meta-data/hostname/more", None),
            ("/1999/meta-data", None),
        ];
        for (path, wanted) in cases {
            assert_eq!(get(path).as_deref(), wanted, "{path}");
        }
        let listing = get("/latest/meta-data/").unwrap();
        assert!(listing.contains("\nplacement/\n"), "{listing}");
    }
}
