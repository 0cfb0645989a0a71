package rules

import (
	"context"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// FolderDetails is a folder as Orchestrator shows it.
type FolderDetails struct {
	model.Folder

	// Path is the fully qualified name.
	Path string
	// Number is the id that Orchestrator itself counts with, from 1; ParentNumber is 0 where there is no parent.
	Number, ParentNumber int
}

// Folders returns the folders of a tenant, which is given by name or id, by fully qualified name. Every user sees all of them.
func (s *Session) Folders(ctx context.Context, tenant string) ([]FolderDetails, error) {
	if err := s.hasScope(scopesToReadFolders); err != nil {
		return nil, err
	}
	tenants, err := s.tx.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(tenants, func(t model.Tenant) bool {
		return strings.EqualFold(t.Name, tenant) || strings.EqualFold(t.ID.String(), tenant)
	})
	if i < 0 {
		names := make([]string, len(tenants))
		for i, t := range tenants {
			names[i] = t.Name
		}
		return nil, refuse(NotFound, "The tenant %q does not exist%s.", tenant, didYouMean(tenant, names))
	}
	folders, err := s.tx.Folders(ctx)
	if err != nil {
		return nil, err
	}
	paths, numbers := model.FolderPaths(folders), make(map[access.GUID]int, len(folders))
	var details []FolderDetails
	for n, f := range folders {
		numbers[f.ID] = n + 1
		if f.TenantID == tenants[i].ID {
			details = append(details, FolderDetails{f, paths[f.ID], n + 1, numbers[f.ParentID]})
		}
	}
	return details, nil
}
