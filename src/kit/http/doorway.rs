//! The way from a listener that is not the API's own to the operations that it may hand on.
//!
//! The metadata service of guests uses it: guests reach no other address of the house, and what
//! they are to call (signals of stacks) is an operation like any other.

use std::sync::{Arc, OnceLock, Weak};

use actix_web::{HttpRequest, HttpResponse, web};

use super::server::Api;

/// Put aside at start, opened when all services stand.
#[derive(Default)]
pub struct Doorway(OnceLock<Weak<Api>>);

impl Doorway {
    /// Leads to `api` from now on.
    pub fn open(&self, api: &Arc<Api>) {
        self.0.get_or_init(|| Arc::downgrade(api));
    }

    /// Answers what guests may ask; `None` where the API has nothing for them.
    pub async fn answer(
        &self,
        request: &HttpRequest,
        payload: web::Payload,
    ) -> Option<HttpResponse> {
        let api = self.0.get()?.upgrade()?;
        if api.is_for_guests(request) { Some(api.answer(request, payload, "").await) } else { None }
    }
}
