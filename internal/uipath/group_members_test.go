package uipath

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// hasGroup puts a numbered group into the fake. Members are written as "objectType number".
func (f *fake) hasGroup(n int, members ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	entities := make([]string, len(members))
	for i, member := range members {
		var objectType string
		var id int
		if _, err := fmt.Sscanf(member, "%s %d", &objectType, &id); err != nil {
			f.t.Error(err)
		}
		entities[i] = fmt.Sprintf(`{"objectType":%q,"source":"local","identifier":%q,"name":"x"}`, objectType, strings.ToUpper(principalID(id).String()))
	}
	if f.directory == nil {
		f.directory = map[string]string{}
	}
	f.directory["identity_/api/group/"+orgID+"/"+principalID(n).String()] = fmt.Sprintf(`{"id":%q,"name":"Group %d","type":1,"members":[%s]}`,
		strings.ToUpper(principalID(n).String()), n, strings.Join(entities, ","))
}

// Groups are in each other in a circle, one is in two, and one is gone.
func TestGroupMembers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.hasGroup(1, "DirectoryUser 10", "DirectoryGroup 2", "directorygroup 3", "DirectoryRobotUser 11", "DirectoryApplication 12", "Machine 13")
	f.hasGroup(2, "DirectoryUser 20", "DirectoryGroup 4", "DirectoryGroup 99")
	f.hasGroup(3, "DirectoryUser 10", "DirectoryGroup 4")
	f.hasGroup(4, "DirectoryUser 40", "DirectoryGroup 1")
	c := f.client(t)
	users, groups := access.PrincipalUser, access.PrincipalGroup
	want := map[access.GUID]access.PrincipalType{
		principalID(2): groups, principalID(3): groups, principalID(4): groups, principalID(99): groups,
		principalID(10): users, principalID(20): users, principalID(40): users,
		principalID(11): access.PrincipalRobot, principalID(12): access.PrincipalExternalApplication, principalID(13): "Machine",
	}
	var readers sync.WaitGroup
	for range 20 {
		readers.Go(func() {
			got, err := c.GroupMembers(t.Context(), principalID(1))
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("GroupMembers: %v (-want +got):\n%s", err, diff)
			}
			clear(got)
		})
	}
	readers.Wait()
	got, err := c.GroupMembers(t.Context(), principalID(4))
	if _, itself := got[principalID(4)]; err != nil || itself || got[principalID(1)] != groups {
		t.Errorf("GroupMembers of another = %v, %v", got, err)
	}
	if sent := f.sent(""); len(sent) != 5 {
		t.Errorf("requests %v, want each of the groups asked for once", sent)
	}
}

func TestGroupMembersRefused(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.hasGroup(1, "DirectoryGroup 2")
	c := f.client(t)
	if _, err := c.GroupMembers(t.Context(), principalID(9)); !errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), principalID(9).String()) {
		t.Errorf("GroupMembers of no group = %v", err)
	}
	if _, err := c.GroupMembers(t.Context(), "Staff"); err == nil || !strings.Contains(err.Error(), `group id "Staff" is not a GUID`) {
		t.Errorf("GroupMembers = %v", err)
	}
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if !strings.HasSuffix(r.URL.Path, principalID(2).String()) {
			return false
		}
		answerJSON(w, http.StatusForbidden, `{"title":"Forbidden"}`)
		return true
	})
	for range 3 {
		if got, err := c.GroupMembers(t.Context(), principalID(1)); !errors.Is(err, ErrForbidden) || got != nil {
			t.Errorf("GroupMembers = %v, %v, want no part of them", got, err)
		}
	}
	if sent := f.sent(""); len(sent) != 3 {
		t.Errorf("requests %v, want each of the groups asked for once", sent)
	}
}

func TestReadGroupMembers(t *testing.T) {
	t.Parallel()
	id := principalID(1)
	for _, body := range []string{``, `[]`, `{}`, `{"id":"` + principalID(2).String() + `"}`, `{"id":"` + id.String() + `","members":[{"objectType":1}]}`} {
		if found, err := parseGroup([]byte(body), id); err == nil || found != nil {
			t.Errorf("%s was read as %+v", body, found)
		}
	}
	for _, body := range []string{`{"id":"` + id.String() + `","members":null}`, `{"id":"` + id.String() + `","members":[{"objectType":"DirectoryUser","identifier":"ada"}]}`} {
		if found, err := parseGroup([]byte(body), id); err != nil || found == nil || len(found) != 0 {
			t.Errorf("%s was read as %+v, %v, want no members", body, found, err)
		}
	}
}
