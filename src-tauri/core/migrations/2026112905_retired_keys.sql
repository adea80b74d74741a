-- Keys on their way: data keys that were replaced, and keys that come into the keychain or leave it.

-- Data keys that cells may still be sealed under. A row goes once no cell needs it.
CREATE TABLE retired_keys (
    id      TEXT NOT NULL PRIMARY KEY, -- the key's id as it stands in the cells, 16 lower-case hexadecimal digits
    wrapped BLOB NOT NULL              -- the data key with its id, sealed under the one in its place; row = id
) STRICT;

CREATE TRIGGER retired_keys_end AFTER DELETE ON retired_keys BEGIN UPDATE endings SET count = count + 1; END;

CREATE TRIGGER retired_keys_change AFTER UPDATE ON retired_keys
WHEN old.wrapped IS NOT new.wrapped BEGIN UPDATE endings SET count = count + 1; END;

-- The keychain holds one key. A row is written before a key goes in and before one is to be deleted there, so that whichever
-- is found in it is known.
CREATE TABLE keychain_keys (
    id          INTEGER NOT NULL PRIMARY KEY,
    canary      BLOB    NOT NULL, -- as in vault: a known text under the key
    wrapped_key BLOB,             -- as in vault, under a key that comes; NULL for one that is left
    retired_id  TEXT,             -- the row of retired_keys that comes with it; NULL if the data key stays
    retired     BLOB              -- likewise
) STRICT;

CREATE TRIGGER keychain_keys_end AFTER DELETE ON keychain_keys BEGIN UPDATE endings SET count = count + 1; END;

CREATE TRIGGER keychain_keys_change AFTER UPDATE ON keychain_keys
WHEN old.canary IS NOT new.canary OR old.wrapped_key IS NOT new.wrapped_key OR old.retired IS NOT new.retired
BEGIN UPDATE endings SET count = count + 1; END;
