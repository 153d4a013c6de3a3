//! The language of templates. Pure: no I/O, no HTTP, no database.
//!
//! ```
//! use std::sync::Arc;
//!
//! use orchestration::template::{
//!     Environment, Error, Files, Identity, Mode, NothingYet, Property, Resolved, Result, Schema,
//!     Template, TypeInfo, Types,
//! };
//!
//! // 1. Who knows the types: the registry of the environment over the plug-ins.
//! struct OneType;
//!
//! impl Types for OneType {
//!     fn info(&self, resource_type: &str, _name: &str) -> Result<Arc<TypeInfo>> {
//!         if resource_type != "OS::Heat::RandomString" {
//!             return Err(Error::unknown_type(resource_type));
//!         }
//!         Ok(Arc::new(TypeInfo {
//!             class: "RandomString".to_owned(),
//!             properties: Schema::of([Property::integer("length").default(32).range(1, 512)]),
//!             attributes: vec!["value".to_owned()],
//!             ..TypeInfo::default()
//!         }))
//!     }
//! }
//!
//! // 2. A template, its files, an environment.
//! let text = "
//! heat_template_version: 2018-08-31
//! parameters:
//!   size: {type: number, default: 8}
//! resources:
//!   one: {type: OS::Heat::RandomString, properties: {length: {get_param: size}}}
//!   two: {type: OS::Heat::RandomString, depends_on: one}
//! outputs:
//!   secret: {value: {list_join: ['-', [a, {get_attr: [one, value]}]]}}
//! ";
//! let template = Template::parse(&text.into(), &Arc::new(Files::new()))?;
//! let environment = Environment::parse(&"parameters: {size: 12}".into())?;
//!
//! // 3. The parameters of a stack; what other services must know of them is handed out.
//! let identity = Identity { stack_name: "s".into(), ..Identity::default() };
//! let parameters = template.parameters(&environment, &identity);
//! parameters.validate(true)?;
//! assert!(parameters.custom_checks().is_empty());
//!
//! // 4. What the template says with them, and in which order it can be made.
//! let definition = template.define(parameters, &OneType)?;
//! definition.validate(Mode::Values)?;
//! let graph = definition.graph()?;
//! assert_eq!(definition.order(&graph)?, ["one", "two"]);
//!
//! // 5. Values, as far as they are known. The engine answers for resources through a `Scope`.
//! let one = definition.resource("one").unwrap();
//! let properties = definition.properties(one, &NothingYet)?;
//! assert_eq!(properties.values["length"], Resolved::Known(12.into()));
//! let secret = definition.output("secret").unwrap();
//! assert_eq!(definition.output_value(secret, &NothingYet)?, Resolved::NotYet);
//! # Ok::<(), Error>(())
//! ```
//!
//! An update freezes what every resource was and is to be made of ([`Definition::freeze`]) and
//! asks [`diff::plan`] what happens to each.
//!
//! | file | what it holds |
//! |---|---|
//! | `yaml` `scalars` `python` | YAML 1.1 as `PyYAML` reads it; what Python's functions answer |
//! | `versions` | the thirteen versions and what each calls its parts |
//! | `parse` `groups` `declarations` | sections, parameter groups, parameters as declared |
//! | `parameters` `constraints` | parameters with values; what is demanded of them |
//! | `environment` | environments, their merging, the registry |
//! | `snippet` `functions` `conditions` `scope` | functions: found, checked, evaluated |
//! | `schema` | properties: declared, read |
//! | `definition` | a template with its parameters: resources, outputs, validation |
//! | [`graph`] [`diff`] | order and cycles; what an update does |

mod conditions;
mod constraints;
mod declarations;
mod definition;
pub mod diff;
mod environment;
mod error;
mod functions;
pub mod graph;
mod groups;
mod parameters;
mod parse;
pub(crate) mod python;
mod scalars;
mod schema;
mod scope;
mod snippet;
#[cfg(test)]
mod testing;
mod versions;
pub(crate) mod yaml;

pub use constraints::{Bounds, Constraint, CustomCheck, Kind, Rule};
pub use definition::{Definition, DeletionPolicy, HiddenNeeds, Output, Resource, TypeInfo, Types};
pub use environment::{Environment, HOOK_TYPES, Implementation, Registry, Sources};
pub use error::{Error, Result};
pub use functions::list as functions;
pub use parameters::{Declaration, Identity, Parameter, Parameters};
pub use parse::{Files, Template};
pub use schema::{Inner, Mode, OnChange, Property, Schema, Values};
pub use scope::{Context, Facade, NothingYet, Resolved, Scope, select};
pub use snippet::{Call, Needed, Reference, Snippet};
pub use versions::{ALL as VERSIONS, Edition, Version};
