-- Sign-ins that have ended here and that the authorization server has not been told about yet (RFC 7009). A row goes when it
-- was told, when it refused, or after a week. No reference to servers: what is owed to a provider outlives the server.
CREATE TABLE revocations (
    id        TEXT    NOT NULL PRIMARY KEY,
    account   TEXT    NOT NULL,  -- the account that ended; the sealed bytes are bound to it as they were in grants
    server    TEXT    NOT NULL,
    issuer    TEXT    NOT NULL,  -- who gave it, byte for byte
    subject   TEXT,              -- the person there, if the issuer said who: a sign-in of theirs that came later is not ended by this
    client_id TEXT,              -- our client there: it is not deleted before; NULL for grants from before that was known
    sealed    BLOB    NOT NULL,  -- tokens, client and endpoints, as in grants; row = account
    ended_at  INTEGER NOT NULL,
    tries     INTEGER NOT NULL,  -- how often the authorization server could not be reached
    next_at   INTEGER NOT NULL   -- when it is asked again
) STRICT;

CREATE TRIGGER revocations_end AFTER DELETE ON revocations BEGIN UPDATE endings SET count = count + 1; END;
