-- What the person lets pass at a server, or adds to its sign-ins, although the protocol says otherwise. The column was made
-- for it and never written; it now has the name that people see.
ALTER TABLE servers RENAME COLUMN overrides TO exceptions; -- JSON object; NULL for none
