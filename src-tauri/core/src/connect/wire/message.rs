//! Reads messages that anybody may have written: within limits, and with the odd tool left out.

use rmcp::model::{ServerJsonRpcMessage, Tool};
use serde_json::Value;

use super::super::fault::Fault;
use crate::ports::HttpError;

/// How deep arrays and objects may lie in one another (S7).
const DEPTH_LIMIT: usize = 64;
/// How many values a message may hold: each costs far more in memory than on the wire (S7).
const VALUE_LIMIT: usize = 250_000;

/// Reads one message.
pub(super) fn read(json: &[u8]) -> Result<ServerJsonRpcMessage, Fault> {
    let (value, _) = tidied(json)?;
    serde_json::from_value(value).map_err(|_| Fault::NotMcp)
}

/// Reads one message for somebody who reads it again; `None` if it may stay as it is.
pub(super) fn tidy(json: &[u8]) -> Result<Option<String>, Fault> {
    let (value, changed) = tidied(json)?;
    Ok(changed.then(|| value.to_string()))
}

fn tidied(json: &[u8]) -> Result<(Value, bool), Fault> {
    if !is_modest(json) {
        return Err(HttpError::TooLarge.into());
    }
    let mut value = serde_json::from_slice(json).map_err(|_| Fault::NotMcp)?;
    let changed = drop_odd_tools(&mut value);
    Ok((value, changed))
}

/// Leaves out the tools that are none, so that one of them does not cost the whole list.
fn drop_odd_tools(message: &mut Value) -> bool {
    let Some(Value::Array(tools)) = message.pointer_mut("/result/tools") else {
        return false;
    };
    let before = tools.len();
    tools.retain(|tool| {
        let readable = serde_json::from_value::<Tool>(tool.clone());
        if let Err(error) = &readable {
            tracing::warn!(%error, "a tool that cannot be read is left out");
        }
        readable.is_ok()
    });
    tools.len() != before
}

/// Counts brackets and commas outside strings, before anything is built from them.
fn is_modest(json: &[u8]) -> bool {
    let (mut depth, mut values, mut in_string, mut escaped) = (0_usize, 0_usize, false, false);
    for &byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                depth += 1;
                values += 1;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if depth > DEPTH_LIMIT || values > VALUE_LIMIT {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s07_depth_has_a_limit_and_strings_do_not_count() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(is_modest(nested(64).as_bytes()), "64 are allowed");
        assert!(!is_modest(nested(65).as_bytes()), "65 are not");
        let text = serde_json::to_string(&"[\\\"{".repeat(1000)).expect("a string is JSON");
        assert!(is_modest(text.as_bytes()), "brackets in strings are text");
    }

    #[test]
    fn s07_a_swarm_of_values_is_refused_before_it_is_built() {
        let swarm = format!("[{}0]", "0,".repeat(VALUE_LIMIT));
        assert_eq!(
            read(swarm.as_bytes()).expect_err("too many"),
            Fault::Http(HttpError::TooLarge)
        );
    }

    #[test]
    fn one_odd_tool_does_not_cost_the_others() {
        let list = r#"{"jsonrpc":"2.0","id":1,"result":{"tools":[
            {"name":"good","inputSchema":{"type":"object"}},
            {"name":"odd","inputSchema":"none"},
            {"inputSchema":{}}, 7, null]}}"#;
        let tidied = tidy(list.as_bytes())
            .expect("the message is JSON")
            .expect("it changed");
        let tidied: Value = serde_json::from_str(&tidied).expect("what comes out is JSON");
        assert_eq!(tidied["result"]["tools"].as_array().map(Vec::len), Some(1));
        assert_eq!(tidied["result"]["tools"][0]["name"], "good");
        assert!(read(list.as_bytes()).is_ok(), "and it is a message");
    }

    #[test]
    fn a_message_without_odd_tools_stays_as_it_is() {
        let list = r#"{"jsonrpc":"2.0","id":1,"result":{"tools":[]}}"#;
        assert_eq!(tidy(list.as_bytes()), Ok(None));
    }
}
