use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::*;

/// A tar of these files.
fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn prepared(folder: &Path, data: &[u8]) -> Prepared {
    let path = folder.join("data");
    fs::write(&path, data).unwrap();
    prepare(&path, &|name| folder.join(name), "amd64").unwrap()
}

fn ready(folder: &Path, data: &[u8]) -> Ready {
    match prepared(folder, data) {
        Prepared::Ready(ready) => ready,
        Prepared::Unbootable(what) => panic!("unbootable: {what}"),
    }
}

/// A layout as buildkit writes it: an index in the index, an attestation, two machines.
fn layout() -> Vec<u8> {
    let index = json!({"manifests": [
        {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:a1",
         "platform": {"os": "unknown", "architecture": "unknown"}},
        {"mediaType": "application/vnd.oci.image.index.v1+json", "digest": "sha256:b2"},
    ]});
    let inner = json!({"manifests": [
        {"digest": "sha256:c3", "platform": {"os": "linux", "architecture": "arm64"}},
        {"digest": "sha256:d4", "platform": {"os": "linux", "architecture": "amd64"}},
    ]});
    let manifest = json!({
        "config": {"digest": "sha256:e5"}, "layers": [{"digest": "sha256:f6"}],
    });
    tar_of(&[
        ("oci-layout", b"{}"),
        ("index.json", index.to_string().as_bytes()),
        ("blobs/sha256/b2", inner.to_string().as_bytes()),
        ("blobs/sha256/d4", manifest.to_string().as_bytes()),
        ("blobs/sha256/e5", b"the config"),
        ("blobs/sha256/f6", b"the layer"),
    ])
}

#[test]
fn plain_and_compressed_tars_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let root = tar_of(&[("bin/sh", b"#"), ("etc/passwd", b"root")]);
    assert_eq!(ready(folder.path(), &root).kind, Kind::Root);
    let saved = gzip(&tar_of(&[("manifest.json", b"[]")]));
    let archive = ready(folder.path(), &saved);
    assert_eq!(archive.kind, Kind::Archive);
    assert!(archive.path.ends_with("inflated"));
    drop(archive);
    assert!(!folder.path().join("inflated").exists());
}

#[test]
fn an_oci_layout_becomes_an_archive_of_the_image_for_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let ready = ready(folder.path(), &gzip(&layout()));
    assert_eq!(ready.kind, Kind::Archive);
    let members = Members::read(&ready.path).unwrap();
    let manifest: Value = members.document("manifest.json").unwrap();
    assert_eq!(
        manifest,
        json!([{"Config": "e5.json", "RepoTags": null, "Layers": ["f6/layer.tar"]}])
    );
    let mut layer = String::new();
    members.open("f6/layer.tar").unwrap().0.read_to_string(&mut layer).unwrap();
    assert_eq!(layer, "the layer");
}

#[test]
fn what_does_not_boot_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let named = |data: &[u8]| match prepared(folder.path(), data) {
        Prepared::Ready(_) => "",
        Prepared::Unbootable(what) => what,
    };
    assert_eq!(named(b"QFI\xfb and so on"), "a qcow2 disk");
    assert_eq!(named(b""), "empty");
    assert_eq!(named(&gzip(&gzip(b"x"))), "compressed twice");
    let empty = tar_of(&[("oci-layout", b"{}"), ("index.json", b"{\"manifests\": []}")]);
    assert_eq!(named(&empty), "an OCI layout without an image for this machine");
}
