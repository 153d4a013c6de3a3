//! `digest: [algorithm, text]`: the hash of a text in hexadecimal.

use md5::{Digest as _, Md5};
use serde_json::Value;
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::Intrinsic;
use crate::template::error::{Error, Result};
use crate::template::scope::Context;
use crate::template::snippet::{Call, Outcome};

#[derive(Debug)]
pub(super) struct Digest;

type Hash = fn(&[u8]) -> String;

static ALGORITHMS: &[(&str, Hash)] = &[
    ("md5", |bytes| hex::encode(Md5::digest(bytes))),
    ("sha1", |bytes| hex::encode(Sha1::digest(bytes))),
    ("sha224", |bytes| hex::encode(Sha224::digest(bytes))),
    ("sha256", |bytes| hex::encode(Sha256::digest(bytes))),
    ("sha384", |bytes| hex::encode(Sha384::digest(bytes))),
    ("sha512", |bytes| hex::encode(Sha512::digest(bytes))),
];

impl Intrinsic for Digest {
    fn description(&self) -> &'static str {
        "A function for performing digest operations."
    }

    fn evaluate(&self, call: &Call, context: &Context<'_>) -> Outcome {
        let name = &call.name;
        let args = call.arguments(context)?;
        let items = args.as_array().filter(|items| items.iter().all(Value::is_string));
        let Some(items) = items else {
            let sentence = format!("Argument to function \"{name}\" must be a list of strings");
            return Err(Error::kind(sentence).into());
        };
        let [Value::String(algorithm), Value::String(text)] = items.as_slice() else {
            let sentence = format!("Function \"{name}\" usage: [\"<algorithm>\", \"<value>\"]");
            return Err(Error::value(sentence).into());
        };
        Ok(Value::String(hash(algorithm)?(&latin1(text)?)))
    }
}

fn hash(algorithm: &str) -> Result<Hash> {
    let wanted = algorithm.to_lowercase();
    let known = ALGORITHMS.iter().find(|(name, _)| *name == wanted);
    known.map(|(_, hash)| *hash).ok_or_else(|| {
        let names: Vec<_> = ALGORITHMS.iter().map(|(name, _)| *name).collect();
        Error::value(format!("Algorithm must be one of {}", names.join(", ")))
    })
}

/// Heat hashes the text as Latin-1 and knows no other.
fn latin1(text: &str) -> Result<Vec<u8>> {
    text.chars().map(u8::try_from).collect::<Result<_, _>>().map_err(|_| {
        Error::value("'latin-1' codec can't encode characters: ordinal not in range(256)")
    })
}
