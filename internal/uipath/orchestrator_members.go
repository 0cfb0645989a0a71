package uipath

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// OrchestratorGrant is a role of Orchestrator that a principal has at a tenant or at one of its folders.
type OrchestratorGrant struct {
	TenantID    access.GUID
	RoleID      int32
	PrincipalID access.GUID
	// FolderKey is the GUID of the folder, "" at the tenant.
	FolderKey string
}

// String describes the grant by its ids.
func (g OrchestratorGrant) String() string {
	where := "the tenant " + g.TenantID.String()
	if g.FolderKey != "" {
		where = "the folder " + g.FolderKey + " of " + where
	}
	return fmt.Sprintf("role %d of Orchestrator of principal %s at %s", g.RoleID, g.PrincipalID, where)
}

// OrchestratorHolder is somebody who has a role of Orchestrator.
type OrchestratorHolder struct {
	Grant OrchestratorGrant
	// PrincipalType is "" where Orchestrator has a type that is not known.
	PrincipalType access.PrincipalType
	// PrincipalName is what Orchestrator shows people, "" where it shows nothing.
	PrincipalName string
}

// memberKey is a grant in Orchestrator's own numbers. The folder is 0 at the tenant.
type memberKey struct {
	role   int32
	user   int64
	folder int64
}

// memberQuestion asks who has a role at the tenant or, where there is a folder, who has which role there.
type memberQuestion struct {
	role   int32
	folder int64
}

func (k memberKey) question() memberQuestion {
	if k.folder != 0 {
		return memberQuestion{folder: k.folder}
	}
	return memberQuestion{role: k.role}
}

// memberTable is who has which role where, as far as a run knows it: one answer for each role at the tenant, and one for each folder.
type memberTable struct {
	*table[memberKey, memberKey, memberQuestion]
	byQuestion groups[memberQuestion, memberKey]
}

func newMemberTable(t *orchestratorTenant) *memberTable {
	m := &memberTable{byQuestion: groups[memberQuestion, memberKey]{}}
	m.table = newTable(t.rest, func(k memberKey) memberKey { return k }, t.askMembers, func(q memberQuestion) iter.Seq[memberKey] {
		return slices.Values(slices.Collect(maps.Keys(m.byQuestion[q])))
	})
	m.changed = func(key memberKey, before, after *memberKey) {
		if before != nil {
			m.byQuestion.remove(key.question(), key)
		}
		if after != nil {
			m.byQuestion.add(key.question(), key)
		}
	}
	return m
}

// listed returns what an answer to a question lists, as it is known now.
func (m *memberTable) listed(q memberQuestion) []memberKey {
	found := m.snapshot(func(yield func(memberKey) bool) { maps.Keys(m.byQuestion[q])(yield) })
	slices.SortFunc(found, func(a, b memberKey) int { return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.role, b.role)) })
	return found
}

func (t *orchestratorTenant) askMembers(ctx context.Context, q memberQuestion) ([]memberKey, error) {
	if q.folder != 0 {
		return t.listFolderMembers(ctx, q.folder)
	}
	return t.listMembers(ctx, q.role)
}

// listMembers asks who has a role at the tenant: all at once (contract 8.2-9).
func (t *orchestratorTenant) listMembers(ctx context.Context, role int32) ([]memberKey, error) {
	return rest.FetchAs(ctx, t.rest, rest.Request{
		Operation: "list members of role of Orchestrator", Method: http.MethodGet, Object: true,
		Path: t.odata(fmt.Sprintf("Roles%sGetUserIdsForRole(key=%d)", orchestratorAction, role)),
	}, func(body []byte) ([]memberKey, error) {
		var answer odataPage[int64]
		if err := json.Unmarshal(body, &answer); err != nil {
			return nil, err
		}
		if answer.Value == nil {
			return nil, errors.New("it is no list of users")
		}
		members := make([]memberKey, len(answer.Value))
		for i, id := range answer.Value {
			members[i] = memberKey{role: role, user: id}
		}
		return members, nil
	})
}

// folderUserAnswer is somebody who has a place in a folder (contract 8.7-8).
type folderUserAnswer struct {
	ID         int64 `json:"Id"`
	UserEntity struct {
		ID          int64 `json:"Id"`
		IsInherited bool  `json:"IsInherited"`
	} `json:"UserEntity"`
	Roles []struct {
		ID     int32  `json:"Id"`
		Origin string `json:"Origin"`
	} `json:"Roles"`
}

// folderMember is somebody who has a place in a folder, with the roles that were assigned there.
type folderMember struct {
	user  int64
	roles []int32
}

func (a folderUserAnswer) member() (folderMember, error) {
	m := folderMember{user: cmp.Or(a.ID, a.UserEntity.ID)}
	if m.user <= 0 {
		return m, errors.New("it lists a user without an id")
	}
	if a.UserEntity.IsInherited {
		return m, nil
	}
	for _, role := range a.Roles {
		if !strings.EqualFold(role.Origin, "Inherited") {
			m.roles = append(m.roles, role.ID)
		}
	}
	return m, nil
}

// listFolderMembers asks who has which role at a folder itself.
func (t *orchestratorTenant) listFolderMembers(ctx context.Context, folder int64) ([]memberKey, error) {
	all, err := odataListing[folderUserAnswer, folderMember]{
		operation: "list users of folder",
		path:      t.odata(fmt.Sprintf("Folders%sGetUsersForFolder(key=%d,includeInherited=false)", orchestratorAction, folder)),
		id:        func(m folderMember) string { return strconv.FormatInt(m.user, 10) },
		convert:   folderUserAnswer.member,
	}.all(ctx, t.rest)
	var members []memberKey
	for _, m := range all {
		for _, role := range m.roles {
			members = append(members, memberKey{role: role, user: m.user, folder: folder})
		}
	}
	return members, err
}

// HasOrchestratorRole reports whether a grant is there, from what the run shares: one listing for each role at the tenant, and one for each
// folder. It returns [ErrNotFound] if the role or the folder does not exist, and [ErrForbidden] if the caller may not read it.
func (o *orchestrator) HasOrchestratorRole(ctx context.Context, g OrchestratorGrant) (bool, error) {
	t, key, there, err := o.locate(ctx, g)
	if err != nil || !there {
		return false, err
	}
	if err := t.members.read(ctx, key.question()); err != nil {
		return false, err
	}
	_, there = t.members.get(key)
	return there, nil
}

// RefreshedHasOrchestratorRole is [Client.HasOrchestratorRole] with an answer of its own, whatever is known in this run.
func (o *orchestrator) RefreshedHasOrchestratorRole(ctx context.Context, g OrchestratorGrant) (bool, error) {
	t, key, there, err := o.locate(ctx, g)
	if err != nil || !there {
		return false, err
	}
	if err := t.members.reread(ctx, key.question()); err != nil {
		return false, err
	}
	_, there = t.members.get(key)
	return there, nil
}

// locate turns a grant into Orchestrator's own numbers. It reports false where Orchestrator does not have the account.
func (o *orchestrator) locate(ctx context.Context, g OrchestratorGrant) (*orchestratorTenant, memberKey, bool, error) {
	t, err := o.of(g.TenantID)
	if err != nil {
		return nil, memberKey{}, false, err
	}
	key := memberKey{role: g.RoleID}
	if key.folder, err = t.folderNumber(ctx, g.FolderKey); err != nil {
		return nil, memberKey{}, false, err
	}
	user, ok, err := t.user(ctx, g.PrincipalID)
	key.user = user.number
	return t, key, ok, err
}

// folderNumber returns what Orchestrator calls a folder by, 0 for none.
func (t *orchestratorTenant) folderNumber(ctx context.Context, key string) (int64, error) {
	if key == "" {
		return 0, nil
	}
	found, err := t.folders.Folder(ctx, t.id, key)
	if err == nil && found.Number == 0 {
		err = fmt.Errorf("the server does not tell the number of the folder %s", key)
	}
	return found.Number, err
}

// OrchestratorHolders returns who has a role of Orchestrator at the tenant, sorted by name and id. It is read from what the run shares.
func (o *orchestrator) OrchestratorHolders(ctx context.Context, tenant access.GUID, role int32) ([]OrchestratorHolder, error) {
	t, err := o.of(tenant)
	if err != nil {
		return nil, err
	}
	return t.holders(ctx, memberQuestion{role: role}, "")
}

// OrchestratorFolderHolders returns who has which role of Orchestrator at a folder itself, sorted by name, id and role. It is read from what
// the run shares.
func (o *orchestrator) OrchestratorFolderHolders(ctx context.Context, tenant access.GUID, folderKey string) ([]OrchestratorHolder, error) {
	t, err := o.of(tenant)
	if err != nil {
		return nil, err
	}
	number, err := t.folderNumber(ctx, folderKey)
	if err != nil {
		return nil, err
	}
	return t.holders(ctx, memberQuestion{folder: number}, folderKey)
}

// OrchestratorRoleHolders asks the server who has a role of Orchestrator, at the tenant and at every folder that the caller sees, whatever is
// known in this run. The answer is sorted as by [Client.OrchestratorHolders].
func (o *orchestrator) OrchestratorRoleHolders(ctx context.Context, role OrchestratorRole) ([]OrchestratorHolder, error) {
	t, err := o.of(role.TenantID)
	if err != nil {
		return nil, err
	}
	places := map[memberQuestion]string{}
	if role.AtTenant() {
		places[memberQuestion{role: role.ID}] = ""
	}
	if role.AtFolders() {
		folders, err := t.folders.Folders(ctx, t.id)
		if err != nil {
			return nil, err
		}
		for _, folder := range folders {
			places[memberQuestion{folder: folder.Number}] = folder.Key
		}
	}
	var mu sync.Mutex
	var found []OrchestratorHolder
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelWrites)
	for question, key := range places {
		group.Go(func() error {
			if err := t.members.reread(ctx, question); err != nil {
				return err
			}
			some, err := t.holders(ctx, question, key)
			mu.Lock()
			defer mu.Unlock()
			found = append(found, some...)
			return err
		})
	}
	err = group.Wait()
	found = slices.DeleteFunc(found, func(h OrchestratorHolder) bool { return h.Grant.RoleID != role.ID })
	slices.SortFunc(found, byHolder)
	return found, err
}

// byHolder sorts by name, account, folder and role.
func byHolder(a, b OrchestratorHolder) int {
	return cmp.Or(cmp.Compare(a.PrincipalName, b.PrincipalName), cmp.Compare(a.Grant.PrincipalID, b.Grant.PrincipalID),
		cmp.Compare(a.Grant.FolderKey, b.Grant.FolderKey), cmp.Compare(a.Grant.RoleID, b.Grant.RoleID))
}

func (t *orchestratorTenant) holders(ctx context.Context, q memberQuestion, folderKey string) ([]OrchestratorHolder, error) {
	if err := t.members.read(ctx, q); err != nil {
		return nil, err
	}
	if err := t.users.read(ctx, ""); err != nil {
		return nil, err
	}
	var holders []OrchestratorHolder
	for _, key := range t.members.listed(q) {
		for _, u := range t.users.snapshot(func(yield func(access.GUID) bool) { maps.Keys(t.byNumber[key.user])(yield) }) {
			holders = append(holders, OrchestratorHolder{
				OrchestratorGrant{TenantID: t.id, RoleID: key.role, PrincipalID: u.account, FolderKey: folderKey}, u.kind, u.name,
			})
		}
	}
	slices.SortFunc(holders, byHolder)
	return holders, nil
}
