package uipath

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// orchestratorAction begins the names of Orchestrator's own functions and actions (contract 8).
const orchestratorAction = "/UiPath.Server.Configuration.OData."

// orchestrator is what is made in Orchestrator of the tenants: roles of its own, which are not those of [roles], and who has them.
type orchestrator struct {
	*api
	folders *folders
	// changed hears of changes of what is assigned, because others show it too.
	changed func()

	mu       sync.Mutex
	byTenant map[access.GUID]*orchestratorTenant
}

func newOrchestrator(a *api, f *folders, changed func()) *orchestrator {
	return &orchestrator{api: a, folders: f, changed: changed, byTenant: map[access.GUID]*orchestratorTenant{}}
}

// orchestratorTenant is Orchestrator of one tenant, as far as a run knows it.
type orchestratorTenant struct {
	*orchestrator
	id access.GUID

	// The questions about roles are the ids of single roles, and 0 for all of them.
	roles      *table[int32, OrchestratorRole, int32]
	roleEffort effort
	// The questions about users are the ids of single accounts, and "" for all of them. byNumber are the accounts by the numbers of the users.
	users      *table[access.GUID, orchestratorUser, access.GUID]
	userEffort effort
	byNumber   groups[int64, access.GUID]
	// adding adds accounts, each once.
	adding      rest.Memo[principalKey, int64]
	permissions rest.Memo[struct{}, []OrchestratorPermission]
	members     *memberTable
	writer      *memberWriter
}

// of returns Orchestrator of a tenant.
func (o *orchestrator) of(tenant access.GUID) (*orchestratorTenant, error) {
	if err := checkID("tenant", tenant); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if t, ok := o.byTenant[tenant]; ok {
		return t, nil
	}
	t := &orchestratorTenant{
		orchestrator: o, id: tenant, byNumber: groups[int64, access.GUID]{},
		roleEffort: effort{maxMissing: math.MaxInt}, userEffort: effort{maxAlone: askedAlone},
	}
	t.roles = newTable(o.rest, func(r OrchestratorRole) int32 { return r.ID }, t.askRoles, t.rolesAnsweredBy)
	t.users = newTable(o.rest, func(u orchestratorUser) access.GUID { return u.account }, t.askUsers, t.usersAnsweredBy)
	t.users.changed = func(account access.GUID, before, after *orchestratorUser) {
		if before != nil {
			t.byNumber.remove(before.number, account)
		}
		if after != nil {
			t.byNumber.add(after.number, account)
		}
	}
	t.adding.Read = t.addUser
	t.permissions.Read = func(ctx context.Context, _ struct{}) ([]OrchestratorPermission, error) { return t.listPermissions(ctx) }
	t.permissions.Client = o.rest
	t.members = newMemberTable(t)
	t.writer = newMemberWriter(t)
	o.byTenant[tenant] = t
	return t, nil
}

// odata is a path of Orchestrator's OData.
func (t *orchestratorTenant) odata(path string) string {
	return t.tenantPath(t.id, "/orchestrator_/odata/"+path)
}

// odataPage is a page of a collection (contract 8.1-1).
type odataPage[W any] struct {
	Count *int `json:"@odata.count"`
	Value []W  `json:"value"`
}

// odataListing reads a whole collection, each row of which is converted.
type odataListing[W, T any] struct {
	operation string
	path      string
	query     url.Values
	id        func(T) string
	convert   func(W) (T, error)
}

func (l odataListing[W, T]) all(ctx context.Context, c *rest.Client) ([]T, error) {
	return rest.Listing[T]{
		Operation: l.operation, ID: l.id,
		Read: func(ctx context.Context, skip int) (rest.Page[T], error) {
			// Without a stable order paging repeats and skips rows (contract 10.3).
			query := url.Values{
				"$top": {strconv.Itoa(pageSize)}, "$skip": {strconv.Itoa(skip)}, "$count": {"true"}, "$orderby": {"Id asc"},
			}
			maps.Copy(query, l.query)
			return rest.FetchPage(ctx, c, rest.Request{Operation: l.operation, Method: http.MethodGet, Path: l.path, Query: query},
				func(body []byte) (rest.Page[T], error) { return parseODataPage(body, l.convert) })
		},
	}.All(ctx)
}

func parseODataPage[W, T any](body []byte, convert func(W) (T, error)) (rest.Page[T], error) {
	var answer odataPage[W]
	if err := json.Unmarshal(body, &answer); err != nil {
		return rest.Page[T]{}, err
	}
	if answer.Value == nil {
		return rest.Page[T]{}, errors.New("it is no page of a collection")
	}
	return rest.ConvertPage(rest.Page[W]{TotalCount: answer.Count, Results: answer.Value}, convert)
}

// post sends an action that answers nothing. It is not repeated where it may have been carried out.
func (t *orchestratorTenant) post(ctx context.Context, operation, path string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return t.rest.Send(ctx, rest.Request{
		Operation: operation, Method: http.MethodPost, Path: t.odata(path), Body: text, Creates: true,
	}, nil)
}
