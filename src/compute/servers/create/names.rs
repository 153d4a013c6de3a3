//! What new servers are called: names, host names, the id of their reservation. PURE but for dice.

use kit::ids::ServerId;
use rand::RngExt;

use crate::servers::request::CreateServer;

/// Name and host name; servers of one request are numbered from 1.
pub(super) fn names(asked: &CreateServer, id: &ServerId, index: i64) -> (String, String) {
    let many = asked.max_count > 1;
    let numbered =
        |text: &str| if many { format!("{text}-{}", index + 1) } else { text.to_owned() };
    let hostname = match &asked.hostname {
        Some(hostname) => hostname.clone(),
        None => match sanitize_hostname(&asked.name) {
            empty if empty.is_empty() => format!("Server-{id}"),
            plain => numbered(&plain),
        },
    };
    (numbered(&asked.name), hostname)
}

/// Nova: `utils.sanitize_hostname`. Letters beyond Latin-1 go, the others stay.
fn sanitize_hostname(name: &str) -> String {
    let latin: String = name.chars().filter(|c| u32::from(*c) < 256).take(63).collect();
    let kept: String = latin
        .chars()
        .map(|c| if matches!(c, ' ' | '_' | '.') { '-' } else { c })
        .filter(|c| c.is_alphanumeric() || *c == '-')
        .collect();
    kept.to_lowercase().trim_matches(['.', '-']).to_owned()
}

/// Nova: `utils.generate_uid('r')`.
pub(super) fn reservation_id() -> String {
    const ALPHABET: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut random = rand::rng();
    let letter =
        |_| char::from(*ALPHABET.get(random.random_range(0..ALPHABET.len())).unwrap_or(&b'0'));
    format!("r-{}", (0..8).map(letter).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_host_name() {
        for (name, hostname) in [
            ("web_1.example", "web-1-example"),
            ("名前-ü", "ü"),
            ("A b!c", "a-bc"),
            ("名前", ""),
            ("--x--", "x"),
        ] {
            assert_eq!(sanitize_hostname(name), hostname, "{name}");
        }
        assert_eq!(sanitize_hostname(&"n".repeat(100)).len(), 63);
    }

    #[test]
    fn a_reservation_has_eight_letters() {
        let id = reservation_id();
        assert!(id.starts_with("r-") && id.len() == 10, "{id}");
    }
}
