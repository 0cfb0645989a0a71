-- The external directory, robot accounts, and what stands below a service.

ALTER TABLE organization ADD COLUMN external_directory INTEGER NOT NULL DEFAULT 0;
ALTER TABLE organization ADD COLUMN auto_provisioning INTEGER NOT NULL DEFAULT 0;

CREATE TABLE robots (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL
);

-- parent_id is empty for a folder that is in no other, so there is no foreign key.
CREATE TABLE folders (
    id        TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    parent_id TEXT NOT NULL,
    name      TEXT NOT NULL,
    name_key  TEXT NOT NULL,
    UNIQUE (tenant_id, parent_id, name_key)
);

CREATE TABLE projects (
    id        TEXT NOT NULL,
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    service   TEXT NOT NULL,
    name      TEXT NOT NULL,
    name_key  TEXT NOT NULL,
    PRIMARY KEY (tenant_id, service, id),
    UNIQUE (tenant_id, service, name_key)
);
