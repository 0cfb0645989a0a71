package store

import (
	"context"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

var groups = table[model.Group]{
	"principal_groups", "id, name, name_key, built_in, source, added, created_on, modified_on",
	func(g *model.Group) []any {
		return []any{
			&g.ID, &g.Name, keyColumn{&g.Name}, &g.BuiltIn, &g.Source, &g.Added, timeColumn{&g.CreatedOn}, timeColumn{&g.ModifiedOn},
		}
	},
}

// Group finds a group by id, with its members. One that was not added to the organization is not found.
func (t *Tx) Group(ctx context.Context, id access.GUID) (model.Group, bool, error) {
	return t.oneGroup(ctx, "WHERE id = $1 AND added = 1", id)
}

// GroupNamed finds a group by name, in any case, with its members, also one that only the external directory has.
func (t *Tx) GroupNamed(ctx context.Context, name string) (model.Group, bool, error) {
	return t.oneGroup(ctx, "WHERE name_key = $1", strings.ToLower(name))
}

func (t *Tx) oneGroup(ctx context.Context, clause string, value any) (model.Group, bool, error) {
	g, ok, err := first(groups.find(ctx, t, clause, value))
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

func (t *Tx) groupsWithMembers(ctx context.Context, clause string) ([]model.Group, error) {
	found, err := groups.find(ctx, t, clause)
	if err != nil {
		return nil, err
	}
	members, err := pairs[access.GUID](ctx, t, "SELECT group_id, member_id FROM group_members ORDER BY member_id")
	for i := range found {
		found[i].Members = members[found[i].ID]
	}
	return found, err
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
	err := groups.put(ctx, t, g,
		"ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, modified_on = excluded.modified_on")
	if err != nil {
		return err
	}
	if err := t.exec(ctx, "DELETE FROM group_members WHERE group_id = $1", g.ID); err != nil {
		return err
	}
	return putPairs(ctx, t, "group_members (group_id, member_id)", g.ID, g.Members)
}

// Join adds a member to groups. Those that it is in already stay as they are.
func (t *Tx) Join(ctx context.Context, memberID access.GUID, groupIDs []access.GUID) error {
	for _, id := range groupIDs {
		err := t.exec(ctx, "INSERT INTO group_members (group_id, member_id) VALUES ($1, $2) ON CONFLICT DO NOTHING", id, memberID)
		if err != nil {
			return err
		}
	}
	return nil
}

// Leave takes a member out of groups, whether it is in them or not.
func (t *Tx) Leave(ctx context.Context, memberID access.GUID, groupIDs []access.GUID) error {
	for _, id := range groupIDs {
		if err := t.exec(ctx, "DELETE FROM group_members WHERE group_id = $1 AND member_id = $2", id, memberID); err != nil {
			return err
		}
	}
	return nil
}

// DeleteGroup deletes a group and takes it out of the groups that it is in and out of Orchestrator. What else was assigned to it stays.
func (t *Tx) DeleteGroup(ctx context.Context, id access.GUID) error {
	return t.execEach(ctx, id, append(leaveOrchestrator(),
		"DELETE FROM group_members WHERE member_id = $1", "DELETE FROM principal_groups WHERE id = $1")...)
}
