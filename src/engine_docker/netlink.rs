//! Single requests to the kernel's network configuration (`netlink(7)`, `rtnetlink(7)`), in the
//! namespace of the calling thread.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::OwnedFd;

use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, sendto, socket_with,
};

/// Lengths of `nlmsghdr` and `ifinfomsg`.
const HEADER: usize = 16;
const LINK_HEADER: usize = 16;
/// The kernel's largest answer to a dump.
const ANSWER: usize = 32 << 10;

const ERROR: u16 = 2;
const DONE: u16 = 3;
const NEW_LINK: u16 = 16;
const GET_LINK: u16 = 18;

/// A network interface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    /// Its name.
    pub(crate) name: String,
    /// Its MAC.
    pub(crate) mac: String,
    /// The index of its other end, where that is in another namespace.
    pub(crate) peer: u32,
}

/// A way to ask.
pub(crate) fn socket() -> io::Result<OwnedFd> {
    let kind = SocketType::RAW;
    Ok(socket_with(AddressFamily::NETLINK, kind, SocketFlags::CLOEXEC, None)?)
}

/// Sends one request and reads its acknowledgement: 0 or an error number.
pub(crate) fn ask(socket: &OwnedFd, request: &[u8]) -> io::Result<i32> {
    sendto(socket, request, SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;
    let mut answer = [0; 1024];
    recv(socket, &mut answer, RecvFlags::empty())?;
    number(&answer, HEADER).map(u32::cast_signed).ok_or_else(says_nothing)
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
    // Request, dump.
    let wanted = request(GET_LINK, 0x301, &[0; LINK_HEADER]);
    let socket = socket()?;
    sendto(&socket, &wanted, SendFlags::empty(), &SocketAddrNetlink::new(0, 0))?;
    let mut links = Vec::new();
    let mut answer = vec![0; ANSWER];
    loop {
        let (length, _) = recv(&socket, answer.as_mut_slice(), RecvFlags::empty())?;
        let mut rest = answer.get(..length).unwrap_or_default();
        while let Some((kind, body, next)) = message(rest) {
            match kind {
                DONE => return Ok(links),
                ERROR => return Err(io::Error::other("the kernel lists no interfaces")),
                NEW_LINK => links.push(link(body)),
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
    let attributes = attributes(body.get(LINK_HEADER..).unwrap_or_default());
    let value = |kind| attributes.get(&kind).copied().unwrap_or_default();
    let octets: Vec<String> = value(ADDRESS).iter().map(|byte| format!("{byte:02x}")).collect();
    Link {
        name: String::from_utf8_lossy(value(NAME)).trim_end_matches('\0').to_owned(),
        mac: octets.join(":"),
        peer: number(value(PEER), 0).unwrap_or(0),
    }
}

/// `rtattr`s: length with its own header, kind, value; each begins at a multiple of four.
fn attributes(mut bytes: &[u8]) -> BTreeMap<u16, &[u8]> {
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
    fn the_loopback_is_found() {
        let links = links().unwrap();
        assert!(links.iter().any(|link| link.name == "lo" && link.mac == "00:00:00:00:00:00"));
    }
}
