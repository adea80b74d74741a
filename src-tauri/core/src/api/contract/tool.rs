//! Tools and their results. Everything in them is the server's text and is shown as text.

use serde::Serialize;
use serde_json::Value;
use ts_rs::TS;

/// The tools of one server, from its last good answer.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ToolsView {
    /// The tools in the server's order.
    pub tools: Vec<ToolView>,
    /// When that answer came; `None` if there never was one.
    pub listed_at: Option<i64>,
}

/// One tool.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ToolView {
    /// Its name.
    pub name: String,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// What it does, in the server's words.
    pub description: Option<String>,
    /// JSON Schema of its arguments.
    #[ts(type = "Record<string, unknown>")]
    pub input_schema: Value,
    /// Whether the server says that it changes nothing.
    pub read_only: bool,
    /// Whether the server says that it may destroy something.
    pub destructive: bool,
}

/// What a tool answered.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ToolResultView {
    /// The parts of the answer, in order.
    pub content: Vec<ContentView>,
    /// The structured answer, if there is one.
    #[ts(type = "unknown")]
    pub structured: Option<Value>,
    /// Whether the tool says that it failed.
    pub is_error: bool,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
}

/// One part of a tool's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ContentView {
    /// Text.
    Text {
        /// The text, as the server wrote it.
        text: String,
    },
    /// A raster image (PNG, JPEG, GIF or WebP, checked by its first bytes).
    Image {
        /// Its media type.
        media_type: String,
        /// Its bytes in base64.
        data: String,
    },
    /// A link to a resource; opened only by the person, in the system browser.
    Link {
        /// Where it leads.
        uri: String,
        /// Its name.
        name: String,
    },
    /// Something this window does not show.
    Other {
        /// Its type or media type.
        media_type: String,
    },
}
