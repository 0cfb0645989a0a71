package httpapi

import (
	"cmp"
	"math"
	"net/http"
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

type rolesBody struct {
	TotalCount int        `json:"totalCount"`
	Results    []roleBody `json:"results"`
}

// actionBody is a permission (contract 5.1).
type actionBody struct {
	ID                     access.GUID `json:"id"`
	Name                   string      `json:"name"`
	Namespace              string      `json:"namespace"`
	ServiceDisplayName     string      `json:"serviceDisplayName"`
	ResourceType           string      `json:"resourceType"`
	ResourceAction         string      `json:"resourceAction"`
	ResourceGroup          string      `json:"resourceGroup"`
	Description            string      `json:"description"`
	ScopeType              *string     `json:"scopeType"`
	OriginalResourceAction *string     `json:"originalResourceAction"`
}

func (a *API) roleBody(r model.Role) roleBody {
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

func newActionBody(p catalogue.Permission) actionBody {
	b := actionBody{
		ID: p.ID, Name: p.Name, Namespace: p.Namespace, ServiceDisplayName: p.ServiceDisplayName,
		ResourceType: p.ResourceType, ResourceAction: p.ResourceAction, ResourceGroup: p.ResourceGroup, Description: p.Description,
	}
	if p.ScopeType != "" {
		b.ScopeType = &p.ScopeType
	}
	return b
}

func (a *API) listRoles(r *http.Request) (reply, error) {
	var out rolesBody
	err := a.read(r, func(s *rules.Session) error {
		q := a.query(r, "top", "skip", "scopeType", "serviceName", "contains", "tenantId", "roleType", "sortBy", "sortOrder")
		roleType := q.oneOf("roleType", []string{string(access.RoleBuiltIn), string(access.RoleCustom), string(access.RolePlatform)})
		wanted := rules.RoleQuery{
			ScopeType:   q.oneOf("scopeType", []string{"ORGANIZATION", "TENANT", "PROJECT", "PROCESS", "APP", "MIXED"}),
			ServiceName: a.service(q), Contains: q.text("contains"), TenantID: q.guid("tenantId"),
			Type: access.RoleType(roleType), SortBy: q.oneOf("sortBy", rules.RoleSortKeys),
			Descending: q.oneOf("sortOrder", []string{"Asc", "Desc"}) == "Desc",
			Top:        q.number("top", defaultTop, maxTop), Skip: q.number("skip", 0, math.MaxInt32),
		}
		if err := q.err(); err != nil {
			return err
		}
		page, err := s.Roles(r.Context(), wanted)
		if err != nil {
			return err
		}
		out = rolesBody{page.Total, make([]roleBody, len(page.Roles))}
		for i, role := range page.Roles {
			out.Results[i] = a.roleBody(role)
			out.Results[i].Type = strings.ToUpper(out.Results[i].Type)
		}
		return nil
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(out)
}

// service reads the serviceName filter. An unknown service has no roles and no permissions; strict mode refuses it.
func (a *API) service(q query) string {
	name := q.text("serviceName")
	known := []string{access.MultiService.Name}
	for _, s := range access.Services() {
		known = append(known, s.Name)
	}
	if q.strict && name != "" {
		return q.oneOf("serviceName", known)
	}
	return name
}

func (a *API) getRole(r *http.Request) (reply, error) {
	var out roleBody
	err := a.read(r, func(s *rules.Session) error {
		if err := a.query(r).err(); err != nil {
			return err
		}
		role, err := s.Role(r.Context(), r.PathValue("id"))
		out = a.roleBody(role)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(out)
}

func (a *API) putRole(r *http.Request) (reply, error) {
	text, err := readBody(r)
	if err != nil {
		return reply{}, err
	}
	var id access.GUID
	err = a.change(r, func(s *rules.Session) error {
		if err := a.query(r).err(); err != nil {
			return err
		}
		in, err := a.roleInput(r, text)
		if err != nil {
			return err
		}
		id, err = s.PutRole(r.Context(), in)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(map[string]access.GUID{"createdRoleId": id})
}

func (a *API) roleInput(r *http.Request, text []byte) (rules.RoleInput, error) {
	fields := []rules.Field{
		rules.FieldID, rules.FieldName, rules.FieldDescription, rules.FieldScopeType, rules.FieldOrganization, rules.FieldService,
		rules.FieldTenant, rules.FieldPermissions,
	}
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = string(f)
	}
	b, err := a.body(r, text, known...)
	if err != nil {
		return rules.RoleInput{}, err
	}
	in := rules.RoleInput{
		ID: member[string](b, string(rules.FieldID)), Name: member[string](b, string(rules.FieldName)),
		Description:  member[string](b, string(rules.FieldDescription)),
		Organization: member[string](b, string(rules.FieldOrganization)),
		ScopeType:    member[string](b, string(rules.FieldScopeType)),
		Tenant:       member[string](b, string(rules.FieldTenant)), Service: member[string](b, string(rules.FieldService)),
	}
	if permissions := member[[]string](b, string(rules.FieldPermissions)); permissions != nil {
		in.Permissions = *permissions
	}
	return in, b.err()
}

func (a *API) deleteRole(r *http.Request) (reply, error) {
	err := a.change(r, func(s *rules.Session) error {
		if err := a.query(r).err(); err != nil {
			return err
		}
		return s.DeleteRole(r.Context(), r.PathValue("id"))
	})
	return reply{status: http.StatusNoContent}, err
}

func (a *API) listActions(r *http.Request) (reply, error) {
	out := []actionBody{}
	err := a.read(r, func(s *rules.Session) error {
		q := a.query(r, "serviceName", "scopeType")
		wanted := rules.ActionQuery{
			ServiceName: a.service(q),
			ScopeType:   q.oneOf("scopeType", []string{"ANY", "NONE", "ORGANIZATION", "TENANT", "FOLDER", "PROJECT", "PROCESS"}),
		}
		if err := q.err(); err != nil {
			return err
		}
		permissions, err := s.Actions(r.Context(), wanted)
		for _, p := range permissions {
			out = append(out, newActionBody(p))
		}
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(out)
}
