package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// FolderQuery asks for the folders of a tenant.
type FolderQuery struct {
	// Tenant is the tenant's name or id.
	Tenant string
	Paging
}

// FolderDetails is a folder as Orchestrator shows it.
type FolderDetails struct {
	model.Folder

	// Path is the fully qualified name.
	Path string
	// Number is the id that Orchestrator itself counts with, from 1; ParentNumber is 0 where there is no parent.
	Number, ParentNumber int
}

// Folders returns a page of the folders of a tenant, by fully qualified name. Every user sees all of them.
func (s *Session) Folders(ctx context.Context, q FolderQuery) (Page[FolderDetails], error) {
	if err := s.hasScope(scopesToReadFolders); err != nil {
		return Page[FolderDetails]{}, err
	}
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return Page[FolderDetails]{}, err
	}
	i := slices.IndexFunc(tenants, func(t model.Tenant) bool {
		return strings.EqualFold(t.Name, q.Tenant) || strings.EqualFold(t.ID.String(), q.Tenant)
	})
	if i < 0 {
		names := make([]string, len(tenants))
		for i, t := range tenants {
			names[i] = t.Name
		}
		return Page[FolderDetails]{}, refuse(NotFound, "%s", model.WithSuggestion(fmt.Sprintf("The tenant %q does not exist.", q.Tenant), q.Tenant, names))
	}
	folders, err := s.tx.Folders(ctx)
	paths, numbers := model.FolderPaths(folders), make(map[access.GUID]int, len(folders))
	var here []FolderDetails
	for n, f := range folders {
		numbers[f.ID] = n + 1
		if f.TenantID == tenants[i].ID {
			here = append(here, FolderDetails{f, paths[f.ID], n + 1, numbers[f.ParentID]})
		}
	}
	return cut(here, q.Paging), err
}
