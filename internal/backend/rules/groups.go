package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

const (
	// maxGroupName is the longest name of a group in characters. The platform's own limit is not public.
	maxGroupName = 128
	// maxMembers bounds how many members a request names.
	maxMembers = 5000
)

// The members of a group in a request (contract 7.3).
const (
	FieldPartition     Field = "partitionGlobalId"
	FieldGroupName     Field = "name"
	FieldMembers       Field = "directoryUserMemberIDs"
	FieldMembersToAdd  Field = "directoryUserIDsToAdd"
	FieldMembersToDrop Field = "directoryUserIDsToRemove"
)

// GroupInput is what a caller says of a group. Members that were not said are nil.
type GroupInput struct {
	Partition *string
	ID        *string
	Name      *string
	Add       []string
	Drop      []string
}

// GroupDetails is a group with its members as entities, by display name.
type GroupDetails struct {
	model.Group

	Entities []Entity
}

// Groups returns the groups by name.
func (s *Session) Groups(ctx context.Context) ([]model.Group, error) {
	if err := s.administers(scopesToReadGroups); err != nil {
		return nil, err
	}
	return s.tx.Groups(ctx)
}

// Group returns one group with its members.
func (s *Session) Group(ctx context.Context, id string) (GroupDetails, error) {
	if err := s.administers(scopesToReadGroups); err != nil {
		return GroupDetails{}, err
	}
	return s.group(ctx, id)
}

func (s *Session) group(ctx context.Context, id string) (GroupDetails, error) {
	g, err := byID(id, func(id access.GUID) (model.Group, bool, error) { return s.tx.Group(ctx, id) })
	if err != nil {
		return GroupDetails{}, err
	}
	all, err := s.entities(ctx)
	if err != nil {
		return GroupDetails{}, err
	}
	return GroupDetails{g, slices.DeleteFunc(all, func(e Entity) bool { return !slices.Contains(g.Members, e.ID) })}, nil
}

// CreateGroup creates a group under an id that the caller chooses.
func (s *Session) CreateGroup(ctx context.Context, in GroupInput) (GroupDetails, error) {
	if err := s.administers(scopesToWriteGroups); err != nil {
		return GroupDetails{}, err
	}
	g := model.Group{Name: deref(in.Name), Source: access.SourceLocal, Added: true}
	g.ID = access.OptionalGUID(deref(in.ID))
	all, err := s.entities(ctx)
	if err != nil {
		return GroupDetails{}, err
	}
	violations := s.Partition(deref(in.Partition))
	if g.ID == "" {
		violations = append(violations, Violation{Field: FieldID, Message: fmt.Sprintf("The value '%s' is not valid: a new group needs a GUID.", deref(in.ID))})
	}
	if wrong := model.CheckName("group", g.Name, maxGroupName); wrong != "" {
		violations = append(violations, Violation{Field: FieldGroupName, Message: wrong})
	}
	violations = append(violations, checkMembers(FieldMembers, in.Add, g, all)...)
	if len(violations) > 0 {
		return GroupDetails{}, Invalidate(violations...)
	}
	if i := slices.IndexFunc(all, func(e Entity) bool { return e.ID == g.ID }); i >= 0 {
		return GroupDetails{}, refuse(Conflict, "The id %s belongs to %s already.", g.ID, all[i].DisplayName)
	}
	return s.putGroup(ctx, g, canonical(in.Add))
}

// UpdateGroup renames a group and changes who is in it. A name must be given: without one the platform answers a conflict
// (contract 7.3).
func (s *Session) UpdateGroup(ctx context.Context, id string, in GroupInput) (GroupDetails, error) {
	if err := s.administers(scopesToWriteGroups); err != nil {
		return GroupDetails{}, err
	}
	g, err := byID(id, func(id access.GUID) (model.Group, bool, error) { return s.tx.Group(ctx, id) })
	if err != nil {
		return GroupDetails{}, err
	}
	if in.Name == nil {
		return GroupDetails{}, refuse(Conflict, "The name of the group is missing: send %q also where it does not change.", g.Name)
	}
	all, err := s.entities(ctx)
	if err != nil {
		return GroupDetails{}, err
	}
	violations := s.Partition(deref(in.Partition))
	if wrong := model.CheckName("group", *in.Name, maxGroupName); wrong != "" {
		violations = append(violations, Violation{Field: FieldGroupName, Message: wrong})
	}
	violations = append(violations, checkMembers(FieldMembersToAdd, in.Add, g, all)...)
	if len(in.Drop) > maxMembers {
		violations = append(violations, tooManyMembers(FieldMembersToDrop, in.Drop))
	}
	if len(violations) > 0 {
		return GroupDetails{}, Invalidate(violations...)
	}
	if g.Source == access.SourceDirectory {
		return GroupDetails{}, keptOutside(g)
	}
	if g.BuiltIn && *in.Name != g.Name {
		return GroupDetails{}, refuse(Forbidden, "The group %q is built in and cannot be renamed to %q.", g.Name, *in.Name)
	}
	g.Name = *in.Name
	drop := canonical(in.Drop)
	stay := slices.DeleteFunc(g.Members, func(id access.GUID) bool { return slices.Contains(drop, id) })
	return s.putGroup(ctx, g, slices.Concat(stay, canonical(in.Add)))
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
	g.Members = sortedUnique(members)
	if err := s.tx.PutGroup(ctx, g); err != nil {
		return GroupDetails{}, err
	}
	return s.group(ctx, g.ID.String())
}

// DeleteGroup deletes a group that is not built in.
func (s *Session) DeleteGroup(ctx context.Context, id string) error {
	if err := s.administers(scopesToWriteGroups); err != nil {
		return err
	}
	g, err := byID(id, func(id access.GUID) (model.Group, bool, error) { return s.tx.Group(ctx, id) })
	if err != nil {
		return err
	}
	if g.Source == access.SourceDirectory {
		return keptOutside(g)
	}
	if g.BuiltIn {
		return refuse(Forbidden, "The group %q is built in and cannot be deleted.", g.Name)
	}
	return s.tx.DeleteGroup(ctx, g.ID)
}

// keptOutside refuses to change a group that is not kept in the organization.
func keptOutside(g model.Group) error {
	return refuse(Forbidden, "The group %q (%s) is kept in the external directory: change it there.", g.Name, g.ID)
}

// checkMembers returns what is wrong with ids that shall become members of a group.
func checkMembers(field Field, ids []string, g model.Group, all []Entity) []Violation {
	if len(ids) > maxMembers {
		return []Violation{tooManyMembers(field, ids)}
	}
	known := make(map[access.GUID]bool, len(all))
	for _, e := range all {
		known[e.ID] = true
	}
	var violations []Violation
	for _, id := range canonical(ids) {
		switch {
		case len(violations) == maxViolations:
			return violations
		case id == g.ID:
			violations = append(violations, Violation{Field: field, Message: "A group cannot be a member of itself."})
		case !known[id]:
			violations = append(violations, Violation{Field: field, Message: fmt.Sprintf(
				"The value '%s' is not the id of a user, group, robot account or external application.", id)})
		}
	}
	return violations
}

func tooManyMembers(field Field, ids []string) Violation {
	return Violation{Field: field, Message: fmt.Sprintf("%d ids are given; at most %d are read.", len(ids), maxMembers)}
}

// canonical returns ids in lower case, sorted, each once. What is no GUID stays as it is, to be named in a refusal.
func canonical(ids []string) []access.GUID {
	lower := make([]access.GUID, len(ids))
	for i, id := range ids {
		lower[i] = access.GUID(strings.ToLower(id))
	}
	return sortedUnique(lower)
}
