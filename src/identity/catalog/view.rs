//! The catalogue of a token.

use kit::error::Result;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::address;
use super::endpoints::model::Endpoint;
use super::services::model::CatalogService;

/// What a catalogue is made of: everything that is enabled.
pub(crate) struct Catalogue {
    services: Vec<CatalogService>,
    endpoints: Vec<Endpoint>,
}

impl Catalogue {
    /// Reads it.
    pub(crate) fn read(db: &Connection) -> Result<Self> {
        let mut services = super::services::store::list(db)?;
        services.retain(|service| service.enabled);
        let mut endpoints = super::endpoints::store::list(db)?;
        endpoints.retain(|endpoint| endpoint.enabled);
        Ok(Self { services, endpoints })
    }

    /// As a token scoped to `project` shows it.
    pub(crate) fn render(&self, base: &str, project: Option<&str>) -> Value {
        self.services
            .iter()
            .map(|service| {
                let endpoints: Vec<Value> = self
                    .endpoints
                    .iter()
                    .filter(|endpoint| endpoint.service_id == service.id)
                    .filter_map(|endpoint| {
                        Some(json!({
                            "id": endpoint.id,
                            "interface": endpoint.interface,
                            "region_id": endpoint.region_id,
                            "url": address::in_catalogue(base, &endpoint.url, project)?,
                            "region": endpoint.region_id,
                        }))
                    })
                    .collect();
                json!({
                    "endpoints": endpoints,
                    "id": service.id,
                    "type": service.kind,
                    "name": service.name(),
                })
            })
            .collect()
    }
}
