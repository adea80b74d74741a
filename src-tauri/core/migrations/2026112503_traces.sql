-- What was asked, answered and decided in the last runs at each server, for people to read. Nothing in it is secret.
CREATE TABLE traces (
    id       TEXT    NOT NULL PRIMARY KEY,
    server   TEXT    NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL,  -- 'signIn' | 'renewal' | 'signOut'
    begun_at INTEGER NOT NULL,
    ended_at INTEGER,           -- NULL while it is under way, or if it was never finished
    ending   TEXT,              -- JSON of how it ended, in the words of its kind; NULL as long as ended_at is
    steps    TEXT    NOT NULL   -- a JSON array of steps, oldest first, a quarter of a MiB at most
) STRICT;

CREATE INDEX traces_by_server ON traces (server, kind, begun_at);
