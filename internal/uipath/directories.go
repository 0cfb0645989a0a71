package uipath

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// directoryScope is a source of accounts.
type directoryScope struct {
	name     string
	external bool
}

// directoryScopeAnswer is a source as the directory lists it (contract 7.1). The shape is not public: where a source does not say
// whether it is external, every one but the local one counts as external.
type directoryScopeAnswer struct {
	Source   string `json:"source"`
	External *bool  `json:"external"`
}

// DirectoryLinked reports whether an external directory is linked to the organization, so that principals which no list has may
// be given access. It is asked once in a run.
func (c *Client) DirectoryLinked(ctx context.Context) (bool, error) {
	linked := false
	err := c.directories.view(ctx, func(scopes map[string]directoryScope) {
		for _, s := range scopes {
			linked = linked || s.external
		}
	})
	return linked, err
}

func (c *Client) readDirectoryScopes(ctx context.Context) ([]directoryScope, error) {
	rows, err := fetch[[]directoryScopeAnswer](ctx, c, request{
		operation: "list directories", method: http.MethodGet, path: c.identityPath("/Directory/Scopes/{p}"), loggedBodies: true,
	})
	if err != nil {
		return nil, err
	}
	scopes := make([]directoryScope, len(rows))
	for i, row := range rows {
		scopes[i] = directoryScope{row.Source, !strings.EqualFold(row.Source, SourceLocal)}
		if row.External != nil {
			scopes[i].external = *row.External
		}
	}
	return scopes, nil
}

// folder is a folder of Orchestrator.
type folder struct{ key, name string }

// folderLists are the folders of tenants that all reads of a run share.
type folderLists struct {
	mu       sync.Mutex
	byTenant map[string]*sharedList[string, folder]
}

// folderAnswer is a folder, and folderPage a page of them (contract 8.1, FolderDto of the vendor's OpenAPI).
type folderAnswer struct {
	Key                string `json:"Key"`
	DisplayName        string `json:"DisplayName"`
	FullyQualifiedName string `json:"FullyQualifiedName"`
}

type folderPage struct {
	Count *int           `json:"@odata.count"`
	Value []folderAnswer `json:"value"`
}

// FolderName returns the name of a folder with those of the folders that it is in, such as Finance/Invoices. It is [ErrNotFound]
// where the caller sees no such folder. The folders of a tenant are listed once in a run.
func (c *Client) FolderName(ctx context.Context, tenantID, key string) (string, error) {
	if !access.IsGUID(tenantID) {
		return "", fmt.Errorf("tenant id %q is not a GUID", tenantID)
	}
	tenantID, key = access.CanonicalGUID(tenantID), access.CanonicalGUID(key)
	found, ok, err := c.foldersOf(tenantID).get(ctx, key)
	if err == nil && !ok {
		err = fmt.Errorf("tenant %s has no folder with the key %q: %w", tenantID, key, ErrNotFound)
	}
	return found.name, err
}

func (c *Client) foldersOf(tenantID string) *sharedList[string, folder] {
	c.folders.mu.Lock()
	defer c.folders.mu.Unlock()
	if known, ok := c.folders.byTenant[tenantID]; ok {
		return known
	}
	if c.folders.byTenant == nil {
		c.folders.byTenant = map[string]*sharedList[string, folder]{}
	}
	list := &sharedList[string, folder]{
		read: func(ctx context.Context) ([]folder, error) { return c.listFolders(ctx, tenantID) },
		key:  func(f folder) string { return f.key },
	}
	c.folders.byTenant[tenantID] = list
	return list
}

// listFolders lists the folders of a tenant.
func (c *Client) listFolders(ctx context.Context, tenantID string) ([]folder, error) {
	read := func(ctx context.Context, skip int) (page[folder], error) {
		answer, err := fetch[folderPage](ctx, c, request{
			operation: "list folders", method: http.MethodGet,
			path:  "/" + c.organization.ID + "/" + tenantID + "/orchestrator_/odata/Folders",
			query: url.Values{"$top": {strconv.Itoa(pageSize)}, "$skip": {strconv.Itoa(skip)}, "$count": {"true"}}, loggedBodies: true,
		})
		if err != nil {
			return page[folder]{}, err
		}
		next := page[folder]{TotalCount: answer.Count}
		for _, row := range answer.Value {
			key := access.CanonicalGUID(row.Key)
			next.Results = append(next.Results, folder{key, visible(row.FullyQualifiedName, row.DisplayName, key)})
		}
		return next, nil
	}
	folders, err := lister[folder]{read: read, id: func(f folder) string { return f.key }}.all(ctx)
	return folders, explainListing("list folders", err)
}
