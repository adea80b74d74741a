-- The first schema. A migration is never edited once released: a later one changes what is here.
--
-- Identifiers are 32 lower-case hexadecimal digits, times whole seconds since 1970 (UTC), flags 0 or 1.
-- A BLOB named `sealed`, `value`, `client_secret`, `wrapped_key` or `canary` is
-- version ‖ key id ‖ nonce ‖ AES-256-GCM ciphertext and tag, bound to its table, row and column.

-- The data key that seals every secret cell, wrapped by the key of the keychain or of the passphrase.
CREATE TABLE vault (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- there is one vault
    keeper      TEXT    NOT NULL,  -- 'keychain' | 'passphrase': where the wrapping key comes from
    wrapped_key BLOB    NOT NULL,  -- the data key with its id, under the wrapping key
    canary      BLOB    NOT NULL,  -- a known text under the wrapping key: tells a wrong key from a broken row
    salt        BLOB,              -- passphrase only: Argon2id salt, 16 bytes
    memory_kib  INTEGER,           -- passphrase only: Argon2id memory in KiB
    passes      INTEGER,           -- passphrase only: Argon2id passes over the memory
    lanes       INTEGER            -- passphrase only: Argon2id lanes
) STRICT;

-- The MCP servers the person keeps.
CREATE TABLE servers (
    id            TEXT    NOT NULL PRIMARY KEY,
    name          TEXT    NOT NULL,  -- the person's name for it
    url           TEXT    NOT NULL,  -- the MCP endpoint
    reach         TEXT    NOT NULL,  -- 'public' | 'private' | 'loopback': what the address belonged to when it was given
    auth_kind     TEXT,              -- 'open' | 'header' | 'oauth'; NULL while that is not known
    overridden    INTEGER NOT NULL CHECK (overridden IN (0, 1)), -- the person chose the kind by hand
    wanted        INTEGER NOT NULL CHECK (wanted IN (0, 1)),     -- the person wants it connected
    client_id     TEXT,              -- pre-registered client ID, if the person gave one
    client_secret BLOB,              -- sealed secret of that client; row = id
    era           TEXT,              -- 'modern' | 'initialize': the handshake it answered last; NULL if never
    created_at    INTEGER NOT NULL
) STRICT;

-- Headers that go with every request to the server's own endpoint.
CREATE TABLE server_headers (
    server   TEXT    NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    name     TEXT    NOT NULL,  -- in lower case
    position INTEGER NOT NULL,  -- order in the form, from 0
    value    BLOB    NOT NULL,  -- sealed; row = server/name
    PRIMARY KEY (server, name)
) STRICT;

-- The tools of the last good answer.
CREATE TABLE tools (
    server    TEXT    NOT NULL PRIMARY KEY REFERENCES servers (id) ON DELETE CASCADE,
    json      TEXT    NOT NULL,  -- a JSON array of MCP tools, as the server gave them
    listed_at INTEGER NOT NULL
) STRICT;

-- Our client identities at authorization servers (RFC 7591), one for each redirect URI.
CREATE TABLE registrations (
    issuer       TEXT    NOT NULL,  -- byte for byte as the metadata says it
    redirect_uri TEXT    NOT NULL,  -- the one redirect URI that was registered
    client_id    TEXT    NOT NULL,
    sealed       BLOB    NOT NULL,  -- JSON of the registration with its secrets
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (issuer, redirect_uri)
) STRICT;

-- Which kind of redirect URI an authorization server accepts, once it has refused another.
CREATE TABLE redirects (
    issuer TEXT NOT NULL PRIMARY KEY,
    ladder TEXT NOT NULL  -- 'deepLink' | 'loopbackAddress' | 'loopbackName'
) STRICT;

-- Sign-ins that wait for their callback. No reference to servers: a late answer must be able to say that its
-- server is gone.
CREATE TABLE sign_ins (
    state_hash BLOB    NOT NULL PRIMARY KEY,  -- SHA-256 of the state parameter
    id         TEXT    NOT NULL UNIQUE,
    server     TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,  -- JSON of the waiting sign-in: verifier, state, registration
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL   -- after this the answer is too late
) STRICT;

-- One row for each account: who is signed in to which server, and with what.
CREATE TABLE grants (
    account          TEXT    NOT NULL PRIMARY KEY,
    server           TEXT    NOT NULL REFERENCES servers (id) ON DELETE CASCADE,
    issuer           TEXT    NOT NULL,  -- who gave it, byte for byte
    sealed           BLOB    NOT NULL,  -- tokens, client and endpoints
    scopes           TEXT    NOT NULL,  -- granted scopes, separated by spaces
    label            TEXT,              -- who is signed in, if the provider said so
    signed_in_at     INTEGER NOT NULL,
    expires_at       INTEGER,           -- end of the access token; NULL if the provider did not say
    renews           INTEGER NOT NULL CHECK (renews IN (0, 1)), -- a refresh token is among the sealed
    refreshing_since INTEGER,           -- a refresh is in flight, or its answer was lost
    dead_reason      TEXT,              -- why only the person can help; NULL while the grant lives
    version          INTEGER NOT NULL   -- counts the writes: a late loser must not overwrite a newer pair
) STRICT;

CREATE INDEX grants_by_server ON grants (server);
