-- Accounts of the external directory that were not added to the organization, and groups of that directory.

ALTER TABLE users ADD COLUMN added INTEGER NOT NULL DEFAULT 1;
ALTER TABLE principal_groups ADD COLUMN source TEXT NOT NULL DEFAULT 'local';
ALTER TABLE principal_groups ADD COLUMN added INTEGER NOT NULL DEFAULT 1;
