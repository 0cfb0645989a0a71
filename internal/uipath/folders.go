package uipath

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

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

// folders are the names of Orchestrator's folders that all readers share: by tenant, and then by key.
type folders struct {
	*api
	names rest.Memo[access.GUID, map[string]string]
}

func newFolders(a *api) *folders {
	f := &folders{api: a}
	f.names.Read = f.listFolders
	return f
}

// FolderName returns the name of a folder of Orchestrator with those of the folders that it is in, such as Finance/Invoices. It is
// [ErrNotFound] where the caller sees no such folder. The folders of a tenant are listed once in a run.
func (f *folders) FolderName(ctx context.Context, tenant access.GUID, key string) (string, error) {
	if err := checkID("tenant", tenant); err != nil {
		return "", err
	}
	names, err := f.names.Get(ctx, tenant)
	if err != nil {
		return "", err
	}
	name, ok := names[strings.ToLower(key)]
	if !ok {
		return "", fmt.Errorf("tenant %s has no folder with the key %q: %w", tenant, key, ErrNotFound)
	}
	return name, nil
}

// listFolders returns the names of a tenant's folders by their keys.
func (f *folders) listFolders(ctx context.Context, tenant access.GUID) (map[string]string, error) {
	rows, err := rest.Listing[folderAnswer]{
		Operation: "list folders", ID: func(row folderAnswer) string { return strings.ToLower(row.Key) },
		Read: func(ctx context.Context, skip int) (rest.Page[folderAnswer], error) {
			answer, err := rest.Fetch[folderPage](ctx, f.rest, rest.Request{
				Operation: "list folders", Method: http.MethodGet,
				Path:  "/" + f.organization.ID.String() + "/" + tenant.String() + "/orchestrator_/odata/Folders",
				Query: url.Values{"$top": {strconv.Itoa(pageSize)}, "$skip": {strconv.Itoa(skip)}, "$count": {"true"}},
			})
			return rest.Page[folderAnswer]{TotalCount: answer.Count, Results: answer.Value}, err
		},
	}.All(ctx)
	names := make(map[string]string, len(rows))
	for _, row := range rows {
		key := strings.ToLower(row.Key)
		names[key] = visible(row.FullyQualifiedName, row.DisplayName, key)
	}
	return names, err
}
