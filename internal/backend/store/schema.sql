-- Portable SQL only: text, integers and foreign keys. Ids are GUIDs in lower case, times are text that sorts as time or empty,
-- *_key columns hold a name in lower case.

CREATE TABLE schema_migrations (
    version INTEGER PRIMARY KEY
);

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE organization (
    id                 TEXT PRIMARY KEY,
    name               TEXT NOT NULL,
    default_caller     TEXT NOT NULL,
    external_directory INTEGER NOT NULL,
    auto_provisioning  INTEGER NOT NULL
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

-- added is 0 for an account of the external directory that the organization does not have yet.
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
    bypasses_basic_auth INTEGER NOT NULL,
    source              TEXT NOT NULL,
    added               INTEGER NOT NULL,
    created_on          TEXT NOT NULL,
    modified_on         TEXT NOT NULL,
    legacy_id           INTEGER NOT NULL
);

CREATE TABLE principal_groups (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    name_key    TEXT NOT NULL UNIQUE,
    built_in    INTEGER NOT NULL,
    source      TEXT NOT NULL,
    added       INTEGER NOT NULL,
    created_on  TEXT NOT NULL,
    modified_on TEXT NOT NULL
);

-- A member is a principal of any type, so there is no foreign key.
CREATE TABLE group_members (
    group_id  TEXT NOT NULL REFERENCES principal_groups (id) ON DELETE CASCADE,
    member_id TEXT NOT NULL,
    PRIMARY KEY (group_id, member_id)
);

CREATE INDEX group_members_by_member ON group_members (member_id);

CREATE TABLE robots (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    created_on   TEXT NOT NULL
);

-- Several applications may have one name.
CREATE TABLE applications (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    confidential INTEGER NOT NULL,
    redirect_uri TEXT NOT NULL
);

CREATE TABLE application_secrets (
    id             INTEGER PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    description    TEXT NOT NULL,
    sha256         TEXT NOT NULL,
    created_on     TEXT NOT NULL,
    expires_on     TEXT NOT NULL
);

CREATE TABLE application_scopes (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    scope          TEXT NOT NULL,
    PRIMARY KEY (application_id, scope)
);

-- Scopes that an application has only on behalf of a user.
CREATE TABLE application_user_scopes (
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    scope          TEXT NOT NULL,
    PRIMARY KEY (application_id, scope)
);

-- Everybody who can hold a role, whatever their type.
CREATE VIEW principals AS
SELECT id, 'User' AS type, user_name AS name, display_name, email, name AS first_name, surname AS last_name, source, added,
    1 - invitation_accepted AS invited, active, created_on FROM users
UNION ALL SELECT id, 'Group', name, name, '', '', '', source, added, 0, 1, created_on FROM principal_groups
UNION ALL SELECT id, 'Robot', name, display_name, '', '', '', 'local', 1, 0, 1, created_on FROM robots
UNION ALL SELECT id, 'ExternalApplication', name, name, '', '', '', 'local', 1, 0, 1, '' FROM applications WHERE confidential = 1;

CREATE TABLE access_tokens (
    sha256     TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_on TEXT NOT NULL
);

-- user_id is empty for a setting of the organization, so there is no foreign key.
CREATE TABLE identity_settings (
    id          INTEGER PRIMARY KEY,
    user_id     TEXT NOT NULL,
    setting_key TEXT NOT NULL,
    value       TEXT NOT NULL,
    UNIQUE (user_id, setting_key)
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

-- The roles of Orchestrator of each tenant, with those that it brings along.
CREATE TABLE orchestrator_roles (
    id           INTEGER PRIMARY KEY,
    role_key     TEXT NOT NULL UNIQUE,
    tenant_id    TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    name_key     TEXT NOT NULL,
    display_name TEXT NOT NULL,
    type         TEXT NOT NULL,
    static       INTEGER NOT NULL,
    editable     INTEGER NOT NULL,
    UNIQUE (tenant_id, name_key)
);

CREATE TABLE orchestrator_role_permissions (
    role_key   TEXT NOT NULL REFERENCES orchestrator_roles (role_key) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (role_key, permission)
);

-- A principal may be of any type, so there is no foreign key.
CREATE TABLE orchestrator_users (
    id           INTEGER PRIMARY KEY,
    tenant_id    TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    principal_id TEXT NOT NULL,
    created_on   TEXT NOT NULL,
    UNIQUE (tenant_id, principal_id)
);

CREATE TABLE orchestrator_folder_users (
    tenant_id    TEXT NOT NULL,
    principal_id TEXT NOT NULL,
    folder_id    TEXT NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
    PRIMARY KEY (tenant_id, principal_id, folder_id)
);

-- A role may be one of the platform's, which are not stored, or the key of one of Orchestrator, and a principal of any type, so there are
-- no foreign keys.
CREATE TABLE role_assignments (
    id             TEXT PRIMARY KEY,
    role_id        TEXT NOT NULL,
    principal_id   TEXT NOT NULL,
    principal_type TEXT NOT NULL,
    scope          TEXT NOT NULL,
    type           TEXT NOT NULL,
    created_by     TEXT NOT NULL,
    created_on     TEXT NOT NULL,
    updated_by     TEXT NOT NULL,
    updated_on     TEXT NOT NULL,
    UNIQUE (role_id, principal_id, scope)
);

CREATE INDEX role_assignments_by_principal ON role_assignments (principal_id);
-- A listing asks for what is assigned at some scopes, by principal.
CREATE INDEX role_assignments_by_scope ON role_assignments (scope, principal_id);
