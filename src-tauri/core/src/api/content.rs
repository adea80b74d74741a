//! A tool's answer as the window shows it. What comes from the server is text, or a raster image that proves to
//! be one by its first bytes (S52).

use base64::{Engine, prelude::BASE64_STANDARD};
use rmcp::model::{ContentBlock, ResourceContents};

use super::contract::ContentView;

/// The first bytes of the raster formats that are shown.
const RASTERS: [(&[u8], &str); 4] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
];

/// Gives the window's form of one part of an answer.
pub(super) fn view(block: &ContentBlock) -> ContentView {
    match block {
        ContentBlock::Text(text) => ContentView::Text {
            text: text.text.clone(),
        },
        ContentBlock::Image(image) => raster(&image.data, &image.mime_type),
        ContentBlock::ResourceLink(link) => ContentView::Link {
            uri: link.uri.clone(),
            name: link.name.clone(),
        },
        ContentBlock::Resource(embedded) => resource(&embedded.resource),
        other => ContentView::Other {
            media_type: kind(other),
        },
    }
}

fn resource(contents: &ResourceContents) -> ContentView {
    match contents {
        ResourceContents::TextResourceContents { text, .. } => ContentView::Text { text: text.clone() },
        ResourceContents::BlobResourceContents { blob, mime_type, .. } => {
            raster(blob, mime_type.as_deref().unwrap_or("application/octet-stream"))
        }
        _ => ContentView::Other {
            media_type: "resource".to_owned(),
        },
    }
}

/// Gives an image only if its bytes are one; the type is taken from the bytes, not from the server's word.
fn raster(data: &str, claimed: &str) -> ContentView {
    let bytes = BASE64_STANDARD.decode(data).unwrap_or_default();
    match RASTERS
        .iter()
        .find(|(start, kind)| bytes.starts_with(start) && (*kind != "image/webp" || is_webp(&bytes)))
    {
        Some((_, media_type)) => ContentView::Image {
            media_type: (*media_type).to_owned(),
            data: BASE64_STANDARD.encode(bytes),
        },
        None => ContentView::Other {
            media_type: claimed.to_owned(),
        },
    }
}

/// Tells whether bytes that begin like a RIFF file are a picture, and not a sound or a film.
fn is_webp(bytes: &[u8]) -> bool {
    bytes.get(8..12) == Some(b"WEBP")
}

/// Names the type of a part that is not shown.
fn kind(block: &ContentBlock) -> String {
    let json = serde_json::to_value(block).unwrap_or_default();
    json.get("type")
        .and_then(|kind| kind.as_str())
        .unwrap_or("unknown")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s52_a_picture_is_judged_by_its_bytes() {
        let svg = BASE64_STANDARD.encode("<svg onload=alert(1)>");
        assert_eq!(
            raster(&svg, "image/png"),
            ContentView::Other {
                media_type: "image/png".to_owned()
            }
        );
        let png = BASE64_STANDARD.encode(b"\x89PNG\r\n\x1a\nrest");
        assert_eq!(
            raster(&png, "text/html"),
            ContentView::Image {
                media_type: "image/png".to_owned(),
                data: png.clone()
            },
            "the bytes decide, not the claim"
        );
        let sound = BASE64_STANDARD.encode(b"RIFF\0\0\0\0WAVEfmt ");
        assert_eq!(
            raster(&sound, "image/webp"),
            ContentView::Other {
                media_type: "image/webp".to_owned()
            },
            "a sound begins alike"
        );
    }
}
