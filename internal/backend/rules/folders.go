package rules

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// ErrNoFolder refuses a folder that does not exist, in the platform's words (contract 8.5).
//
//nolint:staticcheck // A sentence is what the platform says.
var ErrNoFolder = errors.New("Folder does not exist or the user does not have access to the folder.")

// FolderQuery asks for the folders of a tenant.
type FolderQuery struct {
	// Tenant is the tenant's name or id.
	Tenant string
	// Keep narrows the list; nil does not. Compare sorts it; nil sorts it by fully qualified name.
	Keep    func(FolderDetails) bool
	Compare func(a, b FolderDetails) int
	Paging
}

// FolderKey names a folder of a tenant by its number or by its id.
type FolderKey struct {
	// Tenant is the tenant's name or id.
	Tenant string
	Number int
	ID     access.GUID
}

// FolderDetails is a folder as Orchestrator shows it.
type FolderDetails struct {
	model.Folder

	// Path is the fully qualified name.
	Path string
	// Number is the id that Orchestrator itself counts with, from 1; ParentNumber is 0 where there is no parent.
	Number, ParentNumber int
}

// Folders returns a page of the folders of a tenant. Every user sees all of them.
func (s *Session) Folders(ctx context.Context, q FolderQuery) (Page[FolderDetails], error) {
	here, err := s.foldersOf(ctx, q.Tenant)
	if q.Keep != nil {
		here = slices.DeleteFunc(here, func(f FolderDetails) bool { return !q.Keep(f) })
	}
	if q.Compare != nil {
		slices.SortStableFunc(here, q.Compare)
	}
	return cut(here, q.Paging), err
}

// Folder returns one folder of a tenant.
func (s *Session) Folder(ctx context.Context, key FolderKey) (FolderDetails, error) {
	here, err := s.foldersOf(ctx, key.Tenant)
	if err != nil {
		return FolderDetails{}, err
	}
	i := slices.IndexFunc(here, func(f FolderDetails) bool { return f.Number == key.Number || f.ID == key.ID })
	if i < 0 {
		return FolderDetails{}, ErrNoFolder
	}
	return here[i], nil
}

// foldersOf returns the folders of a tenant, which is named by name or id, by fully qualified name.
func (s *Session) foldersOf(ctx context.Context, tenant string) ([]FolderDetails, error) {
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
		return nil, refuse(NotFound, "%s", model.WithSuggestion(fmt.Sprintf("The tenant %q does not exist.", tenant), tenant, names))
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
	return here, err
}
