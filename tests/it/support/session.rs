//! A client with a token: short words for requests and for what is expected of answers.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// What a session is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope<'a> {
    /// A project of the domain `default`, by name.
    Project(&'a str),
    /// The whole system.
    System,
    /// Nothing.
    Unscoped,
}

/// A client with a token.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    client: reqwest::Client,
    url: String,
    /// The token; empty for nobody.
    pub(crate) token: String,
    /// The project of the token; empty without one.
    pub(crate) project: String,
    /// The user of the token.
    pub(crate) user: String,
    version: Option<String>,
}

/// An answer, read whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) request: String,
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// `Null` when the body is not JSON.
    pub(crate) body: Value,
}

/// A client that shows redirects instead of following them.
fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

impl Session {
    pub(crate) async fn open(url: &str, user: &str, password: &str, scope: Scope<'_>) -> Self {
        let scope = match scope {
            Scope::Project(name) => json!({"project": {"name": name, "domain": {"id": "default"}}}),
            Scope::System => json!({"system": {"all": true}}),
            Scope::Unscoped => json!("unscoped"),
        };
        let user = json!({"name": user, "domain": {"id": "default"}, "password": password});
        let identity = json!({"methods": ["password"], "password": {"user": user}});
        let body = json!({"auth": {"identity": identity, "scope": scope}});
        let mut session = Self::without_token(url);
        let answer = session.post("/identity/v3/auth/tokens", body).await.expect(201);
        answer.header("x-subject-token").clone_into(&mut session.token);
        session.project = answer.optional("/token/project/id");
        session.user = answer.text("/token/user/id");
        session
    }

    pub(crate) fn without_token(url: &str) -> Self {
        Self {
            client: client(),
            url: url.to_owned(),
            token: String::new(),
            project: String::new(),
            user: String::new(),
            version: None,
        }
    }

    /// The same session at a microversion of compute, or of Placement.
    pub(crate) fn at(&self, version: &str) -> Self {
        Self { version: Some(format!("compute {version}, placement {version}")), ..self.clone() }
    }

    /// The same session with another token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path)).await
    }

    pub(crate) async fn head(&self, path: &str) -> Answer {
        self.send(self.request("HEAD", path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(with_body(self.request("POST", path), &body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(with_body(self.request("PUT", path), &body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(with_body(self.request("PATCH", path), &body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request("DELETE", path)).await
    }

    /// A request that the words above do not cover; send it with [`Session::send`].
    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if !self.token.is_empty() {
            request = request.header("X-Auth-Token", &self.token);
        }
        if let Some(version) = &self.version {
            request = request.header("OpenStack-API-Version", version);
        }
        request
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let request = request.build().unwrap();
        let words = format!("{} {}", request.method(), request.url());
        let response = self.client.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { request: words, status, headers, bytes, body }
    }

    /// The id of the first row of a list.
    pub(crate) async fn find(&self, path: &str, collection: &str) -> String {
        self.get(path).await.expect(200).text(&format!("/{collection}/0/id"))
    }

    /// Asks again until the answer is as wanted; fails after twenty seconds with the last one.
    pub(crate) async fn wait(&self, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let answer = self.get(path).await;
            if wanted(&answer) {
                return answer;
            }
            assert!(Instant::now() < deadline, "waited in vain, last: {answer:#?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Answer {
    /// The answer, if its status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status, status, "{}: {text}", self.request);
        self
    }

    /// The text at a JSON pointer.
    #[track_caller]
    pub(crate) fn text(&self, pointer: &str) -> String {
        match self.body.pointer(pointer) {
            Some(Value::String(text)) => text.clone(),
            other => panic!("{}: {pointer} is {other:?} in {}", self.request, self.body),
        }
    }

    /// The text at a JSON pointer, empty when there is none.
    pub(crate) fn optional(&self, pointer: &str) -> String {
        self.body.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// A header; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The sentence of a fault, whatever the dialect.
    pub(crate) fn message(&self) -> String {
        let wrapped = self.body.as_object().and_then(|map| map.values().next());
        let inner = wrapped.and_then(|fault| fault.get("message")).and_then(Value::as_str);
        inner.map_or_else(|| self.optional("/message"), str::to_owned)
    }
}

fn with_body(request: reqwest::RequestBuilder, body: &Value) -> reqwest::RequestBuilder {
    if body.is_null() { request } else { request.json(body) }
}
