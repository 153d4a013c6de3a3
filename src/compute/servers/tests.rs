//! Every workflow of servers against power cuts, failures and repeats, over the simulated engine:
//! afterwards rows and guests agree, whatever happened, and a delete leaves nothing.

mod cloud;
mod neighbours;

use std::sync::Arc;

use kit::engine::sim::{Fault, When};
use kit::ids::FlavorId;
use kit::workflow::testkit::{World, power_cut_matrix, pre_empt_matrix};
use kit::workflow::{Operation, Runner, State, Workflow};
use network::facade::RequestedNic;
use serde_json::json;

use self::cloud::{Cloud, Request};
use super::actions::{
    change_password, confirm_resize, create_backup, create_image, pause, promise, reboot, rebuild,
    rescue, resize, restore, resume, revert_resize, shelve, shelve_offload, start, stop, suspend,
    trigger_crash_dump, unpause, unrescue, unshelve,
};
use super::boot::BOOT;
use super::delete::DELETE;
use super::interfaces::{attach, detach, exchange, logic as interfaces, readdress};
use super::model::{Server, TaskState, VmState};
use super::neighbours::FOLLOW;
use super::snapshot::Snapshot;
use super::timers::{self, TIMER};
use super::{soft_delete, states, store};
use crate::aggregates::image_cache::{self, CACHE_IMAGE};

#[tokio::test]
async fn a_boot_leaves_a_whole_server_or_one_in_error_without_anything() {
    power_cut_matrix(
        Cloud::asked,
        async |cloud: &Cloud| cloud.latest().await,
        async |cloud: &Cloud, operation: &Operation| {
            let left = cloud.left().await;
            if operation.state == State::Done {
                assert_eq!(left.states(), (VmState::Active, None));
                assert_eq!((left.guests, left.ports), (1, 1));
            } else {
                assert_eq!(left.states(), (VmState::Error, None));
                let host = left.server.unwrap().host;
                assert_eq!((left.guests, left.ports, host), (0, 0, None));
            }
            cloud.agrees().await;
            cloud.vanishes().await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_containers_boot_gives_it_a_port_of_the_host_until_it_is_gone() {
    power_cut_matrix(
        Cloud::asked_for_container,
        async |cloud: &Cloud| cloud.latest().await,
        async |cloud: &Cloud, operation: &Operation| {
            if operation.state == State::Done {
                assert_eq!(cloud.left().await.states(), (VmState::Active, None));
                assert_eq!(cloud.host_ports().await, 1);
            }
            cloud.agrees().await;
            cloud.vanishes().await;
            assert_eq!(cloud.host_ports().await, 0);
        },
    )
    .await;
}

#[tokio::test]
async fn a_containers_ports_of_the_host_are_the_same_after_a_rebuild() {
    let cloud = Cloud::asked_for_container().await;
    cloud.settle().await;
    let before = cloud.guest().await;
    cloud.request(REBUILD).await.unwrap();
    cloud.settle().await;
    assert_eq!(cloud.left().await.states(), (VmState::Active, None));
    let after = cloud.guest().await;
    assert_ne!(after.engine_id, before.engine_id);
    assert_eq!(cloud.host_ports().await, 1);
    let given = cloud.left().await.server.unwrap().container.unwrap().spec.published;
    assert_eq!(cloud.engine.host_ports(&after.name), [given[0].host_port]);
}

#[tokio::test]
async fn a_delete_takes_everything_with_it() {
    power_cut_matrix(
        async || Cloud::after(&[]).await,
        async |cloud: &Cloud| {
            cloud.delete().await?;
            cloud.latest().await
        },
        async |cloud: &Cloud, operation: &Operation| {
            let left = cloud.left().await;
            if operation.state == State::Done {
                assert!(left.server.is_none());
                assert_eq!((left.guests, left.ports), (0, 0));
            } else {
                assert_eq!(left.states(), (VmState::Error, None));
                cloud.agrees().await;
                cloud.vanishes().await;
            }
        },
    )
    .await;
}

#[tokio::test]
async fn fetching_an_image_ends_and_leaves_servers_alone() {
    power_cut_matrix(
        async || Cloud::after(&[]).await,
        async |cloud: &Cloud| {
            cloud.request(CACHE).await?;
            cloud.latest_on(image_cache::target(&cloud.image().await)).await
        },
        async |cloud: &Cloud, _: &Operation| {
            assert_eq!(cloud.left().await.states(), (VmState::Active, None));
            cloud.agrees().await;
            cloud.vanishes().await;
        },
    )
    .await;
}

#[tokio::test]
async fn a_delete_goes_before_a_boot() {
    pre_empt_matrix(
        Cloud::asked,
        async |cloud: &Cloud| cloud.latest().await,
        async |cloud: &Cloud| cloud.delete().await,
        async |cloud: &Cloud, _: &Operation| {
            let left = cloud.left().await;
            assert!(left.server.is_none());
            assert_eq!((left.guests, left.ports), (0, 0));
        },
    )
    .await;
}

/// An action and what it makes of a server.
struct Trial {
    name: &'static str,
    workflow: &'static Workflow,
    /// What was done to the running server before.
    before: &'static [Request],
    begin: Request,
    /// The state after it.
    done: VmState,
    /// The state after it failed.
    failed: VmState,
}

const STOP: Request = |asked, db| promise(asked, db, &states::STOP, &stop::STOP);
/// The smallest flavor that has as much disk.
const RESIZE: Request = |asked, db| resize::promise(asked, db, &another_flavor("84"));
const CONFIRM: Request = confirm_resize::promise;
const REVERT: Request = revert_resize::promise;
const START: Request = |asked, db| promise(asked, db, &states::START, &start::START);
const PAUSE: Request = |asked, db| promise(asked, db, &states::PAUSE, &pause::PAUSE);
const UNPAUSE: Request = |asked, db| promise(asked, db, &states::UNPAUSE, &unpause::UNPAUSE);
const SUSPEND: Request = |asked, db| promise(asked, db, &states::SUSPEND, &suspend::SUSPEND);
const RESUME: Request = |asked, db| promise(asked, db, &states::RESUME, &resume::RESUME);
const REBOOT_SOFT: Request = reboot::reboot_softly;
const REBOOT_HARD: Request = reboot::force;
const CHANGE_PASSWORD: Request = |asked, db| {
    let params = change_password::Params { user: "root".to_owned(), hash: "$6$a$b".to_owned() };
    change_password::promise(asked, db, &params)
};
const CREATE_IMAGE: Request =
    |asked, db| create_image::promise(asked, db, Snapshot::default()).map(drop);

const BACKUP: Request = |asked, db| {
    let backup = create_backup::Backup { rotation: 1, ..create_backup::Backup::default() };
    create_backup::promise(asked, db, backup).map(drop)
};
const SHELVE: Request = |asked, db| shelve::promise(asked, db, 0);
const SHELVE_ONLY: Request = |asked, db| shelve::promise(asked, db, -1);
const OFFLOAD: Request =
    |asked, db| promise(asked, db, &states::SHELVE_OFFLOAD, &shelve_offload::SHELVE_OFFLOAD);
const UNSHELVE: Request = |asked, db| unshelve::promise(asked, db, unshelve::Wanted::default());

const SOFT_DELETE: Request = |asked, db| soft_delete::delete_softly(asked, db, asked.open(db)?, 0);
const RESTORE: Request = restore::promise;

const RESCUE: Request = |asked, db| {
    let wanted = rescue::Rescue { image: None, password_hash: "$6$a$b".to_owned() };
    rescue::promise(asked, db, &wanted)
};
const UNRESCUE: Request = |asked, db| promise(asked, db, &states::UNRESCUE, &unrescue::UNRESCUE);

const REBUILD: Request = |asked, db| {
    let image = asked.open(db)?.image_id;
    rebuild::promise(asked, db, rebuild::read(&json!({"imageRef": image}))?).map(drop)
};

fn another_flavor(id: &str) -> resize::Resize {
    let flavor = FlavorId::from(id);
    resize::Resize { flavor, auto_disk_config: None, confirm_at_once: false }
}

/// The image of the server, as for the hosts of an aggregate.
const CACHE: Request = |asked, db| {
    let server = asked.open(db)?;
    let fetched = image_cache::Asked {
        project: server.project_id,
        user: server.user_id,
        request_id: asked.request_id.clone(),
        now: asked.now,
    };
    image_cache::promise(db, &fetched, &server.image_id.unwrap())
};

/// A network of the project's own, with an address for one guest.
const ATTACH: Request = |asked, db| {
    let nic = RequestedNic {
        network: Some(cloud::another_network(asked, db)?),
        ..RequestedNic::default()
    };
    interfaces::attach(asked, db, nic).map(drop)
};
const DETACH: Request = |asked, db| {
    let nics = interfaces::list(asked, db)?;
    interfaces::detach(asked, db, nics[nics.len() - 1].port.clone())
};

const ADDRESS: Request = |asked, db| {
    let nics = interfaces::list(asked, db)?;
    readdress::add(asked, db, &nics[0].network)
};

const EXCHANGE: Request = |asked, db| {
    let network = Some(cloud::another_network(asked, db)?);
    let gone = interfaces::list(asked, db)?.into_iter().map(|nic| nic.port).collect();
    let wanted = vec![RequestedNic { network, ..RequestedNic::default() }];
    interfaces::exchange(asked, db, gone, wanted, &[]).map(drop)
};

/// A row per trial: its test, its workflow, what was done before, what is done, and the state
/// after success and after failure.
macro_rules! trials {
    ($($test:ident $workflow:path, $before:expr, $begin:expr, $done:expr, $failed:expr;)*) => {
        static TRIALS: &[Trial] = &[$(Trial {
            name: stringify!($test),
            workflow: &$workflow,
            before: &$before,
            begin: $begin,
            done: $done,
            failed: $failed,
        }),*];
        $(#[tokio::test]
        async fn $test() {
            try_out(stringify!($test)).await;
        })*
    };
}

use VmState as V;

trials! {
    a_stop_stops_or_leaves_the_server_active stop::STOP, [], STOP, V::Stopped, V::Active;
    a_start_runs_the_guest_or_leaves_it_stopped start::START, [STOP], START, V::Active, V::Stopped;
    a_soft_reboot_leaves_the_server_active reboot::REBOOT_SOFT, [], REBOOT_SOFT, V::Active, V::Active;
    a_hard_reboot_brings_the_server_back_or_is_an_error reboot::REBOOT_HARD, [], REBOOT_HARD, V::Active, V::Error;
    a_hard_reboot_thaws_a_paused_server reboot::REBOOT_HARD, [PAUSE], REBOOT_HARD, V::Active, V::Error;
    a_rebuild_makes_another_guest_or_is_an_error rebuild::REBUILD, [], REBUILD, V::Active, V::Error;
    a_stopped_server_stays_so_over_a_rebuild rebuild::REBUILD, [STOP], REBUILD, V::Stopped, V::Error;
    a_resize_changes_the_limits_or_nothing resize::RESIZE, [], RESIZE, V::Resized, V::Active;
    a_stopped_server_stays_so_over_a_failed_resize resize::RESIZE, [STOP], RESIZE, V::Resized, V::Stopped;
    a_confirmed_resize_is_kept confirm_resize::CONFIRM, [RESIZE], CONFIRM, V::Active, V::Resized;
    a_stopped_server_is_stopped_after_its_resize confirm_resize::CONFIRM, [STOP, RESIZE], CONFIRM, V::Stopped, V::Resized;
    a_reverted_resize_leaves_what_was_before revert_resize::REVERT, [RESIZE], REVERT, V::Active, V::Resized;
    a_pause_pauses_or_leaves_the_server_active pause::PAUSE, [], PAUSE, V::Paused, V::Active;
    an_unpause_thaws_or_leaves_the_server_paused unpause::UNPAUSE, [PAUSE], UNPAUSE, V::Active, V::Paused;
    a_suspend_suspends_or_leaves_the_server_active suspend::SUSPEND, [], SUSPEND, V::Suspended, V::Active;
    a_resume_thaws_or_leaves_the_server_suspended resume::RESUME, [SUSPEND], RESUME, V::Active, V::Suspended;
    an_interface_is_the_guests_or_given_back attach::ATTACH, [], ATTACH, V::Active, V::Active;
    a_stopped_guest_has_it_when_it_starts attach::ATTACH, [STOP], ATTACH, V::Stopped, V::Stopped;
    an_address_more_is_the_guests_or_given_back readdress::READDRESS, [], ADDRESS, V::Active, V::Active;
    an_interface_is_gone_or_kept detach::DETACH, [ATTACH], DETACH, V::Active, V::Active;
    interfaces_are_exchanged_or_fewer exchange::EXCHANGE, [], EXCHANGE, V::Active, V::Active;
    a_password_is_changed_or_the_old_one change_password::CHANGE_PASSWORD, [], CHANGE_PASSWORD, V::Active, V::Active;
    a_backup_is_made_whole_or_not_at_all create_backup::CREATE_BACKUP, [], BACKUP, V::Active, V::Active;
    a_server_is_shelved_or_runs_on shelve::SHELVE, [], SHELVE, V::ShelvedOffloaded, V::Active;
    a_paused_server_is_shelved_or_stays_paused shelve::SHELVE, [PAUSE], SHELVE_ONLY, V::Shelved, V::Paused;
    a_shelved_server_is_offloaded_or_stays_shelved shelve_offload::SHELVE_OFFLOAD, [SHELVE_ONLY], OFFLOAD, V::ShelvedOffloaded, V::Shelved;
    a_shelved_server_runs_again_or_stays_shelved unshelve::UNSHELVE_KEPT, [SHELVE_ONLY], UNSHELVE, V::Active, V::Shelved;
    an_offloaded_server_is_made_anew_or_stays_offloaded unshelve::UNSHELVE, [SHELVE], UNSHELVE, V::Active, V::ShelvedOffloaded;
    a_soft_deletion_stops_or_leaves_the_server_active soft_delete::SOFT_DELETE, [], SOFT_DELETE, V::SoftDeleted, V::Active;
    a_restored_server_runs_or_stays_deleted restore::RESTORE, [SOFT_DELETE], RESTORE, V::Active, V::SoftDeleted;
    a_rescue_runs_beside_the_server_or_leaves_it_active rescue::RESCUE, [], RESCUE, V::Rescued, V::Active;
    a_rescue_leaves_a_stopped_server_stopped rescue::RESCUE, [STOP], RESCUE, V::Rescued, V::Stopped;
    a_rescued_server_runs_again_or_is_an_error unrescue::UNRESCUE, [RESCUE], UNRESCUE, V::Active, V::Error;
    an_image_is_made_whole_or_not_at_all create_image::CREATE_IMAGE, [], CREATE_IMAGE, V::Active, V::Active;
}

/// The action succeeds, or leaves the server as it was; row and guest agree in the end, and
/// nothing is left over.
async fn try_out(name: &str) {
    let trial = TRIALS.iter().find(|trial| trial.name == name).unwrap();
    power_cut_matrix(
        async || Cloud::after(trial.before).await,
        async |cloud: &Cloud| {
            cloud.request(trial.begin).await?;
            cloud.latest().await
        },
        async |cloud: &Cloud, operation: &Operation| {
            let done = operation.state == State::Done;
            let left = cloud.left().await;
            let server = left.server.as_ref().unwrap();
            assert!(left.volumes == 0 || server.has_rescue);
            let is_shelved = server.shelved.is_some();
            let state = if done { trial.done } else { failed_state(trial, server) };
            assert_eq!(left.states(), (state, None));
            let ports = 1 + usize::from(has_another_port(&operation.kind, done));
            let ports = if operation.kind == exchange::EXCHANGE.kind && !done {
                left.ports.min(1)
            } else {
                ports
            };
            assert_eq!(left.ports, ports);
            assert!(guests(&operation.kind, state, done).contains(&left.guests), "{}", left.guests);
            assert_eq!(left.fault.is_some(), !done);
            cloud.agrees().await;
            cloud.limits_are_the_flavors().await;
            let made = done && IMAGING.contains(&operation.kind.as_str());
            // A guest that was made of its shelf's image keeps that on the engine.
            let is_used = done && operation.kind == unshelve::UNSHELVE.kind;
            let snapshots = usize::from(made || is_used || is_shelved);
            assert_eq!(cloud.left().await.snapshots, snapshots);
            cloud.vanishes().await;
            cloud.reconcile().await;
            assert_eq!(cloud.left().await.snapshots, usize::from(made));
        },
    )
    .await;
}

/// What makes an image that stays.
static IMAGING: &[&str] = &[create_image::CREATE_IMAGE.kind, create_backup::CREATE_BACKUP.kind];

/// Whose failure may leave no guest: it was on its way out, or the next rebuild makes it.
static REMOVING: &[&str] =
    &[rebuild::REBUILD.kind, shelve::SHELVE.kind, shelve_offload::SHELVE_OFFLOAD.kind];

fn guests(kind: &str, state: VmState, done: bool) -> std::ops::RangeInclusive<usize> {
    if state == V::ShelvedOffloaded {
        0..=0
    } else if state == V::Rescued {
        2..=2
    } else if state == V::Error && kind == unrescue::UNRESCUE.kind {
        1..=2
    } else if !done && REMOVING.contains(&kind) {
        0..=1
    } else {
        1..=1
    }
}

/// A server whose image is on the shelf is shelved, whatever becomes of its guest.
fn failed_state(trial: &Trial, server: &Server) -> VmState {
    let shelves = trial.workflow.kind == shelve::SHELVE.kind;
    if shelves && server.shelved.is_some() { V::Shelved } else { trial.failed }
}

fn has_another_port(kind: &str, done: bool) -> bool {
    (kind == attach::ATTACH.kind && done) || (kind == detach::DETACH.kind && !done)
}

#[tokio::test]
async fn a_delete_goes_before_every_action() {
    for trial in TRIALS {
        pre_empt_matrix(
            async || Cloud::after(trial.before).await,
            async |cloud: &Cloud| {
                cloud.request(trial.begin).await?;
                cloud.latest().await
            },
            async |cloud: &Cloud| cloud.delete().await,
            async |cloud: &Cloud, _: &Operation| {
                cloud.reconcile().await;
                let left = cloud.left().await;
                assert!(left.server.is_none() && left.fault.is_none(), "{}", trial.name);
                assert_eq!((left.guests, left.ports), (0, 0), "{}", trial.name);
            },
        )
        .await;
    }
}

#[tokio::test]
async fn a_hard_reboot_goes_before_the_softer_actions() {
    for trial in TRIALS {
        let cloud = Cloud::after(trial.before).await;
        cloud.request(trial.begin).await.unwrap();
        let softer = trial.workflow.kind != reboot::REBOOT_HARD.kind;
        // Nova lets some actions come to their end.
        if !softer || cloud.request(REBOOT_HARD).await.is_err() {
            continue;
        }
        pre_empt_matrix(
            async || Cloud::after(trial.before).await,
            async |cloud: &Cloud| {
                cloud.request(trial.begin).await?;
                cloud.latest().await
            },
            async |cloud: &Cloud| cloud.request(REBOOT_HARD).await,
            async |cloud: &Cloud, _: &Operation| {
                let left = cloud.left().await;
                assert_eq!(left.states(), (VmState::Active, None), "{}", trial.name);
                assert_eq!(left.fault, None, "{}", trial.name);
                cloud.agrees().await;
            },
        )
        .await;
    }
}

/// The first stop of the engine is the soft reboot's, the second the hard one's.
#[tokio::test]
async fn a_reboot_that_is_pre_empted_leaves_the_task_to_its_successor() {
    let cloud = Cloud::after(&[]).await;
    for nth in [1, 2] {
        cloud.engine.faults().order("stop", When::Nth(nth), Fault::Hang);
    }
    let hangs = async |calls| {
        while cloud.engine.faults().calls("stop") < calls {
            tokio::task::yield_now().await;
        }
    };
    let runner = Runner::new(Arc::clone(&cloud.platform), cloud.workflows());
    Arc::new(runner).start();
    cloud.request(REBOOT_SOFT).await.unwrap();
    hangs(1).await;
    cloud.request(REBOOT_HARD).await.unwrap();
    cloud.engine.faults().release();
    hangs(2).await;
    let left = cloud.left().await;
    assert_eq!(left.states(), (VmState::Active, Some(TaskState::RebootingHard)));
    assert_eq!(left.fault, None);
}

#[tokio::test]
async fn a_deleted_server_is_forgotten_with_its_history_and_a_living_one_is_not() {
    let cloud = Cloud::after(&[STOP]).await;
    let kept_seconds = cloud.platform.settings.compute.deleted_retention;
    let later = async |seconds| {
        cloud.platform.clock.advance_seconds(seconds);
        cloud.reconcile().await;
        cloud.history().await
    };
    let labels = ["stop", "create"];
    assert_eq!(later(2 * kept_seconds).await, (true, labels.map(str::to_owned).to_vec()));
    cloud.vanishes().await;
    let labels = ["delete", "stop", "create"];
    assert_eq!(later(kept_seconds).await, (true, labels.map(str::to_owned).to_vec()));
    assert_eq!(later(1).await, (false, Vec::new()));
}

#[tokio::test]
async fn a_timer_offloads_a_shelved_server_or_leaves_it() {
    power_cut_matrix(
        async || Cloud::after(&[SHELVE_ONLY]).await,
        async |cloud: &Cloud| {
            cloud.request(OFFLOAD_LATER).await?;
            cloud.latest().await
        },
        async |cloud: &Cloud, operation: &Operation| {
            let done = operation.state == State::Done;
            let state = if done { V::ShelvedOffloaded } else { V::Shelved };
            assert_eq!(cloud.left().await.states(), (state, None));
            cloud.agrees().await;
            cloud.vanishes().await;
        },
    )
    .await;
}

const OFFLOAD_LATER: Request = |asked, db| {
    let server = asked.open(db)?;
    timers::set(db, asked.now, &server, &shelve_offload::SHELVE_OFFLOAD, 60)
};

#[tokio::test]
async fn a_softly_deleted_server_goes_when_its_time_is_over() {
    let cloud =
        Cloud::after(&[|asked, db| soft_delete::delete_softly(asked, db, asked.open(db)?, 60)])
            .await;
    let left = cloud.left().await;
    assert!(left.server.is_none());
    assert_eq!((left.guests, left.ports), (0, 0));
}

#[tokio::test]
async fn a_crash_dump_fails_and_changes_nothing() {
    let cloud = Cloud::after(&[|asked, db| trigger_crash_dump::promise(asked, db)]).await;
    let left = cloud.left().await;
    assert_eq!(left.states(), (V::Active, None));
    assert!(left.fault.unwrap().message.starts_with("A container has no kernel"));
}

#[tokio::test]
async fn a_timer_does_nothing_to_a_server_that_was_brought_back_meanwhile() {
    let cloud = Cloud::after(&[SHELVE_ONLY]).await;
    cloud.request(OFFLOAD_LATER).await.unwrap();
    cloud.request(UNSHELVE).await.unwrap();
    cloud.settle().await;
    assert_eq!(cloud.left().await.states(), (V::Active, None));
}

#[tokio::test]
async fn a_server_whose_shelved_image_is_gone_is_an_error() {
    let cloud = Cloud::after(&[SHELVE]).await;
    cloud
        .request(|asked, db| {
            let shelved = store::get_for_system(db, &asked.open(db)?.id)?.unwrap().shelved;
            image::facade::delete_snapshot(db, asked.now, &shelved.unwrap().image)
        })
        .await
        .unwrap();
    cloud.request(UNSHELVE).await.unwrap();
    cloud.settle().await;
    let left = cloud.left().await;
    assert_eq!(left.states(), (V::Error, None));
    assert!(left.fault.unwrap().message.starts_with("Unshelve attempted but the image "));
}

#[tokio::test]
async fn backups_beyond_the_rotation_go_the_oldest_first() {
    let cloud = Cloud::after(&[BACKUP, BACKUP]).await;
    cloud.reconcile().await;
    assert_eq!(cloud.left().await.snapshots, 1);
}

/// Whoever adds a workflow adds its row above.
#[test]
fn every_workflow_is_tried_out() {
    let crash_dump = &trigger_crash_dump::TRIGGER_CRASH_DUMP;
    let own_tests = [&BOOT, &DELETE, &TIMER, &FOLLOW, crash_dump, &CACHE_IMAGE];
    let tried = || TRIALS.iter().map(|trial| trial.workflow).chain(own_tests);
    for workflow in crate::SERVICE.workflows.iter().filter(|workflow| !workflow.steps.is_empty()) {
        assert!(tried().any(|other| other.kind == workflow.kind), "{} is not", workflow.kind);
    }
}
