-- What the app remembers for itself: a few values under names of its own (`store::Setting`), none of them secret.
CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
