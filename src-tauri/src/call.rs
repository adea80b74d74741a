//! The one command of the page.

use serde_json::{Value, json};
use tauri::State;
use usher_core::api::contract::AppError;

use crate::core::Core;

/// Hands a call to the core and its answer to the page; rejects with the error people see.
///
/// Waits while the core starts. If it could not start, every call is answered with the reason.
#[tauri::command]
pub async fn call(core: State<'_, Core>, name: String, argument: Option<Value>) -> Result<Value, AppError> {
    let app = core.app().await?;
    app.call(json!({ "name": name, "argument": argument })).await
}
