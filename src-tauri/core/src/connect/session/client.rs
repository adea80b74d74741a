//! Our side towards servers: takes their questions to the person, listens for changed tools, and offers nothing else.
//!
//! Of questions only forms are offered. Another page that a server would like to see opened (URL mode) is none of them:
//! its address is the server's alone, and a person cannot tell it from the page of a sign-in.

use std::sync::Arc;

use rmcp::{
    ClientHandler, ErrorData, RoleClient,
    model::{
        ClientCapabilities, ClientConfig, ConstString, CustomRequest, CustomResult, ElicitRequestParams,
        ElicitResult, ElicitationCapability, ElicitationCreateRequestMethod, ErrorCode,
        FormElicitationCapability, Implementation,
    },
    service::{InboundStreamOrigin, NotificationContext, RequestContext},
};
use tokio::sync::Notify;

use super::super::{asks::Reply, desk::Desk, question::Question};

/// Answers what a server asks of us. Cheap to clone.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) changed: Arc<Notify>,
    pub(super) desk: Desk,
}

impl ClientHandler for Client {
    fn get_info(&self) -> ClientConfig {
        let name = Implementation::new("Usher", env!("CARGO_PKG_VERSION"));
        let forms = ElicitationCapability::new().with_form(FormElicitationCapability::new());
        let mut capabilities = ClientCapabilities::default();
        capabilities.elicitation = Some(forms);
        ClientConfig::new(capabilities, name)
    }

    async fn on_tool_list_changed(&self, _context: NotificationContext<RoleClient>) {
        self.changed.notify_one();
    }

    /// Takes a form to the person. The server may take it back.
    async fn create_elicitation(
        &self,
        request: ElicitRequestParams,
        context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let ElicitRequestParams::FormElicitationParams {
            message,
            requested_schema,
            ..
        } = request
        else {
            return Err(not_offered());
        };
        let asked = async {
            let origin = context.extensions.get::<InboundStreamOrigin>();
            match self.desk.asker(origin).await {
                Some(asker) => {
                    let question = Question::read(&message, &requested_schema);
                    self.desk.ask(asker, question).await
                }
                None => Reply::Cancelled,
            }
        };
        tokio::select! {
            () = context.ct.cancelled() => Ok(Reply::Cancelled.into()),
            reply = asked => Ok(reply.into()),
        }
    }

    /// Refuses what is no request that there is: among others, a form that is none.
    async fn on_custom_request(
        &self,
        request: CustomRequest,
        _context: RequestContext<RoleClient>,
    ) -> Result<CustomResult, ErrorData> {
        if request.method == ElicitationCreateRequestMethod::VALUE {
            return Err(not_offered());
        }
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, request.method, None))
    }
}

/// A question of a kind that was not offered (MCP 2025-11-25, elicitation, error handling).
fn not_offered() -> ErrorData {
    ErrorData::invalid_params("only forms of flat fields are shown", None)
}
