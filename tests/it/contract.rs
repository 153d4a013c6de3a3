//! The tables of operations and the contract name the same operations. That answers fit the
//! contract is held in every other test, by `support::TestCloud`.

use std::collections::BTreeSet;

use novadock::app::SERVICES;

use crate::support::TestCloud;

#[tokio::test]
async fn api_ref_and_the_tables_of_operations_agree() {
    let cloud = TestCloud::start().await;
    let rows = SERVICES.iter().flat_map(|service| {
        let operations = service.mounts.iter().flat_map(|mount| mount.operations);
        operations.map(|row| (service.name, row))
    });
    let in_code: BTreeSet<String> = rows
        .map(|(service, row)| {
            let action = row.action.map(|key| format!(" ({key})")).unwrap_or_default();
            format!("{service} {} {} {}{action}", row.name, row.method.as_str(), row.path)
        })
        .collect();
    let in_contract: BTreeSet<String> = cloud
        .api
        .contract()
        .operations()
        .map(|document| {
            let action =
                document.action.as_ref().map(|key| format!(" ({key})")).unwrap_or_default();
            let (service, name) = (&document.service, &document.name);
            format!("{service} {name} {} {}{action}", document.method, document.path)
        })
        .collect();
    let missing: Vec<_> = in_code.difference(&in_contract).collect();
    let absent: Vec<_> = in_contract.difference(&in_code).collect();
    assert!(
        missing.is_empty() && absent.is_empty(),
        "not in api-ref: {missing:#?}\nnot in code: {absent:#?}"
    );
}
