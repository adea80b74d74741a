use crate::{
    base::{ClientId, Reach, Secret},
    servers::{
        Agreed, IdentityProvider, NewServer, SecretChange, SecretName, SignInMethod, TokenPlace,
        book::{MethodError, Servers, tests::home},
    },
};

use super::*;

fn set(text: &str) -> SecretChange {
    SecretChange::Set(Secret::new(text.to_owned()))
}

fn by_secret(secret: SecretChange) -> NewSignInMethod {
    let client_id = ClientId::new("me");
    SignInMethod::ClientSecret { client_id, secret }
}

fn company(secret: SecretChange, idp_secret: SecretChange) -> NewSignInMethod {
    SignInMethod::Company {
        client_id: ClientId::new("me"),
        secret: Some(secret),
        idp: IdentityProvider {
            issuer: Issuer::new("https://idp.example"),
            client_id: ClientId::new("us"),
            secret: Some(idp_secret),
        },
        token: TokenPlace::File("/run/token".into()),
    }
}

async fn server(servers: &Servers) -> ServerId {
    let new = NewServer {
        name: "One".to_owned(),
        url: "https://mcp.example.com/mcp".parse().expect("it is an address"),
        reach: Reach::Public,
        auth_kind: None,
        overridden: false,
        offered_scopes: None,
        headers: Vec::new(),
    };
    servers.add(new).await.expect("it is added").id
}

async fn agree(servers: &Servers, id: ServerId, issuer: &str) {
    let agreed = Agreed {
        issuer: Issuer::new(issuer),
        token_host: None,
    };
    servers.agree(id, &agreed).await.expect("it is kept");
}

async fn secret_of(servers: &Servers, id: ServerId) -> Option<Secret<String>> {
    match servers.credentials(id).await.expect("they can be read")?.method {
        SignInMethod::ClientSecret { secret, .. } => Some(secret),
        _ => None,
    }
}

#[tokio::test]
async fn a_secret_is_kept_until_it_is_replaced_and_goes_with_its_method() {
    let home = home().await;
    let (servers, id) = (&home.servers, server(&home.servers).await);
    assert!(
        servers.credentials(id).await.expect("readable").is_none(),
        "a person signs in"
    );
    for (change, now) in [
        (set("one"), "one"),
        (SecretChange::Keep, "one"),
        (set("two"), "two"),
    ] {
        let set = servers.set_sign_in_method(id, Some(by_secret(change))).await;
        assert!(set.expect("it is taken"), "that is a change");
        assert!(secret_of(servers, id).await == Some(Secret::new(now.to_owned())));
    }
    assert!(servers.set_sign_in_method(id, None).await.expect("it goes"));
    assert!(!servers.set_sign_in_method(id, None).await.expect("it is gone"));
    let kept = servers
        .set_sign_in_method(id, Some(by_secret(SecretChange::Keep)))
        .await;
    assert!(matches!(kept, Err(MethodError::Missing(SecretName::Secret))));
}

#[tokio::test]
async fn a_secret_of_one_kind_of_method_serves_no_other() {
    let home = home().await;
    let (servers, id) = (&home.servers, server(&home.servers).await);
    let method = company(set("one"), set("two"));
    servers
        .set_sign_in_method(id, Some(method))
        .await
        .expect("it is taken");
    let kept = servers
        .set_sign_in_method(id, Some(by_secret(SecretChange::Keep)))
        .await;
    assert!(matches!(kept, Err(MethodError::Missing(SecretName::Secret))));
    let method = company(SecretChange::Clear, SecretChange::Keep);
    servers
        .set_sign_in_method(id, Some(method))
        .await
        .expect("it is taken");
    let found = servers.sign_in_method(id).await.expect("it can be read");
    let Some(SignInMethod::Company {
        secret, idp, token, ..
    }) = found
    else {
        panic!("it is the company's");
    };
    assert_eq!(
        (secret, idp.secret),
        (None, Some(())),
        "one is cleared, one is kept"
    );
    assert_eq!(token, TokenPlace::File("/run/token".into()));
}

#[tokio::test]
async fn s04_a_secret_that_belongs_to_one_issuer_is_not_kept_for_another() {
    let home = home().await;
    let (servers, id) = (&home.servers, server(&home.servers).await);
    servers
        .set_sign_in_method(id, Some(by_secret(set("one"))))
        .await
        .expect("it is taken");
    servers
        .tie_method(id, &Issuer::new("https://a.example"))
        .await
        .expect("it is tied");
    servers
        .tie_method(id, &Issuer::new("https://b.example"))
        .await
        .expect("it stays");
    agree(servers, id, "https://b.example").await;
    let kept = servers
        .set_sign_in_method(id, Some(by_secret(SecretChange::Keep)))
        .await;
    assert!(matches!(kept, Err(MethodError::Missing(SecretName::Secret))));
    let found = servers
        .credentials(id)
        .await
        .expect("readable")
        .expect("it stays");
    assert_eq!(found.issuer, Some(Issuer::new("https://a.example")));
    servers
        .set_sign_in_method(id, Some(by_secret(set("two"))))
        .await
        .expect("it is taken");
    let found = servers
        .credentials(id)
        .await
        .expect("readable")
        .expect("it is there");
    assert_eq!(found.issuer, Some(Issuer::new("https://b.example")), "as agreed");
}
