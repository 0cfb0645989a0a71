-- Portable SQL only: text, integers and foreign keys. Ids are GUIDs in lower case, times are text that sorts as time,
-- *_key columns hold a name in lower case.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE organization (
    id             TEXT PRIMARY KEY,
    name           TEXT NOT NULL,
    default_caller TEXT NOT NULL
);

CREATE TABLE tenants (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE
);

CREATE TABLE tenant_services (
    tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    service   TEXT NOT NULL,
    PRIMARY KEY (tenant_id, service)
);

CREATE TABLE users (
    id                  TEXT PRIMARY KEY,
    user_name           TEXT NOT NULL,
    user_name_key       TEXT NOT NULL UNIQUE,
    email               TEXT NOT NULL,
    name                TEXT NOT NULL,
    surname             TEXT NOT NULL,
    display_name        TEXT NOT NULL,
    active              INTEGER NOT NULL,
    invitation_accepted INTEGER NOT NULL,
    source              TEXT NOT NULL
);

CREATE TABLE principal_groups (
    id       TEXT PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    built_in INTEGER NOT NULL
);

-- A member is a user, a group or an application, so there is no foreign key.
CREATE TABLE group_members (
    group_id  TEXT NOT NULL REFERENCES principal_groups (id) ON DELETE CASCADE,
    member_id TEXT NOT NULL,
    PRIMARY KEY (group_id, member_id)
);

CREATE INDEX group_members_by_member ON group_members (member_id);

CREATE TABLE applications (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    name_key      TEXT NOT NULL UNIQUE,
    secret_sha256 TEXT NOT NULL
);

CREATE TABLE application_scopes (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    scope          TEXT NOT NULL,
    PRIMARY KEY (application_id, scope)
);

CREATE TABLE access_tokens (
    sha256     TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_on TEXT NOT NULL
);

-- Custom roles. Those of the platform are the same everywhere and are not stored.
CREATE TABLE roles (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    shape       TEXT NOT NULL,
    tenant_id   TEXT NOT NULL,
    service     TEXT NOT NULL,
    created_by  TEXT NOT NULL,
    created_on  TEXT NOT NULL,
    updated_by  TEXT NOT NULL,
    updated_on  TEXT NOT NULL
);

CREATE TABLE role_permissions (
    role_id    TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (role_id, permission)
);

-- A role may be one of the platform's, which are not stored, and a principal of any kind, so there are no foreign keys.
CREATE TABLE role_assignments (
    id             TEXT PRIMARY KEY,
    role_id        TEXT NOT NULL,
    principal_id   TEXT NOT NULL,
    principal_kind TEXT NOT NULL,
    scope          TEXT NOT NULL,
    type           TEXT NOT NULL,
    created_by     TEXT NOT NULL,
    created_on     TEXT NOT NULL,
    updated_by     TEXT NOT NULL,
    updated_on     TEXT NOT NULL,
    UNIQUE (role_id, principal_id, scope)
);

CREATE INDEX role_assignments_by_principal ON role_assignments (principal_id);
