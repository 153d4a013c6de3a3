//! What the compiler cannot hold: layers inside a crate, lengths of files, documentation of
//! modules, words that have no place.

use std::fs;
use std::path::{Path, PathBuf};

/// A file may not be longer; tables and tests are free.
const MAX_LINES: usize = 600;
/// Names of files that are tables, or tests.
static UNLIMITED: &[&str] =
    &["operations.rs", "policy.rs", "microversions.rs", "tests.rs", "config.rs"];
/// File and folder names that say nothing.
static NO_NAMES: &[&str] = &["utils", "helpers", "common", "manager"];

struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn name(&self) -> &str {
        self.path.file_name().unwrap().to_str().unwrap()
    }

    /// The text before the tests at its foot.
    fn code(&self) -> &str {
        self.text.split("#[cfg(test)]\nmod tests {").next().unwrap()
    }

    fn is_test(&self) -> bool {
        let path = self.path.to_str().unwrap();
        path.contains("/tests/") || self.name() == "tests.rs" || path.contains("testkit")
    }

    fn is_in(&self, folder: &str) -> bool {
        self.path.starts_with(root().join(folder))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(Source { text: fs::read_to_string(&path).unwrap(), path });
        }
    }
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join("src"), &mut found);
    collect(&root().join("tests"), &mut found);
    assert!(found.len() > 50, "the sources were not found");
    found
}

/// Fails with the list of those for which `wrong` says what is wrong.
#[track_caller]
fn check(wrong: impl Fn(&Source) -> Option<String>) {
    let complaints: Vec<String> = sources()
        .iter()
        .filter_map(|source| Some(format!("{}: {}", source.path.display(), wrong(source)?)))
        .collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn every_module_says_what_it_is() {
    check(|source| {
        let exempt = source.name() == "tests.rs";
        (!exempt && !source.text.starts_with("//!")).then(|| "no `//!` at its top".to_owned())
    });
}

#[test]
fn no_file_outgrows_its_room() {
    check(|source| {
        let lines = source.text.lines().count();
        let free = UNLIMITED.contains(&source.name()) || source.is_test() || source.is_in("tests");
        (!free && lines > MAX_LINES).then(|| format!("{lines} lines"))
    });
}

#[test]
fn sql_lives_in_stores() {
    let sql = ["SELECT ", "INSERT INTO", "INSERT OR", "DELETE FROM", "UPDATE "];
    check(|source| {
        let home = source.name() == "store.rs"
            || source.path.components().any(|part| part.as_os_str() == "store");
        let kit = ["src/kit/quota", "src/kit/workflow", "src/kit/store"];
        if home
            || source.is_test()
            || source.is_in("tests")
            || kit.iter().any(|folder| source.is_in(folder))
        {
            return None;
        }
        let hit = source.code().lines().find(|line| {
            let quoted = line.trim_start();
            !quoted.starts_with("//") && sql.iter().any(|word| line.contains(&format!("\"{word}")))
        })?;
        Some(format!("SQL outside a store: {}", hit.trim()))
    });
}

#[test]
fn models_stores_and_logic_know_no_json() {
    let inner = ["model.rs", "store.rs", "logic.rs"];
    check(|source| {
        let made = inner.contains(&source.name()) && source.code().contains("json!(");
        made.then(|| "json! is for views, handlers and steps".to_owned())
    });
}

#[test]
fn only_kit_http_knows_the_web_framework() {
    check(|source| {
        let home =
            source.is_in("src/kit/http") || source.is_in("tests") || source.is_in("src/metadata");
        (!home && source.code().contains("actix_web")).then(|| "uses actix_web".to_owned())
    });
}

#[test]
fn handlers_never_touch_the_engine() {
    check(|source| {
        let handler = source.name() == "api.rs" && !source.is_in("src/image");
        (handler && source.code().contains(".engine."))
            .then(|| "a handler calls the engine".to_owned())
    });
}

#[test]
fn names_say_something() {
    check(|source| {
        let stem = source.path.file_stem().unwrap().to_str().unwrap();
        NO_NAMES.contains(&stem).then(|| "this name says nothing".to_owned())
    });
}

#[test]
fn what_is_to_do_has_an_issue() {
    let mark = concat!("TO", "DO");
    check(|source| {
        let line = source.text.lines().find(|line| line.contains(mark) && !line.contains('#'))?;
        Some(format!("without an issue: {}", line.trim()))
    });
}

#[test]
fn globs_are_for_tests() {
    check(|source| {
        let glob = source
            .code()
            .lines()
            .find(|line| line.starts_with("use ") && line.ends_with("::*;"))?;
        (!source.is_test()).then(|| glob.to_owned())
    });
}
