//! `OS::Heat::SwiftSignalHandle`: a temporary URL; whatever is put there is a signal.

use kit::error::Result;
use kit::workflow::wake;
use serde_json::Value;

use super::wait_condition_handle::{REFERENCE, target};
use crate::resources::{Act, Attribute, Look, Plugin, SHOW_ROW, Signalled};
use crate::signals::{received, urls};
use crate::template::Schema;

/// The type.
pub(crate) struct SwiftSignalHandle;

static ATTRIBUTES: &[Attribute] = &[
    Attribute {
        name: "token",
        kind: "string",
        description: "Tokens are not needed for Swift TempURLs. This attribute is being kept for compatibility with the OS::Heat::WaitConditionHandle resource.",
    },
    Attribute {
        name: "endpoint",
        kind: "string",
        description: "Endpoint/url which can be used for signalling handle.",
    },
    Attribute {
        name: "curl_cli",
        kind: "string",
        description: "Convenience attribute, provides curl CLI command prefix, which can be used for signalling handle completion or failure. You can signal success by adding --data-binary '{\"status\": \"SUCCESS\"}' , or signal failure by adding --data-binary '{\"status\": \"FAILURE\"}'.",
    },
    SHOW_ROW,
];

impl Plugin for SwiftSignalHandle {
    fn name(&self) -> &'static str {
        "OS::Heat::SwiftSignalHandle"
    }

    fn schema(&self) -> Schema {
        Schema::of([])
    }

    fn attributes(&self) -> &'static [Attribute] {
        ATTRIBUTES
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        act.take_own_name();
        let url = urls::temporary(&act.look())?;
        act.resource.data.insert(REFERENCE.to_owned(), Value::String(url));
        Ok(())
    }

    fn signal(&self, act: &mut Act<'_>, details: &Value) -> Result<Signalled> {
        let said = received::take(act.resource, &received::SWIFT, details)?;
        wake(act.hand.connection, &target(act.resource))?;
        Ok(Signalled::Said(said))
    }

    fn reference(&self, look: &Look<'_>) -> String {
        let kept = look.resource.data.get(REFERENCE).and_then(Value::as_str);
        kept.unwrap_or_default().to_owned()
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        let url = self.reference(look);
        Ok(match name {
            "token" => Value::from(""),
            "endpoint" => Value::String(url),
            "curl_cli" => Value::String(format!("curl -i -X PUT '{url}'")),
            _ => Value::Null,
        })
    }
}
