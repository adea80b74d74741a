-- How far each account has come that moved to or from here, by its latest sign-in, then by its moves. It outlives the account:
-- no file from before brings spent tokens back.
CREATE TABLE last_moves (
    account      TEXT    NOT NULL PRIMARY KEY,  -- as the files name it
    signed_in_at INTEGER NOT NULL,
    moves        INTEGER NOT NULL
) STRICT;

INSERT INTO last_moves (account, signed_in_at, moves) SELECT account, signed_in_at, moves FROM grants WHERE moves > 0;
