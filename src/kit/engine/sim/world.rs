//! Everything that the simulated engine has, and what can be done to it.
//!
//! Plain synchronous code behind one mutex; `calls.rs` is its only caller beside the methods for
//! tests. **Invariant:** no call looks at every instance, but for `list`
//! and the start of one that shows ports of the host; the world holds 100,000.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use super::archive::Image;
use super::guest::Guest;
use super::nets::Nets;
use super::news::News;
use super::no_such;
use super::shelf::Shelf;
use crate::clock::{Clock, Time};
use crate::engine::{
    Attachment, EngineError, EngineEvent, EngineImage, EngineNetwork, EngineResult, EngineVolume,
    InstanceSpec, LABEL_INSTALLATION, Labels, NetworkSpec, Protocol, Routing, beyond_first,
    image_labels,
};
use crate::ids::InstallationId;

#[derive(Debug)]
pub(super) struct World {
    pub(super) clock: Clock,
    pub(super) guests: BTreeMap<String, Guest>,
    pub(super) shelf: Shelf,
    pub(super) nets: Nets,
    /// What each installation wishes.
    pub(super) routing: BTreeMap<InstallationId, Routing>,
    pub(super) volumes: BTreeMap<String, EngineVolume>,
    /// Volumes that are the file system of a guest.
    pub(super) roots: BTreeMap<String, String>,
    /// What `pull_image` finds.
    pub(super) registry: BTreeMap<String, Image>,
    pub(super) news: News,
    /// Whether every interface gets the MAC asked for, and not only the first of a creation.
    pub(super) every_mac: bool,
    made: u64,
}

impl World {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            guests: BTreeMap::new(),
            shelf: Shelf::default(),
            nets: Nets::default(),
            routing: BTreeMap::new(),
            volumes: BTreeMap::new(),
            roots: BTreeMap::new(),
            registry: BTreeMap::new(),
            news: News::default(),
            every_mac: true,
            made: 0,
        }
    }

    fn fresh_id(&mut self) -> String {
        self.made += 1;
        format!("{:064x}", self.made)
    }

    pub(super) fn create(
        &mut self,
        owner: &InstallationId,
        spec: &InstanceSpec,
    ) -> EngineResult<String> {
        if let Some(guest) = self.guests.get(&spec.name) {
            ours(owner, &guest.spec.labels, &spec.name)?;
            return Ok(guest.engine_id.clone());
        }
        let image = self.shelf.get(&spec.image).map(Arc::clone);
        let image = image.ok_or_else(|| no_such("image", &spec.image))?;
        let mut spec = spec.clone();
        mark(owner, &mut spec.labels);
        let neighbour = spec.container.as_ref().and_then(|own| own.beside.as_ref());
        let neighbour = neighbour.and_then(|name| self.guests.get(name));
        let neighbour = neighbour.map(|there| there.engine_id.clone());
        let mut guest = Guest::new(spec, image, self.fresh_id());
        guest.neighbour = neighbour;
        let name = guest.spec.name.clone();
        for (nic, mut wish) in guest.spec.attachments.clone().into_iter().enumerate() {
            drain_more(&mut wish);
            if nic > 0 && !self.every_mac {
                wish.mac.clear();
            }
            match self.nets.join(&name, &wish) {
                Ok(attachment) => guest.attachments.push(attachment),
                Err(error) => {
                    self.leave_all(&guest);
                    return Err(error);
                }
            }
        }
        let engine_id = guest.engine_id.clone();
        self.guests.insert(name.clone(), guest);
        self.tell_instance(&name);
        Ok(engine_id)
    }

    pub(super) fn start(&mut self, name: &str) -> EngineResult<()> {
        let (now, pid) = (self.clock.now(), self.next_pid());
        let guest = known(&mut self.guests, name)?;
        if !guest.may_start()? {
            return Ok(());
        }
        self.check_start(name)?;
        let guest = known(&mut self.guests, name)?;
        self.nets.claim(name, &guest.attachments)?;
        guest.start(now, pid);
        let ends = guest.ends_by_itself();
        self.tell_instance(name);
        match ends {
            Some(exit_code) => self.end(name, |guest, at| guest.end(at, exit_code)),
            None => Ok(()),
        }
    }

    /// What a start needs of others: the instance whose network is shared runs, and nobody has the
    /// ports that the host is to show.
    fn check_start(&mut self, name: &str) -> EngineResult<()> {
        let guest = known(&mut self.guests, name)?;
        let ports: Vec<(Protocol, u16)> = guest.host_ports().collect();
        let container = guest.spec.container.as_ref();
        if let Some(neighbour) = container.and_then(|container| container.beside.clone()) {
            let joined = guest.neighbour.clone();
            let there = self.guests.get(&neighbour);
            let same = there.filter(|there| Some(&there.engine_id) == joined.as_ref());
            same.ok_or_else(|| no_such("instance", &neighbour))?.must_run()?;
        }
        if ports.is_empty() {
            return Ok(());
        }
        let others = self.guests.values().filter(|guest| guest.is_up());
        match others.flat_map(Guest::host_ports).find(|port| ports.contains(port)) {
            Some((_, port)) => {
                Err(EngineError::Refused(format!("{name}: port {port} is already allocated")))
            }
            None => Ok(()),
        }
    }

    pub(super) fn next_terminal(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    fn next_pid(&mut self) -> i64 {
        self.made += 1;
        i64::try_from(self.made).unwrap_or(i64::MAX)
    }

    /// Ends a guest that runs or is frozen, in the way given; any other is left alone.
    pub(super) fn end(
        &mut self,
        name: &str,
        how: impl FnOnce(&mut Guest, Time),
    ) -> EngineResult<()> {
        let now = self.clock.now();
        let guest = known(&mut self.guests, name)?;
        if guest.is_up() {
            how(guest, now);
            self.nets.release(name, &guest.attachments);
            self.tell_instance(name);
        }
        Ok(())
    }

    /// Changes a guest; the event is told when `change` says that there was a change.
    pub(super) fn change(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Guest) -> EngineResult<bool>,
    ) -> EngineResult<()> {
        if change(known(&mut self.guests, name)?)? {
            self.tell_instance(name);
        }
        Ok(())
    }

    /// Removes a guest, whoever it belongs to; whether it was there.
    pub(super) fn remove(&mut self, name: &str) {
        let Some(guest) = self.guests.remove(name) else { return };
        self.nets.release(name, &guest.attachments);
        self.leave_all(&guest);
        let owner = guest.spec.labels.get(LABEL_INSTALLATION).map(String::as_str);
        self.news.tell(self.clock.now(), owner, EngineEvent::Instance(name.to_owned()));
    }

    fn leave_all(&mut self, guest: &Guest) {
        for attachment in &guest.attachments {
            self.nets.leave(&guest.spec.name, &attachment.network);
        }
    }

    pub(super) fn attach(&mut self, name: &str, wish: &Attachment) -> EngineResult<()> {
        let guest = known(&mut self.guests, name)?;
        let mut wish = wish.clone();
        let more = drain_more(&mut wish);
        if guest.is_up() {
            guest.more_addresses.insert(wish.network.clone(), more);
            guest.unplugged.remove(&wish.network);
            guest.unplugged.extend((!wish.up).then(|| wish.network.clone()));
        }
        wish.up = true;
        if guest.attachments.iter().any(|existing| existing.network == wish.network) {
            return Ok(());
        }
        if !self.every_mac {
            wish.mac.clear();
        }
        let attachment = self.nets.join(name, &wish)?;
        if guest.is_up()
            && let Err(error) = self.nets.claim(name, std::slice::from_ref(&attachment))
        {
            self.nets.leave(name, &wish.network);
            return Err(error);
        }
        guest.attachments.push(attachment);
        self.tell_instance(name);
        Ok(())
    }

    pub(super) fn detach(&mut self, name: &str, network: &str) -> EngineResult<()> {
        let guest = known(&mut self.guests, name)?;
        let Some(at) = guest.attachments.iter().position(|one| one.network == network) else {
            return Ok(());
        };
        let attachment = guest.attachments.remove(at);
        self.nets.release(name, &[attachment]);
        self.nets.leave(name, network);
        self.tell_instance(name);
        Ok(())
    }

    pub(super) fn commit(
        &mut self,
        owner: &InstallationId,
        name: &str,
        reference: &str,
        labels: &Labels,
    ) -> EngineResult<EngineImage> {
        let now = self.clock.now();
        let guest = known(&mut self.guests, name)?;
        let mut run = guest.image.config.config.clone();
        if let Some(command) = &guest.spec.command {
            run.cmd = Some(command.clone());
        }
        let all = run.labels.get_or_insert_default();
        all.extend(guest.spec.labels.clone());
        all.extend(image_labels(owner, labels));
        let image = guest.commit(run, now)?;
        let made = self.shelf.insert_as(image, reference)?;
        self.tell_image(reference);
        Ok(made)
    }

    pub(super) fn ensure_network(
        &mut self,
        owner: &InstallationId,
        spec: &NetworkSpec,
    ) -> EngineResult<EngineNetwork> {
        if let Some(network) = self.nets.get(&spec.name) {
            ours(owner, &network.labels, &spec.name)?;
            return Ok(network);
        }
        let mut spec = spec.clone();
        mark(owner, &mut spec.labels);
        let (name, engine_id) = (spec.name.clone(), self.fresh_id());
        self.nets.insert(spec, engine_id)?;
        let event = EngineEvent::Network(name.clone());
        self.news.tell(self.clock.now(), Some(owner.as_str()), event);
        self.nets.get(&name).ok_or_else(|| no_such("network", &name))
    }

    pub(super) fn remove_network(
        &mut self,
        owner: &InstallationId,
        name: &str,
    ) -> EngineResult<()> {
        let is_ours = self.nets.get(name).is_some_and(|network| is_ours(owner, &network.labels));
        if is_ours && self.nets.remove(name)? {
            let event = EngineEvent::Network(name.to_owned());
            self.news.tell(self.clock.now(), Some(owner.as_str()), event);
        }
        Ok(())
    }

    pub(super) fn ensure_volume(
        &mut self,
        owner: &InstallationId,
        name: &str,
        labels: &Labels,
    ) -> EngineResult<EngineVolume> {
        if let Some(volume) = self.volumes.get(name) {
            ours(owner, &volume.labels, name)?;
            return Ok(volume.clone());
        }
        let mut volume = EngineVolume {
            name: name.to_owned(),
            labels: labels.clone(),
            mountpoint: Some(format!("/var/lib/sim/volumes/{name}/_data")),
        };
        mark(owner, &mut volume.labels);
        self.volumes.insert(name.to_owned(), volume.clone());
        let event = EngineEvent::Volume(name.to_owned());
        self.news.tell(self.clock.now(), Some(owner.as_str()), event);
        Ok(volume)
    }

    pub(super) fn remove_volume(&mut self, owner: &InstallationId, name: &str) {
        if self.volumes.get(name).is_some_and(|volume| is_ours(owner, &volume.labels)) {
            self.volumes.remove(name);
            self.roots.remove(name);
            let event = EngineEvent::Volume(name.to_owned());
            self.news.tell(self.clock.now(), Some(owner.as_str()), event);
        }
    }

    /// Whose file a guest means by a path, and its path there: a guest may have mounted another's file
    /// system.
    pub(super) fn place_of(&self, guest: &str, path: &str) -> (String, String) {
        let binds = self.guests.get(guest).into_iter().flat_map(|guest| &guest.spec.binds);
        let mut lent = binds.filter_map(|bind| {
            let owner = self.roots.get(&bind.source)?;
            let rest = path.strip_prefix(bind.target.as_str())?;
            rest.starts_with('/').then(|| (owner.clone(), rest.to_owned()))
        });
        lent.next_back().unwrap_or_else(|| (guest.to_owned(), path.to_owned()))
    }

    pub(super) fn tell_image(&mut self, reference: &str) {
        self.news.tell(self.clock.now(), None, EngineEvent::Image(reference.to_owned()));
    }

    fn tell_instance(&mut self, name: &str) {
        let labels = self.guests.get(name).map(|guest| &guest.spec.labels);
        let owner = labels.and_then(|labels| labels.get(LABEL_INSTALLATION)).cloned();
        let event = EngineEvent::Instance(name.to_owned());
        self.news.tell(self.clock.now(), owner.as_deref(), event);
    }
}

pub(super) fn known<'a>(
    guests: &'a mut BTreeMap<String, Guest>,
    name: &str,
) -> EngineResult<&'a mut Guest> {
    guests.get_mut(name).ok_or_else(|| no_such("instance", name))
}

pub(super) fn is_ours(owner: &InstallationId, labels: &Labels) -> bool {
    labels.get(LABEL_INSTALLATION).is_some_and(|label| label == owner.as_str())
}

/// A name that another installation has is refused: its object is neither kept nor touched.
fn ours(owner: &InstallationId, labels: &Labels, name: &str) -> EngineResult<()> {
    if is_ours(owner, labels) {
        return Ok(());
    }
    Err(EngineError::Refused(format!("the name {name} is taken by an object that is not ours")))
}

/// Whatever the caller says, what we make carries our label.
fn mark(owner: &InstallationId, labels: &mut Labels) {
    labels.insert(LABEL_INSTALLATION.to_owned(), owner.as_str().to_owned());
}

/// Takes the addresses beyond the first of each family out of what is wished for.
fn drain_more(wish: &mut Attachment) -> Vec<IpAddr> {
    let more = beyond_first(wish.addresses.iter().copied());
    wish.addresses.retain(|address| !more.contains(address));
    more
}
