//! Where is rotated: one signed-in server at each authorization server.

use std::{any::Any, path::PathBuf, sync::Arc};

use usher_core::{
    base::ServerId,
    ports::{Clock, SystemClock},
};
use usher_tests::{
    AuthorizationServer, Demands, Furniture, HandClock, Home, Looks, MemoryKeychain, Peer, Program, Recorder,
    ResourceServer, Ways, Wire,
};

use crate::house::{CLIENT, House, Means};

/// An open house with a grant, and what its authorization server received.
pub struct Place {
    pub house: House,
    pub server: ServerId,
    pub clock: HandClock,
    pub wire: Wire,
    pub directory: PathBuf,
    /// What it stands on, which goes with it.
    _ground: Box<dyn Any + Send + Sync>,
}

/// At the world's authorization server.
pub async fn world() -> Place {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let folder = tempfile::tempdir().expect("a temporary directory");
    let (means, directory) = (Means::default(), folder.path().join("data"));
    let house = House::open(&directory, &means).await.expect("it opens");
    let pair = authorization.give(CLIENT);
    Place {
        server: house.add_granted("granted", authorization.issuer(), pair).await,
        house,
        clock: means.clock,
        wire: authorization.wire().clone(),
        directory,
        _ground: Box::new((authorization, folder)),
    }
}

/// At `oidc-provider`, signed in to through the app, as a person does.
pub async fn peer() -> Place {
    let recorder = Recorder::open(Looks::Itself).await;
    let peer = Peer::run(Program::of("oidc-provider.mjs").known_as(recorder.base())).await;
    recorder.lead_to(peer.address("at"));
    let demands = Demands {
        scopes: "tools:read",
        to_call: None,
    };
    let resource = ResourceServer::behind(&peer, demands).await;
    let means = Means {
        keychain: MemoryKeychain::default(),
        clock: HandClock::default(),
        life: 0,
    };
    // What the provider signs says what time it is.
    means.clock.set(SystemClock.now());
    let home = Home::with(Furniture {
        clock: Arc::new(means.clock.clone()),
        keychain: Arc::new(means.keychain.clone()),
        ..Furniture::default()
    })
    .await;
    let id = home.add(&resource.url()).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;
    home.app().shutdown().await;
    let directory = home.data();
    Place {
        house: House::open(&directory, &means)
            .await
            .expect("the app has given up the directory"),
        server: id.parse().expect("an identifier"),
        clock: means.clock,
        wire: recorder.wire().clone(),
        directory,
        _ground: Box::new((peer, recorder, resource, home)),
    }
}
