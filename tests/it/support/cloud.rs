//! A whole program on a free port with a folder, a clock and an engine of its own.

use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;

use kit::clock::{Clock, Time};
use kit::config::Settings;
use kit::engine::Engine;
use kit::engine::sim::SimEngine;
use kit::http::{Api, Observer};
use kit::ids::InstallationId;
use kit::platform::Platform;
use novadock::app::{App, Options};
use tokio::sync::oneshot;

use super::session::{Scope, Session};

/// The passwords of `admin` and `demo`.
pub(crate) const PASSWORD: &str = "secret";
/// The image that can boot.
pub(crate) const IMAGE: &str = "novadock/tiny:latest";

/// What a test wants different.
pub(crate) struct Builder {
    settings: Vec<(&'static str, &'static str, String)>,
    folder: Arc<tempfile::TempDir>,
    engine: SimEngine,
    clock: Clock,
}

/// A running cloud. Dropping it stops it, and fails the test if an answer broke the contract.
pub(crate) struct TestCloud {
    /// `http://127.0.0.1:port`.
    pub(crate) url: String,
    pub(crate) engine: SimEngine,
    pub(crate) clock: Clock,
    pub(crate) platform: Arc<Platform>,
    pub(crate) api: Arc<Api>,
    folder: Arc<tempfile::TempDir>,
    settings: Vec<(&'static str, &'static str, String)>,
    violations: Arc<Mutex<Vec<String>>>,
    stop: Option<oneshot::Sender<Stop>>,
    thread: Option<JoinHandle<()>>,
}

/// How a cloud ends.
enum Stop {
    /// As at Ctrl-C.
    Orderly,
    /// As at kill -9: nothing is finished.
    Killed,
}

impl Builder {
    /// Another value for one setting.
    pub(crate) fn setting(
        mut self,
        section: &'static str,
        name: &'static str,
        value: &str,
    ) -> Self {
        self.settings.push((section, name, value.to_owned()));
        self
    }

    /// A clock that stands still until it is moved.
    pub(crate) fn manual_clock(mut self) -> Self {
        self.clock = Clock::manual(Time(1_790_000_000_000_000));
        self
    }

    /// Starts it; returns once it answers.
    pub(crate) async fn start(self) -> TestCloud {
        let violations = Arc::new(Mutex::new(Vec::new()));
        let (started, wait) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let options = self.options(&violations);
        let thread = std::thread::spawn(move || serve(options, &started, stopped));
        let (url, platform, api) = tokio::task::spawn_blocking(move || wait.recv())
            .await
            .unwrap()
            .expect("the cloud ended before it was ready");
        TestCloud {
            url,
            engine: self.engine,
            clock: self.clock,
            platform,
            api,
            folder: self.folder,
            settings: self.settings,
            violations,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    fn options(&self, violations: &Arc<Mutex<Vec<String>>>) -> Options {
        let mut settings = vec![
            ("default", "listen", "127.0.0.1:0".to_owned()),
            ("default", "engine", "sim".to_owned()),
            ("default", "workers", "1".to_owned()),
            ("identity", "admin_password", PASSWORD.to_owned()),
            ("identity", "demo_password", PASSWORD.to_owned()),
            ("identity", "password_hash_rounds", "4".to_owned()),
            ("metadata", "enabled", "false".to_owned()),
            ("compute", "shutdown_timeout", "0".to_owned()),
        ];
        settings.extend(self.settings.iter().cloned());
        let seen = Arc::clone(violations);
        let observer: Observer = Arc::new(move |operation, version, why| {
            seen.lock().unwrap().push(format!("{operation} at {version}: {why}"));
        });
        Options {
            settings: Settings::load(None, std::iter::empty(), &settings).unwrap(),
            data_dir: self.folder.path().to_owned(),
            clock: self.clock.clone(),
            engine: Some(Arc::new(self.engine.clone()) as Arc<dyn Engine>),
            observer: Some(observer),
        }
    }
}

fn serve(
    options: Options,
    started: &mpsc::Sender<(String, Arc<Platform>, Arc<Api>)>,
    stopped: oneshot::Receiver<Stop>,
) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let killed = runtime.block_on(async move {
        let app = App::build(options).await.unwrap();
        let url = format!("http://{}", app.address().unwrap());
        let (orderly, wait) = oneshot::channel::<()>();
        let (platform, api) = (Arc::clone(&app.platform), Arc::clone(&app.api));
        let running = app.run(async move {
            wait.await.unwrap_or_default();
        });
        started.send((url, platform, api)).unwrap();
        tokio::pin!(running);
        tokio::select! {
            ended = &mut running => {
                ended.unwrap();
                false
            }
            how = stopped => match how {
                Ok(Stop::Killed) => true,
                Ok(Stop::Orderly) | Err(_) => {
                    orderly.send(()).unwrap_or_default();
                    running.await.unwrap();
                    false
                }
            },
        }
    });
    if killed {
        runtime.shutdown_background();
    }
}

impl TestCloud {
    /// A cloud as a test usually wants it.
    pub(crate) async fn start() -> Self {
        Self::builder().start().await
    }

    /// A cloud with something different.
    pub(crate) fn builder() -> Builder {
        let installation = InstallationId::random();
        Builder {
            settings: Vec::new(),
            folder: Arc::new(tempfile::tempdir().unwrap()),
            engine: SimEngine::with_images(installation, &[IMAGE]),
            clock: Clock::system(),
        }
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A session of `admin` in the project `admin`.
    pub(crate) async fn admin(&self) -> Session {
        self.session("admin", PASSWORD, Scope::Project("admin")).await
    }

    /// A session of `demo` in the project `demo`.
    pub(crate) async fn demo(&self) -> Session {
        self.session("demo", PASSWORD, Scope::Project("demo")).await
    }

    /// A session of `admin` in the whole system.
    pub(crate) async fn system(&self) -> Session {
        self.session("admin", PASSWORD, Scope::System).await
    }

    /// A session of anybody.
    pub(crate) async fn session(&self, user: &str, password: &str, scope: Scope<'_>) -> Session {
        Session::open(&self.url, user, password, scope).await
    }

    /// A session without a token.
    pub(crate) fn nobody(&self) -> Session {
        Session::without_token(&self.url)
    }

    /// A user with one role in the project `demo`, and a session of it.
    pub(crate) async fn user_with_role(&self, role: &str) -> Session {
        let admin = self.admin().await;
        let name = format!("{role}-user");
        let body = serde_json::json!({"user": {"name": name, "password": PASSWORD}});
        let user = admin.post("/identity/v3/users", body).await.expect(201).text("/user/id");
        let project = admin.find("/identity/v3/projects?name=demo", "projects").await;
        let roles = format!("/identity/v3/roles?name={role}");
        let role = admin.find(&roles, "roles").await;
        let path = format!("/identity/v3/projects/{project}/users/{user}/roles/{role}");
        admin.put(&path, serde_json::Value::Null).await.expect(204);
        self.session(&name, PASSWORD, Scope::Project("demo")).await
    }

    /// Stops it as Ctrl-C does and starts it again on the same folder and engine.
    pub(crate) async fn restart(mut self) -> Self {
        self.end(Stop::Orderly).await;
        self.again().await
    }

    /// Kills it where it stands and starts it again on the same folder and engine.
    pub(crate) async fn kill_and_restart(mut self) -> Self {
        self.end(Stop::Killed).await;
        self.again().await
    }

    async fn end(&mut self, how: Stop) {
        if let Some(stop) = self.stop.take() {
            stop.send(how).ok();
        }
        if let Some(thread) = self.thread.take() {
            tokio::task::spawn_blocking(move || thread.join()).await.unwrap().unwrap();
        }
    }

    async fn again(&self) -> Self {
        let builder = Builder {
            settings: self.settings.clone(),
            folder: Arc::clone(&self.folder),
            engine: self.engine.clone(),
            clock: self.clock.clone(),
        };
        builder.start().await
    }
}

impl Drop for TestCloud {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(Stop::Orderly).ok();
        }
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap_or_default();
        }
        let violations = self.violations.lock().unwrap();
        if !std::thread::panicking() {
            assert!(violations.is_empty(), "answers that break the contract: {violations:#?}");
        }
    }
}
