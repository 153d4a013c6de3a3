//! Heat 27: `heat/policies`. A project other than the token's is refused before any policy, to
//! administrators too.

use super::world::Ids;
use super::{OK, PUBLIC, Row, Verdicts, row};

const READER_HERE: Verdicts = [401, 403, OK, OK, OK, 403];
const MEMBER_HERE: Verdicts = [401, 403, 403, OK, OK, 403];

pub(super) fn ids() -> Ids {
    Ids::from([("template_version", "heat_template_version.rocky".to_owned())])
}

#[rustfmt::skip] // a row is a line
pub(super) static ROWS: &[Row] = &[
    row("orchestration-versions:index", PUBLIC),
    row("template_validate:validate", MEMBER_HERE).body(r#"{"template": {"heat_template_version": "rocky"}}"#),
    row("template_versions:index", READER_HERE),
    row("template_versions:functions", READER_HERE),
];
