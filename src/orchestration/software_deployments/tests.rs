use std::sync::Arc;

use kit::Platform;
use kit::clock::Time;
use kit::error::Result;
use kit::ids::{OperationId, SoftwareConfigId, SoftwareDeploymentId};
use kit::workflow::testkit::{self, World};
use kit::workflow::{Operation, State, Workflow, list_for_target};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::model::{COMPLETE, Deployment, FAILED, IN_PROGRESS};
use super::{logic, store};
use crate::engine::tests::Cloud;
use crate::software_configs::model::SoftwareConfig;
use crate::software_configs::store as config_store;
use crate::stack_resources::store as resource_store;
use crate::stacks::store as stack_store;

/// A server that runs, and a config for it.
struct Ready {
    cloud: Cloud,
    deployment: SoftwareDeploymentId,
}

impl World for Ready {
    fn platform(&self) -> &Arc<Platform> {
        &self.cloud.platform
    }

    fn workflows(&self) -> Vec<&'static Workflow> {
        self.cloud.workflows()
    }
}

impl Ready {
    async fn new() -> Self {
        let cloud = Cloud::asked_for(json!({"server": {"type": "OS::Nova::Server", "properties": {
            "image": "novadock/tiny", "flavor": "m1.tiny",
            "networks": [{"network": "shared"}]}}}))
        .await;
        testkit::settle(&cloud.platform, cloud.workflows()).await.unwrap();
        Self { cloud, deployment: SoftwareDeploymentId::random() }
    }

    /// Asks for the deployment; its operation.
    async fn ask(&self) -> Result<OperationId> {
        let (stack, id) = (self.cloud.stack.clone(), self.deployment.clone());
        let now = self.cloud.platform.clock.now();
        let write = move |connection: &Connection| {
            let stack = stack_store::get_for_system(connection, &stack)?.unwrap();
            let server = resource_store::of_stack(connection, &stack.id)?.remove(0).physical;
            let config = config(&stack.project, now);
            config_store::insert(connection, &config)?;
            let mut row = Deployment {
                id,
                project: stack.project.clone(),
                user: stack.trust.user.clone(),
                server: server.unwrap(),
                config: config.id,
                run: 0,
                input_values: json!({}),
                output_values: Value::Null,
                action: Some("CREATE".to_owned()),
                status: Some(IN_PROGRESS.to_owned()),
                status_reason: None,
                created_at: now,
                updated_at: None,
            };
            logic::create(connection, now, "req-1", &mut row)?;
            let runs = list_for_target(connection, &row.target())?;
            Ok(runs.first().unwrap().id.clone())
        };
        self.cloud.platform.store.write("test", write).await
    }

    async fn status(&self) -> String {
        let id = self.deployment.clone();
        let read = move |connection: &Connection| store::get_for_system(connection, &id);
        self.cloud.platform.store.read(read).await.unwrap().unwrap().status.unwrap()
    }
}

fn config(project: &kit::ids::ProjectId, now: Time) -> SoftwareConfig {
    SoftwareConfig {
        id: SoftwareConfigId::random(),
        project: project.clone(),
        name: "c".to_owned(),
        group: "script".to_owned(),
        config: Value::from("#!/bin/sh\n"),
        inputs: Vec::new(),
        outputs: Vec::new(),
        options: json!({}),
        created_at: now,
    }
}

#[tokio::test]
async fn whatever_is_cut_fails_or_repeats_a_deployment_says_how_it_ended() {
    testkit::power_cut_matrix(
        async || Ready::new().await,
        async |ready| ready.ask().await,
        async |ready, run: &Operation| {
            let expected = if run.state == State::Done { COMPLETE } else { FAILED };
            assert_eq!(ready.status().await, expected);
        },
    )
    .await;
}
