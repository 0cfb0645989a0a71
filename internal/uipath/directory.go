package uipath

import (
	"context"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// directory is the accounts of the organization, and groups and their members, that all readers share.
type directory struct {
	*api
	principals *principalTable
	resolver   *resolver
	groups     rest.Memo[access.GUID, group]
	linked     rest.Memo[struct{}, bool]
}

func newDirectory(a *api) *directory {
	d := &directory{api: a, resolver: newResolver(a)}
	d.principals = newPrincipalTable(d)
	d.groups.Read, d.linked.Read = d.readGroup, d.readLinked
	d.groups.Client, d.linked.Client = a.rest, a.rest
	return d
}

// directoryAnswer is an entry of the directory's list of scopes. The platform lists the domains of an Active Directory by name (contract
// 7.1-12), and whether a link to Entra shows there is not public: such an entry says nothing. The reference backend lists sources of accounts.
// There every source but the local one is external, unless the entry says otherwise.
type directoryAnswer struct {
	Source   string `json:"source"`
	External *bool  `json:"external"`
}

// DirectoryLinked reports whether an external directory is linked to the organization, so that principals which no list has may
// be given access. It is asked once in a run.
func (d *directory) DirectoryLinked(ctx context.Context) (bool, error) {
	return d.linked.Get(ctx, struct{}{})
}

func (d *directory) readLinked(ctx context.Context, _ struct{}) (linked bool, err error) {
	sources, err := rest.Fetch[[]directoryAnswer](ctx, d.rest, rest.Request{
		Operation: "list directories", Method: http.MethodGet, Path: d.identityPath("/Directory/Scopes/{p}"),
	})
	for _, s := range sources {
		if s.External == nil {
			linked = linked || s.Source != "" && !strings.EqualFold(s.Source, string(access.SourceLocal))
		} else {
			linked = linked || *s.External
		}
	}
	return linked, err
}
