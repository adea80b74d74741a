//! Server-sent events within limits.

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use rmcp::transport::streamable_http_client::SseError;
use sse_stream::{Sse, SseStream};

use super::{super::fault::Fault, message, notes::Notes};
use crate::ports::HttpError;

/// The most bytes of one event (S7).
pub(in super::super) const EVENT_LIMIT: usize = 1024 * 1024;

/// Measures events as their bytes arrive (HTML Living Standard, parsing an event stream).
#[derive(Default)]
struct Gauge {
    size: usize,
    line_is_empty: bool,
    after_return: bool,
}

impl Gauge {
    /// Takes a piece; false as soon as an event is too large.
    fn takes(&mut self, piece: &[u8]) -> bool {
        piece.iter().all(|byte| {
            self.take(*byte);
            self.size <= EVENT_LIMIT
        })
    }

    fn take(&mut self, byte: u8) {
        let ends_line = matches!(byte, b'\r' | b'\n');
        let second_half = byte == b'\n' && self.after_return;
        self.after_return = byte == b'\r';
        if second_half {
            return;
        }
        self.size = if ends_line && self.line_is_empty {
            0
        } else {
            self.size + 1
        };
        self.line_is_empty = ends_line;
    }
}

/// Turns bytes into events, each within its limits and with odd tools left out; the first breach ends the stream.
pub(super) fn events(
    bytes: impl Stream<Item = Result<Bytes, reqwest::Error>> + Send + 'static,
    notes: Notes,
) -> BoxStream<'static, Result<Sse, SseError>> {
    let mut gauge = Gauge::default();
    let pieces = bytes.map_err(HttpError::from).and_then(move |piece| {
        let fits = gauge.takes(&piece);
        std::future::ready(if fits { Ok(piece) } else { Err(HttpError::TooLarge) })
    });
    let events = SseStream::from_bytes_stream(Box::pin(pieces));
    let read = events.map(move |event| {
        let read = event.and_then(|event| tidied(event).map_err(|fault| SseError::Body(Box::new(fault))));
        if let Err(SseError::Body(error)) = &read {
            let of_bytes = error.downcast_ref::<HttpError>().copied().map(Fault::Http);
            let fault = error.downcast_ref::<Fault>().cloned().or(of_bytes);
            notes.fault(&fault.unwrap_or(Fault::NotMcp));
        }
        read
    });
    // After an error nothing more is read: what follows it belongs to no event.
    let mut failed = false;
    let until_error = read.take_while(move |event| {
        let go_on = !failed;
        failed = event.is_err();
        std::future::ready(go_on)
    });
    until_error.boxed()
}

fn tidied(mut event: Sse) -> Result<Sse, Fault> {
    let Some(data) = event.data.as_deref().filter(|data| !data.trim().is_empty()) else {
        return Ok(event);
    };
    if let Some(tidied) = message::tidy(data.as_bytes())? {
        event.data = Some(tidied);
    }
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connect::wire::notes::LastHints;

    async fn read(pieces: Vec<Vec<u8>>) -> (Vec<Option<String>>, Option<Fault>) {
        let notes = Notes::new(LastHints::default());
        let pieces = futures::stream::iter(pieces.into_iter().map(|piece| Ok(Bytes::from(piece))));
        let events: Vec<_> = events(pieces, notes.clone()).collect().await;
        let data = events.into_iter().filter_map(Result::ok).map(|event| event.data);
        (data.collect(), notes.last())
    }

    #[tokio::test]
    async fn s07_events_have_a_limit_in_any_spelling_of_lines() {
        for end in ["\n", "\r\n"] {
            let line = format!("data: {}{end}", "x".repeat(1000));
            let endless = line.repeat(2000).into_bytes();
            let (data, fault) = read(vec![endless]).await;
            assert!(data.is_empty(), "no event comes of it");
            assert_eq!(fault, Some(Fault::Http(HttpError::TooLarge)), "with {end:?}");
        }
    }

    #[tokio::test]
    async fn many_small_events_have_no_limit_together() {
        let event = format!("data: {{\"x\":\"{}\"}}\r\n\r\n", "y".repeat(1000));
        let (data, fault) = read(vec![event.clone().into_bytes(); 2000]).await;
        assert_eq!((data.len(), fault), (2000, None));
    }

    #[tokio::test]
    async fn s07_an_event_that_is_too_deep_ends_the_stream() {
        let deep = format!("data: {}\n\ndata: {{}}\n\n", "[".repeat(100));
        let (data, fault) = read(vec![deep.into_bytes()]).await;
        assert!(data.is_empty(), "nothing after it is read: {data:?}");
        assert_eq!(fault, Some(Fault::Http(HttpError::TooLarge)));
    }
}
