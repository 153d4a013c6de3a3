//! Every dialect of error body, side by side. The only file that knows a status by its kind.
//!
//! | dialect | body | source |
//! |---|---|---|
//! | Nova, Cinder | `{"itemNotFound": {"code", "message"}}` | `nova/api/openstack/wsgi.py::Fault` |
//! | Heat | `{"code", "title", "explanation", "error": {"type", "traceback", "message"}}` | `heat/api/middleware/fault.py` |
//! | 401 of Nova, Neutron and Heat | `{"error": {"code", "title", "message"}}` | `keystonemiddleware.auth_token` |
//! | Keystone | `{"error": {"code", "message", "title"}}` | `keystone/server/flask/application.py` |
//! | Neutron | `{"NeutronError": {"type", "message", "detail"}}` | `neutron/api/v2/resource.py` |
//! | Placement | `{"errors": [{"status", "title", "detail", "code", "request_id"}]}` | `placement/util.py` |
//! | `CloudFormation` | `<ErrorResponse><Error>` with `Type`, `Code`, `Message`; or the same in JSON | `heat/api/aws/exception.py` |
//! | Glance, unknown URLs of Nova and Heat | `{"message", "code": "404 Not Found", "title"}` | `webob.exc` |

use serde_json::{Value, json};

use super::microversion::{Refused, Versions};
use super::operation::Method;
use super::service::{Dialect, Syntax};
use super::xml;
use crate::error::{Error, Kind};
use crate::ids::RequestId;
use crate::policy::POLICY_DENIED;

/// An answer that is an error.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The status.
    pub status: u16,
    /// The media type of the body.
    pub media_type: &'static str,
    /// The body as text.
    pub body: String,
}

/// Why no row answers a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Miss {
    /// Nothing is there.
    Path,
    /// The path is there, the method is not; these are.
    Method(Vec<Method>),
}

const JSON: &str = "application/json";
const NOVA_JSON: &str = "application/json; charset=UTF-8";
const XML: &str = "application/xml";
const HTML: &str = "text/html; charset=utf-8";
/// What a client learns of a defect; the rest is in the log under the request id.
const INTERNAL: &str =
    "The server has either erred or is incapable of performing the requested operation.";
const WEBOB_401: &str = "This server could not verify that you are authorized to access the document you requested. Either you supplied the wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.";
const KEYSTONE_401: &str = "The request you have made requires authentication.";
const PLACEMENT_CODE: &str = "placement.undefined_code";
const NOT_FOUND: &str = "The resource could not be found.";
const MALFORMED: &str = "The server could not comply with the request since it is either malformed or otherwise incorrect.";
const FLASK_404: &str = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>\n";

/// The tag of an error whose sentence webob shows as `detail`, behind its own explanation of the
/// status. `private` of a 415 is the media type that was refused.
pub const WEBOB_DETAIL: &str = "WebobDetail";

/// The error as `dialect` shows it.
pub fn render(dialect: Dialect, error: &Error, request_id: &RequestId) -> Fault {
    let message = message(dialect, error);
    match (dialect, error.kind) {
        (
            Dialect::Nova | Dialect::Neutron | Dialect::Heat | Dialect::CloudFormation(_),
            Kind::Unauthorized,
        ) => json_fault(
            401,
            JSON,
            &json!({"error": {
                "code": 401, "title": "Unauthorized", "message": KEYSTONE_401,
            }}),
        ),
        (Dialect::Nova, Kind::TooLarge) => webob(413, &message),
        (Dialect::Nova, kind) => nova(status(dialect, kind), &message),
        (Dialect::Glance, Kind::Unauthorized) => webob(401, WEBOB_401),
        (Dialect::Glance, kind) if error.tag == WEBOB_DETAIL => {
            webob_detail(status(dialect, kind), error)
        }
        (Dialect::Glance, kind) => webob(status(dialect, kind), &message),
        (Dialect::Heat, kind) => heat(status(dialect, kind), error, &message),
        (Dialect::Placement, kind) => placement(status(dialect, kind), error, &message, request_id),
        (Dialect::CloudFormation(syntax), _) => amazon(error, syntax),
        (Dialect::Neutron, kind) => {
            let status = status(dialect, kind);
            json_fault(
                status,
                JSON,
                &json!({"NeutronError": {
                    "type": neutron_type(error, status), "message": message, "detail": "",
                }}),
            )
        }
        (Dialect::Keystone | Dialect::Plain, kind) => {
            let status = status(dialect, kind);
            json_fault(
                status,
                JSON,
                &json!({"error": {
                    "code": status, "message": message, "title": title(status),
                }}),
            )
        }
    }
}

/// No row answers the URL.
pub(super) fn no_route(dialect: Dialect, miss: &Miss, request_id: &RequestId) -> Fault {
    match (dialect, miss) {
        // Nova never says 405.
        (Dialect::Nova, _)
        | (Dialect::Glance | Dialect::Heat | Dialect::CloudFormation(_), Miss::Path) => {
            webob(404, NOT_FOUND)
        }
        (Dialect::Heat, Miss::Method(_)) => {
            render(dialect, &Error::new(Kind::MethodNotAllowed, MALFORMED), request_id)
        }
        (Dialect::Glance | Dialect::CloudFormation(_), Miss::Method(_)) => webob(405, MALFORMED),
        (Dialect::Placement, Miss::Path) => placement(404, &Error::not_found(""), "", request_id),
        (Dialect::Placement, Miss::Method(_)) => {
            let sentence = "The method specified is not allowed for this resource.";
            placement(405, &Error::new(Kind::MethodNotAllowed, sentence), sentence, request_id)
        }
        (Dialect::Neutron, _) | (Dialect::Plain, Miss::Path) => {
            render(dialect, &Error::not_found(NOT_FOUND), request_id)
        }
        (Dialect::Keystone, Miss::Path) => {
            Fault { status: 404, media_type: HTML, body: FLASK_404.to_owned() }
        }
        (Dialect::Keystone, Miss::Method(_)) => json_fault(
            405,
            JSON,
            &json!({"message": "The method is not allowed for the requested URL."}),
        ),
        (Dialect::Plain, Miss::Method(_)) => {
            let error = Error::new(Kind::MethodNotAllowed, "The method is not allowed here.");
            render(dialect, &error, request_id)
        }
    }
}

/// The methods of a path as `Allow` names them. Flask answers HEAD where it answers GET, and
/// OPTIONS everywhere.
pub(super) fn allow(dialect: Dialect, methods: &[Method]) -> String {
    let mut words: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
    if dialect == Dialect::Keystone {
        if words.contains(&"GET") && !words.contains(&"HEAD") {
            words.push("HEAD");
        }
        words.push("OPTIONS");
    }
    words.join(", ")
}

/// The body is not JSON.
pub(super) fn malformed_body(dialect: Dialect) -> Error {
    Error::bad_request(match dialect {
        Dialect::Nova => "Malformed request body",
        Dialect::Glance => "Malformed JSON in request body.",
        Dialect::Neutron => "Body contains invalid data",
        Dialect::Keystone => {
            "Expecting to find valid JSON in request body. The server could not comply with the request since it is either malformed or otherwise incorrect. The client is assumed to be in error."
        }
        Dialect::Heat | Dialect::Placement | Dialect::CloudFormation(_) | Dialect::Plain => {
            "The body is not JSON."
        }
    })
}

/// No such version of the API, in the words of its service.
pub(super) fn refused_version(dialect: Dialect, versions: &Versions, refused: &Refused) -> Error {
    let (min, max) = (versions.min(), versions.max());
    match (refused, dialect) {
        (Refused::Malformed(text), Dialect::Placement) => {
            Error::bad_request(format!("invalid version string: {text}"))
        }
        (Refused::OutOfRange(asked), Dialect::Placement) => {
            Error::new(Kind::NotAcceptable, format!("Unacceptable version header: {asked}"))
        }
        (Refused::Malformed(text), _) => Error::bad_request(format!(
            "API Version String {text} is of invalid format. Must be of format MajorNum.MinorNum."
        )),
        (Refused::OutOfRange(asked), _) => Error::new(
            Kind::NotAcceptable,
            format!(
                "Version {asked} is not supported by the API. Minimum is {min} and maximum is {max}."
            ),
        ),
    }
}

/// The body is larger than `[default] max_request_body_size`.
pub(super) fn too_large() -> Error {
    // oslo.middleware: the %s is upstream's own, never filled in.
    let sentence = "Request is too large. Larger than max_request_body_size (%s).";
    Error::new(Kind::TooLarge, sentence)
}

fn status(dialect: Dialect, kind: Kind) -> u16 {
    match kind {
        Kind::BadRequest => 400,
        Kind::Unauthorized => 401,
        Kind::Forbidden => 403,
        Kind::QuotaExceeded => match dialect {
            Dialect::Nova
            | Dialect::Keystone
            | Dialect::Heat
            | Dialect::Placement
            | Dialect::CloudFormation(_)
            | Dialect::Plain => 403,
            Dialect::Neutron => 409,
            Dialect::Glance => 413,
        },
        Kind::NotFound => 404,
        Kind::MethodNotAllowed => 405,
        Kind::NotAcceptable => 406,
        Kind::Conflict => 409,
        Kind::Gone => 410,
        Kind::PreconditionFailed => 412,
        Kind::TooLarge => 413,
        Kind::UnsupportedMediaType => 415,
        Kind::RangeNotSatisfiable => 416,
        Kind::Internal => 500,
        Kind::NotImplemented => 501,
        Kind::Unavailable => 503,
    }
}

fn message(dialect: Dialect, error: &Error) -> String {
    // A service whose rules join several (Neutron's attributes) words the denial itself.
    if let (POLICY_DENIED, Some(rule)) = (error.tag, error.private.as_deref()) {
        match dialect {
            Dialect::Keystone => {
                return format!("You are not authorized to perform the requested action: {rule}.");
            }
            Dialect::Neutron => return format!("rule:{rule} is disallowed by policy"),
            Dialect::Glance => return format!("You are not authorized to complete {rule} action."),
            Dialect::Heat => return format!("You are not authorized to use {rule}."),
            Dialect::Placement => {
                return format!("Policy does not allow {rule} to be performed.");
            }
            Dialect::Nova | Dialect::CloudFormation(_) | Dialect::Plain => {}
        }
    }
    match (error.kind, error.public.is_empty()) {
        (Kind::Internal, _) | (_, true) => INTERNAL.to_owned(),
        (_, false) => error.public.clone(),
    }
}

fn nova(status: u16, message: &str) -> Fault {
    let name = match status {
        400 => "badRequest",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "itemNotFound",
        405 => "badMethod",
        409 => "conflictingRequest",
        413 | 429 => "overLimit",
        415 => "badMediaType",
        501 => "notImplemented",
        503 => "serviceUnavailable",
        _ => "computeFault",
    };
    json_fault(status, NOVA_JSON, &json!({name: {"code": status, "message": message}}))
}

fn neutron_type(error: &Error, status: u16) -> &'static str {
    match (error.tag, status) {
        ("", 400) => "HTTPBadRequest",
        ("", 403) => "HTTPForbidden",
        ("", 404) => "HTTPNotFound",
        ("", 409) => "HTTPConflict",
        ("", 501) => "HTTPNotImplemented",
        ("", _) => "HTTPInternalServerError",
        (tag, _) => tag,
    }
}

/// Heat shows the class of its exception; clients print the message.
fn heat(status: u16, error: &Error, message: &str) -> Fault {
    let class = match (error.tag, status) {
        (POLICY_DENIED, _) => "Forbidden",
        ("", 400) => "HTTPBadRequest",
        ("", 403) => "HTTPForbidden",
        ("", 404) => "HTTPNotFound",
        ("", 405) => "HTTPMethodNotAllowed",
        ("", 409) => "HTTPConflict",
        ("", 413) => "HTTPRequestEntityTooLarge",
        ("", 501) => "HTTPNotImplemented",
        ("", 503) => "HTTPServiceUnavailable",
        ("", _) => "HTTPInternalServerError",
        (tag, _) => tag,
    };
    json_fault(
        status,
        JSON,
        &json!({
            "code": status, "title": title(status), "explanation": explanation(status),
            "error": {"type": class, "traceback": null, "message": message},
        }),
    )
}

/// webob's explanation of the status, then what was said; the tag is the code that clients go by.
fn placement(status: u16, error: &Error, message: &str, request_id: &RequestId) -> Fault {
    let detail = format!("{}\n\n {message}  ", explanation(status));
    let code = if error.tag.starts_with("placement.") { error.tag } else { PLACEMENT_CODE };
    let told = json!({
        "status": status, "title": title(status), "detail": detail, "code": code,
        "request_id": request_id,
    });
    json_fault(status, JSON, &json!({"errors": [told]}))
}

/// A kind of error of Amazon's APIs.
struct Amazon {
    status: u16,
    code: &'static str,
    explanation: &'static str,
    /// The classes of Heat's exceptions that it stands for.
    tags: &'static [&'static str],
}

const fn amazon_row(
    status: u16,
    code: &'static str,
    explanation: &'static str,
    tags: &'static [&'static str],
) -> Amazon {
    Amazon { status, code, explanation, tags }
}

static BAD_VALUE: Amazon =
    amazon_row(400, "InvalidParameterValue", "A bad or out-of-range value was supplied", &[]);
static DENIED: Amazon =
    amazon_row(403, "AccessDenied", "User is not authorized to perform action", &[]);
static FAILURE: Amazon = amazon_row(
    500,
    "InternalFailure",
    "The request processing has failed due to an internal error",
    &[],
);

/// `heat/api/aws/exception.py`: what a tag says more than its kind.
#[rustfmt::skip] // a row is a line
static AMAZON: &[Amazon] = &[
    amazon_row(400, "IncompleteSignature", "The request signature does not conform to AWS standards", &["IncompleteSignature"]),
    amazon_row(400, "InvalidAction", "The action or operation requested is invalid", &["InvalidAction"]),
    amazon_row(400, "InvalidParameterCombination", "Incompatible parameters were used together", &["InvalidParameterCombination"]),
    amazon_row(403, "InvalidClientTokenId", "The certificate or AWS Key ID provided does not exist", &["InvalidClientTokenId"]),
    amazon_row(403, "MissingAuthenticationToken", "Does not contain a valid AWS Access Key or certificate", &["MissingAuthenticationToken"]),
    amazon_row(400, "MissingParameter", "A mandatory input parameter is missing", &["MissingParameter"]),
    amazon_row(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided", &["SignatureDoesNotMatch"]),
    amazon_row(400, "AlreadyExists", "Resource with the name requested already exists", &["StackExists"]),
    amazon_row(400, "InvalidAction", "Cannot perform action on stack while other actions are in progress", &["ActionInProgress"]),
    amazon_row(400, "RequestLimitExceeded", "Payload exceeds maximum allowed size", &["RequestLimitExceeded"]),
];

fn amazon(error: &Error, syntax: Syntax) -> Fault {
    let by_kind = || match error.kind {
        Kind::BadRequest | Kind::NotFound => &BAD_VALUE,
        Kind::Unauthorized | Kind::Forbidden | Kind::QuotaExceeded => &DENIED,
        Kind::MethodNotAllowed
        | Kind::NotAcceptable
        | Kind::Conflict
        | Kind::Gone
        | Kind::PreconditionFailed
        | Kind::TooLarge
        | Kind::UnsupportedMediaType
        | Kind::RangeNotSatisfiable
        | Kind::Internal
        | Kind::NotImplemented
        | Kind::Unavailable => &FAILURE,
    };
    let row = AMAZON.iter().find(|row| row.tags.contains(&error.tag)).unwrap_or_else(by_kind);
    let detail = match (error.tag, error.private.as_deref(), error.kind) {
        // Upstream names the action, which is how it names the rule.
        (POLICY_DENIED, Some(rule), _) => {
            let action = rule.rsplit(':').next().unwrap_or_default();
            format!("Action {action} not allowed for user")
        }
        (_, _, Kind::Internal) => String::new(),
        _ => error.public.clone(),
    };
    let colon = if detail.is_empty() { "" } else { ":" };
    let message = format!("{}{colon}{detail}", row.explanation);
    let sender = if row.status >= 500 { "Server" } else { "Sender" };
    let body = json!({"Error": {"Type": sender, "Code": row.code, "Message": message}});
    match syntax {
        Syntax::Xml => {
            let body = xml::element("ErrorResponse", &body);
            Fault { status: row.status, media_type: XML, body }
        }
        Syntax::Json => json_fault(row.status, JSON, &json!({"ErrorResponse": body})),
    }
}

fn webob(status: u16, message: &str) -> Fault {
    webob_text(status, &format!("{message}<br /><br />\n\n\n"))
}

/// webob: an exception raised with `detail` alone.
fn webob_detail(status: u16, error: &Error) -> Fault {
    let detail = &error.public;
    if status == 415 {
        let media_type = error.private.as_deref().unwrap_or_default();
        let text = format!(
            "The request media type {media_type} is not supported by this server.\n<br /><br />\n{detail}"
        );
        return webob_text(status, &text);
    }
    webob_text(status, &format!("{}<br /><br />\n{detail}\n\n", explanation(status)))
}

fn webob_text(status: u16, text: &str) -> Fault {
    let title = title(status);
    let body = json!({"message": text, "code": format!("{status} {title}"), "title": title});
    json_fault(status, JSON, &body)
}

/// webob: what each class of `webob.exc` says by itself.
fn explanation(status: u16) -> &'static str {
    match status {
        400 | 405 => MALFORMED,
        401 => WEBOB_401,
        403 => "Access was denied to this resource.",
        404 => NOT_FOUND,
        409 => "There was a conflict when trying to complete your request.",
        416 => "The Range requested is not available.",
        _ => INTERNAL,
    }
}

fn title(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        409 => "Conflict",
        410 => "Gone",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        416 => "Request Range Not Satisfiable",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

fn json_fault(status: u16, media_type: &'static str, body: &Value) -> Fault {
    Fault { status, media_type, body: body.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_error_has_a_body_per_dialect() {
        let error = Error::not_found("Network x could not be found.").tag("NetworkNotFound");
        let bodies = [
            (
                Dialect::Nova,
                r#"{"itemNotFound":{"code":404,"message":"Network x could not be found."}}"#,
            ),
            (
                Dialect::Neutron,
                r#"{"NeutronError":{"type":"NetworkNotFound","message":"Network x could not be found.","detail":""}}"#,
            ),
            (
                Dialect::Heat,
                r#"{"code":404,"title":"Not Found","explanation":"The resource could not be found.","error":{"type":"NetworkNotFound","traceback":null,"message":"Network x could not be found."}}"#,
            ),
            (
                Dialect::Keystone,
                r#"{"error":{"code":404,"message":"Network x could not be found.","title":"Not Found"}}"#,
            ),
            (
                Dialect::Glance,
                r#"{"message":"Network x could not be found.<br /><br />\n\n\n","code":"404 Not Found","title":"Not Found"}"#,
            ),
            (
                Dialect::Placement,
                r#"{"errors":[{"status":404,"title":"Not Found","detail":"The resource could not be found.\n\n Network x could not be found.  ","code":"placement.undefined_code","request_id":"req-1"}]}"#,
            ),
            (
                Dialect::CloudFormation(Syntax::Xml),
                "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameterValue</Code><Message>A bad or out-of-range value was supplied:Network x could not be found.</Message></Error></ErrorResponse>",
            ),
        ];
        let id = RequestId::from("req-1");
        for (dialect, body) in bodies {
            assert_eq!(render(dialect, &error, &id).body, body, "{dialect:?}");
        }
    }

    #[test]
    fn a_defect_tells_the_client_nothing() {
        let error = Error::internal("SELECT secret FROM user");
        let fault = render(Dialect::Nova, &error, &RequestId::random());
        assert_eq!(fault.status, 500);
        assert!(!fault.body.contains("SELECT"));
    }
}
