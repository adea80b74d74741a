//! Servers whose word nobody vouches for: said as such, and never talked to.

use std::sync::Arc;

use http::Method;
use reqwest::Request;
use serde_json::json;
use usher_core::{
    base::Reach,
    ports::{Http, HttpError, WayOut},
};
use usher_tests::{Decision, HandNetwork, Home, SelfSigned, canned};

async fn asked(url: &str) -> HttpError {
    let http =
        Http::new("story", WayOut::new(Arc::new(HandNetwork::default()))).expect("the system has TLS roots");
    let request = Request::new(Method::GET, url.parse().expect("a URL"));
    let answer = http.send(request, Reach::Loopback).await;
    answer.expect_err("nothing comes of it")
}

#[tokio::test]
async fn a_certificate_that_nobody_signed_or_for_another_host_is_not_believed() {
    for name in ["127.0.0.1", "mcp.example.com"] {
        let server = SelfSigned::open(name).await;
        assert_eq!(asked(&server.url).await, HttpError::Certificate, "{name}");
        assert_eq!(server.met(), 1, "{name}: the server was asked");
        assert_eq!(server.believed(), 0, "{name}: and told nothing");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_no_question_of_its_certificate() {
    let server = canned(200, "application/json", "{}").await;
    let url = server.base.replace("http://", "https://");
    assert_eq!(asked(&url).await, HttpError::NotHttp);
}

#[tokio::test]
async fn a_person_is_told_that_the_certificate_is_not_trusted() {
    let server = SelfSigned::open("127.0.0.1").await;
    let home = Home::new(Decision::Allow).await;
    let probe = home.good("probe", json!({ "url": server.url })).await;
    assert_eq!(
        probe,
        json!({ "kind": "unsure", "evidence": { "kind": "certificate" } })
    );
    let id = home.add(&server.url).await;
    home.connect(&id).await;
    let waits = |server: &serde_json::Value| !server["state"]["error"].is_null();
    let shown = home.until(&id, waits).await;
    assert_eq!(shown["state"]["error"]["code"], "certificate", "{shown}");
    assert_eq!(server.believed(), 0, "nothing was ever said to it");
    assert!(home.person().opened().is_empty(), "no browser opens");
}
