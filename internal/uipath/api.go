package uipath

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// pageSize is the most rows that the server gives of a listing, except of role assignments (contract 3.1).
const pageSize = 1000

// Organization is the organization that a client works in.
type Organization struct {
	ID access.GUID
	// Name is the server's where it told it, else the configured one, else the GUID.
	Name string
}

// api is what every request needs: the floor, and in which organization as whom.
type api struct {
	rest         *rest.Client
	caller       rest.Claims
	organization Organization
	ownership    ownership
	// smallPages says that the server refuses large pages of role assignments.
	smallPages atomic.Bool
}

// Organization returns the organization that the client works in.
func (a *api) Organization() Organization { return a.organization }

// Subject returns who the caller is: the token's subject, which is the id of a user or of an external application. It is
// not known for an opaque token.
func (a *api) Subject() (id access.GUID, ok bool) { return a.caller.Subject, a.caller.Subject != "" }

// path is the path of the access-management API (contract 1).
func (a *api) path(path string) string { return "/" + a.organization.ID.String() + "/pap_/api" + path }

// identityPath is the path of the identity API (contract 7), in which the organization's GUID stands for {p}.
func (a *api) identityPath(path string) string {
	id := a.organization.ID.String()
	return "/" + id + "/identity_/api" + strings.ReplaceAll(path, "{p}", id)
}

// tenantPath is a path of a service that runs in a tenant.
func (a *api) tenantPath(tenant access.GUID, path string) string {
	return "/" + a.organization.ID.String() + "/" + tenant.String() + path
}

// checkID refuses what is no GUID. Paths are built of ids, so that one that is missing must not pass for part of a path.
func checkID(what string, id access.GUID) error {
	if _, err := access.ParseGUID(id.String()); err != nil {
		return fmt.Errorf("%s id %w", what, err)
	}
	return nil
}

// firstOf returns the first text that is not empty.
func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// readTime reads a time as the server writes it (contract 3.2). A time in another form counts as not told: it is no reason to
// refuse a whole list.
func readTime(text string) time.Time {
	read, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}
	}
	return read.UTC()
}
