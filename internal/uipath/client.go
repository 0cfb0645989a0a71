package uipath

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

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

// Client speaks with one organization as one caller. It is the sum of its parts, each of which keeps what a run shares of its kind.
type Client struct {
	*api
	*tenants
	*roles
	*assignments
	*directory
	*folders
	*projects
	*catalogue
	*exports
	*effectiveAccess
}

// New authenticates and resolves organization and default tenant, so that a wrong setting is one error and not one for each
// resource. It is a [*SettingError] then, and an [*Error] where the server is in trouble.
func New(ctx context.Context, config Config) (*Client, error) {
	floor, err := rest.New(config.Connection)
	if err != nil {
		return nil, err
	}
	a := &api{rest: floor}
	found, err := connect(ctx, a, config)
	if err != nil {
		return nil, err
	}
	files, r := newExports(a), newRoles(a)
	s := newAssignments(a, r, files)
	// The export shows names and descriptions of roles. What is assigned of a deleted role goes with it, or stays: that is not public
	// (contract 3.6).
	r.updated = files.forget
	r.deleted = func(id access.GUID) {
		files.forget()
		s.index.forgetRole(id)
	}
	return &Client{
		api: a, tenants: found, roles: r, assignments: s, directory: newDirectory(a), folders: newFolders(a, found),
		projects: newProjects(a, found, files), catalogue: newCatalogue(a), exports: files, effectiveAccess: &effectiveAccess{a},
	}, nil
}
