-- What backups have to know, and what the person is told after one was put back.

-- Counts how often something sealed went for good: a sign-in that ended, a key or a secret that was replaced. A backup
-- made at another count may still hold it. A renewed token does not count: the backup that follows has the new one.
CREATE TABLE endings (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- there is one count
    count INTEGER NOT NULL
) STRICT;

INSERT INTO endings (id, count) VALUES (1, 0);

CREATE TRIGGER grants_end AFTER DELETE ON grants BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER servers_end AFTER DELETE ON servers BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER server_headers_end AFTER DELETE ON server_headers BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER registrations_end AFTER DELETE ON registrations BEGIN UPDATE endings SET count = count + 1; END;
CREATE TRIGGER vault_ends AFTER DELETE ON vault BEGIN UPDATE endings SET count = count + 1; END;

-- A new sign-in in place of an earlier one; a renewal leaves this column alone.
CREATE TRIGGER grants_change AFTER UPDATE OF signed_in_at ON grants BEGIN UPDATE endings SET count = count + 1; END;

CREATE TRIGGER client_secrets_change AFTER UPDATE OF client_secret ON servers
WHEN old.client_secret IS NOT new.client_secret BEGIN UPDATE endings SET count = count + 1; END;

CREATE TRIGGER header_values_change AFTER UPDATE OF value ON server_headers
WHEN old.value IS NOT new.value BEGIN UPDATE endings SET count = count + 1; END;

CREATE TRIGGER registrations_change AFTER UPDATE OF sealed ON registrations
WHEN old.sealed IS NOT new.sealed BEGIN UPDATE endings SET count = count + 1; END;

CREATE TRIGGER vault_changes AFTER UPDATE ON vault
WHEN old.wrapped_key IS NOT new.wrapped_key OR old.canary IS NOT new.canary
BEGIN UPDATE endings SET count = count + 1; END;

-- Each time a backup was put in the place of a data file that could not be used.
CREATE TABLE restorations (
    id        INTEGER NOT NULL PRIMARY KEY,
    made_at   INTEGER NOT NULL, -- when the backup was made
    kept      TEXT,             -- the damaged file's name in the folder `damaged`; NULL if the file was missing
    seen      INTEGER NOT NULL CHECK (seen IN (0, 1)) -- the person was told
) STRICT;
