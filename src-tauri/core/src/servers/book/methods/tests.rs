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

/// What a company's method shows its identity provider, at `issuer`.
fn vouched(issuer: &str, idp_secret: SecretChange, token: SecretChange) -> NewSignInMethod {
    SignInMethod::Company {
        client_id: ClientId::new("me"),
        secret: Some(SecretChange::Keep),
        idp: IdentityProvider {
            issuer: Issuer::new(issuer),
            client_id: ClientId::new("us"),
            secret: Some(idp_secret),
        },
        token: TokenPlace::Pasted(token),
    }
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

#[tokio::test]
async fn s04_what_one_identity_provider_is_shown_is_not_kept_for_another() {
    let home = home().await;
    let (servers, id) = (&home.servers, server(&home.servers).await);
    let choose = async |method| servers.set_sign_in_method(id, Some(method)).await;
    let has = async || match servers.sign_in_method(id).await.expect("it can be read") {
        Some(SignInMethod::Company { secret, idp, .. }) => (secret.is_some(), idp.secret.is_some()),
        _ => panic!("it is the company's"),
    };
    let (one, other) = ("https://idp.example", "https://idp.example/");
    choose(company(set("ours"), set("theirs")))
        .await
        .expect("it is taken");
    let pasted = vouched(one, SecretChange::Keep, set("token"));
    choose(pasted).await.expect("it is taken");
    let kept = vouched(one, SecretChange::Keep, SecretChange::Keep);
    choose(kept).await.expect("the same one is shown the same");
    assert_eq!(has().await, (true, true));

    let kept = choose(vouched(other, SecretChange::Keep, SecretChange::Keep)).await;
    assert!(matches!(kept, Err(MethodError::Missing(SecretName::Token))));
    let anew = vouched(other, SecretChange::Keep, set("another"));
    choose(anew).await.expect("it is taken");
    assert_eq!(has().await, (true, false), "ours stays, theirs does not");
    let back = choose(vouched(one, SecretChange::Keep, SecretChange::Keep)).await;
    assert!(
        matches!(back, Err(MethodError::Missing(SecretName::Token))),
        "nor is it there again"
    );
}
