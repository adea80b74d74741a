//! Calls about where and how one signs in to a server.

use std::num::NonZeroU16;

use super::{
    App,
    contract::{AppError, ChooseWayBack, ServerView, WayBackChoice},
    errors,
};
use crate::servers::WayBack;

impl App {
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
