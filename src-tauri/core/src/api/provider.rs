//! Calls about where and how one signs in to a server.

use std::num::NonZeroU16;

use super::{
    App,
    contract::{AgreeIssuer, AppError, ChooseWayBack, ServerView, WayBackChoice},
    errors,
};
use crate::{
    base::Issuer,
    servers::{Agreed, WayBack},
};

impl App {
    /// Nothing of one issuer goes to the other: registrations, grants and a typed-in client are each issuer's own.
    pub(super) async fn agree_issuer(&self, agreed: AgreeIssuer) -> Result<ServerView, AppError> {
        let server = self.server(&agreed.id).await?;
        let agreed = Agreed {
            issuer: Issuer::new(agreed.issuer),
            token_host: agreed.token_host,
        };
        let kept = self.0.servers.agree(server.id, &agreed).await;
        kept.map_err(errors::of_servers)?;
        self.publish(server.id).await;
        self.server_view(server.id).await
    }

    pub(super) async fn choose_way_back(&self, way: ChooseWayBack) -> Result<ServerView, AppError> {
        let server = self.server(&way.id).await?;
        let port = way.port.and_then(NonZeroU16::new);
        let way_back = match way.choice {
            WayBackChoice::Automatic => WayBack::Automatic,
            WayBackChoice::DeepLink => WayBack::DeepLink,
            WayBackChoice::LoopbackAddress => WayBack::LoopbackAddress(port),
            WayBackChoice::LoopbackName => WayBack::LoopbackName(port),
        };
        let kept = self.0.servers.set_way_back(server.id, way_back).await;
        kept.map_err(errors::of_servers)?;
        self.publish(server.id).await;
        self.server_view(server.id).await
    }
}
