-- Where the person signs in and how the browser comes back, decided for each server.

ALTER TABLE servers ADD COLUMN way_back TEXT NOT NULL DEFAULT 'automatic'; -- 'automatic' | 'deepLink' | 'loopbackAddress' | 'loopbackName'
ALTER TABLE servers ADD COLUMN loopback_port INTEGER;    -- a port the person fixed for a loopback way back; NULL for any free one
ALTER TABLE servers ADD COLUMN issuer TEXT;              -- the issuer the person has agreed to sign in at, as the server names it; NULL before the first consent
ALTER TABLE servers ADD COLUMN token_host TEXT;          -- host of that issuer's token endpoint when the person agreed; NULL if not seen since
ALTER TABLE servers ADD COLUMN offered_issuers TEXT;     -- JSON array: the issuers the server named last, in its order
ALTER TABLE servers ADD COLUMN client_issuer TEXT;       -- the issuer that client_id and client_secret belong to; NULL until the client was used
ALTER TABLE servers ADD COLUMN overrides TEXT;           -- JSON object: what the person lets pass or adds at sign-in; NULL for nothing

-- Who is signed in already has agreed to the issuer of the grant.
UPDATE servers SET issuer = (SELECT issuer FROM grants WHERE grants.server = servers.id ORDER BY is_default DESC LIMIT 1);
UPDATE servers SET client_issuer = issuer WHERE client_id IS NOT NULL;

-- Which way back worked depends on who asks: what a provider takes from a client that it registered by hand, it may refuse from us.
ALTER TABLE redirects RENAME TO redirects_before;
CREATE TABLE redirects (
    issuer    TEXT NOT NULL,
    client_id TEXT NOT NULL DEFAULT '', -- a client the person typed in; empty for what the app calls itself there
    ladder    TEXT NOT NULL,            -- 'deepLink' | 'loopbackAddress' | 'loopbackName': what worked last
    PRIMARY KEY (issuer, client_id)
) STRICT;
INSERT INTO redirects (issuer, ladder) SELECT issuer, ladder FROM redirects_before;
DROP TABLE redirects_before;
