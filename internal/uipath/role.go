package uipath

import (
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Role is a role as the server holds it.
type Role struct {
	ID          access.GUID
	Name        string
	Description string
	// Type is one of the three known types, or the server's own word where it is none of them.
	Type  access.RoleType
	Shape access.RoleShape
	// TenantID is the tenant that owns the role, "" for a role that no tenant owns.
	TenantID access.GUID
	// Service is the owner, as the server spells it.
	Service string
	// Permissions are the names of what the role grants: upper case, sorted, each once.
	Permissions []string
	// CreatedBy is who made the role, "" where the server did not say.
	CreatedBy access.GUID
	// CreatedOn is when, in the server's time; zero where the server did not say.
	CreatedOn time.Time
}

// clone returns a role that its receiver may change.
func (r Role) clone() Role {
	r.Permissions = slices.Clone(r.Permissions)
	return r
}

// HasEffect reports whether the role does anything where it is assigned (contract 4.5).
func (r Role) HasEffect(at access.Scope) bool {
	return access.HasEffect(r.Shape, r.Service, r.TenantID, at)
}

// PathNeeded returns the path at which the role has an effect, as [access.PathNeeded] does.
func (r Role) PathNeeded() string { return access.PathNeeded(r.Shape, r.Service, r.TenantID) }

// Grants reports whether the role grants a permission. The organization administrator's grants every one, and lists fewer
// (contract 3.8).
func (r Role) Grants(permission string) bool {
	return r.GrantsEverything() || slices.Contains(r.Permissions, permission)
}

// GrantsEverything reports whether the role is the organization administrator's (contract 3.8).
func (r Role) GrantsEverything() bool {
	return r.Type != access.RoleCustom && r.Shape == access.ShapeOrganization && r.Name == "Organization Administrator"
}

// RoleSpec is what an administrator decides about a role.
type RoleSpec struct {
	Name        string
	Description string
	Shape       access.RoleShape
	// TenantID is the tenant that owns the role; only for the shapes Tenant and Project.
	TenantID access.GUID
	// Service is the owner in any spelling that [access.FindService] knows, "" for a multi-service role.
	Service     string
	Permissions []string
}

// owner returns the owner of the role as the server spells it. A role that names no service is a multi-service one.
func (s RoleSpec) owner() string {
	if s.Service == "" {
		return access.MultiService.Name
	}
	if known, ok := access.FindService(s.Service); ok {
		return known.Name
	}
	return s.Service
}

// matches reports whether a role is what the spec asks for.
func (s RoleSpec) matches(r Role) bool {
	return r.Name == s.Name && r.Description == s.Description && r.Shape == s.Shape && r.TenantID == s.TenantID &&
		strings.EqualFold(r.Service, s.owner()) && slices.Equal(r.Permissions, canonicalPermissions(s.Permissions))
}

// role is the role that the spec asks for. It is not read back after a write: reads may lag behind writes (contract 10.3), and what
// the server holds beyond what was sent is for the next run to see.
func (s RoleSpec) role(id, createdBy access.GUID, createdOn time.Time) Role {
	return Role{
		ID: id, Name: s.Name, Description: s.Description, Type: access.RoleCustom, Shape: s.Shape, TenantID: s.TenantID,
		Service: s.owner(), Permissions: canonicalPermissions(s.Permissions), CreatedBy: createdBy, CreatedOn: createdOn,
	}
}

// canonicalPermissions returns names in upper case, sorted, each once.
func canonicalPermissions(names []string) []string {
	upper := make([]string, len(names))
	for i, name := range names {
		upper[i] = strings.ToUpper(name)
	}
	slices.Sort(upper)
	return slices.Compact(upper)
}
