//! What the engine says happened.
//!
//! Docker tells the labels of a container with its event, not those of networks and volumes: a
//! hint at one of those may concern somebody else's. It is only a hint; who follows it asks for
//! the object, and that answer is about ours alone.

use bollard::models::{EventMessage, EventMessageTypeEnum};
use bollard::query_parameters::EventsOptionsBuilder;
use futures_util::{StreamExt, future};
use kit::clock::Time;
use kit::engine::{EngineEvent, EngineResult, EventStream, LABEL_INSTALLATION};
use kit::ids::InstallationId;

use crate::DockerEngine;
use crate::errors::meaning;
use crate::names::Filters;

/// The kinds of objects that events are about.
const TYPES: &[&str] = &["container", "image", "network", "volume"];
/// The events that change what an object is; those of every exec and every copy are left out.
const ACTIONS: &[&str] = &[
    "create", "start", "die", "oom", "pause", "unpause", "rename", "update",
    "destroy", // both
    "delete", "import", "load", "pull", "tag", "untag", // images
];

impl DockerEngine {
    pub(crate) async fn listen(&self, since: Option<Time>) -> EngineResult<EventStream> {
        // The stream is lazy, it is opened when it is first read. Asked now: whether the engine is
        // there, and its time, so that nothing is lost until then.
        let now = self.system_info().await?.system_time;
        let strings = |all: &[&str]| all.iter().map(|&one| one.to_owned()).collect();
        let filters = Filters::from([
            ("type".to_owned(), strings(TYPES)),
            ("event".to_owned(), strings(ACTIONS)),
        ]);
        let since = match since {
            Some(since) => since.seconds().to_string(),
            None => now.as_deref().and_then(Time::parse).map(fraction).unwrap_or_default(),
        };
        let options = EventsOptionsBuilder::new().filters(&filters).since(&since).build();
        let told = self.connection.link().await?.docker.events(Some(options));
        let installation = self.installation.clone();
        let hints = told.filter_map(move |message| {
            let hint = match message {
                Ok(message) => hint(&installation, message).map(Ok),
                Err(error) => Some(Err(meaning(error))),
            };
            future::ready(hint)
        });
        Ok(Box::pin(hints))
    }
}

/// Seconds and a fraction, as Docker reads times.
fn fraction(time: Time) -> String {
    format!("{}.{:06}000", time.seconds(), time.0.rem_euclid(1_000_000))
}

fn hint(installation: &InstallationId, message: EventMessage) -> Option<EngineEvent> {
    let actor = message.actor.unwrap_or_default();
    let attributes = actor.attributes.unwrap_or_default();
    let name = attributes.get("name").cloned();
    #[expect(clippy::wildcard_enum_match_arm, reason = "new kinds of objects are not ours")]
    match message.typ? {
        EventMessageTypeEnum::CONTAINER => {
            let ours = attributes.get(LABEL_INSTALLATION)? == installation.as_str();
            name.filter(|_| ours).map(EngineEvent::Instance)
        }
        EventMessageTypeEnum::IMAGE => name.or(actor.id).map(EngineEvent::Image),
        EventMessageTypeEnum::NETWORK => name.map(EngineEvent::Network),
        EventMessageTypeEnum::VOLUME => name.or(actor.id).map(EngineEvent::Volume),
        _ => None,
    }
}
