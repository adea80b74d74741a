-- Clients of ours that nobody uses any more and that their issuer has not been told about yet (RFC 7592 §2.3). A row goes when
-- it was told, when it refused, when somebody uses the client again, or after a week.
CREATE TABLE deregistrations (
    issuer       TEXT    NOT NULL,  -- byte for byte
    client_id    TEXT    NOT NULL,
    redirect_uri TEXT    NOT NULL,
    server       TEXT    NOT NULL,  -- where it is written down how that went; it may be gone
    sealed       BLOB    NOT NULL,  -- the registration, as it was in registrations; row = issuer ' ' redirect_uri
    ended_at     INTEGER NOT NULL,
    tries        INTEGER NOT NULL,  -- how often the issuer could not be reached
    next_at      INTEGER NOT NULL,  -- when it is asked again
    PRIMARY KEY (issuer, client_id, redirect_uri)
) STRICT;

CREATE TRIGGER deregistrations_end AFTER DELETE ON deregistrations BEGIN UPDATE endings SET count = count + 1; END;
