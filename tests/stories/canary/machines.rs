//! Servers that are signed in to without a person, one for each way.

use serde_json::{Value, json};
use usher_core::ports::{Clock, SystemClock};
use usher_tests::{
    AuthorizationServer, Door, Home, IDP_CLIENT, IdentityProvider, Machines, McpServer, Signer, Ways,
};

use super::CLIENT_SECRET;

/// A server that is signed in to without a person, and everything about it that is secret.
pub(super) struct Machine {
    pub(super) authorization: AuthorizationServer,
    _server: McpServer,
    pub(super) id: String,
    pub(super) secrets: Vec<String>,
}

/// Gives one server for each way to sign in without a person; all of them are ready.
pub(super) async fn machines(home: &Home, idp: &IdentityProvider) -> Vec<Machine> {
    let (key, platform) = (Signer::new(), Signer::new());
    let set = |value: &str| json!({ "kind": "set", "value": value });
    let by_secret = json!({ "kind": "clientSecret", "clientId": "my-client", "secret": set(CLIENT_SECRET) });
    let by_key =
        json!({ "kind": "privateKey", "clientId": "my-client", "keyId": null, "key": set(&key.pem()) });
    let id_token = idp.id_token();
    let by_company = json!({
        "kind": "company", "clientId": "my-client", "secret": set(CLIENT_SECRET), "idpIssuer": idp.issuer(),
        "idpClientId": IDP_CLIENT.0, "idpSecret": set(IDP_CLIENT.1), "token": { "kind": "paste", "value": id_token },
    });
    let at = |machines: Machines| Ways {
        known_client: Some(("my-client", CLIENT_SECRET)),
        machines,
        ..Ways::default()
    };
    let trusts = |issuer: &str, signer: Signer| Machines {
        trusts: Some((issuer.to_owned(), signer)),
        ..Machines::default()
    };
    let known = Machines {
        key: Some(key),
        ..Machines::default()
    };
    let company = trusts(idp.issuer(), idp.signer());
    let mut machines = vec![
        machine(home, at(Machines::default()), |_| by_secret).await,
        machine(home, at(known), |_| by_key).await,
        machine(home, at(company), |_| by_company).await,
    ];
    let mut token = String::new();
    let by_token = |issuer: &str| {
        let ends = SystemClock.now().seconds() + 3600;
        let claims =
            json!({ "iss": "https://platform.example", "sub": "workload", "aud": issuer, "exp": ends });
        token = platform.sign("JWT", &claims);
        json!({ "kind": "platformToken", "clientId": "my-client", "token": { "kind": "paste", "value": token } })
    };
    let ways = at(trusts("https://platform.example", platform.clone()));
    let mut last = machine(home, ways, by_token).await;
    last.secrets.push(token);
    machines.push(last);
    machines[2].secrets.extend([IDP_CLIENT.1.to_owned(), id_token]);
    machines
}

async fn machine(home: &Home, ways: Ways, method: impl FnOnce(&str) -> Value) -> Machine {
    let authorization = AuthorizationServer::open(ways).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let id = home.add(&server.url()).await;
    let method = method(authorization.issuer());
    home.good("setSignInMethod", json!({ "id": id, "method": method }))
        .await;
    let agreed = json!({ "id": id, "issuer": authorization.issuer(), "tokenHost": null });
    home.good("agreeIssuer", agreed).await;
    home.connect(&id).await;
    home.state(&id, "ready").await;
    Machine {
        authorization,
        _server: server,
        id,
        secrets: Vec::new(),
    }
}
