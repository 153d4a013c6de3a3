//! The contract: api-ref documents. (Being written; accepts everything.)

use serde_json::Value;

use crate::error::Result;

/// All documents.
pub struct Contract;

/// What in a request breaks the contract.
#[derive(Debug, Clone)]
pub struct Invalid {
    /// Where, from the top of the body or query.
    pub path: Vec<String>,
    /// The value there.
    pub value: Value,
    /// Why, in the words of Python's jsonschema.
    pub reason: String,
}

impl Contract {
    /// Reads the documents.
    pub fn load(_documents: &[(&'static str, &'static str)]) -> Result<Self> {
        Ok(Self)
    }

    /// Holds a body to the operation's schema.
    pub fn check_body(&self, _: &str, _: Option<(u16, u16)>, _: &Value) -> Result<(), Invalid> {
        Ok(())
    }

    /// Holds a query to the operation's schema.
    pub fn check_query(
        &self,
        _: &str,
        _: Option<(u16, u16)>,
        _: &[(String, String)],
    ) -> Result<(), Invalid> {
        Ok(())
    }

    /// Holds an answer to the operation's schema.
    pub fn check_response(
        &self,
        _: &str,
        _: Option<(u16, u16)>,
        _: u16,
        _: &Value,
    ) -> Result<(), String> {
        Ok(())
    }
}
