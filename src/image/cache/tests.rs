use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use kit::clock::Time;
use kit::engine::sim::SimEngine;
use kit::engine::{GuestFile, Images, files as tar};
use kit::ids::{InstallationId, ProjectId, ServerId, UserId};
use kit::testing;

use super::*;
use crate::facade::{self, NewSnapshot};
use crate::images::model::ImageStatus;

const TINY: &str = "novadock/tiny:latest";

/// A house without a door: a platform over the simulated engine.
struct House {
    platform: Arc<Platform>,
    engine: SimEngine,
    _folder: tempfile::TempDir,
}

async fn house() -> House {
    house_with("").await
}

async fn house_with(allowed_registries: &str) -> House {
    let folder = tempfile::tempdir().unwrap();
    let installation = InstallationId::from("00000000000000000000000000000001");
    let engine = SimEngine::with_images(installation, &[TINY]);
    let platform = testing::platform(folder.path(), Arc::new(engine.clone()))
        .migrations(crate::SERVICE.migrations)
        .rules(crate::SERVICE.rules)
        .setting("image", "allowed_registries", allowed_registries)
        .extension(Loads::default())
        .build()
        .unwrap();
    crate::reconcile::start(&platform).await.unwrap();
    House { platform, engine, _folder: folder }
}

impl House {
    /// An active image of a project with this data.
    async fn image(&self, container_format: &str, data: &[u8]) -> ImageId {
        self.image_with(container_format, data, &[]).await
    }

    async fn image_with(
        &self,
        container_format: &str,
        data: &[u8],
        properties: &[(&str, &str)],
    ) -> ImageId {
        let mut image = Image::new(ImageId::random(), Some(ProjectId::from("p")), Time(0));
        image.status = ImageStatus::Active;
        image.container_format = Some(container_format.to_owned());
        image.disk_format = Some("raw".to_owned());
        image.size_bytes = i64::try_from(data.len()).ok();
        image.properties =
            properties.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        std::fs::write(Files::new(&self.platform.data_dir).path(&image.id), data).unwrap();
        let id = image.id.clone();
        self.platform.store.write("test", move |tx| store::insert(tx, &image)).await.unwrap();
        id
    }

    async fn refusal(&self, id: &ImageId) -> String {
        match ensure_on_engine(&self.platform, id).await.unwrap_err() {
            Failure::Fail(error) => error.public,
            Failure::Retry(error) => panic!("would be tried again: {error}"),
        }
    }

    /// What `docker save` gives for the image that the engine has.
    async fn saved(&self) -> Vec<u8> {
        let mut archive = self.engine.export_image(TINY).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(chunk) = archive.next().await {
            bytes.extend_from_slice(&chunk.unwrap());
        }
        bytes
    }
}

fn root() -> Bytes {
    let file = |path: &str| GuestFile {
        path: path.into(),
        content: Some(Bytes::from_static(b"x")),
        mode: 0o755,
        uid: 0,
        gid: 0,
    };
    tar::pack(&[file("/bin/sh"), file("/etc/motd")], Time(0)).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn an_uploaded_archive_is_loaded_once_under_our_reference() {
    let house = house().await;
    let archive = house.saved().await;
    for data in [archive.clone(), gzip(&archive)] {
        let id = house.image("docker", &data).await;
        let found = ensure_on_engine(&house.platform, &id).await.unwrap();
        let again = ensure_on_engine(&house.platform, &id).await.unwrap();
        assert_eq!(found.id, again.id);
        let reference = reference::reference_for(&house.platform.installation, &id);
        assert_eq!(house.engine.image(&reference).await.unwrap().unwrap().id, found.id);
    }
    assert_eq!(house.engine.faults().calls("load_image"), 2);
}

#[tokio::test]
async fn a_root_file_system_is_imported_with_its_command() {
    let house = house().await;
    let plain = house.image("docker", &root()).await;
    let found = ensure_on_engine(&house.platform, &plain).await.unwrap();
    assert_eq!(found.command, [SHELL]);
    let line = [(COMMAND_LINE, "/bin/sh -c 'sleep 5'")];
    let told = house.image_with("docker", &gzip(&root()), &line).await;
    let found = ensure_on_engine(&house.platform, &told).await.unwrap();
    assert_eq!(found.command, ["/bin/sh", "-c", "sleep 5"]);
}

#[tokio::test]
async fn what_a_container_cannot_boot_is_refused_with_a_sentence() {
    let house = house().await;
    let disk = house.image("docker", b"QFI\xfb").await;
    assert_eq!(
        house.refusal(&disk).await,
        format!(
            "Image {disk} is of container format docker and disk format raw, and its data is a \
             qcow2 disk, which a container cannot boot: that takes container format docker and a \
             docker save archive, an OCI layout or the tar of a root file system."
        )
    );
    let bare = house.image("bare", &root()).await;
    assert!(house.refusal(&bare).await.contains("disk format raw, which a container"));
    let unknown = ImageId::random();
    assert_eq!(house.refusal(&unknown).await, format!("Image {unknown} could not be found."));
}

#[tokio::test]
async fn an_engine_that_does_not_answer_is_tried_again() {
    let house = house().await;
    let id = house.image("docker", &root()).await;
    house.engine.set_unreachable(true);
    let failure = ensure_on_engine(&house.platform, &id).await.unwrap_err();
    assert!(matches!(failure, Failure::Retry(_)), "{failure:?}");
    house.engine.set_unreachable(false);
    ensure_on_engine(&house.platform, &id).await.unwrap();
}

#[tokio::test]
async fn a_reference_is_pulled_unless_the_engine_has_it() {
    let house = house_with("docker.io").await;
    house.engine.add_to_registry("docker.io/library/debian:12");
    let id = house.image_with("docker", b"", &[(DOCKER_IMAGE, "debian:12")]).await;
    ensure_on_engine(&house.platform, &id).await.unwrap();
    ensure_on_engine(&house.platform, &id).await.unwrap();
    assert_eq!(house.engine.faults().calls("pull_image"), 1);
    let here = house.image_with("docker", b"", &[(DOCKER_IMAGE, "novadock/tiny")]).await;
    ensure_on_engine(&house.platform, &here).await.unwrap();
    for text in ["quay.io/x", "novadock.local/x/image/y", "not there"] {
        let id = house.image_with("docker", b"", &[(DOCKER_IMAGE, text)]).await;
        let sentence = house.refusal(&id).await;
        assert!(sentence.contains(&format!("'{text}', which may not be pulled")), "{sentence}");
    }
    let absent = house.image_with("docker", b"", &[(DOCKER_IMAGE, "absent")]).await;
    assert!(house.refusal(&absent).await.ends_with("which could not be pulled."));
}

#[tokio::test]
async fn a_deleted_image_leaves_the_engine() {
    let house = house().await;
    let id = house.image("docker", &root()).await;
    ensure_on_engine(&house.platform, &id).await.unwrap();
    let images = house.engine.counts().images;
    let gone = id.clone();
    house.platform.store.write("test", move |tx| store::delete(tx, &gone, Time(1))).await.unwrap();
    crate::reconcile::start(&house.platform).await.unwrap();
    assert_eq!(house.engine.counts().images, images - 1);
    assert!(!Files::new(&house.platform.data_dir).path(&id).exists());
    assert!(house.engine.image(TINY).await.unwrap().is_some());
}

#[tokio::test]
async fn a_snapshot_is_found_again_and_not_listed_twice() {
    let house = house().await;
    let base = house.image_with("docker", b"", &[("os_distro", "x"), (DOCKER_IMAGE, "y")]).await;
    let snapshot = NewSnapshot {
        project: ProjectId::from("p"),
        user: UserId::from("u"),
        name: "snap".to_owned(),
        server: ServerId::from("s"),
        base: Some(base.clone()),
        min_disk_gb: 1,
        min_ram_mb: 64,
        image_type: "snapshot",
        properties: [("key".to_owned(), "value".to_owned())].into(),
    };
    let begin = move |tx: &_| facade::begin_snapshot(tx, Time(1), &snapshot);
    let id = house.platform.store.write("test", begin).await.unwrap();
    let wanted = id.clone();
    let get = move |db: &_| facade::get_for_system(db, &wanted);
    let saving = house.platform.store.read(get.clone()).await.unwrap().unwrap();
    assert_eq!(saving.status, ImageStatus::Saving);
    for (name, value) in [
        ("os_distro", "x"),
        ("key", "value"),
        ("image_type", "snapshot"),
        ("base_image_ref", base.as_str()),
    ] {
        assert_eq!(saving.properties.get(name).map(String::as_str), Some(value));
    }
    assert!(!saving.properties.contains_key(DOCKER_IMAGE));

    let reference = facade::snapshot_reference(&house.platform.installation, &id);
    let bytes: ByteStream = Box::pin(futures_util::stream::iter([Ok(root())]));
    let made = house.engine.import_image(bytes, &reference, &[]).await.unwrap();
    let (finished, on_engine) = (id.clone(), made.clone());
    house
        .platform
        .store
        .write("test", move |tx| facade::finish_snapshot(tx, Time(2), &finished, &on_engine))
        .await
        .unwrap();
    crate::reconcile::start(&house.platform).await.unwrap();
    assert_eq!(house.platform.store.read(get).await.unwrap().unwrap().status, ImageStatus::Active);
    assert_eq!(ensure_on_engine(&house.platform, &id).await.unwrap().id, made.id);
    let listed = |db: &_| store::list_of_source(db, Source::Engine);
    assert_eq!(house.platform.store.read(listed).await.unwrap().len(), 1);
}
