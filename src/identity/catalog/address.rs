//! PURE: from the URL of an endpoint as it is kept to the one that a client can use.

use kit::config::Settings;
use kit::http::Links;

/// The URL under which the client of this request reaches all services.
///
/// On the service's own port the host that the client named has the wrong port for the others.
pub(crate) fn base(links: &Links, settings: &Settings) -> String {
    if !links.prefix.is_empty() || !settings.default.public_url.is_empty() {
        return links.host.clone();
    }
    let port = settings.default.listen.rsplit_once(':').map_or("", |(_, port)| port);
    let (scheme, authority) = links.host.split_once("://").unwrap_or(("http", &links.host));
    let name = match authority.rsplit_once(':') {
        Some((name, last)) if last.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    };
    format!("{scheme}://{name}:{port}")
}

/// A kept URL made absolute.
pub(crate) fn absolute(base: &str, url: &str) -> String {
    if url.starts_with('/') { format!("{base}{url}") } else { url.to_owned() }
}

/// A kept URL as the catalogue of a token shows it; `None` where it wants a project and the
/// token has none (Keystone: `catalog/backends/base.py`, such endpoints are left out).
pub(crate) fn in_catalogue(base: &str, url: &str, project: Option<&str>) -> Option<String> {
    const PROJECT: [&str; 4] =
        ["$(project_id)s", "%(project_id)s", "$(tenant_id)s", "%(tenant_id)s"];
    let url = absolute(base, url);
    match project {
        Some(project) => Some(PROJECT.iter().fold(url, |url, mark| url.replace(mark, project))),
        None => (!PROJECT.iter().any(|mark| url.contains(mark))).then_some(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(host: &str, prefix: &str) -> Links {
        Links {
            host: host.to_owned(),
            prefix: prefix.to_owned(),
            version: "/v3".to_owned(),
            project: String::new(),
        }
    }

    #[test]
    fn the_shared_port_is_found_from_every_port() {
        let settings = Settings::with(&[("default", "listen", "0.0.0.0:8774")]).unwrap();
        let shared = links("http://cloud:8774", "/identity");
        assert_eq!(base(&shared, &settings), "http://cloud:8774");
        assert_eq!(base(&links("http://cloud:5000", ""), &settings), "http://cloud:8774");
        assert_eq!(base(&links("http://[::1]:5000", ""), &settings), "http://[::1]:8774");
        assert_eq!(base(&links("http://[::1]", ""), &settings), "http://[::1]:8774");
    }

    #[test]
    fn a_project_is_filled_in_or_the_endpoint_left_out() {
        let url = "/orchestration/v1/$(project_id)s";
        assert_eq!(
            in_catalogue("http://h", url, Some("p")).as_deref(),
            Some("http://h/orchestration/v1/p")
        );
        assert_eq!(in_catalogue("http://h", url, None), None);
        assert_eq!(in_catalogue("http://h", "https://x/", None).as_deref(), Some("https://x/"));
    }
}
