//! Picks a host for a server. PURE: values in, a choice out; the boot workflow calls it.
//!
//! As in Nova, `None` becomes the fault "No valid host was found.".

/// A host as far as placing is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostState {
    /// Its name.
    pub name: String,
    /// Its availability zone.
    pub zone: String,
    /// Whether its service is up and enabled.
    pub available: bool,
    /// Its CPUs: no server may be larger than the machine.
    pub vcpus: i64,
    /// The vCPUs that all servers together may have.
    pub vcpus_capacity: i64,
    /// The vCPUs that servers have.
    pub vcpus_used: i64,
    /// Its memory, MiB: no server may be larger than the machine.
    pub ram_mb: i64,
    /// The memory that all servers together may have.
    pub ram_mb_capacity: i64,
    /// The memory that servers have.
    pub ram_mb_used: i64,
    /// The disk that all servers together may have, GiB.
    pub disk_gb_capacity: i64,
    /// The disk that servers have.
    pub disk_gb_used: i64,
}

/// What a server needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// vCPUs of its flavor.
    pub vcpus: i64,
    /// Memory of its flavor, MiB.
    pub ram_mb: i64,
    /// Root and ephemeral disk of its flavor, GiB.
    pub disk_gb: i64,
    /// The zone asked for.
    pub zone: Option<String>,
    /// The host asked for, by administrators.
    pub host: Option<String>,
    /// Hosts of which it must be one, unless there are none (affinity).
    pub together_with: Vec<String>,
    /// Hosts that have enough of its group (anti-affinity).
    pub full_hosts: Vec<String>,
}

/// The host with the most free memory among those that can take the server.
pub fn choose<'h>(hosts: &'h [HostState], request: &Request) -> Option<&'h HostState> {
    hosts
        .iter()
        .filter(|host| host.is_asked_for(request) && host.available && host.fits(request))
        .max_by_key(|host| host.ram_mb_capacity - host.ram_mb_used)
}

impl HostState {
    fn is_asked_for(&self, request: &Request) -> bool {
        request.zone.as_ref().is_none_or(|zone| *zone == self.zone)
            && request.host.as_ref().is_none_or(|name| *name == self.name)
            && (request.together_with.is_empty() || request.together_with.contains(&self.name))
            && !request.full_hosts.contains(&self.name)
    }

    fn fits(&self, request: &Request) -> bool {
        request.vcpus <= self.vcpus
            && request.vcpus <= self.vcpus_capacity - self.vcpus_used
            && request.ram_mb <= self.ram_mb
            && request.ram_mb <= self.ram_mb_capacity - self.ram_mb_used
            && request.disk_gb <= self.disk_gb_capacity - self.disk_gb_used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str) -> HostState {
        HostState {
            name: name.to_owned(),
            zone: "nova".to_owned(),
            available: true,
            vcpus: 2,
            vcpus_capacity: 8,
            vcpus_used: 0,
            ram_mb: 1024,
            ram_mb_capacity: 2048,
            ram_mb_used: 0,
            disk_gb_capacity: 100,
            disk_gb_used: 0,
        }
    }

    fn tiny() -> Request {
        Request { vcpus: 1, ram_mb: 512, disk_gb: 1, ..Request::default() }
    }

    #[test]
    fn the_host_with_the_most_free_memory_is_chosen() {
        let hosts = [HostState { ram_mb_used: 512, ..host("a") }, host("b")];
        assert_eq!(choose(&hosts, &tiny()).map(|host| host.name.as_str()), Some("b"));
    }

    #[test]
    fn a_full_or_switched_off_host_takes_nothing() {
        let unfit = [
            HostState { available: false, ..host("a") },
            HostState { vcpus_used: 8, ..host("a") },
            HostState { ram_mb_used: 1537, ..host("a") },
            HostState { disk_gb_used: 100, ..host("a") },
        ];
        for host in unfit {
            assert_eq!(choose(std::slice::from_ref(&host), &tiny()), None, "{host:?}");
        }
    }

    #[test]
    fn no_server_is_larger_than_its_machine() {
        let hosts = [host("a")];
        assert_eq!(choose(&hosts, &Request { vcpus: 3, ..tiny() }), None);
        assert_eq!(choose(&hosts, &Request { ram_mb: 1025, ..tiny() }), None);
        assert!(choose(&hosts, &Request { vcpus: 2, ram_mb: 1024, ..tiny() }).is_some());
    }

    #[test]
    fn groups_are_obeyed() {
        let hosts = [host("a"), host("b")];
        let together = Request { together_with: vec!["a".to_owned()], ..tiny() };
        let apart = Request { full_hosts: vec!["a".to_owned()], ..tiny() };
        assert_eq!(choose(&hosts, &together).map(|host| host.name.as_str()), Some("a"));
        assert_eq!(choose(&hosts, &apart).map(|host| host.name.as_str()), Some("b"));
        assert_eq!(choose(&[host("a")], &apart), None);
    }

    #[test]
    fn zone_and_host_are_obeyed() {
        let hosts = [host("a")];
        let zone = |name: &str| Request { zone: Some(name.to_owned()), ..tiny() };
        let on = |name: &str| Request { host: Some(name.to_owned()), ..tiny() };
        assert!(choose(&hosts, &zone("nova")).is_some() && choose(&hosts, &on("a")).is_some());
        assert!(choose(&hosts, &zone("other")).is_none() && choose(&hosts, &on("b")).is_none());
    }
}
