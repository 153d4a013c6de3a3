//! MAC addresses of ports. PURE but for the dice: uniqueness is an index, asked by the caller.

use rand::RngExt;

/// A random address below the first three octets of the settings (`fa:16:3e`).
pub(crate) fn random(base: &str) -> String {
    let [a, b, c]: [u8; 3] = rand::rng().random();
    format!("{base}:{a:02x}:{b:02x}:{c:02x}")
}

/// The canonical spelling, six octets in lower case with colons; `None` when it is no MAC.
pub(crate) fn canonical(text: &str) -> Option<String> {
    let octets: Vec<&str> = text.split([':', '-']).collect();
    let is_octet = |octet: &&str| {
        (1..=2).contains(&octet.len()) && octet.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    if octets.len() != 6 || !octets.iter().all(is_octet) {
        return None;
    }
    let padded: Vec<String> =
        octets.iter().map(|octet| format!("{:0>2}", octet.to_ascii_lowercase())).collect();
    Some(padded.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_has_one_spelling() {
        assert_eq!(canonical("FA-16-3E-0-1-2").as_deref(), Some("fa:16:3e:00:01:02"));
        assert_eq!(canonical("fa:16:3e:00:01"), None);
        assert_eq!(canonical("fa:16:3e:00:01:xx"), None);
        let made = random("fa:16:3e");
        assert_eq!(canonical(&made), Some(made));
    }
}
