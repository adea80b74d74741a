//! What the app remembers for itself: few, small, and nothing secret.

use super::{Store, StoreError};

/// What is remembered. The names are those of the table and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// After how many minutes without the person a vault with a passphrase is locked; nothing for never.
    LockAfter,
    /// Until when nobody is reminded of lost sign-ins, in seconds since 1970.
    SnoozedUntil,
    /// The servers whose lost sign-in the person was told about: a JSON array of identifiers.
    Told,
    /// Whether the person was told that the app goes on without its window: there or not.
    ToldOfGoingOn,
}

impl Setting {
    const fn name(self) -> &'static str {
        match self {
            Self::LockAfter => "lockAfter",
            Self::SnoozedUntil => "snoozedUntil",
            Self::Told => "told",
            Self::ToldOfGoingOn => "toldOfGoingOn",
        }
    }
}

impl Store {
    /// Gives what is remembered, as it was written.
    pub async fn setting(&self, which: Setting) -> Result<Option<String>, StoreError> {
        let value = sqlx::query_scalar("SELECT value FROM settings WHERE name = ?")
            .bind(which.name())
            .fetch_optional(self.reader())
            .await?;
        Ok(value)
    }

    /// Remembers a value, or forgets it.
    pub async fn remember(&self, which: Setting, value: Option<&str>) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        let query = match value {
            Some(value) => sqlx::query("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)")
                .bind(which.name())
                .bind(value),
            None => sqlx::query("DELETE FROM settings WHERE name = ?").bind(which.name()),
        };
        query.execute(&mut *transaction).await?;
        Ok(transaction.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_remembered_survives_a_restart_until_it_is_forgotten() {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let store = Store::open(folder.path()).await.expect("it opens");
        assert_eq!(store.setting(Setting::LockAfter).await.expect("it reads"), None);
        for value in ["15", "60"] {
            let written = store.remember(Setting::LockAfter, Some(value)).await;
            written.expect("it is written");
        }
        store.close().await;
        let store = Store::open(folder.path()).await.expect("it opens again");
        let value = store.setting(Setting::LockAfter).await.expect("it reads");
        assert_eq!(value.as_deref(), Some("60"), "the last value counts");
        let forgotten = store.remember(Setting::LockAfter, None).await;
        forgotten.expect("it is written");
        assert_eq!(store.setting(Setting::LockAfter).await.expect("it reads"), None);
        let other = store.setting(Setting::Told).await.expect("it reads");
        assert_eq!(other, None, "another name was never written");
    }
}
