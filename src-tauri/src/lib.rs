//! The desktop around the core: window, tray, links, notifications, browser and keychain.
//!
//! Never here: anything about OAuth, MCP or what is stored. The page asks through the one command `call` and
//! hears the one event; everything else is the core's.

mod attention;
mod background;
mod bell;
mod call;
mod core;
mod deep_link;
mod doors;
mod environment;
mod events;
mod guard;
mod hints;
mod log;
mod notify;
mod second;
mod tray;
mod window;
mod words;

use std::process::ExitCode;

use tauri::{App, AppHandle, Builder, Manager, RunEvent};

use crate::{core::Core, environment::Environment};

/// Runs the app until the person quits it.
pub fn run() -> ExitCode {
    environment::keep_secrets_out_of_core_dumps();
    let environment = Environment::read();
    let visit = second::visit(environment::arguments());
    // First, so that a second start ends before it touches anything.
    if second::is_heard_now(&environment.data_directory, &visit) {
        return ExitCode::SUCCESS;
    }
    log::start(&environment.data_directory);
    match build(environment) {
        Ok(app) => ExitCode::from(u8::try_from(app.run_return(on_event)).unwrap_or(1)),
        Err(error) => {
            tracing::error!(%error, "the desktop could not be reached");
            ExitCode::FAILURE
        }
    }
}

fn build(environment: Environment) -> tauri::Result<App> {
    Builder::default()
        .plugin(tauri_plugin_deep_link::init())
        .manage(Core::default())
        .manage(environment)
        .invoke_handler(tauri::generate_handler![call::call])
        .setup(|app| {
            set_up(app.handle());
            Ok(())
        })
        .build(tauri::generate_context!())
}

fn set_up(app: &AppHandle) {
    background::listen_for_signals(app);
    tray::set_up(app);
    deep_link::listen(app);
    hints::Hints::start(app);
    start_core(app.clone());
    window::show(app);
}

/// Starts the core beside the window; who asks meanwhile waits for it.
fn start_core(app: AppHandle) {
    tauri::async_runtime::spawn(async move {
        // If it fails, the log has it, and the page asks and is told.
        let _ = app.state::<Core>().app(&app).await;
    });
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::ExitRequested { code: None, api, .. } if background::is_wanted(app) => {
            api.prevent_exit();
            hints::window_closed(app);
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::show(app),
        RunEvent::Exit => {
            notify::stop(app);
            core::stop(app);
        }
        _ => {}
    }
}
