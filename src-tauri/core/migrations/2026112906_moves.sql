-- Accounts that go to another computer, in a file that the person makes.

-- How often the account moved from one computer to another. A file with an older count is not believed: its tokens are spent.
ALTER TABLE grants ADD COLUMN moves INTEGER NOT NULL DEFAULT 0;
-- It came in a file and was not used here yet: the background leaves it alone.
ALTER TABLE grants ADD COLUMN resting INTEGER NOT NULL DEFAULT 0 CHECK (resting IN (0, 1));

-- What was handed over is another computer's: a backup that still has it as ours would spend it twice.
CREATE TRIGGER grants_handed_over AFTER UPDATE OF dead_reason ON grants
WHEN new.dead_reason IS 'handedOver' AND old.dead_reason IS NOT 'handedOver'
BEGIN UPDATE endings SET count = count + 1; END;

-- Clients of ours that an account of another computer has, too. They are not deleted from here (RFC 7592), whoever leaves.
CREATE TABLE shared_clients (
    issuer    TEXT NOT NULL,  -- byte for byte
    client_id TEXT NOT NULL,
    PRIMARY KEY (issuer, client_id)
) STRICT;
