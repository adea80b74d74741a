//! The window: made when it is wanted, gone when it is closed, and never anywhere but at home.

use tauri::{
    AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, async_runtime,
    webview::NewWindowResponse,
};

use crate::environment::Environment;

const LABEL: &str = "main";
/// What tells the page that it waits, as part of its own address.
const WAITING: &str = "waiting";

/// Shows the window in front, making it if it was closed.
pub fn show(app: &AppHandle) {
    show_at(app, None);
}

/// Shows the window in front, at one server's page.
pub fn show_server(app: &AppHandle, id: &str) {
    show_at(app, Some(format!("server={id}")));
}

/// Lets the window say that it waits for an app that is still ending.
pub fn show_waiting(app: &AppHandle) {
    let shown = app.clone();
    // Where windows are made one after the other: the first one may just be in the making.
    let asked = app.run_on_main_thread(move || show_at(&shown, Some(WAITING.to_owned())));
    if let Err(error) = asked {
        tracing::warn!(%error, "the window cannot say that it waits");
    }
}

/// Takes the window away, for an end that may take a moment.
pub fn hide(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window could not be hidden");
    }
}

/// Returns whether the person is looking at the window.
pub async fn is_in_front(app: &AppHandle) -> bool {
    let Some(window) = app.get_webview_window(LABEL) else {
        return false;
    };
    // The main thread is asked, which answers nobody while the app ends: the core needs its threads for that.
    let asked = async_runtime::spawn_blocking(move || window.is_focused().unwrap_or(false));
    asked.await.unwrap_or(false)
}

/// Returns whether the window is open and not put away, so that the person can see what it says.
pub async fn is_in_sight(app: &AppHandle) -> bool {
    let Some(window) = app.get_webview_window(LABEL) else {
        return false;
    };
    // The main thread is asked, which answers nobody while the app ends.
    let asked = async_runtime::spawn_blocking(move || {
        window.is_visible().unwrap_or(false) && !window.is_minimized().unwrap_or(false)
    });
    asked.await.unwrap_or(false)
}

/// Shows the window; `fragment` tells the page where to go, as part of its own address.
fn show_at(app: &AppHandle, fragment: Option<String>) {
    let shown = match app.get_webview_window(LABEL) {
        Some(window) => bring_to_front(&window, fragment.as_deref()),
        None => open(app, fragment.as_deref()),
    };
    if let Err(error) = shown {
        tracing::error!(%error, "the window could not be shown");
    }
}

fn bring_to_front(window: &WebviewWindow, fragment: Option<&str>) -> tauri::Result<()> {
    if let Some(fragment) = fragment {
        let mut address = window.url()?;
        address.set_fragment(Some(fragment));
        window.navigate(address)?;
    }
    window.unminimize()?;
    window.show()?;
    window.set_focus()
}

fn open(app: &AppHandle, fragment: Option<&str>) -> tauri::Result<()> {
    let mut config = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == LABEL)
        .expect("tauri.conf.json describes the window")
        .clone();
    if let Some(fragment) = fragment {
        config.url = WebviewUrl::App(format!("index.html#{fragment}").into());
    }
    WebviewWindowBuilder::from_config(app, &config)?
        .data_directory(app.state::<Environment>().data_directory.join("window"))
        .on_navigation(is_home)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    Ok(())
}

/// Returns whether an address is one of the app's own pages, as Tauri serves them on each platform.
fn is_home(address: &Url) -> bool {
    match (address.scheme(), address.host_str()) {
        ("tauri", Some("localhost")) => cfg!(not(windows)),
        ("http" | "https", Some("tauri.localhost")) => cfg!(windows),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> &'static str {
        if cfg!(windows) {
            "http://tauri.localhost/index.html#server=1"
        } else {
            "tauri://localhost/index.html#server=1"
        }
    }

    #[test]
    fn s15_the_window_goes_nowhere_but_home() {
        let goes = |address: &str| is_home(&Url::parse(address).expect("the address is well-formed"));
        assert!(goes(home()), "its own page");
        for elsewhere in [
            "https://example.com/",
            "http://localhost/",
            "tauri://localhost.example.com/",
            "https://tauri.localhost.example.com/",
            "file:///etc/passwd",
            "data:text/html,hello",
            "javascript:alert(1)",
            "about:blank",
        ] {
            assert!(!goes(elsewhere), "{elsewhere} is not the app's own page");
        }
    }
}
