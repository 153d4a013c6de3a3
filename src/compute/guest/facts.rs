//! All that a guest may learn of itself, put together once for both of its ways to ask: the
//! metadata service and the config drive.

use kit::ids::{ImageId, ProjectId, ServerId};
use network::facade::Nic;
use serde_json::{Map, Value};

use crate::servers::model::{KeyCopy, Server};

/// What a guest may know.
#[derive(Clone, Debug)]
pub struct GuestFacts {
    /// The server.
    pub id: ServerId,
    /// Its project.
    pub project_id: ProjectId,
    /// Order of creation; EC2's ids are made of it.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its host name, without domain.
    pub hostname: String,
    /// Its availability zone; empty until it is placed.
    pub availability_zone: String,
    /// Which server of its request it is.
    pub launch_index: i64,
    /// The request's reservation.
    pub reservation_id: String,
    /// Its image.
    pub image_id: Option<ImageId>,
    /// Its flavor's name.
    pub flavor_name: String,
    /// Its key pair.
    pub key_pair: Option<KeyCopy>,
    /// The owner's metadata.
    pub metadata: Map<String, Value>,
    /// The user data as bytes; empty is none.
    pub user_data: Vec<u8>,
    /// The password that it has posted, encrypted; empty is none.
    pub password: String,
    /// Its interfaces.
    pub nics: Vec<Nic>,
    /// The names of its security groups.
    pub security_groups: Vec<String>,
}

impl GuestFacts {
    /// The facts of a server.
    pub(crate) fn new(
        server: &Server,
        password: String,
        nics: Vec<Nic>,
        security_groups: Vec<String>,
    ) -> Self {
        Self {
            id: server.id.clone(),
            project_id: server.project_id.clone(),
            number: server.number,
            name: server.name.clone(),
            hostname: server.hostname.clone(),
            availability_zone: server.availability_zone.clone().unwrap_or_default(),
            launch_index: server.launch_index,
            reservation_id: server.reservation_id.clone(),
            image_id: server.image_id.clone(),
            flavor_name: server.flavor.name.clone(),
            key_pair: server.key_pair.clone(),
            metadata: server.metadata.clone(),
            user_data: server
                .user_data
                .as_deref()
                .map(super::user_data::decode)
                .unwrap_or_default(),
            password,
            nics,
            security_groups,
        }
    }

    /// Its name in the network (Nova: `[api] dhcp_domain`).
    pub fn full_hostname(&self) -> String {
        format!("{}.{DOMAIN}", self.hostname)
    }
}

/// Nova's default domain of guests.
const DOMAIN: &str = "novalocal";
