//! The one command of the page.

use serde_json::{Value, json};
use tauri::{AppHandle, State};
use usher_core::api::contract::AppError;

use crate::core::Core;

/// Hands a call to the core and its answer to the page; rejects with the error people see.
///
/// Waits while the core starts. If it cannot start, the call is answered with the reason.
#[tauri::command]
pub async fn call(
    desktop: AppHandle,
    core: State<'_, Core>,
    name: String,
    argument: Option<Value>,
) -> Result<Value, AppError> {
    let app = core.app(&desktop).await?;
    app.call(json!({ "name": name, "argument": argument })).await
}
