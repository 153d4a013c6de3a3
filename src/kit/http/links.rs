//! Absolute URLs, behind proxies and on both kinds of port.

/// Makes the URLs of one request.
///
/// Nova has two kinds of link to the same thing: `self` (with version and, if the request's
/// path had it, project) and `bookmark` (without version).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// `http://host:port`, no slash at the end.
    pub host: String,
    /// The service's prefix on this port, `/compute`; empty on the service's own port.
    pub prefix: String,
    /// The version segment, `/v2.1`; empty outside a version.
    pub version: String,
    /// `/<project id>` where the request's path had it.
    pub project: String,
}

impl Links {
    /// The service's root, without version.
    pub fn root(&self) -> String {
        format!("{}{}", self.host, self.prefix)
    }

    /// The version's root.
    pub fn version_root(&self) -> String {
        format!("{}{}", self.root(), self.version)
    }

    /// The URL of a path in this version: `path("/servers/1")`.
    pub fn path(&self, path: &str) -> String {
        format!("{}{}{path}", self.version_root(), self.project)
    }

    /// The same without version.
    pub fn bookmark(&self, path: &str) -> String {
        format!("{}{}{path}", self.root(), self.project)
    }

    /// The root of another service on the same port: `sibling("/image")`.
    pub fn sibling(&self, prefix: &str) -> String {
        format!("{}{prefix}", self.host)
    }
}
