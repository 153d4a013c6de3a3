//! The compute API, a module per resource.

mod flavors;
