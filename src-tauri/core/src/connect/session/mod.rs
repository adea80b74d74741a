//! One session with one server: opened by rmcp over our wire, asked for tools, ended.

mod client;
mod rounds;

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures::future::Either;
use rmcp::{
    RoleClient, ServiceError,
    model::{PaginatedRequestParams, ProtocolVersion, ServerNotification, SubscriptionFilter, Tool},
    service::{ClientCacheConfig, ClientLifecycleMode, ClientServiceExt, RunningService},
    transport::{StreamableHttpClientTransport, streamable_http_client::StreamableHttpClientTransportConfig},
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{
    desk::Desk,
    fault::Fault,
    wire::{EVENT_LIMIT, Notes, Wire},
};
use crate::{base::AccountId, ports::HttpError, servers::Era};
use client::Client;

pub(super) use rounds::ToolCall;

/// How long opening may take, and listing the tools (S7).
const LIMIT: Duration = Duration::from_secs(30);
/// The most pages of tools (S7).
const PAGE_LIMIT: usize = 100;
/// The most bytes of tools, as JSON.
const TOOLS_LIMIT: usize = 16 * 1024 * 1024;

/// An open session.
pub(super) struct Session {
    service: RunningService<RoleClient, Client>,
    account: Option<AccountId>,
    desk: Desk,
    changed: Arc<Notify>,
    notes: Notes,
    gone: CancellationToken,
}

impl Session {
    /// Opens a session as the server was last seen to want it, else in the modern way with the older one to fall back
    /// to. `gone` is cancelled by the wire when the transport has ended.
    pub(super) async fn open(
        wire: Wire,
        era: Option<Era>,
        desk: Desk,
        (notes, gone): (Notes, CancellationToken),
    ) -> Result<Self, Fault> {
        let modern = || ClientLifecycleMode::Auto {
            preferred_versions: vec![ProtocolVersion::V_2026_07_28],
            legacy_version: None,
        };
        let client = Client {
            changed: Arc::new(Notify::new()),
            desk,
        };
        let opening = async {
            match era {
                Some(Era::Initialize) => {
                    let older = begin(&wire, &client, ClientLifecycleMode::Initialize).await;
                    match older {
                        // The server may have learnt the modern way and forgotten the older one since.
                        Err(Fault::Refused { .. } | Fault::NotMcp) => begin(&wire, &client, modern()).await,
                        outcome => outcome,
                    }
                }
                Some(Era::Modern) | None => begin(&wire, &client, modern()).await,
            }
        };
        let opened = tokio::time::timeout(LIMIT, opening).await;
        let account = wire.account();
        drop(wire);
        let service = match opened {
            Ok(Ok(service)) => service,
            // The transport's own word is more exact than what came of it.
            Ok(Err(fault)) => return Err(notes.last().unwrap_or(fault)),
            Err(_) => return Err(notes.last().unwrap_or(Fault::Http(HttpError::TimedOut))),
        };
        // Lists come from the server or from the store, never from a third place.
        service
            .peer()
            .set_response_cache_config(ClientCacheConfig::disabled())
            .await;
        Ok(Self {
            service,
            account,
            desk: client.desk,
            changed: client.changed,
            notes,
            gone,
        })
    }

    /// Tells as whom everything in it is asked; `None` for nobody.
    pub(super) const fn account(&self) -> Option<AccountId> {
        self.account
    }

    /// Tells which handshake the server answered.
    pub(super) fn era(&self) -> Era {
        match self.service.peer_info() {
            Some(info) if !info.protocol_version.has_initialize() => Era::Modern,
            _ => Era::Initialize,
        }
    }

    /// Lists the tools, page by page. A cursor that comes again ends the list; what is too much is left out.
    pub(super) async fn tools(&self) -> Result<Vec<Tool>, Fault> {
        let listed = tokio::time::timeout(LIMIT, self.pages()).await;
        listed.map_err(|_| HttpError::TimedOut)?
    }

    async fn pages(&self) -> Result<Vec<Tool>, Fault> {
        let (mut tools, mut size) = (Vec::new(), 0);
        let (mut cursor, mut seen) = (None, HashSet::new());
        for _ in 0..PAGE_LIMIT {
            let params = cursor.map(|cursor| PaginatedRequestParams::default().with_cursor(Some(cursor)));
            let page = self.service.list_tools(params).await?;
            size += serde_json::to_vec(&page.tools).map_or(TOOLS_LIMIT, |json| json.len());
            if size > TOOLS_LIMIT {
                break;
            }
            tools.extend(page.tools);
            match page.next_cursor {
                Some(next) if seen.insert(next.clone()) => cursor = Some(next),
                Some(_) | None => break,
            }
        }
        Ok(tools)
    }

    /// An answer that was cut off because it was too large looks to rmcp like a stream that just ended.
    fn call_fault(&self, error: ServiceError) -> Fault {
        let too_large = Fault::Http(HttpError::TooLarge);
        match error {
            ServiceError::TransportClosed if self.notes.last() == Some(too_large.clone()) => too_large,
            error => error.into(),
        }
    }

    /// Returns once the session is over, with the reason.
    pub(super) async fn over(&self) -> Fault {
        let (ended, gone) = (self.notes.ended(), self.gone.cancelled());
        match futures::future::select(std::pin::pin!(ended), std::pin::pin!(gone)).await {
            Either::Left((fault, _)) => fault,
            Either::Right(_) => Fault::Http(HttpError::Interrupted),
        }
    }

    /// Returns once the tools may have changed (`notifications/tools/list_changed`).
    pub(super) async fn tools_changed(&self) {
        self.changed.notified().await;
    }

    /// Listens for changes where the server wants to be asked for them (MCP 2026-07-28, subscriptions), and returns
    /// when it stops telling; never where there is nothing to listen to.
    pub(super) async fn listen(&self) {
        if !self.listens() {
            return std::future::pending().await;
        }
        let filter = SubscriptionFilter::builder().tools_list_changed().build();
        let mut subscription = match self.service.listen(filter).await {
            Ok(subscription) => subscription,
            // It does not offer that after all.
            Err(ServiceError::McpError(_) | ServiceError::UnexpectedResponse) => {
                return std::future::pending().await;
            }
            Err(_) => return,
        };
        while let Ok(Some(notification)) = subscription.next().await {
            if let ServerNotification::ToolListChangedNotification(_) = notification {
                self.changed.notify_one();
            }
        }
        // What changed from here on until somebody listens again would be missed.
        self.changed.notify_one();
    }

    /// Tells whether changes come over a stream that is asked for (MCP 2026-07-28, subscriptions).
    fn listens(&self) -> bool {
        let info = self.service.peer_info();
        let tools = info.as_ref().and_then(|info| info.capabilities.tools.as_ref());
        self.era() == Era::Modern && tools.and_then(|tools| tools.list_changed).unwrap_or(false)
    }

    /// Gives what is cancelled when the transport is gone, having released what the server held.
    pub(super) fn released(&self) -> CancellationToken {
        self.gone.clone()
    }

    /// Ends the session; the transport releases what the server holds.
    pub(super) fn end(&self) {
        self.service.cancellation_token().cancel();
    }
}

async fn begin(
    wire: &Wire,
    client: &Client,
    lifecycle: ClientLifecycleMode,
) -> Result<RunningService<RoleClient, Client>, Fault> {
    let mut config = StreamableHttpClientTransportConfig::with_uri("usher:the-wire-knows");
    config.max_sse_event_size = EVENT_LIMIT;
    let transport = StreamableHttpClientTransport::with_client(wire.clone(), config);
    Ok(client.clone().serve_with_lifecycle(transport, lifecycle).await?)
}
