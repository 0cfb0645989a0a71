package uipath

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
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

// effectiveAccess asks what somebody can do. Nothing of it is kept.
type effectiveAccess struct{ *api }

// EffectiveAccess returns what a user or a group can do in a tenant, sorted by role name and id; its grants by scope and principal.
// A grant at a scope of a kind that [access.ParseScope] does not read is left out. It is [ErrForbidden] if the caller may not ask.
func (e *effectiveAccess) EffectiveAccess(
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
			return rest.FetchPage(ctx, e.rest, rest.Request{
				Operation: operation, Method: http.MethodPost, Path: e.path("/geteffectiveaccess"), Body: body,
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

// effectivePageSize is the most roles that the server gives where it is asked for pages (contract 6).
const effectivePageSize = 50

// effectiveQuestion is the body of the question (contract 6, variant a). Exactly one of the two ids is there. Paging is that of
// variant c, and is left out at first: neither variant says that the other knows it.
type effectiveQuestion struct {
	Scope   scopeIdentifier `json:"scopeIdentifier"`
	UserID  access.GUID     `json:"userId,omitempty"`
	GroupID access.GUID     `json:"groupId,omitempty"`
	Top     int             `json:"top,omitempty"`
	Skip    int             `json:"skip,omitempty"`
}

type scopeIdentifier struct {
	Type  string          `json:"scopeType"`
	Value tenantReference `json:"value"`
}

// tenantReference names a tenant twice, as the vendor's own client does.
type tenantReference struct {
	ID       access.GUID `json:"id"`
	TenantID access.GUID `json:"tenantId"`
}

// newEffectiveQuestion asks what a user or a group can do in a tenant.
func newEffectiveQuestion(tenant, principal access.GUID, kind access.PrincipalType) (effectiveQuestion, error) {
	if err := cmp.Or(checkID("tenant", tenant), checkID("principal", principal)); err != nil {
		return effectiveQuestion{}, err
	}
	question := effectiveQuestion{Scope: scopeIdentifier{"Tenant", tenantReference{tenant, tenant}}}
	switch kind {
	case access.PrincipalUser:
		question.UserID = principal
	case access.PrincipalGroup:
		question.GroupID = principal
	default:
		return effectiveQuestion{}, fmt.Errorf("the server tells the effective access of a %s or a %s, not of principal type %q",
			access.PrincipalUser, access.PrincipalGroup, kind)
	}
	return question, nil
}

// effectiveAnswer is a page of roles with the grants that they come from. It may be missing, which means none (contract 6-5).
type effectiveAnswer struct {
	Roles *rest.Page[effectiveRoleAnswer] `json:"roleAssignments"`
}

type effectiveRoleAnswer struct {
	RoleID      string                 `json:"roleId"`
	RoleName    string                 `json:"roleName"`
	RoleType    string                 `json:"roleType"`
	ServiceName string                 `json:"serviceName"`
	Grants      []effectiveGrantAnswer `json:"roleAssignments"`
}

type effectiveGrantAnswer struct {
	PrincipalID   string          `json:"securityPrincipalId"`
	PrincipalType json.RawMessage `json:"securityPrincipalType"`
	Scope         string          `json:"scope"`
	CreatedOn     string          `json:"createdOn"`
}

// parseEffectivePage reads a page. One without a count cannot be told from a part, and is refused.
func parseEffectivePage(body []byte) (rest.Page[EffectiveRole], error) {
	var answer effectiveAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return rest.Page[EffectiveRole]{}, err
	}
	if answer.Roles == nil {
		return rest.Page[EffectiveRole]{TotalCount: new(0)}, nil
	}
	if answer.Roles.TotalCount == nil {
		return rest.Page[EffectiveRole]{}, errors.New("it does not say how many roles there are (roleAssignments.totalCount)")
	}
	return rest.ConvertPage(*answer.Roles, effectiveRoleAnswer.role)
}

// role converts to the package's own terms.
func (a effectiveRoleAnswer) role() (EffectiveRole, error) {
	id, err := access.ParseGUID(a.RoleID)
	if err != nil {
		return EffectiveRole{}, fmt.Errorf("it lists a role whose id %w", err)
	}
	role := EffectiveRole{
		RoleID: id, RoleName: a.RoleName, RoleType: readRoleType(a.RoleType), Service: access.ServiceDisplayName(a.ServiceName),
	}
	for _, g := range a.Grants {
		principal, err := access.ParseGUID(g.PrincipalID)
		if err != nil {
			return EffectiveRole{}, fmt.Errorf("it lists a grant to a principal whose id %w", err)
		}
		scope, err := access.ParseScope(g.Scope)
		if err != nil {
			continue
		}
		role.Grants = append(role.Grants, EffectiveGrant{
			PrincipalID: principal, PrincipalType: readPrincipalType(g.PrincipalType), Scope: scope, CreatedOn: readTime(g.CreatedOn),
		})
	}
	return role, nil
}
