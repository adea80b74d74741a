-- How one signs in to a server where no person is needed for it.

-- What the person chose. A server without a row is signed in to in the browser.
CREATE TABLE sign_in_methods (
    server        TEXT NOT NULL PRIMARY KEY REFERENCES servers (id) ON DELETE CASCADE,
    kind          TEXT NOT NULL,  -- 'clientSecret' | 'privateKey' | 'company' | 'platformToken'
    client_id     TEXT NOT NULL,  -- what the issuer calls the client
    key_id        TEXT,           -- 'privateKey' only: what the issuer calls the key; NULL if it has no name
    idp_issuer    TEXT,           -- 'company' only: the identity provider that is asked first
    idp_client_id TEXT,           -- 'company' only: what that calls the client
    token_file    TEXT,           -- the file that the token is read from; NULL where it was pasted or there is none
    issuer        TEXT            -- the issuer that the secrets belong to; NULL until they were used
) STRICT;

-- What proves it.
CREATE TABLE sign_in_secrets (
    server TEXT NOT NULL REFERENCES sign_in_methods (server) ON DELETE CASCADE,
    name   TEXT NOT NULL,  -- 'secret' | 'key' | 'idpSecret' | 'token'
    value  BLOB NOT NULL,  -- sealed; row = server/name
    PRIMARY KEY (server, name)
) STRICT;

CREATE TRIGGER sign_in_secrets_end AFTER DELETE ON sign_in_secrets BEGIN UPDATE endings SET count = count + 1; END;

CREATE TRIGGER sign_in_secrets_change AFTER UPDATE OF value ON sign_in_secrets
WHEN old.value IS NOT new.value BEGIN UPDATE endings SET count = count + 1; END;
