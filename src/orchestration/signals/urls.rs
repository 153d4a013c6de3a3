//! The addresses by which guests signal.
//!
//! A guest reaches the metadata service whatever network it is on, so that is where it signals
//! (`kit::http::Doorway` hands it on), unless a setting names another address.

use kit::config::Settings;
use kit::error::Result;
use kit::http::query_string;
use kit::ids::ProjectId;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::proof::{self, Purpose};
use crate::resources::Look;
use crate::stacks::model::path;

/// The API of `CloudFormation`, below the base.
const CLOUDFORMATION: &str = "/heat-api-cfn/v1";
/// A temporary URL of ours lasts as long as its resource.
const NEVER: &str = "2147483647";

/// Which operation of the `CloudFormation` API a signed URL leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `PUT`, for handles of wait conditions.
    WaitCondition,
    /// `POST`, for everything else.
    Signal,
}

/// The base of every URL that guests are given.
pub(crate) fn base(settings: &Settings) -> String {
    let set = &settings.orchestration.guest_url;
    let metadata = &settings.metadata;
    let base = match (set.as_str(), settings.default.public_url.as_str()) {
        ("", "") if !metadata.enabled => format!("http://{}", settings.default.listen),
        ("", _) if metadata.enabled => {
            format!("http://{}", metadata.listen.trim_end_matches(":80"))
        }
        ("", public) => public.to_owned(),
        (set, _) => set.to_owned(),
    };
    base.trim_end_matches('/').to_owned()
}

/// Where the resource is signalled with a token.
pub(crate) fn endpoint(look: &Look<'_>) -> String {
    signal_of(look, &look.stack.project)
}

/// The same with another project: a user of the stack is in one of his own.
pub(crate) fn signal_of(look: &Look<'_>, project: &ProjectId) -> String {
    let base = base(&look.hand.platform.settings);
    let path = path(project, &look.stack.name, &look.stack.id);
    let name = utf8_percent_encode(&look.resource.name, NON_ALPHANUMERIC);
    format!("{base}/orchestration/v1{path}/resources/{name}/signal")
}

/// A URL that says by itself who may use it, as boto signs them.
pub(crate) fn signed(look: &Look<'_>, kind: Kind) -> Result<String> {
    let word = match kind {
        Kind::WaitCondition => "waitcondition",
        Kind::Signal => "signal",
    };
    let signature = proof::of(look.hand.connection, Purpose::Signature, look.resource)?;
    let timestamp = look.resource.created_at.iso_z();
    let query = query_string(
        [
            ("Timestamp", timestamp.as_str()),
            ("SignatureMethod", "HmacSHA256"),
            ("AWSAccessKeyId", look.resource.short_id.as_str()),
            ("SignatureVersion", "2"),
            ("Signature", signature.expose()),
        ]
        .into_iter(),
    );
    Ok(format!("{}/{word}/{}?{query}", root(look), arn(look)))
}

/// A URL of the shape of Swift's temporary URLs.
pub(crate) fn temporary(look: &Look<'_>) -> Result<String> {
    let signature = proof::of(look.hand.connection, Purpose::TemporaryUrl, look.resource)?;
    let query = query_string(
        [("temp_url_sig", signature.expose()), ("temp_url_expires", NEVER)].into_iter(),
    );
    Ok(format!("{}/temporary/{}?{query}", root(look), arn(look)))
}

/// Where a guest reads what its metadata wants done, as it is then.
pub(crate) fn init(look: &Look<'_>) -> Result<String> {
    let signature = proof::of(look.hand.connection, Purpose::Init, look.resource)?;
    let query = query_string([("Signature", signature.expose())].into_iter());
    Ok(format!("{}/init/{}?{query}", root(look), arn(look)))
}

/// Where guests reach the API of `CloudFormation`.
pub(crate) fn root(look: &Look<'_>) -> String {
    format!("{}{CLOUDFORMATION}", base(&look.hand.platform.settings))
}

/// The resource's name in the world of Amazon, as a path.
fn arn(look: &Look<'_>) -> String {
    let stack = look.stack;
    let quoted = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (name, resource) = (quoted(&stack.name), quoted(&look.resource.name));
    let head = quoted(&format!("arn:openstack:heat::{}:stacks", stack.project));
    format!("{head}/{name}/{}/resources/{resource}", stack.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_signal_where_they_find_their_metadata_unless_told_otherwise() {
        let off = ("metadata", "enabled", "false");
        let public = ("default", "public_url", "http://c/");
        let rows: [(&[_], _); 5] = [
            (&[public], "http://169.254.169.254"),
            (&[("metadata", "listen", "10.0.0.1:8080")], "http://10.0.0.1:8080"),
            (&[off], "http://127.0.0.1:8774"),
            (&[off, public], "http://c"),
            (&[("orchestration", "guest_url", "http://g:1/x/")], "http://g:1/x"),
        ];
        for (settings, expected) in rows {
            assert_eq!(base(&Settings::with(settings).unwrap()), expected);
        }
    }
}
