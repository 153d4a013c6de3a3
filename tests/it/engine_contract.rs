//! Every engine passes the same cases: the simulated one always, Docker where one answers at
//! `NOVADOCK_TEST_DOCKER_HOST` (else the usual socket). `NOVADOCK_TEST_DOCKER=1`, as `make test`
//! sets it, makes an engine that does not answer a failure; 0 leaves Docker out.

use std::path::Path;
use std::sync::Arc;

use engine_docker::DockerEngine;
use futures_util::stream;
use kit::engine::contract::{CASES, Fixture, Flaw, free_block};
use kit::engine::sim::SimEngine;
use kit::engine::{Engine, Host, Images, image_reference};
use kit::ids::InstallationId;

const DEFAULT_HOST: &str = "unix:///var/run/docker.sock";
/// What `scripts/guest-image.sh` makes; its `BusyBox` is statically linked.
const GUEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.cache/guest-image/novadock-tiny.tar");
const BUSYBOX: &str = "./bin/busybox";
const COMMANDS: &[&str] = &["sh", "cat", "echo", "head", "hostname", "ip", "sleep", "stat", "true"];

const NONE: &[String] = &[];

async fn flaws(fixture: &Fixture, guests_run: bool) -> Vec<String> {
    let mut flaws = Vec::new();
    for case in CASES.iter().filter(|case| guests_run || !case.needs_guests) {
        if let Err(Flaw(flaw)) = case.run(fixture).await {
            flaws.push(format!("{}: {flaw}", case.name));
        }
    }
    flaws
}

#[tokio::test(flavor = "multi_thread")]
async fn the_simulated_engine_keeps_the_contract() {
    let installation = InstallationId::random();
    let image = "owner/busybox:latest";
    let engine = SimEngine::with_images(installation.clone(), &[image]);
    let other = engine.as_installation(InstallationId::random());
    let fixture = Fixture {
        engine: Arc::new(engine),
        installation,
        other: Arc::new(other),
        image: image.to_owned(),
        block: 213,
    };
    assert_eq!(flaws(&fixture, false).await, NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn docker_keeps_the_contract() {
    let Some(host) = docker_host().await else { return };
    let connect = |installation: &InstallationId| {
        DockerEngine::connect(&host, installation.clone()).expect("an address that was tried")
    };
    let installation = InstallationId::random();
    // The owner of the engine, as far as the cases can tell.
    let owner_id = InstallationId::random();
    let owner = connect(&owner_id);
    let image = image_reference(&owner_id, "busybox");
    let command = ["/bin/sh".to_owned()];
    let root = stream::iter([Ok(busybox_root().into())]);
    owner.import_image(Box::pin(root), &image, &command).await.expect("an image to boot");

    let fixture = Fixture {
        engine: Arc::new(connect(&installation)),
        installation,
        other: Arc::new(connect(&InstallationId::random())) as Arc<dyn Engine>,
        image: image.clone(),
        block: free_block(&owner).await.expect("an engine that answers").expect("a free block"),
    };
    let flaws = flaws(&fixture, true).await;
    owner.remove_image(&image).await.expect("the image is not in use any more");
    assert_eq!(flaws, NONE);
}

/// Where a Docker Engine answers; `None` when the test is to be left out.
async fn docker_host() -> Option<String> {
    let wanted = setting("NOVADOCK_TEST_DOCKER");
    if wanted.as_deref() == Some("0") {
        return skipped("NOVADOCK_TEST_DOCKER=0");
    }
    let host = setting("NOVADOCK_TEST_DOCKER_HOST").unwrap_or_else(|| DEFAULT_HOST.into());
    let engine = DockerEngine::connect(&host, InstallationId::random()).expect("an address");
    match engine.ping().await {
        Ok(()) => Some(host),
        Err(error) if wanted.as_deref() == Some("1") => panic!("no engine at {host}: {error}"),
        Err(error) => skipped(&format!("no engine at {host}: {error}")),
    }
}

#[expect(clippy::print_stderr, reason = "a test left out must say so")]
fn skipped(why: &str) -> Option<String> {
    eprintln!("skipped: {why}");
    None
}

#[expect(clippy::disallowed_methods, reason = "a test's settings, not the program's")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A root file system with a shell and what the cases call.
fn busybox_root() -> Vec<u8> {
    let guest = std::fs::File::open(GUEST)
        .unwrap_or_else(|error| panic!("{GUEST} (make guest-image): {error}"));
    let mut guest = tar::Archive::new(guest);
    let mut programs = guest.entries().unwrap().map(Result::unwrap);
    let is_busybox = |entry: &tar::Entry<'_, _>| entry.path().unwrap() == Path::new(BUSYBOX);
    let busybox = programs.find(is_busybox).expect("the guest image has BusyBox");
    let mut header = busybox.header().clone();
    let mut tar = tar::Builder::new(Vec::new());
    tar.append_data(&mut header, "bin/busybox", busybox).unwrap();
    for command in COMMANDS {
        let mut link = tar::Header::new_gnu();
        link.set_entry_type(tar::EntryType::Symlink);
        link.set_size(0);
        link.set_mode(0o777);
        tar.append_link(&mut link, format!("bin/{command}"), "busybox").unwrap();
    }
    for directory in ["tmp", "etc"] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Directory);
        header.set_size(0);
        header.set_mode(0o1777);
        tar.append_data(&mut header, directory, std::io::empty()).unwrap();
    }
    tar.into_inner().unwrap()
}
