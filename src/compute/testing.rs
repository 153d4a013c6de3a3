//! Rows for this crate's unit tests.

use std::collections::BTreeMap;

use kit::clock::Time;
use kit::ids::{FlavorId, ImageId, ProjectId, ServerId, UserId};
use serde_json::Map;

use crate::servers::model::{FlavorCopy, PowerState, Server, VmState};

/// An ACTIVE server of project `p`.
pub(crate) fn server(id: &str) -> Server {
    let now = Time(1_700_000_000_000_000);
    Server {
        number: 0,
        id: ServerId::from(id),
        project_id: ProjectId::from("p"),
        user_id: UserId::from("u"),
        name: id.to_owned(),
        hostname: id.to_owned(),
        description: None,
        image_id: Some(ImageId::from("image")),
        image_properties: BTreeMap::new(),
        flavor: FlavorCopy {
            id: FlavorId::from("1"),
            name: "m1.tiny".to_owned(),
            vcpus: 1,
            ram_mb: 512,
            disk_gb: 1,
            ephemeral_gb: 0,
            swap_mb: 0,
            extra_specs: BTreeMap::new(),
        },
        vm_state: VmState::Active,
        task_state: None,
        power_state: PowerState::Running,
        progress: 0,
        host: Some("host".to_owned()),
        availability_zone: Some("nova".to_owned()),
        pinned_zone: None,
        key_name: None,
        key_pair: None,
        user_data: None,
        config_drive: false,
        access_ipv4: None,
        access_ipv6: None,
        auto_disk_config: false,
        locked_by: None,
        locked_reason: None,
        reservation_id: "r-12345678".to_owned(),
        launch_index: 0,
        scheduler_hints: Map::new(),
        container: None,
        shelved: None,
        has_rescue: false,
        soft_deleted_at: None,
        metadata: Map::new(),
        tags: Vec::new(),
        created_at: now,
        updated_at: now,
        launched_at: Some(now),
        terminated_at: None,
        deleted_at: None,
    }
}
