package httpapi

import (
	"fmt"
	"math"
	"net/http"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// folderBody is a folder (contract 8.1, FolderDto of the vendor's OpenAPI). What the backend keeps nothing of has the value of
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
	var out foldersBody
	err := a.read(r, func(s *rules.Session) error {
		q := a.query(r, "$top", "$skip", "$count", "$filter", "$orderby", "$select", "$expand")
		top, skip := q.number("$top", maxTop, maxTop), q.number("$skip", 0, math.MaxInt32)
		counted := q.oneOf("$count", []string{"true", "false"}) == "true"
		for _, option := range []string{"$filter", "$orderby", "$select", "$expand"} {
			if q.values.Has(option) {
				q.wrongf(option, "The reference backend does not serve %s: leave it out.", option)
			}
		}
		if err := q.err(); err != nil {
			return err
		}
		folders, err := s.Folders(r.Context(), r.PathValue("tenant"))
		if err != nil {
			return err
		}
		out = foldersBody{
			Context: fmt.Sprintf("http://%s/%s/%s/orchestrator_/odata/$metadata#Folders", r.Host, r.PathValue("org"), r.PathValue("tenant")),
			Value:   []folderBody{},
		}
		if total := len(folders); counted {
			out.Count = &total
		}
		from := min(skip, len(folders))
		for _, f := range folders[from:min(from+top, len(folders))] {
			out.Value = append(out.Value, newFolderBody(f))
		}
		return nil
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(out)
}
