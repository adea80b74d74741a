//! A Tauri window with one word in it: what the app's own start and memory are measured beside.

use tauri::{Builder, WebviewUrl, WebviewWindowBuilder, http::Response};

fn main() -> tauri::Result<()> {
    Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            let page = b"<!doctype html><title>Empty</title><p>Empty".to_vec();
            Response::builder()
                .header("content-type", "text/html")
                .body(page)
                .expect("the answer is well-formed")
        })
        .setup(|app| {
            let page = "empty://localhost/".parse().expect("the address is well-formed");
            WebviewWindowBuilder::new(app, "main", WebviewUrl::CustomProtocol(page))
                .title("Empty")
                .inner_size(1080.0, 720.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
