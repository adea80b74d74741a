//! A client as it comes from another machine, in a file that anybody can have written.

use url::Url;

use super::{GrantClient, Parts};
use crate::{
    base::{Reach, Secret, ServerUrl},
    oauth::{Unreadable, sealing},
    ports::Http,
};

impl GrantClient {
    /// Reads what [`GrantClient::to_secret_json`] wrote elsewhere, for a grant of the server at this address.
    ///
    /// It is believed in nothing that a person's sign-in to that server could not have led to: its endpoints pass the guard
    /// (S5, S6), they are on this machine or in a private network only if the server's address says that of itself, and it asks for nothing by itself: that could name a file here.
    pub fn from_elsewhere(json: &Secret<Vec<u8>>, server: &ServerUrl) -> Result<Self, Unreadable> {
        let parts: Parts = sealing::from_json(json)?;
        let stays_near = parts.reach == Reach::Public || parts.reach == server.literal_reach();
        let issuer = parts.issuer.as_str().parse::<ServerUrl>().is_ok();
        let sound = stays_near && issuer && parts.machine.is_none() && parts.may_be_asked();
        sound.then_some(Self(parts)).ok_or(Unreadable)
    }
}

impl Parts {
    fn may_be_asked(&self) -> bool {
        let more = [&self.revocation_endpoint, &self.userinfo_endpoint];
        let mut all = more.into_iter().flatten().chain([&self.token_endpoint]);
        all.all(|endpoint: &Url| Http::check(endpoint, self.reach).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const HERE: &str = "http://127.0.0.1:8080/mcp";
    const FAR: &str = "https://mcp.example.com/mcp";

    fn client() -> Value {
        json!({
            "issuer": "https://as.example.com",
            "resource": FAR,
            "reach": "public",
            "token_endpoint": "https://as.example.com/token",
            "revocation_endpoint": "https://as.example.com/revoke",
            "userinfo_endpoint": null,
            "client_id": "usher",
            "method": "none",
            "secret": null,
        })
    }

    fn is_read(client: &Value, server: &str) -> bool {
        let json = Secret::new(client.to_string().into_bytes());
        let server = server.parse().expect("the test's address");
        GrantClient::from_elsewhere(&json, &server).is_ok()
    }

    #[test]
    fn s06_a_forged_client_reaches_no_further_than_a_sign_in_would() {
        assert!(is_read(&client(), FAR), "nothing is wrong with it");
        for (member, value) in [
            ("issuer", json!("no address")),
            ("token_endpoint", json!("http://as.example.com/token")),
            ("token_endpoint", json!("https://10.0.0.1/token")),
            ("revocation_endpoint", json!("https://169.254.169.254/latest")),
            ("userinfo_endpoint", json!("file:///etc/passwd")),
        ] {
            let mut forged = client();
            forged[member] = value;
            assert!(!is_read(&forged, FAR), "{member} is {}", forged[member]);
        }
        let mut local = client();
        local["reach"] = json!("loopback");
        local["token_endpoint"] = json!("http://127.0.0.1:631/jobs");
        assert!(is_read(&local, HERE), "as the server on this machine may");
        assert!(!is_read(&local, FAR), "no other server leads there");
        let mut private = client();
        private["reach"] = json!("private");
        for endpoint in ["https://10.1.2.3/token", "https://as.example.com/token"] {
            private["token_endpoint"] = json!(endpoint);
            assert!(
                is_read(&private, "https://10.1.2.3/mcp"),
                "as the server beside it"
            );
            for server in [FAR, HERE] {
                assert!(!is_read(&private, server), "{server} does not lead to {endpoint}");
            }
        }
    }

    #[test]
    fn r23_a_client_that_asks_by_itself_is_made_here_and_not_brought() {
        let mut asks = client();
        asks["machine"] =
            json!({ "grant": { "PlatformToken": { "File": "/home/ada/.ssh/id" } }, "scopes": null });
        assert!(
            !is_read(&asks, FAR),
            "it would show a file of this machine to whoever forged it"
        );
    }
}
