package rules

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// DirectoryQuery asks for principals. Types and classes that are empty do not narrow it.
type DirectoryQuery struct {
	// StartsWith is the beginning of a name, display name or email in any case.
	StartsWith string
	Types      []access.PrincipalType
	Classes    []PrincipalClass
}

// PrincipalClass is the principals of one type from one source.
type PrincipalClass struct {
	Type   access.PrincipalType
	Source access.PrincipalSource
}

// NamesQuery asks for the principals of one type that have the given names.
type NamesQuery struct {
	Type  access.PrincipalType
	Names []string
}

// MembershipQuery asks in which of some groups a principal is.
type MembershipQuery struct {
	PrincipalID access.GUID
	GroupIDs    []access.GUID
}

// DirectorySources returns where accounts come from: also from an external directory, if one is linked. Every caller may ask.
func (s *Session) DirectorySources(context.Context) ([]access.PrincipalSource, error) {
	sources := []access.PrincipalSource{access.SourceLocal}
	if s.organization.ExternalDirectory {
		sources = append(sources, access.SourceDirectory)
	}
	return sources, nil
}

// everybody returns the whole directory by display name, those included that were not added to the organization.
func (s *Session) everybody(ctx context.Context) ([]model.Principal, error) {
	all, err := s.tx.Principals(ctx)
	slices.SortFunc(all, func(a, b model.Principal) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.DisplayName), strings.ToLower(b.DisplayName)), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// Search returns the principals that a query asks for, by display name. Every caller may search.
func (s *Session) Search(ctx context.Context, q DirectoryQuery) ([]model.Principal, error) {
	all, err := s.everybody(ctx)
	return slices.DeleteFunc(all, func(p model.Principal) bool { return !q.matches(p) }), err
}

func (q DirectoryQuery) matches(p model.Principal) bool {
	return (len(q.Types) == 0 || slices.Contains(q.Types, p.Type)) &&
		(len(q.Classes) == 0 || slices.Contains(q.Classes, PrincipalClass{p.Type, p.Source})) &&
		(beginsFold(p.Name, q.StartsWith) || beginsFold(p.DisplayName, q.StartsWith) || beginsFold(p.Email, q.StartsWith))
}

// EntityQuery asks for the principal of one type that has an id or, where it is empty, a name.
type EntityQuery struct {
	Type access.PrincipalType
	ID   access.GUID
	Name string
}

// EntitiesQuery asks for principals. Its keys are the names or ids as the caller spells them.
type EntitiesQuery map[string]EntityQuery

func (q EntityQuery) matches(p model.Principal) bool {
	switch {
	case p.Type != q.Type:
		return false
	case q.ID != "":
		return p.ID == q.ID
	}
	return q.Name != "" && isNamed(p, q.Name)
}

// Resolve returns the principal that a query asks for. Every caller may ask.
func (s *Session) Resolve(ctx context.Context, q EntityQuery) (model.Principal, error) {
	found, err := s.ResolveAll(ctx, EntitiesQuery{"": q})
	if p := found[""]; p != nil {
		return *p, err
	}
	return existing(model.Principal{}, false, err)
}

// ResolveAll returns the principal of each query, nil for one that nobody matches. Every caller may ask.
func (s *Session) ResolveAll(ctx context.Context, queries EntitiesQuery) (map[string]*model.Principal, error) {
	all, err := s.everybody(ctx)
	if err != nil {
		return nil, err
	}
	found := make(map[string]*model.Principal, len(queries))
	for key, q := range queries {
		found[key] = nil
		if i := slices.IndexFunc(all, q.matches); i >= 0 {
			found[key] = &all[i]
		}
	}
	return found, nil
}

// ResolveNames returns the principal of each name, nil for a name that nobody has. A user is found by user name and email in any
// case, an application by name in any case, a group by the exact spelling of its name. Every caller may ask.
func (s *Session) ResolveNames(ctx context.Context, q NamesQuery) (map[string]*model.Principal, error) {
	queries := make(EntitiesQuery, len(q.Names))
	for _, name := range q.Names {
		queries[name] = EntityQuery{Type: q.Type, Name: name}
	}
	return s.ResolveAll(ctx, queries)
}

func isNamed(p model.Principal, name string) bool {
	if p.Type == access.PrincipalGroup {
		return p.Name == name
	}
	return strings.EqualFold(p.Name, name) || strings.EqualFold(p.Email, name)
}

// GroupMembership returns those of the given groups that a principal is in, itself or through other groups, by name. Every
// caller may ask.
func (s *Session) GroupMembership(ctx context.Context, q MembershipQuery) ([]model.Principal, error) {
	groups, err := s.tx.GroupsOf(ctx, q.PrincipalID)
	if err != nil {
		return nil, err
	}
	all, err := s.everybody(ctx)
	return slices.DeleteFunc(all, func(p model.Principal) bool {
		return !slices.Contains(groups, p.ID) || !slices.Contains(q.GroupIDs, p.ID)
	}), err
}
