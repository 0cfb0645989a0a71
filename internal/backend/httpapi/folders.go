package httpapi

import (
	"fmt"
	"net/http"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// folderBody is a folder (contract 8.1, FolderDto of the vendor's OpenAPI). What the backend does not keep has the value of
// an ordinary folder.
type folderBody struct {
	Key                         access.GUID  `json:"Key"`
	DisplayName                 string       `json:"DisplayName"`
	FullyQualifiedName          string       `json:"FullyQualifiedName"`
	FullyQualifiedNameOrderable string       `json:"FullyQualifiedNameOrderable"`
	Description                 *string      `json:"Description"`
	FolderType                  string       `json:"FolderType"`
	ProvisionType               string       `json:"ProvisionType"`
	PermissionModel             string       `json:"PermissionModel"`
	ParentID                    *int         `json:"ParentId"`
	ParentKey                   *access.GUID `json:"ParentKey"`
	IsActive                    bool         `json:"IsActive"`
	FeedType                    string       `json:"FeedType"`
	ID                          int          `json:"Id"`
}

type foldersBody struct {
	Context string       `json:"@odata.context"`
	Count   *int         `json:"@odata.count,omitempty"`
	Value   []folderBody `json:"value"`
}

func newFolderBody(f rules.FolderDetails) folderBody {
	b := folderBody{
		Key: f.ID, DisplayName: f.Name, FullyQualifiedName: f.Path, FullyQualifiedNameOrderable: f.Path, FolderType: "Standard",
		ProvisionType: "Automatic", PermissionModel: "FineGrained", ParentKey: orNull(f.ParentID), IsActive: true,
		FeedType: "Processes", ID: f.Number,
	}
	if f.ParentNumber != 0 {
		b.ParentID = &f.ParentNumber
	}
	return b
}

// listFolders serves paging and counting. The other OData options would change what comes back, so they are refused.
func (a *API) listFolders(r *http.Request) (reply, error) {
	var counted bool
	parse := func(r *request) rules.FolderQuery {
		q := r.query("$top", "$skip", "$count", "$filter", "$orderby", "$select", "$expand")
		counted = oneOf(q, "$count", false, booleans)
		for _, option := range []string{"$filter", "$orderby", "$select", "$expand"} {
			if q.values.Has(option) {
				q.wrongf(option, "The reference backend does not serve %s: leave it out.", option)
			}
		}
		return rules.FolderQuery{Tenant: r.PathValue("tenant"), Paging: q.paging("$", maxTop, maxTop)}
	}
	body := func(found rules.Page[rules.FolderDetails]) foldersBody {
		b := foldersBody{
			Context: fmt.Sprintf("http://%s/%s/%s/orchestrator_/odata/$metadata#Folders", r.Host, r.PathValue("org"), r.PathValue("tenant")),
			Value:   each(newFolderBody)(found.Rows),
		}
		if counted {
			b.Count = &found.Total
		}
		return b
	}
	return read(a, parse, (*rules.Session).Folders, body)(r)
}
