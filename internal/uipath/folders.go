package uipath

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// Folder is a folder of Orchestrator.
type Folder struct {
	// Key is the folder's GUID, as scope paths have it.
	Key string
	// Name has the names of the folders above it too, such as Finance/Invoices.
	Name string
	// Number is what Orchestrator itself calls the folder by, 0 where it does not tell.
	Number int64
}

// folderAnswer is a folder, and folderPage a page of them (contract 8.1, FolderDto of the vendor's OpenAPI).
type folderAnswer struct {
	ID                 int64  `json:"Id"`
	Key                string `json:"Key"`
	DisplayName        string `json:"DisplayName"`
	FullyQualifiedName string `json:"FullyQualifiedName"`
}

type folderPage struct {
	Count *int           `json:"@odata.count"`
	Value []folderAnswer `json:"value"`
}

func parseFolderPage(body []byte) (rest.Page[folderAnswer], error) {
	var answer folderPage
	err := json.Unmarshal(body, &answer)
	return rest.Page[folderAnswer]{TotalCount: answer.Count, Results: answer.Value}, err
}

// folders are Orchestrator's folders by tenant, which all readers share.
type folders struct {
	*api
	tenants  *tenants
	byTenant rest.Memo[access.GUID, places[Folder]]
}

func newFolders(a *api, t *tenants) *folders {
	f := &folders{api: a, tenants: t}
	f.byTenant.Read, f.byTenant.Client = f.listFolders, a.rest
	return f
}

// Folders returns the folders of a tenant that the caller sees, sorted by name. They are listed once in a run. It returns [ErrForbidden] if
// the caller may not list them.
func (f *folders) Folders(ctx context.Context, tenant access.GUID) ([]Folder, error) {
	all, err := f.foldersOf(ctx, tenant)
	return slices.Clone(all.sorted), err
}

func (f *folders) foldersOf(ctx context.Context, tenant access.GUID) (places[Folder], error) {
	if err := checkID("tenant", tenant); err != nil {
		return places[Folder]{}, err
	}
	return f.byTenant.Get(ctx, tenant)
}

// Folder returns a folder by its key. It returns [ErrNotFound] if the caller sees no such folder, and [ErrForbidden] if the caller may
// not list folders.
func (f *folders) Folder(ctx context.Context, tenant access.GUID, key string) (Folder, error) {
	all, err := f.foldersOf(ctx, tenant)
	if err != nil {
		return Folder{}, err
	}
	found, ok := all.byID[strings.ToLower(key)]
	if !ok {
		err = fmt.Errorf("the tenant %s has no folder with the key %q: %w", f.tenants.name(tenant), key, ErrNotFound)
	}
	return found, err
}

// FolderNamed returns a folder by its name, with those of the folders above it, in exactly this case. It returns a [*NotFoundError] or an
// [*AmbiguousError] if it finds none or several, and [ErrForbidden] if the caller may not list folders.
func (f *folders) FolderNamed(ctx context.Context, tenant access.GUID, name string) (Folder, error) {
	all, err := f.foldersOf(ctx, tenant)
	if err != nil {
		return Folder{}, err
	}
	found, err := all.named("folder", name)
	if missing, ok := err.(*NotFoundError); ok { //nolint:errorlint // Nothing wraps it.
		missing.Note = f.tenants.elsewhere(tenant, "folder", func(other access.GUID) bool {
			there, err := f.foldersOf(ctx, other)
			return err == nil && len(there.byName[name]) > 0
		})
	}
	return found, err
}

// FolderElsewhere returns another tenant that has a folder with a key. It finds none where the caller may not list the folders.
func (f *folders) FolderElsewhere(ctx context.Context, tenant access.GUID, key string) (Tenant, bool) {
	return f.tenants.other(tenant, func(other access.GUID) bool {
		_, err := f.Folder(ctx, other, key)
		return err == nil
	})
}

// listFolders lists a tenant's folders.
func (f *folders) listFolders(ctx context.Context, tenant access.GUID) (places[Folder], error) {
	rows, err := rest.Listing[folderAnswer]{
		Operation: "list folders", ID: func(row folderAnswer) string { return strings.ToLower(row.Key) },
		Read: func(ctx context.Context, skip int) (rest.Page[folderAnswer], error) {
			return rest.FetchPage(ctx, f.rest, rest.Request{
				Operation: "list folders", Method: http.MethodGet, Path: f.tenantPath(tenant, "/orchestrator_/odata/Folders"),
				Query: url.Values{"$top": {strconv.Itoa(pageSize)}, "$skip": {strconv.Itoa(skip)}, "$count": {"true"}},
			}, parseFolderPage)
		},
	}.All(ctx)
	if err != nil {
		return places[Folder]{}, err
	}
	list := make([]Folder, len(rows))
	for i, row := range rows {
		key := strings.ToLower(row.Key)
		list[i] = Folder{key, written(key, row.FullyQualifiedName, row.DisplayName), row.ID}
	}
	return newPlaces(list, func(f Folder) (id, name string) { return f.Key, f.Name }), nil
}

// written returns the first name in which something can be seen, as it is spelled; the id where there is none.
func written(id string, names ...string) string {
	for _, name := range names {
		if visible(name) != "" {
			return name
		}
	}
	return id
}

// places are folders, or projects, of a tenant.
type places[T any] struct {
	sorted []T
	byID   map[string]T
	byName map[string][]T
	key    func(T) (id, name string)
}

func newPlaces[T any](list []T, key func(T) (id, name string)) places[T] {
	slices.SortFunc(list, func(a, b T) int {
		idA, nameA := key(a)
		idB, nameB := key(b)
		return cmp.Or(cmp.Compare(nameA, nameB), cmp.Compare(idA, idB))
	})
	p := places[T]{list, map[string]T{}, map[string][]T{}, key}
	for _, one := range list {
		id, name := key(one)
		p.byID[id] = one
		p.byName[name] = append(p.byName[name], one)
	}
	return p
}

// named returns the one of a name. It returns a [*NotFoundError] or an [*AmbiguousError] if there is none or several of them.
func (p places[T]) named(kind, name string) (T, error) {
	found := p.byName[name]
	if len(found) == 1 {
		return found[0], nil
	}
	var none T
	if len(found) == 0 {
		missing := &NotFoundError{Kind: kind, Name: name}
		for _, one := range p.sorted {
			_, candidate := p.key(one)
			missing.Candidates = append(missing.Candidates, candidate)
		}
		missing.Candidates = slices.Compact(missing.Candidates)
		return none, missing
	}
	several := &AmbiguousError{Kind: kind, Name: name}
	for _, one := range found {
		id, _ := p.key(one)
		several.Matches = append(several.Matches, Match{ID: id})
	}
	return none, several
}
