use kit::clock::Time;
use kit::ids::{ProjectId, SoftwareConfigId};
use serde_json::json;

use super::*;

fn config(group: &str, text: &str, inputs: &Value) -> SoftwareConfig {
    SoftwareConfig {
        id: SoftwareConfigId::random(),
        project: ProjectId::random(),
        name: "c".to_owned(),
        group: group.to_owned(),
        config: Value::from(text),
        inputs: configs::inputs(inputs).unwrap(),
        outputs: Vec::new(),
        options: json!({}),
        created_at: Time(0),
    }
}

/// Runs a plan here, below a folder of its own: exit code, and what the files of the run hold.
fn run(plan: &Plan, root: &std::path::Path) -> (Option<i32>, impl Fn(&str) -> String) {
    let root = root.to_str().unwrap().to_owned();
    let folder = format!("{root}{}", plan.folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (path, content, mode) in &plan.files {
        use std::os::unix::fs::PermissionsExt;
        let path = format!("{root}{path}");
        std::fs::write(&path, content.replace(FOLDER, &format!("{root}{FOLDER}"))).unwrap();
        let mode = std::fs::Permissions::from_mode(*mode);
        std::fs::set_permissions(&path, mode).unwrap();
    }
    let start = format!("{root}{}", plan.command[1]);
    let status = std::process::Command::new("/bin/sh").arg(start).status().unwrap();
    let read = move |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
    (status.code(), read)
}

#[test]
fn a_script_has_its_inputs_and_leaves_its_outputs() {
    let text = "#!/bin/sh\necho \"$greeting\" \"$list\"\necho oops >&2\n\
                printf done >$heat_outputs_path.result\nexit 3\n";
    let inputs = json!([{"name": "greeting"}, {"name": "list", "default": [1, 2]}]);
    let values = json!({"greeting": "it's $HOME", "a-b": "x"});
    let plan = plan("d-1", &config("script", text, &inputs), &values).unwrap();
    let root = tempfile::tempdir().unwrap();
    let (code, read) = run(&plan, root.path());
    assert_eq!(code, Some(3));
    assert_eq!(read("stdout"), "it's $HOME [1, 2]\n");
    assert_eq!(read("stderr"), "oops\n");
    assert_eq!(read("output.result"), "done");
}

#[test]
fn a_second_start_does_not_run_it_again() {
    let text = "echo once >>$heat_outputs_path.times\n";
    let plan = plan("d-1", &config("Heat::Ungrouped", text, &json!([])), &json!({})).unwrap();
    let root = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let (code, read) = run(&plan, root.path());
        assert_eq!((code, read("output.times").as_str()), (Some(0), "once\n"));
    }
}

#[test]
fn a_group_without_a_hook_is_named() {
    let refused = plan("d-1", &config("puppet", "", &json!([])), &json!({})).unwrap_err();
    let expected = "Nothing here runs configs of group puppet; known are script, \
                    Heat::Ungrouped, ansible, cfn-init";
    assert_eq!(refused, expected);
}

#[test]
fn an_ungrouped_config_is_run_if_its_first_line_says_by_what() {
    for (group, text, for_others) in [
        ("Heat::Ungrouped", "#!/bin/sh\n", false),
        ("Heat::Ungrouped", "", false),
        ("Heat::Ungrouped", "key: value", true),
        ("script", "true", false),
    ] {
        let config = config(group, text, &json!([]));
        assert_eq!(is_for_others(&config), for_others, "{group} {text}");
    }
}
