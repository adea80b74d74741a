//! What people type and what answers: every mistake has its own code, and the app goes on.

use serde_json::{Value, json};
use tokio::net::TcpListener;
use usher_core::api::contract::ErrorCode;
use usher_tests::{Decision, Door, Home, McpServer, canned};

async fn refused(home: &Home, url: &str) -> ErrorCode {
    let new = json!({ "name": "", "url": url, "authKind": null, "headers": [] });
    home.call("addServer", new)
        .await
        .expect_err("no address of a server")
        .code
}

/// Adds and connects what is at an address; gives what detection and the connection say.
async fn verdicts(home: &Home, url: &str, state: &str) -> (Value, Value) {
    let probe = home.good("probe", json!({ "url": url })).await;
    let id = home.add(url).await;
    let server = home.server(&id).await;
    assert_eq!(
        server["authKind"],
        Value::Null,
        "nothing is concluded from {probe}"
    );
    home.connect(&id).await;
    let server = home.state(&id, state).await;
    assert!(home.person().opened().is_empty(), "no browser for {url}");
    (probe["evidence"].clone(), server["state"]["error"].clone())
}

#[tokio::test]
async fn every_mistake_in_an_address_has_its_own_code() {
    let home = Home::new(Decision::Allow).await;
    let long = format!("https://mcp.example.com/{}", "a".repeat(10_000));
    for (url, code) in [
        ("", ErrorCode::AddressEmpty),
        ("   ", ErrorCode::AddressEmpty),
        ("http://", ErrorCode::AddressNotAUrl),
        ("ftp://mcp.example.com/mcp", ErrorCode::AddressNotHttp),
        ("javascript:alert(1)", ErrorCode::AddressNotHttp),
        (
            "https://me:secret@mcp.example.com/mcp",
            ErrorCode::AddressCredentials,
        ),
        ("https://mcp.example.com/mcp#part", ErrorCode::AddressFragment),
        (&long, ErrorCode::AddressTooLong),
    ] {
        assert_eq!(refused(&home, url).await, code, "{}", &url[..url.len().min(40)]);
    }
    let snapshot = home.good("snapshot", Value::Null).await;
    assert_eq!(snapshot["servers"], json!([]), "nothing was added");
}

#[tokio::test]
async fn plain_http_beyond_this_machine_is_not_asked_at_all() {
    let home = Home::new(Decision::Allow).await;
    let (evidence, error) = verdicts(&home, "http://mcp.example.com/mcp", "stopped").await;
    assert_eq!(evidence, json!({ "kind": "insecure" }));
    assert_eq!(error["code"], "addressInsecure");
    assert_eq!(error["args"]["host"], "mcp.example.com");
}

#[tokio::test]
async fn a_dead_host_is_unreachable_and_tried_again_later() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/mcp", listener.local_addr().expect("an address"));
    drop(listener);
    let home = Home::new(Decision::Allow).await;
    let (evidence, error) = verdicts(&home, &url, "waiting").await;
    assert_eq!(evidence, json!({ "kind": "unreachable" }));
    assert_eq!(error["code"], "unreachable");
}

#[tokio::test]
async fn a_web_page_is_no_server() {
    let page = canned(200, "text/html", "<!doctype html><title>Please log in</title>").await;
    let home = Home::new(Decision::Allow).await;
    let (evidence, error) = verdicts(&home, &format!("{}/mcp", page.base), "waiting").await;
    assert_eq!(evidence, json!({ "kind": "htmlPage" }));
    assert_eq!(error["code"], "notMcp");
}

#[tokio::test]
async fn nonsense_is_no_server() {
    let home = Home::new(Decision::Allow).await;
    for body in ["{\"hello\":1}", "not json", "[]", ""] {
        let nonsense = canned(200, "application/json", body).await;
        let (evidence, error) = verdicts(&home, &format!("{}/mcp", nonsense.base), "stopped").await;
        assert_eq!(evidence, json!({ "kind": "notMcp" }), "{body}");
        assert_eq!(error["code"], "notMcp", "{body}");
    }
}

#[tokio::test]
async fn a_status_that_says_nothing_is_shown_as_it_is() {
    let home = Home::new(Decision::Allow).await;
    for (status, state) in [
        (500, "waiting"),
        (503, "waiting"),
        (404, "stopped"),
        (405, "stopped"),
    ] {
        let failing = canned(status, "text/plain", "no").await;
        let (evidence, error) = verdicts(&home, &format!("{}/mcp", failing.base), state).await;
        assert_eq!(evidence, json!({ "kind": "status", "status": status }));
        assert_eq!(error["code"], "httpStatus", "{status}");
        assert_eq!(error["args"]["status"], status.to_string());
    }
}

#[tokio::test]
async fn one_bad_server_never_keeps_another_from_working() {
    let (bad, good) = (
        canned(500, "text/plain", "no").await,
        McpServer::open(Door::Open).await,
    );
    let home = Home::new(Decision::Allow).await;
    let ids = [
        home.add(&format!("{}/mcp", bad.base)).await,
        home.add(&good.url()).await,
    ];
    for id in &ids {
        home.connect(id).await;
    }
    home.state(&ids[1], "ready").await;
    home.state(&ids[0], "waiting").await;
    home.echo(&ids[1], "hello").await.expect("the good one works");
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_and_a_header_beside_a_sign_in_are_refused() {
    let home = Home::new(Decision::Allow).await;
    let add = |kind: Value, name: &str, value: &str| {
        let headers = json!([{ "name": name, "value": value }]);
        json!({ "name": "", "url": "http://127.0.0.1:1/mcp", "authKind": kind, "headers": headers })
    };
    for (new, code) in [
        (add(Value::Null, "no spaces", "v"), ErrorCode::HeaderInvalid),
        (add(Value::Null, "x-key", "line\nbreak"), ErrorCode::HeaderInvalid),
        (
            add(json!("oauth"), "Authorization", "Bearer x"),
            ErrorCode::HeaderConflict,
        ),
    ] {
        let refused = home.call("addServer", new).await.expect_err("it cannot be");
        assert_eq!(refused.code, code);
    }
}

#[tokio::test]
async fn calls_that_are_none_are_refused_and_so_are_servers_that_are_gone() {
    let home = Home::new(Decision::Allow).await;
    for (name, argument) in [("", Value::Null), ("nothing", Value::Null), ("connect", json!(7))] {
        let refused = home.call(name, argument).await.expect_err("no call");
        assert_eq!(refused.code, ErrorCode::BadCall, "{name}");
    }
    for id in ["", "nonsense", "00000000000000000000000000000000"] {
        for name in ["connect", "signIn", "disconnect", "deleteServer", "tools"] {
            let refused = home.call(name, json!({ "id": id })).await.expect_err("no server");
            assert_eq!(refused.code, ErrorCode::ServerGone, "{name} {id}");
        }
        let refused = home.echo(id, "hello").await.expect_err("no server");
        assert_eq!(refused.code, ErrorCode::ServerGone);
    }
}

#[tokio::test]
async fn a_tool_that_is_not_there_and_a_server_that_is_off_say_so() {
    let server = McpServer::open(Door::Open).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    let off = home.echo(&id, "hello").await.expect_err("it is off");
    assert_eq!(off.code, ErrorCode::NotConnected);
    home.connect(&id).await;
    home.state(&id, "ready").await;
    let call = json!({ "server": id, "tool": "nowhere", "arguments": {} });
    let refused = home.call("callTool", call).await.expect_err("no such tool");
    assert_eq!(refused.code, ErrorCode::ToolRefused);
    assert!(
        refused.args["message"].contains("nowhere"),
        "in the server's words"
    );
    let call = json!({ "server": id, "tool": "fail", "arguments": {} });
    assert_eq!(
        home.good("callTool", call).await["isError"],
        true,
        "a tool's failure is an answer"
    );
}
