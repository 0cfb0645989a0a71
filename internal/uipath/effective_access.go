package uipath

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// EffectiveRole is a role that somebody holds, directly or through a group, with the grants it comes from.
type EffectiveRole struct {
	RoleID   access.GUID
	RoleName string
	// RoleType is one of the three known types, or the server's own word where it is none of them.
	RoleType access.RoleType
	// Service is the display name of the owner (contract 6).
	Service string
	Grants  []EffectiveGrant
}

// EffectiveGrant is an assignment that an [EffectiveRole] comes from.
type EffectiveGrant struct {
	// PrincipalID is the principal itself, or the group that it comes through.
	PrincipalID   access.GUID
	PrincipalType access.PrincipalType
	Scope         access.Scope
	// CreatedOn is in the server's time; zero where the server did not say.
	CreatedOn time.Time
}

// EffectiveAccess returns what a user or a group can do in a tenant, sorted by role name and id; its grants by scope and principal.
// A grant at a scope of a kind that [access.ParseScope] does not read is left out. It is [ErrForbidden] if the caller may not ask.
func (c *Client) EffectiveAccess(
	ctx context.Context, tenant, principal access.GUID, kind access.PrincipalType,
) ([]EffectiveRole, error) {
	question, err := newEffectiveQuestion(tenant, principal, kind)
	if err != nil {
		return nil, err
	}
	operation := fmt.Sprintf("read the effective access of %s %s", strings.ToLower(string(kind)), principal)
	roles, err := rest.Listing[EffectiveRole]{
		Operation: operation, ID: func(r EffectiveRole) string { return r.RoleID.String() }, Merge: EffectiveRole.merge,
		Read: func(ctx context.Context, skip int) (rest.Page[EffectiveRole], error) {
			asked := question
			if skip > 0 {
				asked.Top, asked.Skip = effectivePageSize, skip
			}
			body, err := json.Marshal(asked)
			if err != nil {
				return rest.Page[EffectiveRole]{}, err
			}
			// It changes nothing: unlike other requests to POST it may be repeated.
			return rest.FetchAs(ctx, c.rest, rest.Request{
				Operation: operation, Method: http.MethodPost, Path: c.apiPath("/geteffectiveaccess"), Body: body,
			}, parseEffectivePage)
		},
	}.All(ctx)
	sortEffective(roles)
	return roles, err
}

// merge joins two rows of the same role; a grant that both have is kept once.
func (r EffectiveRole) merge(again EffectiveRole) EffectiveRole {
	for _, g := range again.Grants {
		if !slices.Contains(r.Grants, g) {
			r.Grants = append(r.Grants, g)
		}
	}
	return r
}

func sortEffective(roles []EffectiveRole) {
	slices.SortFunc(roles, func(a, b EffectiveRole) int {
		return cmp.Or(strings.Compare(a.RoleName, b.RoleName), cmp.Compare(a.RoleID, b.RoleID))
	})
	for _, r := range roles {
		slices.SortFunc(r.Grants, func(a, b EffectiveGrant) int {
			return cmp.Or(strings.Compare(a.Scope.String(), b.Scope.String()), cmp.Compare(a.PrincipalID, b.PrincipalID),
				a.CreatedOn.Compare(b.CreatedOn))
		})
	}
}
