//! The engine's traits on the simulated engine: each call passes the faults and the latency,
//! then does its work on the world in one go. Only rules that belong to a call stand here.

use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};

use super::archive::{self, Image, RunConfig};
use super::guest::Guest;
use super::world::{World, is_ours, known};
use super::{SimEngine, host_info, no_such};
use crate::clock::Time;
use crate::engine::filter::Filter;
use crate::engine::{
    Attachment, ByteStream, EngineError, EngineImage, EngineNetwork, EngineResult, EngineVolume,
    EventStream, Exec, ExecOutcome, GuestFile, Host, HostInfo, Images, InstanceSpec, Instances,
    Labels, Limits, NetworkSpec, Networks, Observed, Routing, Size, Terminal, Usage, Volumes,
    image_labels,
};

#[async_trait]
impl Instances for SimEngine {
    async fn create(&self, spec: &InstanceSpec) -> EngineResult<String> {
        self.call("create", |world| world.create(&self.installation, spec)).await
    }

    async fn inspect(&self, name: &str) -> EngineResult<Option<Observed>> {
        self.call("inspect", |world| {
            let guest = world.guests.get(name);
            Ok(guest
                .filter(|guest| is_ours(&self.installation, &guest.spec.labels))
                .map(Guest::observed))
        })
        .await
    }

    async fn list(&self) -> EngineResult<Vec<Observed>> {
        self.call("list", |world| {
            let ours = |labels| is_ours(&self.installation, labels);
            let guests = world.guests.values().filter(|guest| ours(&guest.spec.labels));
            Ok(guests.map(Guest::observed).collect())
        })
        .await
    }

    async fn start(&self, name: &str) -> EngineResult<()> {
        self.call("start", |world| world.start(name)).await
    }

    async fn stop(&self, name: &str, _grace_seconds: u32) -> EngineResult<()> {
        self.call("stop", |world| world.end(name, Guest::stop)).await
    }

    async fn pause(&self, name: &str) -> EngineResult<()> {
        self.call("pause", |world| world.change(name, Guest::pause)).await
    }

    async fn unpause(&self, name: &str) -> EngineResult<()> {
        self.call("unpause", |world| world.change(name, Guest::unpause)).await
    }

    async fn remove(&self, name: &str) -> EngineResult<()> {
        self.call("remove", |world| {
            let guest = world.guests.get(name);
            if guest.is_some_and(|guest| is_ours(&self.installation, &guest.spec.labels)) {
                world.remove(name);
            }
            Ok(())
        })
        .await
    }

    async fn console(&self, name: &str, tail: Option<u32>) -> EngineResult<Vec<u8>> {
        self.call("console", |world| Ok(known(&mut world.guests, name)?.console(tail))).await
    }

    /// A simulated guest has said its first line when its start ends, or never will.
    async fn first_line(&self, name: &str, _: Duration) -> EngineResult<Option<String>> {
        self.call("first_line", |world| Ok(known(&mut world.guests, name)?.first_line())).await
    }

    async fn set_limits(&self, name: &str, limits: &Limits) -> EngineResult<()> {
        self.call("set_limits", |world| {
            world.change(name, |guest| {
                guest.set_limits(limits);
                Ok(true)
            })
        })
        .await
    }

    async fn set_filter(&self, name: &str, filter: &Filter) -> EngineResult<()> {
        self.call("set_filter", |world| {
            if let Some(guest) = world.guests.get_mut(name) {
                guest.set_filter(filter);
            }
            Ok(())
        })
        .await
    }

    async fn put_files(&self, name: &str, files: &[GuestFile]) -> EngineResult<()> {
        self.call("put_files", |world| {
            known(&mut world.guests, name)?;
            for file in files {
                let (owner, path) = world.place_of(name, &file.path);
                let file = GuestFile { path, ..file.clone() };
                known(&mut world.guests, &owner)?.put_files(&[file]);
            }
            Ok(())
        })
        .await
    }

    async fn read_file(
        &self,
        name: &str,
        path: &str,
        limit_bytes: u64,
    ) -> EngineResult<Option<GuestFile>> {
        self.call("read_file", |world| {
            let (owner, place) = world.place_of(name, path);
            let file = known(&mut world.guests, &owner)?.file(&place)?;
            let file = file.map(|file| GuestFile { path: path.to_owned(), ..file });
            match file.as_ref().and_then(|file| file.content.as_ref()) {
                Some(content) if content.len() as u64 > limit_bytes => {
                    Err(EngineError::Refused(format!("{path} is larger than {limit_bytes} bytes")))
                }
                Some(_) => Ok(file),
                None => Ok(None),
            }
        })
        .await
    }

    async fn exec(&self, name: &str, exec: &Exec) -> EngineResult<ExecOutcome> {
        self.run("exec", name, exec).await
    }

    async fn exec_detached(&self, name: &str, exec: &Exec) -> EngineResult<()> {
        self.run("exec_detached", name, exec).await.map(drop)
    }

    async fn open_terminal(&self, name: &str, size: Size) -> EngineResult<Terminal> {
        self.terminal(name, size).await
    }

    async fn commit(
        &self,
        name: &str,
        reference: &str,
        labels: &Labels,
        _pause: bool,
    ) -> EngineResult<EngineImage> {
        let commit = |world: &mut World| world.commit(&self.installation, name, reference, labels);
        self.call("commit", commit).await
    }

    async fn attach(&self, name: &str, attachment: &Attachment) -> EngineResult<()> {
        self.call("attach", |world| world.attach(name, attachment)).await
    }

    async fn detach(&self, name: &str, network: &str) -> EngineResult<()> {
        self.call("detach", |world| world.detach(name, network)).await
    }

    async fn usage(&self, name: &str) -> EngineResult<Usage> {
        self.call("usage", |world| {
            let now = world.clock.now();
            Ok(known(&mut world.guests, name)?.usage(now))
        })
        .await
    }

    async fn processes(&self, name: &str) -> EngineResult<Vec<Vec<String>>> {
        self.call("processes", |world| {
            let guest = known(&mut world.guests, name)?;
            guest.must_run()?;
            let pid = guest.observed().pid.unwrap_or_default().to_string();
            let command = guest.command().join(" ");
            Ok(vec![vec!["PID".into(), "CMD".into()], vec![pid, command]])
        })
        .await
    }
}

#[async_trait]
impl Images for SimEngine {
    async fn images(&self) -> EngineResult<Vec<EngineImage>> {
        self.call("images", |world| Ok(world.shelf.images())).await
    }

    async fn image(&self, reference: &str) -> EngineResult<Option<EngineImage>> {
        self.call("image", |world| Ok(world.shelf.image(reference))).await
    }

    async fn load_image(&self, archive: ByteStream) -> EngineResult<Vec<EngineImage>> {
        let archive = collect(archive).await?;
        self.call("load_image", |world| {
            let images = archive::read(&archive)?;
            Ok(images.into_iter().map(|image| world.shelf.insert(image)).collect())
        })
        .await
    }

    async fn import_image(
        &self,
        root: ByteStream,
        reference: &str,
        command: &[String],
    ) -> EngineResult<EngineImage> {
        let root = collect(root).await?;
        self.call("import_image", |world| {
            archive::check_root(&root)?;
            let run = RunConfig {
                cmd: Some(command.to_vec()),
                labels: Some(image_labels(&self.installation, &Labels::new())),
                ..RunConfig::default()
            };
            let image = Image::new(run, vec![root], world.clock.now());
            let made = world.shelf.insert_as(image, reference)?;
            world.tell_image(reference);
            Ok(made)
        })
        .await
    }

    async fn export_image(&self, reference: &str) -> EngineResult<ByteStream> {
        self.call("export_image", |world| {
            let references = world.shelf.image(reference).map(|image| image.references);
            let image = world.shelf.get(reference).ok_or_else(|| no_such("image", reference))?;
            let now = world.clock.now();
            let archive = archive::write(image, references.unwrap_or_default(), now)?;
            Ok(Box::pin(stream::iter([Ok(archive)])) as ByteStream)
        })
        .await
    }

    async fn pull_image(&self, reference: &str) -> EngineResult<EngineImage> {
        self.call("pull_image", |world| {
            if let Some(image) = world.shelf.image(reference) {
                return Ok(image);
            }
            let image = world
                .registry
                .get(reference)
                .cloned()
                .ok_or_else(|| no_such("image", reference))?;
            let pulled = world.shelf.insert_as(image, reference)?;
            world.tell_image(reference);
            Ok(pulled)
        })
        .await
    }

    async fn tag_image(&self, id: &str, reference: &str) -> EngineResult<()> {
        self.call("tag_image", |world| {
            world.shelf.tag(id, reference)?;
            world.tell_image(reference);
            Ok(())
        })
        .await
    }

    async fn remove_image(&self, reference: &str) -> EngineResult<()> {
        self.call("remove_image", |world| {
            if world.shelf.remove(&self.installation, reference)? {
                world.tell_image(reference);
            }
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl Networks for SimEngine {
    async fn ensure_network(&self, spec: &NetworkSpec) -> EngineResult<EngineNetwork> {
        self.call("ensure_network", |world| world.ensure_network(&self.installation, spec)).await
    }

    async fn network(&self, name: &str) -> EngineResult<Option<EngineNetwork>> {
        self.call("network", |world| {
            let network = world.nets.get(name);
            Ok(network.filter(|network| is_ours(&self.installation, &network.labels)))
        })
        .await
    }

    async fn networks(&self) -> EngineResult<Vec<EngineNetwork>> {
        self.call("networks", |world| {
            let ours = |network: &EngineNetwork| is_ours(&self.installation, &network.labels);
            Ok(world.nets.views().filter(ours).collect())
        })
        .await
    }

    async fn pools_in_use(&self) -> EngineResult<Vec<String>> {
        self.call("pools_in_use", |world| {
            let pools = world.nets.views().flat_map(|network| network.pools);
            Ok(pools.map(|pool| pool.cidr).collect())
        })
        .await
    }

    async fn remove_network(&self, name: &str) -> EngineResult<()> {
        self.call("remove_network", |world| world.remove_network(&self.installation, name)).await
    }

    async fn apply_routing(&self, routing: &Routing) -> EngineResult<()> {
        self.call("apply_routing", |world| {
            world.routing.insert(self.installation.clone(), routing.clone());
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl Volumes for SimEngine {
    async fn ensure_volume(&self, name: &str, labels: &Labels) -> EngineResult<EngineVolume> {
        let ensure = |world: &mut World| world.ensure_volume(&self.installation, name, labels);
        self.call("ensure_volume", ensure).await
    }

    async fn lend_root(
        &self,
        instance: &str,
        volume: &str,
        labels: &Labels,
    ) -> EngineResult<EngineVolume> {
        self.call("lend_root", |world| {
            if known(&mut world.guests, instance)?.is_up() {
                return Err(EngineError::Refused(format!("{instance} runs")));
            }
            world.roots.insert(volume.to_owned(), instance.to_owned());
            world.ensure_volume(&self.installation, volume, labels)
        })
        .await
    }

    async fn volumes(&self) -> EngineResult<Vec<EngineVolume>> {
        self.call("volumes", |world| {
            let ours = |volume: &&EngineVolume| is_ours(&self.installation, &volume.labels);
            Ok(world.volumes.values().filter(ours).cloned().collect())
        })
        .await
    }

    async fn remove_volume(&self, name: &str) -> EngineResult<()> {
        self.call("remove_volume", |world| {
            world.remove_volume(&self.installation, name);
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl Host for SimEngine {
    async fn ping(&self) -> EngineResult<()> {
        self.call("ping", |_| Ok(())).await
    }

    async fn info(&self) -> EngineResult<HostInfo> {
        self.call("info", |world| Ok(host_info(world))).await
    }

    async fn events(&self, since: Option<Time>) -> EngineResult<EventStream> {
        self.call("events", |world| Ok(world.news.listen(&self.installation, since))).await
    }
}

async fn collect(mut stream: ByteStream) -> EngineResult<Bytes> {
    let mut all = BytesMut::new();
    while let Some(chunk) = stream.next().await {
        all.extend_from_slice(&chunk?);
    }
    Ok(all.freeze())
}
