//! Settings: every option, its default, its documentation line; file and environment.
//!
//! Sections and names follow oslo.config (`[quota] instances`). Later sources win: the default,
//! the file, `NOVADOCK_<SECTION>_<NAME>` (section `default` is left out), the command line.

use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Result};
use crate::secret::Secret;

/// One option as `novadock config sample` prints it.
#[derive(Clone, Copy, Debug)]
pub struct OptionRow {
    /// Section of the file.
    pub section: &'static str,
    /// Name in the section.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// Its default, as text.
    pub default: &'static str,
}

/// A type that an option can have.
trait Value: Sized {
    fn parse(text: &str) -> Option<Self>;
    fn integer(&self) -> Option<i64> {
        None
    }
}

impl Value for String {
    fn parse(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}
impl Value for Secret {
    fn parse(text: &str) -> Option<Self> {
        Some(Self::new(text))
    }
}
impl Value for i64 {
    fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }
    fn integer(&self) -> Option<i64> {
        Some(*self)
    }
}
impl Value for bool {
    fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Some(true),
            "false" | "0" | "no" | "off" => Some(false),
            _ => None,
        }
    }
}

macro_rules! settings {
    ($($(#[doc = $sdoc:literal])* $section:ident $Section:ident {
        $($(#[doc = $doc:literal])* $name:ident: $type:ty = $default:literal;)*
    })*) => {
        $($(#[doc = $sdoc])*
        #[derive(Clone, Debug)]
        pub struct $Section { $($(#[doc = $doc])* pub $name: $type),* })*

        /// Every option, typed.
        #[derive(Clone, Debug)]
        pub struct Settings { $($(#[doc = $sdoc])* pub $section: $Section),* }

        /// Every option, as rows.
        pub static OPTIONS: &[OptionRow] = &[$($(OptionRow {
            section: stringify!($section),
            name: stringify!($name),
            doc: concat!($($doc),*),
            default: $default,
        }),*),*];

        impl Settings {
            fn from_values(values: &BTreeMap<(String, String), String>) -> Result<Self> {
                Ok(Self { $($section: $Section { $($name: read(
                    values, stringify!($section), stringify!($name), $default)?),* }),* })
            }

            /// The value of an integer option by name; the defaults of quotas are found so.
            pub fn integer(&self, section: &str, name: &str) -> Option<i64> {
                match (section, name) {
                    $($((stringify!($section), stringify!($name)) => {
                        self.$section.$name.integer()
                    })*)*
                    _ => None,
                }
            }
        }
    };
}

settings! {
    /// What does not belong elsewhere.
    default Default {
        /// Address and port to listen on.
        listen: String = "127.0.0.1:8774";
        /// Also listen on the services' own ports (5000, 9292, 9696, 8776, 8004, 8000, 8778).
        native_ports: bool = "false";
        /// The base of every URL that is handed out; empty: what the client used.
        public_url: String = "";
        /// The engine: `docker`, or `sim` for a simulated one.
        engine: String = "docker";
        /// Where Docker listens.
        docker_host: String = "unix:///var/run/docker.sock";
        /// Log filter, as `tracing-subscriber` reads it.
        log: String = "info,actix_server=warn,rusqlite_migration=warn";
        /// Log format: `text` or `json`.
        log_format: String = "text";
        /// Largest JSON body, bytes.
        max_request_body_size: i64 = "114688";
        /// Threads that answer requests; 0: one per CPU.
        workers: i64 = "0";
    }
    /// The database.
    database Database {
        /// SQLite's `synchronous`: `NORMAL` or `FULL`.
        synchronous: String = "NORMAL";
    }
    /// Identity.
    identity Identity {
        /// Password of `admin`; empty: random at the first start.
        admin_password: Secret = "";
        /// Password of `demo`; empty: random at the first start.
        demo_password: Secret = "";
        /// Life of a token, seconds.
        token_expiration: i64 = "3600";
        /// bcrypt cost of new passwords, 4 to 31.
        password_hash_rounds: i64 = "12";
        /// Signing keys kept, the staged one included; older tokens fail.
        max_active_keys: i64 = "3";
        /// Age at which the signing key is rotated, seconds; 0: never by itself.
        key_rotation: i64 = "604800";
        /// The region of the catalogue.
        region: String = "RegionOne";
    }
    /// Images.
    image Image {
        /// Largest image, bytes.
        image_size_cap: i64 = "1099511627776";
        /// Most members of an image.
        image_member_quota: i64 = "128";
        /// Most properties of an image.
        image_property_quota: i64 = "128";
        /// Most tags of an image.
        image_tag_quota: i64 = "128";
        /// List the images that the engine already has as public images.
        engine_images: bool = "true";
        /// Refuse `docker_image` references outside these registries, separated by commas; empty: take all.
        allowed_registries: String = "";
    }
    /// Networks.
    network Network {
        /// Addresses of the external network.
        public_cidr: String = "172.24.4.0/24";
        /// Addresses of the network shared by all projects.
        shared_cidr: String = "172.24.16.0/20";
        /// MTU of guests' interfaces.
        mtu: i64 = "1500";
        /// First three octets of guests' MACs.
        base_mac: String = "fa:16:3e";
        /// DNS domain of guests.
        dns_domain: String = "openstacklocal";
        /// Whether security groups and port security filter what guests send and get: `auto` (where the engine can) or `off`.
        enforce_security_groups: String = "off";
    }
    /// Compute.
    compute Compute {
        /// Longest page of a list.
        max_limit: i64 = "1000";
        /// Seconds that a guest has to end when it is stopped.
        shutdown_timeout: i64 = "60";
        /// vCPUs that one CPU of the host may carry.
        cpu_allocation_ratio: i64 = "16";
        /// Memory that servers may have together, as a multiple of the host's: a limit reserves nothing.
        ram_allocation_ratio: i64 = "16";
        /// Disk that servers may have together, as a multiple of the host's.
        disk_allocation_ratio: i64 = "16";
        /// Operations on guests at one time.
        max_concurrent_operations: i64 = "8";
        /// Seconds after which an operation is given up.
        operation_timeout: i64 = "1800";
        /// Seconds after which a resize that nobody confirms is confirmed; 0: never.
        resize_confirm_window: i64 = "0";
        /// Seconds between two looks at every guest.
        sync_power_state_interval: i64 = "60";
        /// Seconds that a deleted server is kept, with its faults and instance actions; 0: for ever.
        deleted_retention: i64 = "7776000";
        /// Seconds after which the container of a shelved server goes; 0: at once, -1: when an administrator says so.
        shelved_offload_time: i64 = "0";
        /// Seconds in which a deleted server can be restored; 0: it goes at once.
        reclaim_instance_interval: i64 = "0";
        /// Seconds in which the address of a remote console can be used, once.
        console_token_ttl: i64 = "600";
        /// The availability zone of the host.
        availability_zone: String = "nova";
    }
    /// Stacks.
    orchestration Orchestration {
        /// The base of the URLs by which guests signal; empty: the metadata service's, or else `public_url`.
        guest_url: String = "";
    }
    /// The metadata service of guests.
    metadata Metadata {
        /// Serve `169.254.169.254` on the host's loopback (needs root).
        enabled: bool = "true";
        /// Address and port to listen on.
        listen: String = "169.254.169.254:80";
    }
    /// Limits of a project; -1 means none.
    quota Quota {
        /// Servers.
        instances: i64 = "10";
        /// vCPUs of all servers.
        cores: i64 = "20";
        /// Memory of all servers, MiB.
        ram: i64 = "51200";
        /// Key pairs of a user.
        key_pairs: i64 = "100";
        /// Metadata items of a server.
        metadata_items: i64 = "128";
        /// Server groups.
        server_groups: i64 = "10";
        /// Servers in a server group.
        server_group_members: i64 = "10";
        /// Files put into a server.
        injected_files: i64 = "5";
        /// Bytes of one such file.
        injected_file_content_bytes: i64 = "10240";
        /// Length of the path of one such file.
        injected_file_path_bytes: i64 = "255";
        /// Networks.
        network: i64 = "100";
        /// Subnets.
        subnet: i64 = "100";
        /// Subnet pools.
        subnetpool: i64 = "-1";
        /// Ports.
        port: i64 = "500";
        /// Routers.
        router: i64 = "10";
        /// Extra routes of a router.
        router_route: i64 = "30";
        /// Floating IPs.
        floatingip: i64 = "50";
        /// Policies of sharing networks and the like.
        rbac_policy: i64 = "10";
        /// Security groups.
        security_group: i64 = "10";
        /// Rules of all security groups.
        security_group_rule: i64 = "100";
    }
}

fn read<T: Value>(
    values: &BTreeMap<(String, String), String>,
    section: &str,
    name: &str,
    default: &str,
) -> Result<T> {
    let given = values.get(&(section.to_owned(), name.to_owned()));
    let text = given.map_or(default, String::as_str);
    T::parse(text).ok_or_else(|| {
        Error::bad_request(format!("setting [{section}] {name}: the value is not of its type"))
    })
}

impl Default {
    /// Where a client finds the cloud when no request says so: on this machine, unless a setting
    /// names another place.
    pub fn base_url(&self) -> String {
        let set = self.public_url.trim_end_matches('/');
        if !set.is_empty() {
            return set.to_owned();
        }
        // An address that means "all of them" is none that a client can connect to.
        let reachable = self.listen.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:");
        format!("http://{reachable}")
    }
}

impl Settings {
    /// Defaults, then the file, then `environment`, then `overrides` (`section`, `name`, text).
    ///
    /// An unknown section or name in the file is an error: a misspelt option must not be lost.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
        overrides: &[(&str, &str, String)],
    ) -> Result<Self> {
        let mut values = BTreeMap::new();
        if let Some(path) = file {
            read_file(path, &mut values)?;
        }
        for (key, text) in environment {
            if let Some(option) = OPTIONS.iter().find(|option| option.variable() == key) {
                values.insert((option.section.to_owned(), option.name.to_owned()), text);
            }
        }
        for (section, name, text) in overrides {
            values.insert(((*section).to_owned(), (*name).to_owned()), text.clone());
        }
        Self::from_values(&values)
    }

    /// Defaults only, with `overrides`.
    pub fn with(overrides: &[(&str, &str, &str)]) -> Result<Self> {
        let owned: Vec<_> = overrides
            .iter()
            .map(|(section, name, text)| (*section, *name, (*text).to_owned()))
            .collect();
        Self::load(None, std::iter::empty(), &owned)
    }
}

impl OptionRow {
    /// The environment variable of the option.
    ///
    /// The two passwords keep the short names of the product's documentation.
    pub fn variable(&self) -> String {
        let upper = self.name.to_ascii_uppercase();
        match (self.section, self.name) {
            ("default", _) | ("identity", "admin_password" | "demo_password") => {
                format!("NOVADOCK_{upper}")
            }
            (section, _) => format!("NOVADOCK_{}_{upper}", section.to_ascii_uppercase()),
        }
    }
}

fn read_file(path: &Path, values: &mut BTreeMap<(String, String), String>) -> Result<()> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::bad_request(format!("cannot read {}: {error}", path.display())))?;
    let document: toml::Table = text
        .parse()
        .map_err(|error| Error::bad_request(format!("{} is not TOML: {error}", path.display())))?;
    for (section, content) in document {
        let toml::Value::Table(options) = content else {
            return Err(Error::bad_request(format!("{section} must be a section, [{section}]")));
        };
        for (name, value) in options {
            if !OPTIONS.iter().any(|option| option.section == section && option.name == name) {
                return Err(Error::bad_request(format!(
                    "unknown setting [{section}] {name}; `novadock config sample` lists them all"
                )));
            }
            let text = match value {
                toml::Value::String(text) => text,
                other @ (toml::Value::Integer(_) | toml::Value::Boolean(_)) => other.to_string(),
                toml::Value::Float(_)
                | toml::Value::Datetime(_)
                | toml::Value::Array(_)
                | toml::Value::Table(_) => {
                    return Err(Error::bad_request(format!(
                        "[{section}] {name}: not a plain value"
                    )));
                }
            };
            values.insert((section.clone(), name), text);
        }
    }
    Ok(())
}

/// The sample file: every option with its documentation and default, commented out.
pub fn sample() -> String {
    let mut lines = Vec::new();
    let mut section = "";
    for option in OPTIONS {
        if option.section != section {
            section = option.section;
            lines.push(format!("\n[{section}]"));
        }
        let quoted = match option.default {
            "true" | "false" => option.default.to_owned(),
            number if number.parse::<i64>().is_ok() => number.to_owned(),
            other => format!("{other:?}"),
        };
        lines.push(format!("#{} ({})", option.doc, option.variable()));
        lines.push(format!("# {} = {quoted}", option.name));
    }
    lines.join("\n").trim_start().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_sources_win() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("novadock.toml");
        std::fs::write(&file, "[quota]\ninstances = 3\ncores = 4\n").unwrap();
        let environment = [("NOVADOCK_QUOTA_CORES".to_owned(), "5".to_owned())];
        let settings = Settings::load(Some(&file), environment.into_iter(), &[]).unwrap();
        assert_eq!(
            (settings.quota.instances, settings.quota.cores, settings.quota.ram),
            (3, 5, 51200)
        );
    }

    #[test]
    fn a_misspelt_option_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("novadock.toml");
        std::fs::write(&file, "[quota]\ninstance = 3\n").unwrap();
        let error = Settings::load(Some(&file), std::iter::empty(), &[]).unwrap_err();
        assert!(error.public.contains("unknown setting [quota] instance"), "{error}");
    }

    #[test]
    fn the_sample_names_every_option() {
        let text = sample();
        assert!(OPTIONS.iter().all(|option| text.contains(&format!("# {} = ", option.name))));
    }
}
