package rules

import (
	"context"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// maxGroupName is the longest name of a group in characters. The platform's own limit is not public.
const maxGroupName = 128

// GroupInput is what a caller says of a group.
type GroupInput struct {
	// ID is the group to change, or the id that a new one gets.
	ID           access.GUID
	Organization access.GUID
	// Name is nil if it was not said.
	Name        *string
	Add, Remove []access.GUID
}

// MembersQuery asks for the members of a group.
type MembersQuery struct {
	GroupID access.GUID
	Paging
}

// GroupDetails is a group with its members by display name.
type GroupDetails struct {
	model.Group

	Principals []model.Principal
}

// Groups returns the groups by name, with the ids of their members only.
func (s *Session) Groups(ctx context.Context) ([]model.Group, error) {
	if err := s.administers(scopesToReadGroups); err != nil {
		return nil, err
	}
	return s.tx.Groups(ctx)
}

// Group returns one group with its members.
func (s *Session) Group(ctx context.Context, id access.GUID) (GroupDetails, error) {
	if err := s.administers(scopesToReadGroups); err != nil {
		return GroupDetails{}, err
	}
	return s.group(ctx, id)
}

// GroupMembers returns a page of the members of a group, by display name.
func (s *Session) GroupMembers(ctx context.Context, q MembersQuery) (Page[model.Principal], error) {
	g, err := s.Group(ctx, q.GroupID)
	return cut(g.Principals, q.Paging), err
}

func (s *Session) group(ctx context.Context, id access.GUID) (GroupDetails, error) {
	g, err := existing(s.tx.Group(ctx, id))
	if err != nil {
		return GroupDetails{}, err
	}
	all, err := s.everybody(ctx)
	return GroupDetails{g, slices.DeleteFunc(all, func(p model.Principal) bool { return !slices.Contains(g.Members, p.ID) })}, err
}

// CreateGroup creates a group under an id that the caller chooses.
func (s *Session) CreateGroup(ctx context.Context, in GroupInput) (GroupDetails, error) {
	if err := s.administers(scopesToWriteGroups); err != nil {
		return GroupDetails{}, err
	}
	g := model.Group{ID: in.ID, Name: deref(in.Name), Source: access.SourceLocal, Added: true, CreatedOn: s.now()}
	all, err := s.everybody(ctx)
	if err != nil {
		return GroupDetails{}, err
	}
	violations := s.checkGroup(g, in, all)
	if g.ID == "" || g.ID == access.ZeroGUID {
		violations = append(violations, violationf(model.PartID, "The value '%s' is not valid: a new group needs a GUID.", g.ID))
	}
	if err := invalid(violations); err != nil {
		return GroupDetails{}, err
	}
	if g.ID, err = s.newID(ctx, g.ID); err != nil {
		return GroupDetails{}, err
	}
	return s.putGroup(ctx, g, in.Add)
}

// UpdateGroup renames a group and changes who is in it. A name must be given: without one the platform answers a conflict
// (contract 7.3).
func (s *Session) UpdateGroup(ctx context.Context, in GroupInput) (GroupDetails, error) {
	if err := s.administers(scopesToWriteGroups); err != nil {
		return GroupDetails{}, err
	}
	g, err := existing(s.tx.Group(ctx, in.ID))
	if err != nil {
		return GroupDetails{}, err
	}
	if in.Name == nil {
		return GroupDetails{}, refuse(Conflict, "The name of the group is missing: send %q also where it does not change.", g.Name)
	}
	all, err := s.everybody(ctx)
	if err != nil {
		return GroupDetails{}, err
	}
	before := g.Name
	g.Name, g.ModifiedOn = *in.Name, s.now()
	if err := invalid(s.checkGroup(g, in, all)); err != nil {
		return GroupDetails{}, err
	}
	if g.Source == access.SourceDirectory {
		return GroupDetails{}, refuseOutsideGroup(before, g.ID)
	}
	if g.BuiltIn && g.Name != before {
		return GroupDetails{}, refuse(Forbidden, "The group %q is built in and cannot be renamed to %q.", before, g.Name)
	}
	stay := slices.DeleteFunc(g.Members, func(id access.GUID) bool { return slices.Contains(in.Remove, id) })
	return s.putGroup(ctx, g, slices.Concat(stay, in.Add))
}

// putGroup keeps a group under a name that no other group has.
func (s *Session) putGroup(ctx context.Context, g model.Group, members []access.GUID) (GroupDetails, error) {
	other, taken, err := s.tx.GroupNamed(ctx, g.Name)
	if err != nil {
		return GroupDetails{}, err
	}
	if taken && other.ID != g.ID {
		return GroupDetails{}, refuse(Conflict, "A group named %q exists already, with the id %s.", other.Name, other.ID)
	}
	before := make(map[access.GUID]bool, len(g.Members))
	for _, id := range g.Members {
		before[id] = true
	}
	g.Members = model.SortedUnique(members)
	if slices.ContainsFunc(g.Members, func(id access.GUID) bool { return !before[id] }) {
		if err := s.checkJoins(ctx, g.ID); err != nil {
			return GroupDetails{}, err
		}
	}
	if err := s.keepAdministrator(ctx, func() error { return s.tx.PutGroup(ctx, g) }); err != nil {
		return GroupDetails{}, err
	}
	return s.group(ctx, g.ID)
}

// DeleteGroups deletes groups as [Session.DeleteGroup] does, all of them or none.
func (s *Session) DeleteGroups(ctx context.Context, ids []access.GUID) error {
	if err := s.administers(scopesToWriteGroups); err != nil {
		return err
	}
	return deleteAll(ctx, ids, s.DeleteGroup)
}

// DeleteGroup deletes a group that is not built in.
func (s *Session) DeleteGroup(ctx context.Context, id access.GUID) error {
	if err := s.administers(scopesToWriteGroups); err != nil {
		return err
	}
	g, err := existing(s.tx.Group(ctx, id))
	if err != nil {
		return err
	}
	if g.Source == access.SourceDirectory {
		return refuseOutsideGroup(g.Name, g.ID)
	}
	if g.BuiltIn {
		return refuse(Forbidden, "The group %q is built in and cannot be deleted.", g.Name)
	}
	return s.keepAdministrator(ctx, func() error { return s.tx.DeleteGroup(ctx, g.ID) })
}

// refuseOutsideGroup refuses to change a group that is not kept in the organization.
func refuseOutsideGroup(name string, id access.GUID) error {
	return refuse(Forbidden, "The group %q (%s) is kept in the external directory: change it there.", name, id)
}

// checkGroup returns what is wrong with a group and with the members that it shall get.
func (s *Session) checkGroup(g model.Group, in GroupInput, all []model.Principal) []model.Violation {
	var violations []model.Violation
	if in.Organization != s.organization.ID {
		violations = append(violations, violationf(model.PartOrganization, "The value '%s' is not valid.", in.Organization))
	}
	if wrong := model.CheckName("group", g.Name, maxGroupName); wrong != "" {
		violations = append(violations, violationf(model.PartName, "%s", wrong))
	}
	return append(violations, checkMembers(in.Add, g, all)...)
}

// checkMembers returns what is wrong with ids that shall become members of a group.
func checkMembers(ids []access.GUID, g model.Group, all []model.Principal) []model.Violation {
	known := make(map[access.GUID]bool, len(all))
	for _, p := range all {
		known[p.ID] = true
	}
	var violations []model.Violation
	for _, id := range model.SortedUnique(slices.Clone(ids)) {
		switch {
		case len(violations) == maxViolations:
			return violations
		case id == g.ID:
			violations = append(violations, violationf(model.PartMembers, "A group cannot be a member of itself."))
		case !known[id]:
			violations = append(violations, violationf(model.PartMembers,
				"The value '%s' is not the id of a user, group, robot account or external application.", id))
		}
	}
	return violations
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
