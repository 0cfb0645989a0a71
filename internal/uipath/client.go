package uipath

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// pageSize is the most rows that the server gives of a listing, except of role assignments (contract 3.1).
const pageSize = 1000

// Connection says which server to speak with and as whom.
type Connection = rest.Config

// Config is what a client works with.
type Config struct {
	Connection
	// Tenant is the default tenant, a name or a GUID. It may be empty.
	Tenant string
	// ResolveTenants allows to read the portal's list of tenants. Without it organization and tenants are given as GUIDs, and
	// the name of a tenant is its GUID.
	ResolveTenants bool
}

// Client speaks with one organization as one caller.
type Client struct {
	rest   *rest.Client
	config Config

	// Set once by New.
	caller       rest.Claims
	organization Organization
	tenants      []Tenant
	tenant       *Tenant

	roles       *roleTable
	assignments *assignmentIndex
	writer      *assignmentWriter
	exports     rest.Memo[bool, Export]
	principals  *principalTable
	groups      rest.Memo[access.GUID, group]
	directories rest.Memo[struct{}, bool]
	folders     rest.Memo[access.GUID, map[string]string]
	permissions rest.Memo[PermissionFilter, []Permission]
}

// New authenticates and resolves organization and default tenant, so that a wrong setting is one error and not one for each
// resource. It is a [*SettingError] then, and an [*Error] where the server is in trouble.
func New(ctx context.Context, config Config) (*Client, error) {
	floor, err := rest.New(config.Connection)
	if err != nil {
		return nil, err
	}
	c := &Client{rest: floor, config: config}
	c.roles = newRoleTable(c)
	c.assignments = newAssignmentIndex(c)
	c.writer = newAssignmentWriter(c)
	c.exports.Read = c.downloadExport
	c.principals = newPrincipalTable(c)
	c.groups.Read = c.readGroup
	c.directories.Read = c.readDirectoryLinked
	c.folders.Read = c.listFolders
	c.permissions.Read = c.readPermissions
	if err := c.connect(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Organization is the organization that the client works in.
type Organization struct {
	ID access.GUID
	// Name is the server's where it told it, else the configured one, else the GUID.
	Name string
}

// Organization returns the organization that the client works in.
func (c *Client) Organization() Organization { return c.organization }

// DefaultTenant returns the configured tenant, if there is one.
func (c *Client) DefaultTenant() (Tenant, bool) {
	if c.tenant == nil {
		return Tenant{}, false
	}
	return *c.tenant, true
}

// Subject returns who the caller is: the token's subject, which is the id of a user or of an external application. It is
// not known for an opaque token.
func (c *Client) Subject() (id access.GUID, ok bool) { return c.caller.Subject, c.caller.Subject != "" }

// identityPath is the path of the identity API (contract 7), in which the organization's GUID stands for {p}.
func (c *Client) identityPath(path string) string {
	return "/" + c.organization.ID.String() + "/identity_/api" + strings.ReplaceAll(path, "{p}", c.organization.ID.String())
}

// apiPath is the path of the access-management API (contract 1), with the organization's GUID.
func (c *Client) apiPath(path string) string {
	return "/" + c.organization.ID.String() + "/pap_/api" + path
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
