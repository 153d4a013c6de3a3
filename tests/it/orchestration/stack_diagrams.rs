//! Stacks as pictures (`?format=`) and as a stream of events (`Accept: text/event-stream`).

use serde_json::json;

use super::{Stack, error};
use crate::support::{Session, TestCloud};

/// A value, another that needs it, and a third one stack further down.
async fn stack(demo: &Session) -> Stack<'_> {
    let body = json!({
        "stack_name": "s",
        "template": super::template(json!({
            "first": {"type": "OS::Heat::Value", "properties": {"value": 1}},
            "second": {"type": "OS::Heat::Value", "properties": {
                "value": {"get_resource": "first"}}},
            "part": {"type": "inner.yaml"},
        })),
        "files": {"inner.yaml": super::template(json!({"db": {"type": "OS::Heat::None"}})).to_string()},
    });
    let stack = Stack::create(demo, body).await;
    stack.reaches("CREATE_COMPLETE").await;
    stack
}

#[tokio::test]
async fn a_stack_is_drawn_in_three_forms_and_its_last_action_as_a_chart() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = stack(&demo).await;
    let forms = [
        ("/resources?format=svg", "image/svg+xml", "<text x="),
        ("/resources?format=mermaid", "text/vnd.mermaid", "-.->"),
        ("/resources?format=dot", "text/vnd.graphviz", "[style=dashed]"),
    ];
    for (path, media_type, part) in forms {
        let drawn = stack.get(path).await;
        assert_eq!(drawn.header("content-type"), media_type);
        let text = String::from_utf8(drawn.bytes.clone()).unwrap();
        for word in ["first", "second", "part/db", "CREATE_COMPLETE", part] {
            assert!(text.contains(word), "{word} is not in {text}");
        }
    }
    let chart = stack.get("/events?format=gantt").await;
    assert_eq!(chart.header("content-type"), "image/svg+xml");
    let text = String::from_utf8(chart.bytes.clone()).unwrap();
    assert_eq!(text.matches("<rect").count(), 4, "{text}");

    let refused = demo.get(&format!("{}/resources?format=png", stack.path)).await.expect(400);
    let sentence = "Unrecognized value \"png\" for \"format\", acceptable values are: svg, \
                    mermaid, dot";
    assert_eq!(error(&refused).1, sentence);
}

/// Reads a stream until a text is in it.
async fn read_until(response: &mut reqwest::Response, wanted: &str) -> String {
    let mut text = String::new();
    while !text.contains(wanted) {
        let chunk = response.chunk().await.unwrap().expect("the stream has ended");
        text.push_str(&String::from_utf8_lossy(&chunk));
    }
    text
}

#[tokio::test]
async fn events_are_streamed_as_they_happen_and_from_where_a_client_was() {
    let cloud = TestCloud::start().await;
    let demo = cloud.demo().await;
    let stack = stack(&demo).await;
    let asked = |last: Option<&str>| {
        let request = demo.request("GET", &format!("{}/events", stack.path));
        let request = request.header("accept", "text/event-stream");
        match last {
            Some(id) => request.header("last-event-id", id),
            None => request,
        }
    };
    let mut stream = asked(None).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let begin = read_until(&mut stream, "Stack CREATE completed successfully").await;
    assert!(begin.starts_with("id: "), "{begin}");
    demo.delete(&stack.path).await.expect(204);
    let end = read_until(&mut stream, "Stack DELETE completed successfully").await;
    assert!(!end.contains("Stack CREATE started"), "{end}");

    let last = begin.lines().rev().find_map(|line| line.strip_prefix("id: ")).unwrap();
    let again = asked(Some(last)).send().await.unwrap().text().await.unwrap();
    assert!(again.contains("event: DELETE_COMPLETE"), "{again}");
    assert!(!again.contains("event: CREATE_"), "{again}");
}
