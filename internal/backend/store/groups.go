package store

import (
	"context"
	"database/sql"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Group finds a group by id, with its members. One that was not added to the organization is not found.
func (t *Tx) Group(ctx context.Context, id access.GUID) (model.Group, bool, error) {
	return t.oneGroup(ctx, "WHERE id = $1 AND added = 1", id)
}

// GroupNamed finds a group by name, in any case, with its members, also one that only the external directory has.
func (t *Tx) GroupNamed(ctx context.Context, name string) (model.Group, bool, error) {
	return t.oneGroup(ctx, "WHERE name_key = $1", strings.ToLower(name))
}

func (t *Tx) oneGroup(ctx context.Context, which string, value any) (model.Group, bool, error) {
	g, ok, err := first(t.groups(ctx, which, value))
	if err != nil || !ok {
		return g, ok, err
	}
	g.Members, err = column[access.GUID](ctx, t, "SELECT member_id FROM group_members WHERE group_id = $1 ORDER BY member_id", g.ID)
	return g, true, err
}

// Groups returns the groups that were added to the organization, by name, with their members.
func (t *Tx) Groups(ctx context.Context) ([]model.Group, error) {
	return t.groupsWithMembers(ctx, "WHERE added = 1 ORDER BY name_key")
}

// AllGroups returns the groups by name, with their members, those included that only the external directory has.
func (t *Tx) AllGroups(ctx context.Context) ([]model.Group, error) {
	return t.groupsWithMembers(ctx, "ORDER BY name_key")
}

func (t *Tx) groupsWithMembers(ctx context.Context, which string) ([]model.Group, error) {
	groups, err := t.groups(ctx, which)
	if err != nil {
		return nil, err
	}
	members, err := pairs[access.GUID](ctx, t, "SELECT group_id, member_id FROM group_members ORDER BY member_id")
	if err != nil {
		return nil, err
	}
	for i := range groups {
		groups[i].Members = members[groups[i].ID]
	}
	return groups, nil
}

func (t *Tx) groups(ctx context.Context, which string, args ...any) ([]model.Group, error) {
	return collect(ctx, t.tx, func(r *sql.Rows, g *model.Group) error {
		return r.Scan(&g.ID, &g.Name, &g.BuiltIn, &g.Source, &g.Added)
	}, "SELECT id, name, built_in, source, added FROM principal_groups "+which, args...)
}

// DirectGroups returns the ids of the groups of the organization that each principal is a member of itself, by principal id.
func (t *Tx) DirectGroups(ctx context.Context) (map[access.GUID][]access.GUID, error) {
	return pairs[access.GUID](ctx, t, `SELECT member_id, group_id FROM group_members
WHERE group_id IN (SELECT id FROM principal_groups WHERE added = 1) ORDER BY group_id`)
}

// GroupsOf returns the ids of the groups that a principal is in, directly or through other groups.
func (t *Tx) GroupsOf(ctx context.Context, principalID access.GUID) ([]access.GUID, error) {
	return column[access.GUID](ctx, t, `WITH RECURSIVE above (id) AS (
    SELECT group_id FROM group_members WHERE member_id = $1
    UNION
    SELECT m.group_id FROM group_members m JOIN above ON m.member_id = above.id
) SELECT id FROM above ORDER BY id`, principalID)
}

// PutGroup creates a group, or replaces the one with the same id.
func (t *Tx) PutGroup(ctx context.Context, g model.Group) error {
	err := t.exec(ctx, `INSERT INTO principal_groups (id, name, name_key, built_in, source, added) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key`,
		g.ID, g.Name, strings.ToLower(g.Name), g.BuiltIn, string(g.Source), g.Added)
	if err != nil {
		return err
	}
	if err := t.exec(ctx, "DELETE FROM group_members WHERE group_id = $1", g.ID); err != nil {
		return err
	}
	for _, member := range g.Members {
		if err := t.exec(ctx, "INSERT INTO group_members (group_id, member_id) VALUES ($1, $2)", g.ID, member); err != nil {
			return err
		}
	}
	return nil
}

// DeleteGroup deletes a group and takes it out of the groups that it is in. What was assigned to it stays.
func (t *Tx) DeleteGroup(ctx context.Context, id access.GUID) error {
	if err := t.exec(ctx, "DELETE FROM group_members WHERE member_id = $1", id); err != nil {
		return err
	}
	return t.exec(ctx, "DELETE FROM principal_groups WHERE id = $1", id)
}
