//! The extra specs that Nova knows, with the values they may have. PURE; `logic.rs` calls it.
//!
//! Upstream: `nova/api/validation/extra_specs`. A key without a namespace, or with a namespace
//! that is nobody's (`docker:…` is ours), may have any value. The names of standard traits are
//! not checked, only their form.

use regex::Regex;

use crate::loose;
use Values::{Any, Bool, From, Integer, Like, OneOf, Range};

/// What values a key may have.
enum Values {
    Any,
    Bool,
    Integer,
    From(i64),
    Range(i64, i64),
    OneOf(&'static [&'static str]),
    Like(&'static str),
}

const CPU_MAP: &str = r"\^?\d+((-\d+)?(,\^?\d+(-\d+)?)?)*";
const SHARES: Values = OneOf(&["custom", "high", "normal", "low"]);
const TRAIT: Values = OneOf(&["required", "forbidden"]);

/// Stands for the name of a group of resources, which may be empty.
const GROUP: &str = "([a-zA-Z0-9_-]{1,64})?";

/// The namespaces whose keys are all known; a name is a pattern.
static NAMESPACES: &[&str] = &[
    "accel",
    "aggregate_instance_extra_specs",
    "capabilities",
    "hw",
    "hw_rng",
    "hw_video",
    "os",
    "pci_passthrough",
    "quota",
    "resources([a-zA-Z0-9_-]{1,64})?",
    "trait([a-zA-Z0-9_-]{1,64})?",
    "vmware",
];

/// Keys by their whole name.
static KEYS: &[(&str, Values)] = &[
    ("accel:device_profile", Any),
    ("group_policy", OneOf(&["isolate", "none"])),
    ("hide_hypervisor_id", Bool),
    ("hw:boot_menu", Bool),
    ("hw:cpu_cores", From(1)),
    ("hw:cpu_dedicated_mask", Like(CPU_MAP)),
    ("hw:cpu_max_cores", From(1)),
    ("hw:cpu_max_sockets", From(1)),
    ("hw:cpu_max_threads", From(1)),
    ("hw:cpu_policy", OneOf(&["dedicated", "shared", "mixed"])),
    ("hw:cpu_realtime", Bool),
    ("hw:cpu_realtime_mask", Like(r"(\^)?\d+((-\d+)?(,\^?\d+(-\d+)?)?)*")),
    ("hw:cpu_sockets", From(1)),
    ("hw:cpu_thread_policy", OneOf(&["prefer", "isolate", "require"])),
    ("hw:cpu_threads", From(1)),
    ("hw:emulator_threads_policy", OneOf(&["isolate", "share"])),
    ("hw:ephemeral_encryption", Bool),
    ("hw:ephemeral_encryption_format", OneOf(&["plain", "luks", "luksv2"])),
    ("hw:hide_hypervisor_id", Bool),
    ("hw:locked_memory", Bool),
    ("hw:mem_encryption", Bool),
    ("hw:mem_encryption_model", OneOf(&["amd-sev", "amd-sev-es", "amd-sev-snp", "intel-tdx"])),
    ("hw:mem_page_size", Like(r"(large|small|any|\d+([kKMGT]i?)?(b|bit|B)?)")),
    ("hw:numa_nodes", From(1)),
    ("hw:pci_numa_affinity_policy", OneOf(&["required", "preferred", "legacy", "socket"])),
    ("hw:pmem", Like("([a-zA-Z0-9_]+(,)?)+")),
    ("hw:pmu", Bool),
    ("hw:redirected_usb_ports", Range(0, 15)),
    ("hw:serial_port_count", From(0)),
    (
        "hw:sound_model",
        OneOf(&["sb16", "es1370", "pcspk", "ac97", "ich6", "ich9", "usb", "virtio"]),
    ),
    ("hw:tpm_model", OneOf(&["tpm-tis", "tpm-crb"])),
    ("hw:tpm_secret_security", OneOf(&["user", "host", "deployment"])),
    ("hw:tpm_version", OneOf(&["1.2", "2.0"])),
    ("hw:usb_model", OneOf(&["none", "nec-xhci", "qemu-xhci"])),
    ("hw:vif_multiqueue_enabled", Bool),
    ("hw:viommu_model", OneOf(&["intel", "smmuv3", "virtio", "auto"])),
    ("hw:virtio_packed_ring", Bool),
    ("hw:watchdog_action", OneOf(&["none", "pause", "poweroff", "reset", "disabled"])),
    ("hw_rng:allowed", Bool),
    ("hw_rng:rate_bytes", From(0)),
    ("hw_rng:rate_period", From(0)),
    ("hw_video:ram_max_mb", From(0)),
    ("os:secure_boot", OneOf(&["disabled", "required"])),
    ("pci_passthrough:alias", Like(r"[^:]+:\d+(?:\s*,\s*[^:]+:\d+)*")),
    ("quota:cpu_limit", From(0)),
    ("quota:cpu_period", From(0)),
    ("quota:cpu_quota", Integer),
    ("quota:cpu_reservation", Integer),
    ("quota:cpu_shares", From(0)),
    ("quota:cpu_shares_level", SHARES),
    ("quota:cpu_shares_share", From(0)),
    ("quota:disk_io_limit", From(0)),
    ("quota:disk_io_reservation", Integer),
    ("quota:disk_io_shares_level", SHARES),
    ("quota:disk_io_shares_share", From(0)),
    ("quota:disk_read_bytes_sec", From(0)),
    ("quota:disk_read_iops_sec", From(0)),
    ("quota:disk_total_bytes_sec", From(0)),
    ("quota:disk_total_iops_sec", From(0)),
    ("quota:disk_write_bytes_sec", From(0)),
    ("quota:disk_write_iops_sec", From(0)),
    ("quota:memory_limit", From(0)),
    ("quota:memory_reservation", Integer),
    ("quota:memory_shares_level", SHARES),
    ("quota:memory_shares_share", From(0)),
    ("quota:vif_inbound_average", From(0)),
    ("quota:vif_inbound_burst", From(0)),
    ("quota:vif_inbound_peak", From(0)),
    ("quota:vif_limit", From(0)),
    ("quota:vif_outbound_average", From(0)),
    ("quota:vif_outbound_burst", From(0)),
    ("quota:vif_outbound_peak", From(0)),
    ("quota:vif_reservation", Integer),
    ("quota:vif_shares_level", SHARES),
    ("quota:vif_shares_share", From(0)),
    ("vmware:hw_version", Any),
    ("vmware:storage_policy", Any),
];

/// Keys by a pattern of their name; `{group}` is [`GROUP`].
static FAMILIES: &[(&str, Values)] = &[
    ("aggregate_instance_extra_specs:.+", Any),
    (r"capabilities:(cpu_info|instances|limits|metrics|nodename|numa_topology)(:\w+)*", Any),
    (r"capabilities:(pci_device_pools|pci_stats|stats)(:\w+)*", Any),
    (r"capabilities:(supported_hv_specs|supported_instances)(:\w+)*", Any),
    ("capabilities:(aggregates|cell_uuid|current_workload|failed_builds|mapped|updated)", Any),
    ("capabilities:(cpu|disk|ram)_allocation_ratio", Any),
    ("capabilities:(disk_available_least|disk_mb_used|free_disk_gb|free_disk_mb)", Any),
    ("capabilities:(free_ram_mb|local_gb|local_gb_used|memory_mb|memory_mb_used)", Any),
    ("capabilities:(host|host_ip|hypervisor_hostname|hypervisor_type|hypervisor_version)", Any),
    ("capabilities:(id|uuid|service_id|num_instances|num_io_ops|running_vms)", Any),
    ("capabilities:(total_usable_disk_gb|total_usable_ram_mb)", Any),
    ("capabilities:(vcpus|vcpus_total|vcpus_used)", Any),
    (r"hw:numa_cpus\.\d+", Like(CPU_MAP)),
    (r"hw:numa_mem\.\d+", From(1)),
    ("resources{group}:CUSTOM_[A-Z0-9_]+", Integer),
    ("resources{group}:(DISK_GB|FPGA|IPV4_ADDRESS|MEMORY_MB|MEM_ENCRYPTION_CONTEXT)", Integer),
    ("resources{group}:NET_BW_(E|I)GR_KILOBIT_PER_SEC", Integer),
    ("resources{group}:NET_PACKET_RATE_((E|I)GR_)?KILOPACKET_PER_SEC", Integer),
    ("resources{group}:NUMA_(CORE|MEMORY_MB|SOCKET|THREAD)", Integer),
    ("resources{group}:(PCI_DEVICE|PCPU|PGPU|SRIOV_NET_VF|VCPU|VGPU|VGPU_DISPLAY_HEAD)", Integer),
    ("trait{group}:[A-Z0-9_]+", TRAIT),
];

/// Whether the key may have the value; `Err` is what Nova says after "Validation failed; ".
pub(super) fn check(key: &str, value: &str) -> Result<(), String> {
    let exact = KEYS.iter().find(|(name, _)| *name == key);
    let known = exact.or_else(|| FAMILIES.iter().find(|(pattern, _)| matches(pattern, key)));
    if let Some((_, values)) = known {
        return values.check(value);
    }
    let namespace = key.split_once(':').map(|(namespace, _)| namespace);
    if namespace.is_some_and(|own| NAMESPACES.iter().any(|pattern| matches(pattern, own))) {
        return Err(format!("extra spec '{key}' does not appear to be a valid extra spec."));
    }
    Ok(())
}

impl Values {
    fn check(&self, value: &str) -> Result<(), String> {
        match self {
            Any => Ok(()),
            Bool => loose::boolean(value)
                .map(|_| ())
                .ok_or_else(|| format!("'{value}' is not a valid boolean-like value.")),
            Integer => between(value, i64::MIN, i64::MAX),
            From(least) => between(value, *least, i64::MAX),
            Range(least, most) => between(value, *least, *most),
            OneOf(values) if values.contains(&value) => Ok(()),
            OneOf(values) => Err(format!("'{value}' is not one of: {}.", values.join(", "))),
            Like(pattern) if matches(pattern, value) => Ok(()),
            Like(pattern) => Err(format!("'{value}' is not of the format '{pattern}'.")),
        }
    }
}

fn between(value: &str, least: i64, most: i64) -> Result<(), String> {
    match value.trim().parse::<i64>() {
        Err(_) => Err(format!("'{value}' is not a valid integer value.")),
        Ok(number) if number > most => {
            Err(format!("'{number}' is greater than the max value of '{most}'."))
        }
        Ok(number) if number < least => {
            Err(format!("'{number}' is less than the min value of '{least}'."))
        }
        Ok(_) => Ok(()),
    }
}

/// Whether the pattern matches the whole text. A pattern that is none, a test finds.
fn matches(pattern: &str, text: &str) -> bool {
    let whole = format!("^(?:{})$", pattern.replace("{group}", GROUP));
    Regex::new(&whole).is_ok_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        let values = KEYS.iter().chain(FAMILIES).filter_map(|(_, values)| match values {
            Like(pattern) => Some(*pattern),
            Any | Bool | Integer | From(_) | Range(..) | OneOf(_) => None,
        });
        let names = FAMILIES.iter().map(|(pattern, _)| *pattern).chain(NAMESPACES.iter().copied());
        for pattern in values.chain(names) {
            assert!(Regex::new(&pattern.replace("{group}", GROUP)).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn values_that_fit_are_taken() {
        for (key, value) in [
            ("hw:cpu_policy", "shared"),
            ("hw:numa_cpus.0", "0-1"),
            ("hw:mem_page_size", "2MB"),
            ("resources1:CUSTOM_GOLD", "1"),
            ("trait:HW_CPU_X86_AVX2", "required"),
            ("docker:anything", "at all"),
            ("plain", "text"),
        ] {
            assert_eq!(check(key, value), Ok(()), "{key}");
        }
    }

    #[test]
    fn refusals_are_worded_as_by_nova() {
        for (key, value, why) in [
            ("hw:cpu_policy", "x", "'x' is not one of: dedicated, shared, mixed."),
            ("hw:cpu_cores", "0", "'0' is less than the min value of '1'."),
            ("hw:redirected_usb_ports", "16", "'16' is greater than the max value of '15'."),
            ("quota:cpu_quota", "x", "'x' is not a valid integer value."),
            ("hw:pmu", "x", "'x' is not a valid boolean-like value."),
            ("hw:nope", "1", "extra spec 'hw:nope' does not appear to be a valid extra spec."),
        ] {
            assert_eq!(check(key, value), Err(why.to_owned()), "{key}");
        }
    }
}
