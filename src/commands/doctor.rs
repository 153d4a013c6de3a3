//! `novadock doctor`: checks the machine, and says of each thing that is wrong how to mend it.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use kit::clock::Clock;
use kit::config::Settings;
use kit::engine::{Engine, EngineError, HostInfo, Routing};
use kit::error::{Error, Result};
use kit::ids::InstallationId;

use super::{block_on, print};
use crate::app;
use crate::cli::Common;

/// How one thing is.
enum Finding {
    Good(String),
    /// Works, with less than it could: what is missing, and what to do.
    Lacking(String, &'static str),
    /// Does not work: what is wrong, and what to do.
    Wrong(String, &'static str),
}

pub(crate) fn run(common: &Common) -> Result<()> {
    let (settings, data_dir) = (common.settings()?, common.data_dir()?);
    let mut findings = vec![folder(&data_dir), address(&settings), policy(&data_dir)];
    let engine = app::connect(&settings, &InstallationId::from("doctor"), &Clock::system())?;
    let wished = settings.network.enforce_security_groups != "off";
    findings.extend(block_on(async move { Ok(machine(&engine, wished).await) })?);
    findings.push(privileges(&settings));
    findings.push(stuck(&data_dir)?);
    let mut wrong = 0;
    for finding in &findings {
        match finding {
            Finding::Good(what) => print(&format!("ok       {what}"))?,
            Finding::Lacking(what, mend) => print(&format!("lacking  {what}\n         {mend}"))?,
            Finding::Wrong(what, mend) => {
                wrong += 1;
                print(&format!("WRONG    {what}\n         {mend}"))?;
            }
        }
    }
    if wrong == 0 { Ok(()) } else { Err(Error::unavailable(format!("{wrong} things to mend"))) }
}

fn folder(data_dir: &Path) -> Finding {
    let probe = data_dir.join(".probe");
    let tried = std::fs::create_dir_all(data_dir).and_then(|()| std::fs::write(&probe, b""));
    match tried.and_then(|()| std::fs::remove_file(probe)) {
        Ok(()) => Finding::Good(format!("data folder {}", data_dir.display())),
        Err(error) => Finding::Wrong(
            format!("data folder {}: {error}", data_dir.display()),
            "Choose another with --data-dir, or make it writable.",
        ),
    }
}

fn address(settings: &Settings) -> Finding {
    let listen = &settings.default.listen;
    match TcpListener::bind(listen) {
        Ok(_) => Finding::Good(format!("{listen} is free")),
        Err(error) => Finding::Lacking(
            format!("{listen}: {error}"),
            "Fine if it is Novadock that runs there; else end what does, or choose another --listen.",
        ),
    }
}

fn policy(data_dir: &Path) -> Finding {
    match app::policy(data_dir) {
        Ok(_) => Finding::Good("policy".to_owned()),
        Err(error) => Finding::Wrong(
            format!("policy: {error}"),
            "Mend the line named; `novadock policy sample` shows every rule.",
        ),
    }
}

async fn machine(engine: &Arc<dyn Engine>, filters_wished: bool) -> Vec<Finding> {
    match engine.info().await {
        Ok(info) => {
            let mut findings = describe(&info);
            findings.push(filters(info.unfiltered, filters_wished));
            findings.push(routing(engine).await);
            findings
        }
        Err(error) => vec![Finding::Wrong(
            format!("engine: {error}"),
            "Start Docker (`scripts/engine.sh` does), or say where it listens with --docker-host.",
        )],
    }
}

fn describe(info: &HostInfo) -> Vec<Finding> {
    let limits = if info.resource_limits {
        Finding::Good("CPU and memory limits of flavors are enforced".to_owned())
    } else {
        Finding::Lacking(
            "the kernel does not enforce CPU and memory limits".to_owned(),
            "Enable the cpu and memory controllers of cgroups.",
        )
    };
    let disk = if info.disk_limits {
        Finding::Good("disk limits of flavors are enforced".to_owned())
    } else {
        Finding::Lacking(
            format!("storage driver {} does not limit a guest's disk", info.storage_driver),
            "Sizes are stored and reported. overlay2 on xfs with the pquota option enforces them.",
        )
    };
    let views = if info.own_proc {
        Finding::Good("guests read their own CPUs, memory and uptime in /proc".to_owned())
    } else {
        Finding::Lacking(
            "guests read the host's CPUs, memory and uptime in /proc".to_owned(),
            "Install lxcfs and run `lxcfs --enable-cfs /var/lib/lxcfs` beside the engine: guests that \
             are made from then on read their own. It must run whenever they start.",
        )
    };
    vec![
        Finding::Good(format!(
            "engine {} {} (API {}), {} CPUs, {} MiB",
            info.kind,
            info.version,
            info.api_version,
            info.cpus,
            info.memory_bytes >> 20
        )),
        limits,
        disk,
        views,
    ]
}

/// Whether security groups hold.
fn filters(unfiltered: Option<String>, wished: bool) -> Finding {
    match (wished, unfiltered) {
        (true, None) => Finding::Good("security groups are enforced".to_owned()),
        (true, Some(why)) => Finding::Lacking(
            format!("security groups are not enforced: {why}"),
            "They are kept and reported. Run as root beside Docker, on Linux 5.16 or newer, with \
             nftables (`apt-get install nftables`).",
        ),
        (false, _) => Finding::Lacking(
            "security groups are switched off".to_owned(),
            "They are kept and reported. `[network] enforce_security_groups = auto` enforces them.",
        ),
    }
}

/// Whether routers lead anywhere. To wish for nothing changes nothing, and tells.
async fn routing(engine: &Arc<dyn Engine>) -> Finding {
    match engine.apply_routing(&Routing::default()).await {
        Ok(()) if forwarding_is_off() => Finding::Lacking(
            "the kernel forwards no packets: net.ipv4.ip_forward is 0".to_owned(),
            "`sysctl -w net.ipv4.ip_forward=1`. Docker sets it when it starts; something unset it since.",
        ),
        Ok(()) => Finding::Good("routers are carried out by rules of the host".to_owned()),
        Err(EngineError::Unsupported(why)) => Finding::Lacking(
            format!("routers lead nowhere: {why}"),
            "Networks stay apart and each leads out. Run as root beside Docker, with iptables, and \
             without \"iptables\": false in Docker's daemon.json.",
        ),
        Err(error) => Finding::Wrong(
            format!("routing: {error}"),
            "Run `iptables-save` and `iptables-restore --test` as root: they must work there.",
        ),
    }
}

fn forwarding_is_off() -> bool {
    std::fs::read_to_string("/proc/sys/net/ipv4/ip_forward").is_ok_and(|says| says.trim() == "0")
}

/// What only root may do.
fn privileges(settings: &Settings) -> Finding {
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| {
        use std::os::unix::fs::MetadataExt;
        own.uid() == 0
    });
    match (root, settings.metadata.enabled) {
        (true, true) => Finding::Good("root: the metadata service can be served".to_owned()),
        (true, false) => Finding::Good("the metadata service is switched off".to_owned()),
        (false, _) => Finding::Lacking(
            "not root: no metadata service for guests".to_owned(),
            "Guests still get keys, user data and a config drive. Run as root to serve 169.254.169.254.",
        ),
    }
}

fn stuck(data_dir: &Path) -> Result<Finding> {
    let database = data_dir.join("novadock.db");
    if !database.exists() {
        return Ok(Finding::Good("no database yet".to_owned()));
    }
    let operations = kit::store::Store::peek(&database, kit::workflow::stuck)?;
    Ok(match operations.as_slice() {
        [] => Finding::Good("no operation is stuck".to_owned()),
        [first, ..] => Finding::Wrong(
            format!(
                "{} operations are stuck, the first: {} of {}",
                operations.len(),
                first.kind,
                first.target
            ),
            "Its undo failed for good: look for the object on the engine, then delete the server.",
        ),
    })
}
