-- Which account a run was about; NULL where none is known, as for runs from before.
ALTER TABLE traces ADD COLUMN account TEXT;
