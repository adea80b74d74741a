//! Calls about a backup that was put back.

use super::{
    App,
    contract::{AppError, EventBody, RestorationView},
    errors, views,
};

impl App {
    /// Gives what the person is to be told about, if anything.
    pub(super) async fn restoration(&self) -> Result<Option<RestorationView>, AppError> {
        let restoration = self.0.store.restoration().await.map_err(errors::of_store)?;
        Ok(restoration.map(views::restoration))
    }

    pub(super) async fn restoration_seen(&self) -> Result<(), AppError> {
        self.0.store.restoration_seen().await.map_err(errors::of_store)?;
        self.0.events.send(EventBody::Restoration { restoration: None });
        Ok(())
    }
}
