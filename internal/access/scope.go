package access

import (
	"fmt"
	"regexp"
	"strings"
)

// ScopeKind is the level that a scope stands at.
type ScopeKind string

// The levels, from the widest to the narrowest.
const (
	ScopeOrganization ScopeKind = "Organization"
	ScopeTenant       ScopeKind = "Tenant"
	ScopeService      ScopeKind = "Service"
	ScopeFolder       ScopeKind = "Folder"
	ScopeProject      ScopeKind = "Project"
)

// Scope is where something applies. Its zero value is no scope: it contains nothing and nothing contains it, so that an error
// that was overlooked never widens access. Scopes are comparable: equal scopes have equal canonical paths, whatever spelling
// they were read from.
type Scope struct {
	kind    ScopeKind
	tenant  GUID
	service string
	// container is the key of a folder or the id of a project.
	container string
}

// Organization is the widest scope.
var Organization = Scope{kind: ScopeOrganization}

// TenantScope is the scope of a tenant. That of no tenant is no scope.
func TenantScope(tenant GUID) Scope {
	id, err := ParseGUID(string(tenant))
	if err != nil {
		return Scope{}
	}
	return Scope{kind: ScopeTenant, tenant: id}
}

// IsContainerID reports whether s can stand in a path as the key of a folder or the id of a project: up to 128 letters, digits and
// hyphens. Keys are GUIDs, and ids GUIDs or, with IXP, hexadecimal numbers (contract 4.5); of other services that is not known.
func IsContainerID(s string) bool { return containerSegment.MatchString(strings.ToLower(s)) }

// ServiceScope is the scope of a service in a tenant. The service is given by any of its names; one that the table lacks by its
// path segment.
func ServiceScope(tenant GUID, service string) (Scope, error) {
	s := TenantScope(tenant)
	if s.kind == "" {
		return Scope{}, fmt.Errorf("the tenant %q is not a GUID", tenant)
	}
	slug := strings.ToLower(service)
	if known, ok := FindService(service); ok {
		slug = known.Slug
	}
	if slug == MultiService.Slug {
		return Scope{}, fmt.Errorf("%q has no scope of its own: what belongs to several services is assigned at the tenant", service)
	}
	if !serviceSegment.MatchString(slug) {
		return Scope{}, fmt.Errorf("%q is not the name of a service", service)
	}
	s.kind, s.service = ScopeService, slug
	return s, nil
}

// FolderScope is the scope of a folder of Orchestrator, given by its key.
func FolderScope(tenant GUID, key string) (Scope, error) {
	s, err := ServiceScope(tenant, "orchestrator")
	if err != nil {
		return Scope{}, err
	}
	return s.within(ScopeFolder, key)
}

// ProjectScope is the scope of a project of a service, given as for [ServiceScope].
func ProjectScope(tenant GUID, service, id string) (Scope, error) {
	s, err := ServiceScope(tenant, service)
	if err != nil {
		return Scope{}, err
	}
	return s.within(ScopeProject, id)
}

// within is the scope of a folder or a project of the service that s is the scope of.
func (s Scope) within(kind ScopeKind, id string) (Scope, error) {
	if !IsContainerID(id) {
		return Scope{}, fmt.Errorf("%q cannot be the id of a %s: it has up to 128 letters, digits and hyphens", id, strings.ToLower(string(kind)))
	}
	s.kind, s.container = kind, strings.ToLower(id)
	return s, nil
}

var (
	serviceSegment   = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	containerSegment = regexp.MustCompile(`^[0-9a-z][0-9a-z-]{0,127}$`)
)

// maxScope is how many bytes a path has at most, so that what is wrong with it can be told in words. No known one is half as long.
const maxScope = 512

// ParseScope reads a scope path (contract 4.5): "/", "/{service}", "/tenant/{guid}", "/tenant/{guid}/{service}",
// "/tenant/{guid}/orchestrator/folder/{key}" and "/tenant/{guid}/{service}/project/{id}", with "projects" read as "project".
// Letter case does not matter. A service that the table lacks is read as it is, because the server knows more of them.
func ParseScope(path string) (Scope, error) {
	if len(path) > maxScope {
		return Scope{}, fmt.Errorf("scope %q... has %d characters: a path has at most %d", path[:32], len(path), maxScope)
	}
	rest, ok := strings.CutPrefix(strings.ToLower(path), "/")
	if !ok {
		return Scope{}, fmt.Errorf("scope %q does not begin with \"/\"", path)
	}
	if rest == "" {
		return Organization, nil
	}
	segments := strings.Split(rest, "/")
	var s Scope
	if segments[0] == "tenant" {
		if len(segments) > 1 {
			s = TenantScope(GUID(segments[1]))
		}
		if s.kind == "" {
			return Scope{}, fmt.Errorf("scope %q: \"/tenant/\" is followed by the tenant's GUID", path)
		}
		segments = segments[2:]
	}
	if len(segments) == 0 {
		return s, nil
	}
	if !serviceSegment.MatchString(segments[0]) {
		return Scope{}, fmt.Errorf("scope %q: %q is not the name of a service", path, segments[0])
	}
	s.kind, s.service, segments = ScopeService, segments[0], segments[1:]
	if len(segments) == 0 {
		return s, nil
	}
	if s.tenant == "" || len(segments) != 2 || !containerSegment.MatchString(segments[1]) {
		return Scope{}, fmt.Errorf("scope %q: below a service of a tenant stands \"folder/{key}\" or \"project/{id}\"", path)
	}
	switch segments[0] {
	case "folder":
		return s.within(ScopeFolder, segments[1])
	case "project", "projects":
		return s.within(ScopeProject, segments[1])
	}
	return Scope{}, fmt.Errorf("scope %q: %q is neither \"folder\" nor \"project\"", path, segments[0])
}

// String returns the canonical path: lower case, and "projects" where the service spells it so. No scope has none.
func (s Scope) String() string {
	if s.kind == ScopeOrganization {
		return "/"
	}
	var b strings.Builder
	if s.tenant != "" {
		b.WriteString("/tenant/" + s.tenant.String())
	}
	if s.service != "" {
		b.WriteString("/" + s.service)
	}
	switch {
	case s.kind == ScopeFolder:
		b.WriteString("/folder/" + s.container)
	case s.kind == ScopeProject && s.service == "documentunderstanding":
		b.WriteString("/projects/" + s.container)
	case s.kind == ScopeProject:
		b.WriteString("/project/" + s.container)
	}
	return b.String()
}

// Kind returns the level that the scope stands at, "" for no scope. A service of the organization is of kind Service.
func (s Scope) Kind() ScopeKind { return s.kind }

// TenantID returns the tenant's GUID, or "" at organization level.
func (s Scope) TenantID() GUID { return s.tenant }

// ServiceSlug returns the service's path segment, or "" where the path has none.
func (s Scope) ServiceSlug() string { return s.service }

// Container returns the key of the folder or the id of the project, or "" above them.
func (s Scope) Container() string { return s.container }

// Contains reports whether other is s or lies below it, so that what is granted at s holds at other.
func (s Scope) Contains(other Scope) bool {
	switch s.kind {
	case ScopeOrganization:
		return other.kind != ""
	case ScopeTenant:
		return other.tenant == s.tenant
	case ScopeService:
		return other.tenant == s.tenant && other.service == s.service
	case ScopeFolder, ScopeProject:
		return other == s
	}
	return false
}

// Lineage returns the scopes that contain s, from the organization down to s itself. No scope has none.
func (s Scope) Lineage() []Scope {
	if s.kind == "" {
		return nil
	}
	lineage := []Scope{Organization}
	for _, next := range []Scope{TenantScope(s.tenant), {kind: ScopeService, tenant: s.tenant, service: s.service}, s} {
		if next.kind != "" && (next.kind != ScopeService || next.service != "") && next != lineage[len(lineage)-1] {
			lineage = append(lineage, next)
		}
	}
	return lineage
}
