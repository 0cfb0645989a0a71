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

// Scope is where something applies. Its zero value is the organization. Scopes are comparable: equal scopes have equal
// canonical paths, whatever spelling they were read from.
type Scope struct {
	tenant  string
	service string
	folder  string
	project string
}

// TenantScope is the scope of a tenant, given by its GUID.
func TenantScope(tenantID string) Scope { return Scope{tenant: CanonicalGUID(tenantID)} }

// IsContainerID reports whether s can stand in a path as the key of a folder or the id of a project: up to 128 letters, digits and
// hyphens. Keys are GUIDs, and ids GUIDs or, with IXP, hexadecimal numbers (contract 4.5); of other services that is not known.
func IsContainerID(s string) bool { return projectSegment.MatchString(strings.ToLower(s)) }

// ServiceScope is the scope of a service in a tenant. The service is given by any of its names; one that the table lacks by its
// path segment.
func ServiceScope(tenantID, service string) (Scope, error) {
	if known, ok := FindService(service); ok {
		if known == MultiService {
			return Scope{}, fmt.Errorf("%q has no scope of its own: what belongs to several services is assigned at the tenant", service)
		}
		service = known.Slug
	}
	if strings.Contains(tenantID+service, "/") {
		return Scope{}, fmt.Errorf("tenant %q and service %q: neither has a \"/\"", tenantID, service)
	}
	return ParseScope("/tenant/" + tenantID + "/" + service)
}

// FolderScope is the scope of a folder of Orchestrator, given by its key.
func FolderScope(tenantID, key string) (Scope, error) {
	return ParseScope("/tenant/" + tenantID + "/orchestrator/folder/" + key)
}

// ProjectScope is the scope of a project of a service, given as for [ServiceScope].
func ProjectScope(tenantID, service, id string) (Scope, error) {
	s, err := ServiceScope(tenantID, service)
	if err != nil {
		return Scope{}, err
	}
	return ParseScope(s.String() + "/project/" + id)
}

var (
	serviceSegment = regexp.MustCompile(`^[a-z][a-z0-9]*$`)
	projectSegment = regexp.MustCompile(`^[0-9a-z][0-9a-z-]{0,127}$`)
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
		return Scope{}, nil
	}
	segments := strings.Split(rest, "/")
	var s Scope
	if segments[0] == "tenant" {
		if len(segments) < 2 || !IsGUID(segments[1]) {
			return Scope{}, fmt.Errorf("scope %q: \"/tenant/\" is followed by the tenant's GUID", path)
		}
		s.tenant, segments = segments[1], segments[2:]
	}
	if len(segments) == 0 {
		return s, nil
	}
	if !serviceSegment.MatchString(segments[0]) {
		return Scope{}, fmt.Errorf("scope %q: %q is not the name of a service", path, segments[0])
	}
	s.service, segments = segments[0], segments[1:]
	if len(segments) == 0 {
		return s, nil
	}
	if s.tenant == "" || len(segments) != 2 || !projectSegment.MatchString(segments[1]) {
		return Scope{}, fmt.Errorf("scope %q: below a service of a tenant stands \"folder/{key}\" or \"project/{id}\"", path)
	}
	switch segments[0] {
	case "folder":
		s.folder = segments[1]
	case "project", "projects":
		s.project = segments[1]
	default:
		return Scope{}, fmt.Errorf("scope %q: %q is neither \"folder\" nor \"project\"", path, segments[0])
	}
	return s, nil
}

// String returns the canonical path: lower case, and "projects" where the service spells it so.
func (s Scope) String() string {
	var b strings.Builder
	if s.tenant != "" {
		b.WriteString("/tenant/" + s.tenant)
	}
	if s.service != "" {
		b.WriteString("/" + s.service)
	}
	switch {
	case s.folder != "":
		b.WriteString("/folder/" + s.folder)
	case s.project != "" && s.service == "documentunderstanding":
		b.WriteString("/projects/" + s.project)
	case s.project != "":
		b.WriteString("/project/" + s.project)
	case b.Len() == 0:
		return "/"
	}
	return b.String()
}

// Kind returns the level that the scope stands at. A service of the organization is of kind Service.
func (s Scope) Kind() ScopeKind {
	switch {
	case s.project != "":
		return ScopeProject
	case s.folder != "":
		return ScopeFolder
	case s.service != "":
		return ScopeService
	case s.tenant != "":
		return ScopeTenant
	}
	return ScopeOrganization
}

// TenantID returns the tenant's GUID, or "" at organization level.
func (s Scope) TenantID() string { return s.tenant }

// ServiceSlug returns the service's path segment, or "" where the path has none.
func (s Scope) ServiceSlug() string { return s.service }

// Container returns the key of the folder or the id of the project, or "" above them.
func (s Scope) Container() string { return s.folder + s.project }

// Contains reports whether other is s or lies below it, so that what is granted at s holds at other.
func (s Scope) Contains(other Scope) bool {
	return (s.tenant == "" || s.tenant == other.tenant) &&
		(s.service == "" || s.service == other.service && s.tenant == other.tenant) &&
		(s.folder == "" || s.folder == other.folder) &&
		(s.project == "" || s.project == other.project)
}

// Lineage returns the scopes that contain s, from the organization down to s itself.
func (s Scope) Lineage() []Scope {
	lineage := []Scope{{}}
	for _, next := range []Scope{{tenant: s.tenant}, {tenant: s.tenant, service: s.service}, s} {
		if next != lineage[len(lineage)-1] {
			lineage = append(lineage, next)
		}
	}
	return lineage
}
