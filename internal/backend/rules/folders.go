package rules

import (
	"context"
	"errors"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// ErrNoFolder refuses a folder that does not exist, in the platform's words (contract 8.5).
//
//nolint:staticcheck // A sentence is what the platform says.
var ErrNoFolder = errors.New("Folder does not exist or the user does not have access to the folder.")

// FolderKey names a folder of a tenant by its number or by its id.
type FolderKey struct {
	// Tenant is the tenant's name or id.
	Tenant string
	Number int64
	ID     access.GUID
}

// FolderDetails is a folder as Orchestrator shows it.
type FolderDetails struct {
	model.Folder

	// Path is the fully qualified name.
	Path string
	// Number is the id that Orchestrator itself counts with, from 1; ParentNumber is 0 where there is no parent.
	Number, ParentNumber int64
}

// Folders returns a page of the folders of a tenant, by fully qualified name. Every user sees all of them.
func (s *Session) Folders(ctx context.Context, q TenantQuery[FolderDetails]) (Page[FolderDetails], error) {
	here, err := s.foldersOf(ctx, q.Tenant)
	return q.page(here), err
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
	t, err := s.namedTenant(ctx, tenant)
	if err != nil {
		return nil, err
	}
	return s.foldersIn(ctx, t.ID)
}

// foldersIn returns the folders of a tenant by fully qualified name.
func (s *Session) foldersIn(ctx context.Context, tenantID access.GUID) ([]FolderDetails, error) {
	folders, err := s.tx.Folders(ctx)
	paths, numbers := model.FolderPaths(folders), make(map[access.GUID]int64, len(folders))
	var here []FolderDetails
	for n, f := range folders {
		numbers[f.ID] = int64(n) + 1
		if f.TenantID == tenantID {
			here = append(here, FolderDetails{f, paths[f.ID], numbers[f.ID], numbers[f.ParentID]})
		}
	}
	return here, err
}
