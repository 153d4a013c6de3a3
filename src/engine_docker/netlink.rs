//! Requests to the kernel's network configuration (`netlink(7)`, `rtnetlink(7)`), in the
//! namespace of the calling thread.

use std::collections::BTreeMap;
use std::io;
use std::net::Ipv4Addr;
use std::os::fd::OwnedFd;

use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with,
};

/// Lengths of `nlmsghdr`, `ifinfomsg` and `ifaddrmsg`.
const HEADER: usize = 16;
const LINK_HEADER: usize = 16;
const ADDRESS_HEADER: usize = 8;
/// The kernel's largest answer to a dump.
const ANSWER: usize = 32 << 10;

const ERROR: u16 = 2;
const DONE: u16 = 3;
const NEW_LINK: u16 = 16;
const GET_LINK: u16 = 18;
const NEW_ADDRESS: u16 = 20;
const DELETE_ADDRESS: u16 = 21;
const GET_ADDRESS: u16 = 22;
/// The family of IPv4.
pub(crate) const IPV4: u8 = 2;
/// The attribute of an interface's own address.
const LOCAL: u16 = 2;

/// A network interface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    /// Its number.
    pub(crate) index: u32,
    /// Its name.
    pub(crate) name: String,
    /// Its MAC.
    pub(crate) mac: String,
    /// The index of its other end, where that is in another namespace.
    pub(crate) peer: u32,
    /// Whether it carries packets: it is up, and so is its other end.
    pub(crate) carries: bool,
}

/// An IPv4 address of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// The number of the interface.
    pub(crate) link: u32,
    /// The address.
    pub(crate) ip: Ipv4Addr,
    /// The length of its network's prefix.
    pub(crate) prefix: u8,
}

/// A way to ask.
fn socket() -> io::Result<OwnedFd> {
    let kind = SocketType::RAW;
    Ok(socket_with(AddressFamily::NETLINK, kind, SocketFlags::CLOEXEC, None)?)
}

/// Sends one request and reads its acknowledgement: 0 or a negative error number, of which those
/// named mean that it is so already.
pub(crate) fn tell(request: &[u8], fine: &[i32]) -> io::Result<()> {
    let socket = socket()?;
    sendto(&socket, request, SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;
    let mut answer = [0; 1024];
    recv(&socket, &mut answer, RecvFlags::empty())?;
    match number(&answer, HEADER).map(u32::cast_signed).ok_or_else(says_nothing)? {
        0 => Ok(()),
        number if fine.contains(&number) => Ok(()),
        number => Err(io::Error::from_raw_os_error(number.saturating_neg())),
    }
}

/// A request of this kind.
pub(crate) fn request(kind: u16, flags: u16, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(HEADER + body.len()).unwrap_or(0);
    let mut message = length.to_ne_bytes().to_vec();
    message.extend(kind.to_ne_bytes());
    message.extend(flags.to_ne_bytes());
    message.extend([0; 8]);
    message.extend(body);
    message
}

/// Every interface.
pub(crate) fn links() -> io::Result<Vec<Link>> {
    Ok(dump(GET_LINK, NEW_LINK, &[0; LINK_HEADER])?.iter().map(|body| link(body)).collect())
}

/// Sets an interface up or down; that there is none is success.
pub(crate) fn set_link(index: u32, up: bool) -> io::Result<()> {
    const NO_SUCH_DEVICE: i32 = -19;
    const UP: u32 = 1;
    let mut body = vec![0; 4];
    for part in [index, u32::from(up), UP] {
        body.extend(part.to_ne_bytes());
    }
    // Request, acknowledge.
    tell(&request(NEW_LINK, 0x005, &body), &[NO_SUCH_DEVICE])
}

/// Every IPv4 address of every interface.
pub(crate) fn addresses() -> io::Result<Vec<Address>> {
    let bodies = dump(GET_ADDRESS, NEW_ADDRESS, &[IPV4, 0, 0, 0, 0, 0, 0, 0])?;
    Ok(bodies.iter().filter_map(|body| address(body)).collect())
}

/// Gives an interface an address; that it has it is success.
pub(crate) fn add_address(wanted: Address) -> io::Result<()> {
    // Request, acknowledge, create, replace.
    change_address(NEW_ADDRESS, 0x505, wanted, &[])
}

/// Takes an address from an interface; that it has not got it is success.
pub(crate) fn take_address(there: Address) -> io::Result<()> {
    const NO_SUCH_DEVICE: i32 = -19;
    const NO_SUCH_ADDRESS: i32 = -99;
    // Request, acknowledge.
    change_address(DELETE_ADDRESS, 0x005, there, &[NO_SUCH_DEVICE, NO_SUCH_ADDRESS])
}

fn change_address(kind: u16, flags: u16, wanted: Address, fine: &[i32]) -> io::Result<()> {
    let mut body = vec![IPV4, wanted.prefix, 0, 0];
    body.extend(wanted.link.to_ne_bytes());
    body.extend(attribute(LOCAL, &wanted.ip.octets()));
    tell(&request(kind, flags, &body), fine)
}

/// What the kernel has of a kind: the body of each message.
pub(crate) fn dump(asked: u16, told: u16, body: &[u8]) -> io::Result<Vec<Vec<u8>>> {
    // Request, dump.
    let wanted = request(asked, 0x301, body);
    let socket = socket()?;
    sendto(&socket, &wanted, SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;
    let mut bodies = Vec::new();
    let mut answer = vec![0; ANSWER];
    loop {
        let (length, _) = recv(&socket, answer.as_mut_slice(), RecvFlags::empty())?;
        let mut rest = answer.get(..length).unwrap_or_default();
        while let Some((kind, body, next)) = message(rest) {
            match kind {
                DONE => return Ok(bodies),
                ERROR => return Err(io::Error::other("the kernel refuses to list")),
                kind if kind == told => bodies.push(body.to_vec()),
                _ => {}
            }
            rest = next;
        }
        if length == 0 {
            return Err(says_nothing());
        }
    }
}

fn says_nothing() -> io::Error {
    io::Error::other("the kernel says nothing")
}

/// The kind and the body of the first message, and what comes after it.
fn message(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let length = usize::try_from(number(bytes, 0)?).ok()?;
    let body = bytes.get(HEADER..length)?;
    let kind = bytes.get(4..6)?.try_into().ok().map(u16::from_ne_bytes)?;
    Some((kind, body, bytes.get(length.next_multiple_of(4)..).unwrap_or_default()))
}

fn link(body: &[u8]) -> Link {
    const ADDRESS: u16 = 1;
    const NAME: u16 = 3;
    const PEER: u16 = 5;
    const FLAGS: usize = 8;
    const LOWER_UP: u32 = 1 << 16;
    let attributes = attributes(body.get(LINK_HEADER..).unwrap_or_default());
    let value = |kind| attributes.get(&kind).copied().unwrap_or_default();
    let octets: Vec<String> = value(ADDRESS).iter().map(|byte| format!("{byte:02x}")).collect();
    Link {
        index: number(body, 4).unwrap_or(0),
        name: String::from_utf8_lossy(value(NAME)).trim_end_matches('\0').to_owned(),
        mac: octets.join(":"),
        peer: number(value(PEER), 0).unwrap_or(0),
        carries: number(body, FLAGS).unwrap_or(0) & LOWER_UP != 0,
    }
}

fn address(body: &[u8]) -> Option<Address> {
    let attributes = attributes(body.get(ADDRESS_HEADER..)?);
    let octets: [u8; 4] = attributes.get(&LOCAL).copied()?.try_into().ok()?;
    let (link, prefix) = (number(body, 4)?, *body.get(1)?);
    Some(Address { link, ip: octets.into(), prefix })
}

/// An `rtattr`, as [`attributes`] reads it.
pub(crate) fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes = u16::try_from(4 + value.len()).unwrap_or(0).to_ne_bytes().to_vec();
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(value);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

/// `rtattr`s: length with its own header, kind, value; each begins at a multiple of four.
pub(crate) fn attributes(mut bytes: &[u8]) -> BTreeMap<u16, &[u8]> {
    let mut all = BTreeMap::new();
    while let Some(head) = bytes.get(..4) {
        let half = |at: usize| head.get(at..at + 2).and_then(|two| two.try_into().ok());
        let (length, kind) = (half(0).map_or(0, u16::from_ne_bytes), half(2));
        let Some(value) = bytes.get(4..usize::from(length)) else { break };
        all.insert(kind.map_or(0, u16::from_ne_bytes), value);
        bytes = bytes.get(usize::from(length).next_multiple_of(4)..).unwrap_or_default();
    }
    all
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loopback_and_its_address_are_found() {
        let links = links().unwrap();
        let loopback = links.iter().find(|link| link.name == "lo").unwrap();
        assert_eq!(loopback.mac, "00:00:00:00:00:00");
        let own = Address { link: loopback.index, ip: Ipv4Addr::LOCALHOST, prefix: 8 };
        assert!(addresses().unwrap().contains(&own));
    }
}
