//! Every sentence about a bad body or query is the one that a real Nova answers.

use kit::http::contract::{Contract, OperationDoc, Version};
use kit::http::{Dialect, wording};
use serde_json::Value;

/// Recorded exchanges; see `tests/golden/PROVENANCE.md`.
const ERRORS: &str = include_str!("../golden/errors.jsonl");
const SHARED: (&str, &str) = ("shared.yaml", include_str!("../../api-ref/shared.yaml"));

/// One recorded request and the sentence it was refused with.
struct Exchange {
    label: String,
    method: String,
    path: String,
    query: Vec<(String, String)>,
    version: Version,
    body: Value,
    sentence: String,
}

impl Exchange {
    fn read(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).unwrap();
        let (request, response) = (&line["request"], &line["response"]);
        let url = reqwest::Url::parse(request["url"].as_str().unwrap()).unwrap();
        let version = request["headers"]["OpenStack-API-Version"].as_str().unwrap();
        let number = match version.rsplit(' ').next().unwrap() {
            "latest" => "2.104",
            number => number,
        };
        let (major, minor) = number.split_once('.').unwrap();
        Self {
            label: line["label"].as_str().unwrap().to_owned(),
            method: request["method"].as_str().unwrap().to_owned(),
            path: url.path().trim_start_matches("/v2.1").to_owned(),
            query: url.query_pairs().into_owned().collect(),
            version: (major.parse().unwrap(), minor.parse().unwrap()),
            body: body(&request["body"]),
            sentence: response["body"]["badRequest"]["message"].as_str().unwrap().to_owned(),
        }
    }

    fn is_of(&self, operation: &OperationDoc) -> bool {
        let action = operation.action.as_ref();
        self.method == operation.method
            && fits(&operation.path, &self.path)
            && action.is_none_or(|key| self.body.get(key).is_some())
    }

    /// The sentence that we refuse it with.
    fn refusal(&self, contract: &Contract, operation: &str) -> Option<String> {
        let version = Some(self.version);
        let query = contract
            .check_query("compute", operation, version, &self.query)
            .map_err(|invalid| wording::query(Dialect::Nova, &invalid));
        let body = || {
            contract
                .check_body("compute", operation, version, &self.body)
                .map_err(|invalid| wording::body(Dialect::Nova, &invalid))
        };
        query.and_then(|()| body()).err().map(|error| error.public)
    }
}

/// A body that was not JSON when it was sent is recorded as the text it was.
fn body(recorded: &Value) -> Value {
    match recorded.as_str() {
        Some("") => Value::Null,
        Some(text) => serde_json::from_str(text).unwrap(),
        None => recorded.clone(),
    }
}

/// Whether `path` is of the form `pattern`, whose parameters stand in braces.
fn fits(pattern: &str, path: &str) -> bool {
    let parameter = |form: &str| form.starts_with('{') && !form.starts_with("{*");
    let (pattern, path): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(form, text)| form == text || parameter(form))
}

#[test]
fn bad_requests_are_refused_in_novas_words() {
    let documents: Vec<_> = ::compute::SERVICE.documents.iter().copied().chain([SHARED]).collect();
    let contract = Contract::load(&documents).unwrap();
    let mut wrong = Vec::new();
    for exchange in ERRORS.lines().map(Exchange::read) {
        let operation = contract
            .operations()
            .filter(|row| exchange.is_of(row))
            .min_by_key(|row| row.path.matches('{').count())
            .unwrap_or_else(|| panic!("{}: no such operation", exchange.label));
        let refusal = exchange.refusal(&contract, &operation.name);
        if refusal.as_ref() != Some(&exchange.sentence) {
            wrong.push((exchange.label, exchange.sentence, refusal));
        }
    }
    assert!(wrong.is_empty(), "label, Nova's sentence, ours: {wrong:#?}");
}
