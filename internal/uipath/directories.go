package uipath

import (
	"context"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// directoryAnswer is a source of accounts as the directory lists it (contract 7.1). The shape is not public: where a source does not
// say whether it is external, every one but the local one counts as external.
type directoryAnswer struct {
	Source   string `json:"source"`
	External *bool  `json:"external"`
}

// DirectoryLinked reports whether an external directory is linked to the organization, so that principals which no list has may
// be given access. It is asked once in a run.
func (c *Client) DirectoryLinked(ctx context.Context) (bool, error) {
	return c.directories.Get(ctx, struct{}{})
}

func (c *Client) readDirectoryLinked(ctx context.Context, _ struct{}) (linked bool, err error) {
	sources, err := rest.Fetch[[]directoryAnswer](ctx, c.rest, rest.Request{
		Operation: "list directories", Method: http.MethodGet, Path: c.identityPath("/Directory/Scopes/{p}"),
	})
	for _, s := range sources {
		if s.External == nil {
			linked = linked || !strings.EqualFold(s.Source, string(access.SourceLocal))
		} else {
			linked = linked || *s.External
		}
	}
	return linked, err
}
