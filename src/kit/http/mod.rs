//! From a socket to a handler and back, and the tables that say how.

mod auth;
pub mod contract;
mod doorway;
mod fault;
mod links;
mod microversion;
mod operation;
mod page;
mod pipeline;
pub mod pyrepr;
mod route;
mod server;
mod service;
mod socket;
mod stream;
mod view;
pub mod wording;
pub mod xml;

pub use auth::Authenticator;
pub use doorway::Doorway;
pub use fault::{Fault, WEBOB_DETAIL, render};
pub use links::Links;
pub use microversion::{ALWAYS, Mv, Span, Version, Versions, between, since};
pub use operation::{Body, BodyKind, Call, Handler, Method, Operation, Reply};
pub use page::{Page, encode_query, query_string};
pub use server::{Api, Listener, Observer};
pub use service::{Dialect, Extend, Mount, Service, Start, Syntax, Versioning};
pub use socket::{Message, Socket, Upgrade};
pub use stream::{Download, Upload};
pub use view::{Cx, Field, View};
