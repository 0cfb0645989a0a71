package httpapi

import (
	"cmp"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

const (
	// maxTop is the largest page of roles (contract 3.1).
	maxTop = 1000
	// defaultTop is the page where top is left out. The platform's own is not public.
	defaultTop = 100
)

// roleBody is a role as a list and a single read show it (contract 3.1). They spell the type differently.
type roleBody struct {
	ID               access.GUID  `json:"id"`
	Name             string       `json:"name"`
	Description      string       `json:"description"`
	Type             string       `json:"type"`
	ScopeType        string       `json:"scopeType"`
	CreatedBy        access.GUID  `json:"createdBy"`
	CreatedOn        string       `json:"createdOn"`
	TenantID         access.GUID  `json:"tenantId"`
	OwnerServiceID   access.GUID  `json:"ownerServiceId"`
	OwnerServiceName string       `json:"ownerServiceName"`
	ActionDetails    []actionBody `json:"actionDetails"`
}

func (a *API) newRoleBody(r model.Role) roleBody {
	b := roleBody{
		ID: r.ID, Name: r.Name, Description: r.Description, Type: string(r.Type), ScopeType: r.Shape.ScopeType(),
		CreatedBy: r.CreatedBy, CreatedOn: model.FormatTime(r.CreatedOn), TenantID: cmp.Or(r.TenantID, access.ZeroGUID),
		OwnerServiceID: catalogue.ServiceID(r.Service), OwnerServiceName: r.Service, ActionDetails: []actionBody{},
	}
	for _, name := range r.Permissions {
		p, ok := a.rules.Catalogue.Permission(name)
		if !ok {
			// A file of another version of this program may know permissions that this one lacks.
			p = catalogue.Permission{ID: model.DerivedID("permission", name), Name: name}
		}
		b.ActionDetails = append(b.ActionDetails, newActionBody(p))
	}
	return b
}

func (a *API) newListedRoleBody(r model.Role) roleBody {
	b := a.newRoleBody(r)
	b.Type = strings.ToUpper(b.Type)
	return b
}

// sortableTime has a fixed width, so that it sorts as text.
const sortableTime = "2006-01-02T15:04:05.0000000"

// roleSortKeys are what a list of roles can be sorted by (contract 3.1). All roles are of one organization, so its id sorts nothing.
var roleSortKeys = []choice[func(model.Role) string]{
	{"Id", func(r model.Role) string { return r.ID.String() }},
	{"OriginalRoleName", func(r model.Role) string { return r.Name }},
	{"UniqueName", model.Role.UniqueName},
	{"Description", func(r model.Role) string { return r.Description }},
	{"Type", func(r model.Role) string { return string(r.Type) }},
	{"ScopeType", func(r model.Role) string { return r.Shape.ScopeType() }},
	{"OrganizationId", unsorted},
	{"TenantId", func(r model.Role) string { return string(cmp.Or(r.TenantID, access.ZeroGUID)) }},
	{"OwnerService", func(r model.Role) string { return r.Service }},
	{"OwnerServiceId", func(r model.Role) string { return catalogue.ServiceID(r.Service).String() }},
	{"CreatedBy", func(r model.Role) string { return r.CreatedBy.String() }},
	{"CreatedOn", func(r model.Role) string { return r.CreatedOn.UTC().Format(sortableTime) }},
	{"UpdatedBy", func(r model.Role) string { return r.UpdatedBy.String() }},
	{"UpdatedOn", func(r model.Role) string { return r.UpdatedOn.UTC().Format(sortableTime) }},
}

// unsorted leaves roles in the order of their ids.
func unsorted(model.Role) string { return "" }

func roleQuery(r *request) rules.RoleQuery {
	q := r.query("top", "skip", "scopeType", "serviceName", "contains", "tenantId", "roleType", "sortBy", "sortOrder")
	return rules.RoleQuery{
		ScopeType:   oneOf(q, "scopeType", "", words("ORGANIZATION", "TENANT", "PROJECT", "PROCESS", "APP", "MIXED")),
		ServiceName: q.service(), Contains: q.text("contains"), TenantID: q.guid("tenantId"),
		Type:   oneOf(q, "roleType", "", words(access.RoleBuiltIn, access.RoleCustom, access.RolePlatform)),
		Order:  rules.Order[model.Role]{By: oneOf(q, "sortBy", unsorted, roleSortKeys), Descending: oneOf(q, "sortOrder", false, descending)},
		Paging: q.paging("", defaultTop, maxTop),
	}
}
