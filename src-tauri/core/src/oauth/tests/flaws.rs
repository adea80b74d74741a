//! Every member of every document with every type of JSON: taken where it is allowed, and else told by its name, its
//! document and the place of that.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Place, sign_in, trace};
use crate::{
    base::Timestamp,
    oauth::{
        Ask, Decision, DiscoverError, DocumentKind, ExchangeError, Expected, Flaw, Flawed, JsonType, Member,
        NotAllowed, RegisterError, Trace, TracedHttp, What, register,
    },
    ports::{Http, network},
};

const NOW: Timestamp = Timestamp::from_seconds(1_000);

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Taken,
    /// It has the right type, and an error of its own.
    Own,
    Wrong(Flaw),
}

/// What is allowed in a member.
#[derive(Clone, Copy)]
enum Form {
    /// Anything: nothing relies on it.
    Anything,
    /// A boolean.
    Flag,
    /// A number.
    Number,
    /// A whole number.
    Whole,
    /// A string, and what becomes of `text`.
    Text(Result<End, NotAllowed>),
    /// An array of strings, and what becomes of an empty one and of one with `text`.
    Texts(Result<End, NotAllowed>, End),
    /// An array of anything.
    List(End),
    /// A string or an array.
    TextOrList,
}

use Form::{Anything, Flag, List, Number, Text, TextOrList, Texts, Whole};

/// A member, what becomes of null in it, and what is allowed there.
type Row = (Member, Null, Form);

#[derive(Clone, Copy)]
enum Null {
    /// It is as good as absent, and may be.
    Absent,
    /// It is as good as absent, and there is an error of its own for that.
    Own,
    /// It must be something.
    Needed,
}

const TAKEN: Result<End, NotAllowed> = Ok(End::Taken);
const LIST: Form = Texts(TAKEN, End::Taken);
const URL: Form = Text(Err(NotAllowed::NotAUrl));

const RESOURCE_METADATA: [Row; 3] = [
    (Member::Resource, Null::Needed, Text(Ok(End::Own))),
    (
        Member::AuthorizationServers,
        Null::Needed,
        Texts(Err(NotAllowed::Empty), End::Own),
    ),
    (Member::ScopesSupported, Null::Absent, LIST),
];

const SERVER_METADATA: [Row; 13] = [
    (Member::Issuer, Null::Own, Text(Ok(End::Own))),
    (
        Member::CodeChallengeMethodsSupported,
        Null::Own,
        Texts(Ok(End::Own), End::Own),
    ),
    (Member::AuthorizationEndpoint, Null::Needed, URL),
    (Member::TokenEndpoint, Null::Needed, URL),
    (Member::RegistrationEndpoint, Null::Own, URL),
    (Member::RevocationEndpoint, Null::Absent, URL),
    (Member::UserinfoEndpoint, Null::Absent, URL),
    (
        Member::AuthorizationResponseIssParameterSupported,
        Null::Absent,
        Flag,
    ),
    (Member::ClientIdMetadataDocumentSupported, Null::Absent, Flag),
    (Member::ScopesSupported, Null::Absent, LIST),
    (Member::TokenEndpointAuthMethodsSupported, Null::Absent, LIST),
    (Member::PromptValuesSupported, Null::Absent, LIST),
    (Member::DpopSigningAlgValuesSupported, Null::Absent, LIST),
];

const REGISTRATION: [Row; 7] = [
    (Member::ClientId, Null::Needed, Text(TAKEN)),
    (Member::ClientSecret, Null::Absent, Text(TAKEN)),
    (Member::ClientSecretExpiresAt, Null::Absent, Whole),
    (Member::RedirectUris, Null::Absent, List(End::Own)),
    (Member::RegistrationAccessToken, Null::Absent, Anything),
    (Member::RegistrationClientUri, Null::Absent, Anything),
    (Member::Scope, Null::Absent, Anything),
];

const TOKENS: [Row; 6] = [
    (Member::AccessToken, Null::Needed, Text(TAKEN)),
    (Member::TokenType, Null::Needed, Text(Err(NotAllowed::Unknown))),
    (Member::RefreshToken, Null::Absent, Text(TAKEN)),
    (Member::ExpiresIn, Null::Absent, Anything),
    (Member::Scope, Null::Absent, Anything),
    (Member::Resource, Null::Absent, Anything),
];

const REFUSAL: [Row; 1] = [(Member::Error, Null::Needed, Text(Ok(End::Own)))];

const ID_TOKEN: [Row; 6] = [
    (Member::Iss, Null::Needed, Text(TAKEN)),
    (Member::Aud, Null::Needed, TextOrList),
    (Member::Azp, Null::Absent, Text(TAKEN)),
    (Member::Exp, Null::Needed, Number),
    (Member::Sub, Null::Needed, Text(TAKEN)),
    (Member::Scope, Null::Absent, Anything),
];

const USERINFO: [Row; 2] = [
    (Member::Sub, Null::Needed, Text(TAKEN)),
    (Member::Scope, Null::Absent, Anything),
];

fn values() -> [Value; 12] {
    [
        json!(null),
        json!(true),
        json!(false),
        json!(7),
        json!(1.5),
        json!("text"),
        json!([]),
        json!(["text"]),
        json!(["text", 7]),
        json!([null]),
        json!([["text"]]),
        json!({ "text": "text" }),
    ]
}

/// Says what should become of a value.
fn expected((member, null, form): Row, value: &Value) -> End {
    let not_allowed = |why| End::Wrong(Flaw::NotAllowed { member, why });
    match (form, value) {
        (_, Value::Null) => match null {
            Null::Absent => End::Taken,
            Null::Own => End::Own,
            Null::Needed => mistyped(member, form, value),
        },
        (Anything, _)
        | (Flag, Value::Bool(_))
        | (Number, Value::Number(_))
        | (TextOrList, Value::String(_) | Value::Array(_)) => End::Taken,
        (Whole, Value::Number(number)) if number.is_i64() => End::Taken,
        (Whole, Value::Number(_)) => not_allowed(NotAllowed::NotWhole),
        (Text(end), Value::String(_)) => end.unwrap_or_else(not_allowed),
        (Texts(empty, _), Value::Array(items)) if items.is_empty() => empty.unwrap_or_else(not_allowed),
        (Texts(_, full), Value::Array(items)) => {
            let odd = items.iter().zip(1..).find(|(item, _)| !item.is_string());
            odd.map_or(full, |(item, element)| {
                let found = JsonType::of(item);
                End::Wrong(Flaw::WrongElement {
                    member,
                    element,
                    found,
                })
            })
        }
        (List(end), Value::Array(_)) => end,
        _ => mistyped(member, form, value),
    }
}

fn mistyped(member: Member, form: Form, value: &Value) -> End {
    let expected = match form {
        Flag => Expected::Boolean,
        Number | Whole => Expected::Number,
        Text(_) | Anything => Expected::String,
        Texts(..) | List(_) => Expected::Strings,
        TextOrList => Expected::StringOrStrings,
    };
    let found = JsonType::of(value);
    End::Wrong(Flaw::WrongType {
        member,
        expected,
        found,
    })
}

/// Where a document lies, and what it is like when it is right.
fn right(place: &Place, document: DocumentKind) -> (&'static str, Value) {
    match document {
        DocumentKind::ResourceMetadata => ("/.well-known/oauth-protected-resource/mcp", place.resource()),
        DocumentKind::ServerMetadata => {
            let mut metadata = place.metadata();
            metadata["userinfo_endpoint"] = json!(place.at("/userinfo"));
            ("/.well-known/oauth-authorization-server", metadata)
        }
        DocumentKind::Registration => (
            "/register",
            json!({ "client_id": "client", "client_secret": "secret", "token_endpoint_auth_method": "none" }),
        ),
        DocumentKind::Tokens | DocumentKind::IdToken => (
            "/token",
            json!({ "access_token": "a", "token_type": "Bearer", "scope": "openid" }),
        ),
        DocumentKind::Refusal => ("/token", json!({ "error": "invalid_grant" })),
        DocumentKind::Userinfo => ("/userinfo", json!({ "sub": "ada", "email": "ada@example.com" })),
    }
}

/// Lets everything be right, but for one member of one document; tells where that document lies.
fn publish(place: &Place, document: DocumentKind, member: Member, value: &Value) -> String {
    let first = [
        DocumentKind::ResourceMetadata,
        DocumentKind::ServerMetadata,
        DocumentKind::Registration,
        DocumentKind::Tokens,
        DocumentKind::Userinfo,
    ];
    for other in first {
        let (path, right) = right(place, other);
        place.says(path, &right);
    }
    let (path, mut wrong) = right(place, document);
    if document == DocumentKind::IdToken {
        let mut claims = json!({ "iss": place.origin, "aud": "client", "exp": 1_060, "sub": "ada" });
        claims[member.name()] = value.clone();
        let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
        wrong["id_token"] = json!(format!("h.{claims}.s"));
    } else {
        wrong[member.name()] = value.clone();
    }
    let status = if document == DocumentKind::Refusal {
        400
    } else {
        200
    };
    place.replies(path, status, &wrong.to_string());
    place.at(path)
}

/// Why a sign-in went no further: a document, or something that has an error of its own.
struct Stopped(Option<Flawed>);

impl From<DiscoverError> for Stopped {
    fn from(error: DiscoverError) -> Self {
        match error {
            DiscoverError::BadDocument(flawed) => Self(Some(flawed)),
            _ => Self(None),
        }
    }
}

impl From<RegisterError> for Stopped {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::BadDocument(flawed) => Self(Some(flawed)),
            _ => Self(None),
        }
    }
}

impl From<ExchangeError> for Stopped {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::BadDocument(flawed) => Self(Some(flawed)),
            _ => Self(None),
        }
    }
}

/// Signs in as far as the document is needed.
async fn sign_in(place: &Place, document: DocumentKind) -> Result<(), Stopped> {
    let at = place.discover().await?;
    let registration = register(&place.http, &at, &sign_in::redirect()).await?;
    if document == DocumentKind::ServerMetadata {
        return Ok(());
    }
    let awaiting = at.with(registration).authorize(Ask::default()).expect("a page");
    sign_in::come_back(&awaiting).exchange(&place.asking(NOW)).await?;
    Ok(())
}

/// Gives what is written down as wrong, in order.
fn noted(trace: &Trace) -> Vec<(String, Flaw)> {
    let flawed = |what| match what {
        What::Decided {
            decision:
                Decision::ResourceMetadataFlawed { url, flaw }
                | Decision::ServerMetadataFlawed { url, flaw }
                | Decision::RegistrationFlawed { url, flaw }
                | Decision::TokensFlawed { url, flaw }
                | Decision::RefusalFlawed { url, flaw }
                | Decision::IdTokenFlawed { url, flaw }
                | Decision::UserinfoFlawed { url, flaw },
        } => Some((url, flaw)),
        _ => None,
    };
    trace
        .steps()
        .into_iter()
        .filter_map(|step| flawed(step.what))
        .collect()
}

/// Runs a sign-in and tells what became of the value; what is wrong is told by the error and in the trace alike.
async fn end(place: &mut Place, document: DocumentKind, url: &str) -> End {
    let trace = trace();
    let http = Http::new("usher-test", network::hand::always()).expect("a client");
    place.http = TracedHttp::new(http, trace.clone());
    let ended = sign_in(place, document).await;
    let noted = noted(&trace);
    match (ended, noted.first()) {
        (Ok(()), None) => End::Taken,
        (Err(Stopped(None)), None) => End::Own,
        (Err(Stopped(None)), Some(_)) => panic!("{noted:?} is no error"),
        (ended, Some((place, flaw))) => {
            let told = Flawed {
                document,
                url: place.clone(),
                flaw: *flaw,
            };
            assert_eq!(place, url, "it is the document's place");
            if let Err(Stopped(error)) = ended {
                assert_eq!(error, Some(told), "the error says the same");
            }
            End::Wrong(*flaw)
        }
        (Err(Stopped(Some(flawed))), None) => panic!("{flawed} is written down nowhere"),
    }
}

async fn check(document: DocumentKind, rows: &[Row]) {
    let mut place = Place::open().await;
    for row in rows {
        for value in values() {
            let url = publish(&place, document, row.0, &value);
            let ended = end(&mut place, document, &url).await;
            assert_eq!(ended, expected(*row, &value), "{document:?} {:?} {value}", row.0);
        }
    }
}

#[tokio::test]
async fn s07_each_member_of_resource_metadata_has_its_type() {
    check(DocumentKind::ResourceMetadata, &RESOURCE_METADATA).await;
}

#[tokio::test]
async fn s07_each_member_of_server_metadata_has_its_type() {
    check(DocumentKind::ServerMetadata, &SERVER_METADATA).await;
}

#[tokio::test]
async fn s07_each_member_of_a_registration_has_its_type() {
    check(DocumentKind::Registration, &REGISTRATION).await;
}

#[tokio::test]
async fn s07_each_member_of_a_token_answer_has_its_type() {
    check(DocumentKind::Tokens, &TOKENS).await;
}

#[tokio::test]
async fn s07_each_member_of_a_refusal_has_its_type() {
    check(DocumentKind::Refusal, &REFUSAL).await;
}

#[tokio::test]
async fn s07_each_claim_about_the_person_has_its_type() {
    check(DocumentKind::IdToken, &ID_TOKEN).await;
    check(DocumentKind::Userinfo, &USERINFO).await;
}

#[tokio::test]
async fn s42_the_place_of_a_document_is_told_without_what_may_be_secret_in_it() {
    let place = Place::open().await;
    let mut metadata = place.metadata();
    metadata["token_endpoint"] = json!(place.at("/token?key=canary"));
    place.says("/.well-known/oauth-authorization-server", &metadata);
    place.says("/.well-known/oauth-protected-resource/mcp", &place.resource());
    place.replies("/token", 200, "<html>canary");
    let awaiting = sign_in::awaiting(&place, None).await;
    let told = sign_in::come_back(&awaiting).exchange(&place.asking(NOW)).await;
    let expected = Flawed {
        document: DocumentKind::Tokens,
        url: place.at("/token?…"),
        flaw: Flaw::WebPage,
    };
    assert_eq!(told.err(), Some(ExchangeError::BadDocument(expected)));
}
