//! Cases about instances.

use bytes::Bytes;
use futures_util::StreamExt;

use super::fixture::{Fixture, Flaw, in_time, not_found, refused, same};
use crate::engine::{
    Attachment, EngineError, EngineResult, Exec, GuestFile, InstanceSpec, Limits, Power, Size,
    Terminal, Usage, contract::fixture::must,
};

type Outcome = Result<(), Flaw>;

pub(super) async fn creating_twice_makes_one(fixture: &Fixture) -> Outcome {
    let spec = fixture.spec("a");
    let first = fixture.engine.create(&spec).await?;
    let second = fixture.engine.create(&spec).await?;
    same(&second, &first, "the instance created again")?;
    let there = fixture.seen(&spec.name).await?;
    same(&there.engine_id, &first, "its id")?;
    same(there.power, Power::Created, "its state")?;
    same(there.labels.get("novadock.id").map(String::as_str), Some("a"), "its label")?;
    let all = fixture.engine.list().await?;
    same(all.len(), 1, "instances listed")?;
    same(there.exit_code, None, "the exit code of what never ran")
}

pub(super) async fn starting_and_stopping_twice_is_success(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    fixture.engine.start(&name).await?;
    let running = fixture.seen(&name).await?;
    same(running.power, Power::Running, "started")?;
    must(running.started_at.is_some() && running.pid.is_some(), "a start has a time and a pid")?;
    fixture.engine.stop(&name, 0).await?;
    fixture.engine.stop(&name, 0).await?;
    let stopped = fixture.seen(&name).await?;
    same(stopped.power, Power::Stopped, "stopped")?;
    must(stopped.exit_code.is_some() && stopped.pid.is_none(), "an end has a code and no pid")?;
    must(stopped.finished_at >= stopped.started_at, "it ends after its start")?;
    fixture.engine.start(&name).await?;
    same(fixture.seen(&name).await?.power, Power::Running, "started again")
}

pub(super) async fn a_guest_that_ends_is_seen_with_its_exit_code(fixture: &Fixture) -> Outcome {
    let spec = InstanceSpec { command: Some(Fixture::shell("exit 3")), ..fixture.spec("a") };
    fixture.boot(&spec).await?;
    let ended = fixture.until(&spec.name, Power::Stopped).await?;
    same(ended.exit_code, Some(3), "its exit code")?;
    same(ended.out_of_memory, false, "out of memory")
}

pub(super) async fn freezing_and_thawing_twice_is_success(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    fixture.engine.pause(&name).await?;
    fixture.engine.pause(&name).await?;
    same(fixture.seen(&name).await?.power, Power::Paused, "frozen")?;
    refused(fixture.engine.start(&name).await, "the start of a frozen guest")?;
    fixture.engine.unpause(&name).await?;
    fixture.engine.unpause(&name).await?;
    same(fixture.seen(&name).await?.power, Power::Running, "thawed")?;
    fixture.engine.pause(&name).await?;
    fixture.engine.stop(&name, 0).await?;
    same(fixture.seen(&name).await?.power, Power::Stopped, "stopped while frozen")
}

pub(super) async fn what_does_not_run_is_not_frozen(fixture: &Fixture) -> Outcome {
    let spec = fixture.spec("a");
    fixture.engine.create(&spec).await?;
    refused(fixture.engine.pause(&spec.name).await, "freezing what does not run")?;
    refused(fixture.engine.unpause(&spec.name).await, "thawing what does not run")
}

pub(super) async fn removing_twice_is_success_and_leaves_nothing(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    fixture.engine.remove(&name).await?;
    fixture.engine.remove(&name).await?;
    same(fixture.engine.inspect(&name).await?, None, "removed")?;
    same(fixture.engine.list().await?.len(), 0, "instances listed")
}

pub(super) async fn an_instance_that_is_not_there_is_not_found(fixture: &Fixture) -> Outcome {
    let (engine, name) = (&fixture.engine, fixture.name("nobody"));
    let exec = Exec { command: Fixture::shell("true"), ..Exec::default() };
    let attachment = Attachment { network: "bridge".into(), ..fixture.on("a", 1, 2) };
    let labels = <_>::default();
    same(engine.inspect(&name).await?, None, "inspect")?;
    not_found(engine.start(&name).await, "start")?;
    not_found(engine.stop(&name, 0).await, "stop")?;
    not_found(engine.pause(&name).await, "pause")?;
    not_found(engine.unpause(&name).await, "unpause")?;
    not_found(engine.console(&name, None).await, "console")?;
    not_found(engine.set_limits(&name, &Limits::default()).await, "set_limits")?;
    not_found(engine.put_files(&name, &[]).await, "put_files")?;
    not_found(engine.read_file(&name, "/etc/passwd", 100).await, "read_file")?;
    not_found(engine.exec(&name, &exec).await, "exec")?;
    not_found(engine.exec_detached(&name, &exec).await, "exec_detached")?;
    not_found(engine.commit(&name, &fixture.reference("x"), &labels, true).await, "commit")?;
    not_found(engine.attach(&name, &attachment).await, "attach")?;
    not_found(engine.detach(&name, "bridge").await, "detach")?;
    not_found(engine.usage(&name).await, "usage")?;
    not_found(engine.processes(&name).await, "processes")
}

pub(super) async fn an_image_that_is_not_there_is_not_found(fixture: &Fixture) -> Outcome {
    let image = fixture.reference("nothing");
    let spec = InstanceSpec { image: image.clone(), ..fixture.spec("a") };
    not_found(fixture.engine.create(&spec).await, "create")?;
    same(fixture.engine.inspect(&spec.name).await?, None, "the instance")?;
    same(fixture.engine.image(&image).await?, None, "the image")?;
    not_found(fixture.engine.export_image(&image).await.map(drop), "export")?;
    not_found(fixture.engine.tag_image(&image, &fixture.reference("x")).await, "tag")?;
    fixture.engine.remove_image(&image).await?;
    Ok(())
}

pub(super) async fn limits_are_set_and_changed(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    same(fixture.seen(&name).await?.limits, fixture.spec("a").limits, "the limits")?;
    let more = Limits { vcpus: 2, memory_bytes: 96 << 20, disk_bytes: 0 };
    fixture.engine.set_limits(&name, &more).await?;
    same(fixture.seen(&name).await?.limits, more, "the limits changed")?;
    fixture.engine.stop(&name, 0).await?;
    let less = Limits { vcpus: 0, memory_bytes: 32 << 20, disk_bytes: 0 };
    fixture.engine.set_limits(&name, &less).await?;
    fixture.engine.start(&name).await?;
    let changed = Limits { vcpus: 2, ..less };
    same(fixture.seen(&name).await?.limits, changed, "the limits changed at rest")
}

pub(super) async fn usage_is_shown(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    match fixture.engine.usage(&name).await {
        Err(EngineError::Unsupported(_)) => {}
        usage => {
            let usage = usage?;
            same(usage.memory_limit_bytes, 64 << 20, "the memory limit")?;
            must(usage.memory_bytes <= usage.memory_limit_bytes, "no more is used than may be")?;
        }
    }
    fixture.engine.stop(&name, 0).await?;
    let usage = fixture.engine.usage(&name).await?;
    let at_rest = Usage { memory_limit_bytes: usage.memory_limit_bytes, ..Usage::default() };
    same(usage, at_rest, "what a stopped guest uses")
}

pub(super) async fn the_console_is_kept_over_the_end(fixture: &Fixture) -> Outcome {
    let script = "echo first-words; echo last-words; exit 0";
    let spec = InstanceSpec { command: Some(Fixture::shell(script)), ..fixture.spec("a") };
    fixture.boot(&spec).await?;
    fixture.until(&spec.name, Power::Stopped).await?;
    let console = |tail: Option<u32>| async move {
        let bytes = fixture.engine.console(&fixture.name("a"), tail).await?;
        EngineResult::Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    let all = in_time("the console", async {
        loop {
            let all = console(None).await?;
            if all.contains("last-words") {
                return Ok(all);
            }
        }
    })
    .await?;
    must(all.contains("first-words"), format!("the whole console: {all:?}"))?;
    let tail = console(Some(1)).await?;
    must(tail.contains("last-words") && tail.lines().count() == 1, format!("its end: {tail:?}"))?;
    same(console(Some(0)).await?.as_str(), "", "no lines of it")
}

fn file(path: &str, content: &'static [u8]) -> GuestFile {
    GuestFile {
        path: path.to_owned(),
        content: Some(Bytes::from_static(content)),
        mode: 0o640,
        uid: 7,
        gid: 8,
    }
}

pub(super) async fn files_keep_owner_and_mode(fixture: &Fixture) -> Outcome {
    let spec = fixture.spec("a");
    fixture.engine.create(&spec).await?;
    let directory = GuestFile { content: None, mode: 0o755, ..file("/srv/contract", b"") };
    for (path, running) in [("/srv/contract/before", false), ("/srv/contract/after", true)] {
        if running {
            fixture.engine.start(&spec.name).await?;
        }
        let files = [directory.clone(), file(path, b"\0hello\n")];
        fixture.engine.put_files(&spec.name, &files).await?;
        let read = fixture.engine.read_file(&spec.name, path, 100).await?;
        let read = read.ok_or_else(|| Flaw(format!("{path} is not there")))?;
        same(read.path.as_str(), path, "the path")?;
        same(read.content.as_deref(), Some(b"\0hello\n".as_slice()), "the content")?;
        same((read.mode & 0o7777, read.uid, read.gid), (0o640, 7, 8), "mode and owner")?;
    }
    Ok(())
}

pub(super) async fn files_that_are_not_there_or_too_large_are_not_read(
    fixture: &Fixture,
) -> Outcome {
    static LARGE: [u8; 100_000] = [7; 100_000];
    let name = fixture.booted("a").await?;
    fixture.engine.put_files(&name, &[file("/large", &LARGE)]).await?;
    let read = |path, limit| fixture.engine.read_file(&name, path, limit);
    must(read("/nothing", 100).await?.is_none(), "a file that is not there")?;
    refused(read("/large", 99_999).await, "a file that is too large")?;
    refused(read("/large", 10).await, "a file that is much too large")?;
    must(read("/large", 100_000).await?.is_some(), "a file that is just small enough")
}

pub(super) async fn a_guest_that_does_not_run_executes_nothing(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    fixture.engine.pause(&name).await?;
    refused(fixture.sh(&name, "true").await, "exec in a frozen guest")?;
    fixture.engine.stop(&name, 0).await?;
    refused(fixture.sh(&name, "true").await, "exec in a stopped guest")?;
    refused(fixture.engine.processes(&name).await, "the processes of a stopped guest")
}

pub(super) async fn processes_are_shown(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    let table = fixture.engine.processes(&name).await?;
    must(table.len() >= 2, format!("titles and a process: {table:?}"))?;
    let titles = table.first().map(Vec::len);
    must(titles.is_some_and(|titles| titles > 1), format!("titles: {table:?}"))
}

pub(super) async fn commands_are_fed_and_their_exit_code_comes_back(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    let exec = Exec {
        command: Fixture::shell("cat; echo $WORD >&2; exit 7"),
        environment: [("WORD".to_owned(), "bye".to_owned())].into(),
        user: String::new(),
        stdin: Some(Bytes::from(vec![b'x'; 300_000])),
    };
    let outcome = fixture.engine.exec(&name, &exec).await?;
    same(outcome.exit_code, 7, "the exit code")?;
    same(outcome.output.len(), 300_004, "the length of what comes back")?;
    // They come by two pipes: nobody promises which is read first.
    let said = String::from_utf8_lossy(&outcome.output);
    must(said.contains("bye\n"), "what was said on the other output")?;
    same(fixture.sh(&name, "exit 0").await?.exit_code, 0, "success")?;
    let nothing = Exec { command: vec!["/nothing".into()], ..Exec::default() };
    match fixture.engine.exec(&name, &nothing).await {
        Ok(outcome) => must(outcome.exit_code != 0, "no such command"),
        failed @ Err(_) => refused(failed, "no such command"),
    }
}

pub(super) async fn output_without_end_is_cut(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    let outcome = fixture.sh(&name, "head -c 3000000 /dev/zero").await?;
    same(outcome.exit_code, 0, "the command came to its end")?;
    same(outcome.output.len(), 1 << 20, "what is kept of it")
}

pub(super) async fn a_detached_command_is_not_waited_for(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    let exec =
        Exec { command: Fixture::shell("echo done > /tmp/done; sleep 600"), ..Exec::default() };
    fixture.engine.exec_detached(&name, &exec).await?;
    in_time("the command ran", async {
        while fixture.engine.read_file(&name, "/tmp/done", 100).await?.is_none() {}
        Ok(())
    })
    .await
}

pub(super) async fn the_guest_sees_its_name_environment_and_owners(fixture: &Fixture) -> Outcome {
    let spec = InstanceSpec {
        environment: [("ROLE".to_owned(), "a b=c".to_owned())].into(),
        ..fixture.spec("guest-name")
    };
    fixture.boot(&spec).await?;
    fixture.engine.put_files(&spec.name, &[file("/srv/new/file", b"x")]).await?;
    let said = fixture.sh(&spec.name, "hostname; echo \"$ROLE\"; stat -c '%a %u %g' /srv/new/file");
    let said = said.await?;
    same(&*said.output, b"guest-name\na b=c\n640 7 8\n".as_slice(), "what the guest sees")
}

const SIZE: Size = Size { columns: 100, rows: 30 };

/// What a terminal shows until this is among it; an error when it ends before.
async fn shown(terminal: &mut Terminal, wanted: &str) -> Outcome {
    let mut seen = Vec::new();
    in_time(wanted, async {
        while let Some(bytes) = terminal.output.next().await {
            seen.extend_from_slice(&bytes);
            if String::from_utf8_lossy(&seen).contains(wanted) {
                return Ok(());
            }
        }
        must(false, "the terminal ended")
    })
    .await
}

/// The terminal shows no more.
async fn over(terminal: &mut Terminal) -> Outcome {
    in_time("the end of a terminal", async {
        while terminal.output.next().await.is_some() {}
        Ok(())
    })
    .await
}

pub(super) async fn a_terminal_shows_what_is_typed(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    let mut terminal = fixture.engine.open_terminal(&name, SIZE).await?;
    terminal.control.write("echo größer".as_bytes()).await?;
    shown(&mut terminal, "größer").await?;
    terminal.control.resize(Size { columns: 80, rows: 24 }).await?;
    terminal.control.write(b"\rexit\r").await?;
    over(&mut terminal).await?;
    Ok(terminal.control.close().await?)
}

pub(super) async fn a_terminal_ends_with_its_guest(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    let mut terminal = fixture.engine.open_terminal(&name, SIZE).await?;
    fixture.engine.stop(&name, 0).await?;
    over(&mut terminal).await?;
    terminal.control.close().await?;
    let opened = fixture.engine.open_terminal(&name, SIZE).await.map(drop);
    refused(opened, "a terminal in a guest that does not run")
}

pub(super) async fn a_terminal_that_is_closed_leaves_no_process(fixture: &Fixture) -> Outcome {
    let name = fixture.booted("a").await?;
    let before = fixture.engine.processes(&name).await?.len();
    let mut terminal = fixture.engine.open_terminal(&name, SIZE).await?;
    terminal.control.write(b"stty size; sleep 1000\r").await?;
    shown(&mut terminal, "30 100").await?;
    terminal.control.close().await?;
    in_time("the end of its processes", async {
        while fixture.engine.processes(&name).await?.len() > before {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        Ok(())
    })
    .await
}
