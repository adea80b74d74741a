-- What one can be asked to allow at a server, and what the person wants to be asked for (MCP authorization, scope selection).
ALTER TABLE servers ADD COLUMN offered_scopes TEXT; -- the scopes the server named last, separated by spaces; NULL if it named none
ALTER TABLE servers ADD COLUMN chosen_scopes  TEXT; -- the scopes to ask for, separated by spaces; NULL for whatever the server names
