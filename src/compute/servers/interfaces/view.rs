//! What the API shows of an interface.

use kit::http::{Cx, Field, Span, View, since};
use network::facade::Nic;
use serde_json::{Value, json};

use crate::microversions::{BASE, SHOW_DEVICE_TAGS};

const EVER: &[Span] = &[since(BASE)];

const fn field(
    key: &'static str,
    versions: &'static [Span],
    render: fn(&Nic, &Cx<'_>) -> Value,
) -> Field<Nic> {
    Field { key, versions, rule: None, render }
}

/// An interface.
pub(super) static INTERFACE: View<Nic> = View(&[
    field("net_id", EVER, |nic, _| json!(nic.network)),
    field("port_id", EVER, |nic, _| json!(nic.port)),
    field("mac_addr", EVER, |nic, _| json!(nic.mac)),
    field("port_state", EVER, |nic, _| json!(nic.status)),
    field("fixed_ips", EVER, |nic, _| {
        let address =
            |(address, subnet): &(_, _)| json!({"subnet_id": subnet, "ip_address": address});
        nic.addresses.iter().map(address).collect()
    }),
    field("tag", &[since(SHOW_DEVICE_TAGS)], |nic, _| json!(nic.tag)),
]);
