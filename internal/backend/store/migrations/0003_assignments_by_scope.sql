-- A listing asks for what is assigned at some scopes, by principal.

CREATE INDEX role_assignments_by_scope ON role_assignments (scope, principal_id);
