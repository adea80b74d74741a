-- An account's moves alone tell how far it has come: the clocks of two computers say nothing about each other.
ALTER TABLE last_moves DROP COLUMN signed_in_at;
