-- Several accounts of one server: who each of them is, and which one the server is used as.

-- The person at the issuer (`sub` of OpenID Connect Core §2), byte for byte; NULL where the provider names nobody. Together
-- with `issuer` it tells whether a sign-in is by somebody who has an account here already.
ALTER TABLE grants ADD COLUMN subject TEXT;
-- What the provider calls the person when they sign in (e-mail address or user name): sent as `login_hint`, so that a new
-- sign-in is for the same account. NULL where it did not say.
ALTER TABLE grants ADD COLUMN login TEXT;
-- The person's own name for the account; it goes before `label`, which stays what the provider says.
ALTER TABLE grants ADD COLUMN own_label TEXT;
-- Our client at the issuer, so that it is known who else uses a registration; NULL for grants from before this column.
ALTER TABLE grants ADD COLUMN client_id TEXT;
-- The account that the server is used as.
ALTER TABLE grants ADD COLUMN is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1));

UPDATE grants SET is_default = 1 WHERE rowid IN (SELECT max(rowid) FROM grants GROUP BY server);

-- Two defaults of one server cannot be written.
CREATE UNIQUE INDEX grants_default ON grants (server) WHERE is_default = 1;
