//! What provider and server receive, word for word: a client that was typed in with its secret, one that is called by its
//! document, and the way back over the loopback address. The texts in `tests/stories/wire` were reviewed.

use serde_json::json;
use usher_core::{base::ClientId, sign_in::DeepLink};
use usher_tests::{
    AuthorizationServer, Door, Furniture, Home, McpServer, Registrations, Transcript, Ways, reviewed,
};

/// A home that has never heard of the server, and what server and provider receive.
struct Told {
    authorization: AuthorizationServer,
    server: McpServer,
    home: Home,
    id: String,
    transcript: Transcript,
}

impl Told {
    async fn of(ways: Ways, furniture: Furniture) -> Self {
        let authorization = AuthorizationServer::open(ways).await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let home = Home::with(furniture).await;
        let base = server.url().replace("/mcp", "");
        let places = [(authorization.issuer(), "provider"), (base.as_str(), "server")];
        Self {
            id: home.add(&server.url()).await,
            transcript: Transcript::of(places),
            authorization,
            server,
            home,
        }
    }

    /// Signs in, calls a tool, renews and leaves; each is a chapter.
    async fn lives(&mut self) {
        self.chapter("Asking how it wants to be asked");
        assert_eq!(self.home.sign_in(&self.id).await, json!({ "kind": "authorized" }));
        self.home.state(&self.id, "ready").await;
        self.calls().await;
        self.chapter("Signing in and calling a tool");
        self.authorization.expire_access();
        self.calls().await;
        self.chapter("Renewing what the server refuses");
        self.home.good("disconnect", json!({ "id": self.id })).await;
        assert_eq!(self.authorization.living_grants(), 0, "revoked");
        self.chapter("Leaving");
    }

    async fn calls(&self) {
        self.home.echo(&self.id, "hello").await.expect("the tool answers");
    }

    fn chapter(&mut self, title: &str) {
        let wires = [
            ("provider", self.authorization.wire()),
            ("server", self.server.wire()),
        ];
        self.transcript.chapter(title, wires);
    }

    fn is_as_reviewed(&self, name: &str) {
        if let Err(error) = reviewed(&format!("stories/wire/{name}.txt"), self.transcript.text()) {
            panic!("{error}");
        }
    }
}

#[tokio::test]
async fn r18_what_a_client_with_a_secret_sends_is_as_reviewed() {
    let ways = Ways {
        registrations: Registrations::Absent,
        known_client: Some(("my-client", "my-secret")),
        ..Ways::default()
    };
    let mut told = Told::of(ways, Furniture::default()).await;
    let secret = json!({ "kind": "set", "value": "my-secret" });
    let edit = json!({ "id": told.id, "clientId": "my-client", "clientSecret": secret });
    told.home.good("editServer", edit).await;
    told.lives().await;
    told.is_as_reviewed("pre-registered");
}

#[tokio::test]
async fn r10_what_a_client_with_a_document_sends_is_as_reviewed() {
    let ways = Ways {
        takes_documents: true,
        ..Ways::default()
    };
    let furniture = Furniture {
        client_metadata: Some(ClientId::new("https://usher.example/oauth/client.json")),
        ..Furniture::default()
    };
    let mut told = Told::of(ways, furniture).await;
    told.lives().await;
    told.is_as_reviewed("metadata-document");
}

#[tokio::test]
async fn r11_what_goes_over_the_loopback_address_is_as_reviewed() {
    let furniture = Furniture {
        deep_link: DeepLink::Unavailable,
        ..Furniture::default()
    };
    let mut told = Told::of(Ways::default(), furniture).await;
    told.lives().await;
    told.is_as_reviewed("loopback");
}
