//! `/servers/{server_id}/os-interface`.

use std::net::IpAddr;

use kit::error::{Error, Result};
use kit::http::{Call, Cx, Reply};
use kit::ids::{NetworkId, PortId};
use network::facade::RequestedNic;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::logic;
use super::view::INTERFACE;
use crate::servers::logic::Asked;

/// `GET …/os-interface`.
pub(crate) async fn index(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let nics = call.platform.store.read(move |db: &Connection| logic::list(&asked, db)).await?;
    let cx = Cx::new(&call);
    let rows: Vec<Value> = nics.iter().map(|nic| INTERFACE.render(nic, &cx)).collect();
    Ok(Reply::json(json!({"interfaceAttachments": rows})))
}

/// `GET …/os-interface/{port_id}`.
pub(crate) async fn show(call: Call) -> Result<Reply> {
    let (asked, port) = (Asked::new(&call)?, PortId::from(call.param("port_id")));
    let read = move |db: &Connection| logic::show(&asked, db, &port);
    let nic = call.platform.store.read(read).await?;
    Ok(Reply::json(json!({"interfaceAttachment": INTERFACE.render(&nic, &Cx::new(&call))})))
}

/// `POST …/os-interface`.
pub(crate) async fn create(call: Call) -> Result<Reply> {
    let asked = Asked::new(&call)?;
    let wanted = wanted(call.wrapped("interfaceAttachment"));
    let write = move |db: &Connection| {
        // Who may not see the server learns that first.
        asked.open(db)?;
        logic::attach(&asked, db, wanted?)
    };
    let nic = call.platform.store.write("interfaces:create", write).await?;
    Ok(Reply::json(json!({"interfaceAttachment": INTERFACE.render(&nic, &Cx::new(&call))})))
}

/// `DELETE …/os-interface/{port_id}`.
pub(crate) async fn delete(call: Call) -> Result<Reply> {
    let (asked, port) = (Asked::new(&call)?, PortId::from(call.param("port_id")));
    let write = move |db: &Connection| logic::detach(&asked, db, port);
    call.platform.store.write("interfaces:delete", write).await?;
    Ok(Reply::empty())
}

fn wanted(body: &Value) -> Result<RequestedNic> {
    let text = |key: &str| body.get(key).and_then(Value::as_str);
    let address = body.pointer("/fixed_ips/0/ip_address").and_then(Value::as_str);
    if text("net_id").is_some() && text("port_id").is_some() {
        return Err(Error::bad_request("Must not input both network_id and port_id"));
    }
    if address.is_some() && text("net_id").is_none() {
        return Err(Error::bad_request("Must input network_id when request IP address"));
    }
    Ok(RequestedNic {
        network: text("net_id").map(NetworkId::from),
        port: text("port_id").map(PortId::from),
        fixed_ip: address.and_then(|text| text.parse::<IpAddr>().ok()),
        tag: text("tag").map(str::to_owned),
    })
}
