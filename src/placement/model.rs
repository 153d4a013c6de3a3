//! Providers and what they have, made of compute's figures. PURE.

use compute::facade::Capacity;
use kit::ids::AggregateId;

/// What can be counted: the classes that every Placement has, in its order.
pub(crate) static RESOURCE_CLASSES: &[&str] = &[
    VCPU,
    MEMORY_MB,
    DISK_GB,
    "PCI_DEVICE",
    "SRIOV_NET_VF",
    "NUMA_SOCKET",
    "NUMA_CORE",
    "NUMA_THREAD",
    "NUMA_MEMORY_MB",
    "IPV4_ADDRESS",
    "VGPU",
    "VGPU_DISPLAY_HEAD",
    "NET_BW_EGR_KILOBIT_PER_SEC",
    "NET_BW_IGR_KILOBIT_PER_SEC",
    "PCPU",
    "MEM_ENCRYPTION_CONTEXT",
    "FPGA",
    "PGPU",
    "NET_PACKET_RATE_KILOPACKET_PER_SEC",
    "NET_PACKET_RATE_EGR_KILOPACKET_PER_SEC",
    "NET_PACKET_RATE_IGR_KILOPACKET_PER_SEC",
];
/// CPUs.
pub(crate) const VCPU: &str = "VCPU";
/// Memory, MiB.
pub(crate) const MEMORY_MB: &str = "MEMORY_MB";
/// Disk, GiB.
pub(crate) const DISK_GB: &str = "DISK_GB";

/// Set by Nova on hosts whose service is switched off.
const DISABLED: &str = "COMPUTE_STATUS_DISABLED";
/// What is so of every host.
const EVERYWHERE: &[&str] = &["COMPUTE_NET_ATTACH_INTERFACE", "COMPUTE_NODE", "OWNER_NOVA"];
/// All that hosts may have, sorted.
pub(crate) static TRAITS: &[&str] =
    &["COMPUTE_NET_ATTACH_INTERFACE", "COMPUTE_NODE", DISABLED, "OWNER_NOVA"];

/// A host.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its id.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Grows with every server that it gets.
    pub generation: i64,
    /// What it has; a class that the engine does not tell is not there.
    pub inventories: Vec<Inventory>,
    /// What is so of it.
    pub traits: Vec<&'static str>,
    /// The aggregates that it is in.
    pub aggregates: Vec<AggregateId>,
}

/// What a provider has of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inventory {
    /// The class.
    pub class: &'static str,
    /// What the machine has.
    pub total: i64,
    /// How often it is given away.
    pub ratio: i64,
    /// What servers have of it.
    pub used: i64,
}

impl Inventory {
    /// What can be given away.
    pub fn capacity(&self) -> i64 {
        self.total.saturating_mul(self.ratio)
    }

    /// Whether so much more can be had: a consumer gets no more than the machine has.
    pub fn has_room(&self, amount: i64) -> bool {
        amount <= self.total && amount <= self.capacity() - self.used
    }
}

impl Provider {
    /// What it has of a class.
    pub fn inventory(&self, class: &str) -> Option<&Inventory> {
        self.inventories.iter().find(|own| own.class == class)
    }
}

impl From<Capacity> for Provider {
    fn from(host: Capacity) -> Self {
        let classes = [(VCPU, host.vcpus), (MEMORY_MB, host.ram_mb), (DISK_GB, host.disk_gb)];
        let known = classes.into_iter().filter(|(_, amount)| amount.total > 0);
        let disabled = host.disabled.then_some(DISABLED);
        let mut traits: Vec<_> = EVERYWHERE.iter().copied().chain(disabled).collect();
        traits.sort_unstable();
        Self {
            uuid: host.id.to_string(),
            name: host.name,
            generation: host.generation,
            inventories: known
                .map(|(class, amount)| Inventory {
                    class,
                    total: amount.total,
                    ratio: amount.ratio,
                    used: amount.used,
                })
                .collect(),
            traits,
            aggregates: host.aggregates,
        }
    }
}
