//! The body of `POST /servers` in its latest form: the edge where versions and spellings end.
//!
//! Called by `api.rs` after the contract has refused what has the wrong shape. Decides nothing
//! that needs the database.

use std::net::IpAddr;

use kit::error::{Error, Result};
use kit::http::{Call, Mv, since};
use kit::ids::{FlavorId, ImageId, NetworkId, PortId};
use kit::secret::Secret;
use network::facade::{NetworkRequest, RequestedNic};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::container::Container;
use super::disk_config;
use crate::loose;
use crate::microversions::DESCRIPTION;

/// What is asked for.
pub(crate) struct CreateServer {
    pub(crate) name: String,
    pub(crate) hostname: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) image: ImageId,
    pub(crate) flavor: FlavorId,
    pub(crate) networks: NetworkRequest,
    pub(crate) security_groups: Vec<String>,
    pub(crate) min_count: i64,
    pub(crate) max_count: i64,
    pub(crate) key_name: Option<String>,
    pub(crate) user_data: Option<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) tags: Vec<String>,
    pub(crate) personality: Vec<Personality>,
    pub(crate) zone: Zone,
    pub(crate) requested_host: Option<String>,
    pub(crate) config_drive: bool,
    pub(crate) admin_password: Secret,
    pub(crate) access_ipv4: Option<String>,
    pub(crate) access_ipv6: Option<String>,
    pub(crate) auto_disk_config: Option<bool>,
    pub(crate) hints: Map<String, Value>,
    pub(crate) trusted_certificates: bool,
    pub(crate) wants_reservation: bool,
    /// Set by a service for a plain container; then no flavor is named.
    pub(crate) container: Option<Container>,
}

/// A file that is put into the guest before its first start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Personality {
    /// Where.
    pub(crate) path: String,
    /// What, in base64.
    pub(crate) contents: String,
}

/// `availability_zone`, which may name a host too (`zone:host:node`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Zone {
    pub(crate) name: Option<String>,
    pub(crate) host: Option<String>,
}

/// Reads the body of a request.
pub(crate) fn read(call: &Call) -> Result<CreateServer> {
    read_body(&call.body, call.version)
}

/// Reads a body in the form that it has at `version`.
pub(crate) fn read_body(whole: &Value, version: Mv) -> Result<CreateServer> {
    let body = whole.get("server").unwrap_or(&Value::Null);
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    let name = text("name").unwrap_or_default().trim().to_owned();
    let description =
        if since(DESCRIPTION).contains(version) { text("description") } else { Some(name.clone()) };
    let (min_count, max_count) = counts(body)?;
    Ok(CreateServer {
        hostname: text("hostname"),
        description,
        image: image(body)?,
        flavor: FlavorId::from(last_segment(
            &body.get("flavorRef").map(loose::text).unwrap_or_default(),
        )),
        networks: networks(body.get("networks"))?,
        security_groups: security_groups(body),
        min_count,
        max_count,
        key_name: text("key_name"),
        user_data: text("user_data"),
        metadata: object(body, "metadata"),
        tags: tags(body),
        personality: personality(body)?,
        zone: zone(text("availability_zone").as_deref())?,
        requested_host: text("host").or_else(|| text("hypervisor_hostname")),
        config_drive: flag(body, "config_drive"),
        admin_password: text("adminPass").map_or_else(|| Secret::random(12), Secret::new),
        access_ipv4: text("accessIPv4").map(canonical_address),
        access_ipv6: text("accessIPv6").map(canonical_address),
        auto_disk_config: disk_config::asked(body),
        hints: hints(whole),
        trusted_certificates: body.get("trusted_image_certificates").is_some_and(Value::is_array),
        wants_reservation: flag(body, "return_reservation_id"),
        container: None,
        name,
    })
}

/// An address in its shortest spelling (RFC 5952), which Nova shows whatever was sent.
pub(crate) fn canonical_address(text: String) -> String {
    text.parse::<IpAddr>().map_or(text, |address| address.to_string())
}

/// The id at the end of an id or URL.
pub(crate) fn last_segment(reference: &str) -> &str {
    let path = reference.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

pub(crate) fn flag(body: &Value, key: &str) -> bool {
    body.get(key).map(loose::text).and_then(|text| loose::boolean(&text)).unwrap_or(false)
}

fn object(body: &Value, key: &str) -> Map<String, Value> {
    body.get(key).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn list<'a>(body: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    body.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn counts(body: &Value) -> Result<(i64, i64)> {
    let count = |key: &str| body.get(key).map(|value| loose::integer(key, value)).transpose();
    let min = count("min_count")?.unwrap_or(1);
    let max = count("max_count")?.unwrap_or(min);
    if min > max {
        return Err(Error::bad_request("min_count must be <= max_count"));
    }
    Ok((min, max))
}

/// The image. A container boots from an image and nothing else, so block devices may only repeat
/// it; for the others Nova's sentences where the volume service has none of them.
fn image(body: &Value) -> Result<ImageId> {
    let reference = body.get("imageRef").and_then(Value::as_str).unwrap_or_default();
    for device in list(body, "block_device_mapping_v2") {
        check_device(device, !reference.is_empty())?;
    }
    if let Some(device) = list(body, "block_device_mapping").next() {
        let volume = device.get("volume_id").or(device.get("snapshot_id")).map(loose::text);
        return Err(no_volume(&volume.unwrap_or_default()));
    }
    if reference.is_empty() {
        return Err(Error::bad_request("Missing imageRef attribute"));
    }
    Ok(ImageId::from(last_segment(reference)))
}

fn check_device(device: &Value, image_given: bool) -> Result<()> {
    let text = |key: &str| device.get(key).and_then(Value::as_str).unwrap_or_default();
    let invalid =
        |why: &str| Err(Error::bad_request(format!("Block Device Mapping is Invalid: {why}")));
    let (source, destination, uuid) = (text("source_type"), text("destination_type"), text("uuid"));
    if device.get("no_device").is_some_and(|value| !value.is_null()) {
        return Ok(());
    }
    match (source, destination) {
        ("blank", _) if !uuid.is_empty() => invalid("Invalid device UUID."),
        ("image" | "volume" | "snapshot", _) if uuid.is_empty() => invalid("Missing device UUID."),
        ("image", "local") => {
            let index =
                device.get("boot_index").map(loose::text).and_then(|text| text.parse().ok());
            if image_given && index == Some(0_i64) {
                return Ok(());
            }
            invalid("Mapping image to local is not supported.")
        }
        ("blank", "local") => Ok(()),
        ("snapshot", _) => invalid(&format!("failed to get snapshot {uuid}.")),
        _ => Err(no_volume(uuid)),
    }
}

fn no_volume(id: &str) -> Error {
    Error::bad_request(format!("Block Device Mapping is Invalid: failed to get volume {id}."))
}

fn security_groups(body: &Value) -> Vec<String> {
    let mut names: Vec<String> = list(body, "security_groups")
        .filter_map(|group| group.get("name").map(loose::text))
        .filter(|name| !name.is_empty())
        .collect();
    names.sort();
    names.dedup();
    names
}

fn tags(body: &Value) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in list(body, "tags").filter_map(Value::as_str) {
        if !tags.iter().any(|own| own == tag) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

pub(crate) fn personality(body: &Value) -> Result<Vec<Personality>> {
    list(body, "personality").map(|file| Ok(Personality::deserialize(file)?)).collect()
}

/// Nova: `parse_availability_zone`.
fn zone(text: Option<&str>) -> Result<Zone> {
    let Some(text) = text else {
        return Ok(Zone::default());
    };
    let filled = |part: &str| (!part.is_empty()).then(|| part.to_owned());
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        [name] => Ok(Zone { name: filled(name), host: None }),
        [name, host] => Ok(Zone { name: filled(name), host: filled(host) }),
        [name, host, node] => {
            Ok(Zone { name: filled(name), host: filled(host).or_else(|| filled(node)) })
        }
        _ => Err(Error::bad_request("Invalid input received: Unable to parse availability_zone")),
    }
}

fn hints(body: &Value) -> Map<String, Value> {
    let given = body.get("os:scheduler_hints").or(body.get("OS-SCH-HNT:scheduler_hints"));
    given.and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Nova: `_get_requested_networks`.
fn networks(value: Option<&Value>) -> Result<NetworkRequest> {
    match value {
        Some(Value::String(word)) if word == "none" => Ok(NetworkRequest::None),
        None | Some(Value::Null | Value::String(_)) => Ok(NetworkRequest::Auto),
        Some(list) => {
            let items = list.as_array().map(Vec::as_slice).unwrap_or_default();
            let nics = items.iter().map(nic).collect::<Result<Vec<_>>>()?;
            refuse_twice(&nics)?;
            Ok(if nics.is_empty() { NetworkRequest::Auto } else { NetworkRequest::List(nics) })
        }
    }
}

/// One interface of `networks`.
pub(crate) fn nic(item: &Value) -> Result<RequestedNic> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    let port = text("port").map(PortId::from);
    let fixed_ip = text("fixed_ip");
    if let (Some(port), Some(address)) = (&port, fixed_ip) {
        return Err(Error::bad_request(format!(
            "Specified Fixed IP '{address}' cannot be used with port '{port}': the two cannot be \
             specified together."
        )));
    }
    if port.is_none() && text("uuid").is_none() {
        return Err(Error::bad_request("Bad network format: missing 'uuid'"));
    }
    Ok(RequestedNic {
        network: text("uuid").filter(|_| port.is_none()).map(NetworkId::from),
        port,
        fixed_ip: fixed_ip.and_then(|text| text.parse::<IpAddr>().ok()),
        tag: text("tag").map(str::to_owned),
    })
}

fn refuse_twice(nics: &[RequestedNic]) -> Result<()> {
    for (index, nic) in nics.iter().enumerate() {
        let Some(port) = &nic.port else { continue };
        if nics.iter().take(index).any(|other| other.port.as_ref() == Some(port)) {
            return Err(Error::bad_request(format!(
                "Port ID '{port}' was specified twice: you cannot attach a port multiple times."
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_image_is_an_id_or_the_end_of_a_url() {
        let reference = |text: &str| image(&json!({"imageRef": text})).map(|id| id.to_string());
        assert_eq!(reference("http://h/images/abc?x=1").unwrap(), "abc");
        assert_eq!(reference("").unwrap_err().public, "Missing imageRef attribute");
    }

    #[test]
    fn the_image_may_be_repeated_as_a_local_block_device() {
        let body = |source: &str, destination: &str| {
            json!({"imageRef": "abc", "block_device_mapping_v2": [
                {"boot_index": 0, "uuid": "u", "source_type": source, "destination_type": destination}]})
        };
        assert!(image(&body("image", "local")).is_ok());
        assert_eq!(
            image(&body("volume", "volume")).unwrap_err().public,
            "Block Device Mapping is Invalid: failed to get volume u."
        );
    }

    #[test]
    fn a_zone_may_name_a_host() {
        let read = |text| zone(Some(text)).unwrap();
        assert_eq!(read("nova"), Zone { name: Some("nova".into()), host: None });
        assert_eq!(read("nova:h"), Zone { name: Some("nova".into()), host: Some("h".into()) });
        assert_eq!(read("::n"), Zone { name: None, host: Some("n".into()) });
        assert!(zone(Some("a:b:c:d")).is_err());
    }

    #[test]
    fn a_port_has_its_address_and_is_named_once() {
        let refused = |value| networks(Some(&value)).unwrap_err().public;
        assert!(refused(json!([{"port": "p", "fixed_ip": "1.2.3.4"}])).contains("cannot be used"));
        assert!(refused(json!([{"port": "p"}, {"port": "p"}])).contains("specified twice"));
        assert_eq!(refused(json!([{}])), "Bad network format: missing 'uuid'");
    }
}
