package uipath

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// fakeAccess holds the access that the fake serves: assignments as contract 4 has them, and the directory as answers by path.
type fakeAccess struct {
	assignments    []assignmentAnswer
	nextAssignment int
	// holders are what listings say of principals, by id; without it they are users.
	holders map[string]heldAnswer
	// exports are the files, by whether groups are expanded; without it the caller may not export.
	exports map[bool]string
	// directory are answers by path below the organization, in lower case.
	directory map[string]string
	// refusesLargePages says that it refuses to be asked for more than ten principals.
	refusesLargePages bool
	// patches are the sizes of the requests to change assignments.
	patches []int
}

// badRole is refused in a grant, badPrincipal is not in the directory.
const (
	badRole      = "e0000000-0000-4000-8000-00000000bad0"
	badPrincipal = "f0000000-0000-4000-8000-00000000bad0"
)

// principalID and assignmentID return the nth id.
func principalID(n int) access.GUID {
	return access.GUID(fmt.Sprintf("f0000000-0000-4000-8000-%012d", n))
}
func assignmentID(n int) access.GUID {
	return access.GUID(fmt.Sprintf("aa000000-0000-4000-8000-%012d", n))
}

// scopes are where tests assign: five of them.
var scopes = []access.Scope{
	access.Organization, access.TenantScope(tenantID), access.TenantScope(testTenantID), mustScope("/tenant/" + tenantID + "/taskmining"),
	mustScope("/tenant/" + tenantID + "/documentunderstanding/projects/17"),
}

func mustScope(path string) access.Scope {
	s, err := access.ParseScope(path)
	if err != nil {
		panic(err)
	}
	return s
}

// keyOf is the assignment of a numbered role to a numbered principal.
func keyOf(role, principal int, at access.Scope) AssignmentKey {
	return AssignmentKey{roleID(role), principalID(principal), at}
}

// grantOf grants a numbered role to a numbered user.
func grantOf(role, principal int, at access.Scope) Grant {
	return Grant{keyOf(role, principal, at), access.PrincipalUser}
}

// grant puts an assignment into the fake, as somebody else would make it long ago, and returns its id.
func (f *fake) grant(key AssignmentKey, changes ...func(*assignmentAnswer)) access.GUID {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.newAssignment(key.RoleID, key.PrincipalID, key.Scope.String())
	a.CreatedBy, a.CreatedOn = strangerID, stamp(start.Add(-time.Hour))
	for _, change := range changes {
		change(&a)
	}
	f.assignments = append(f.assignments, a)
	return access.GUID(a.ID)
}

func (f *fake) newAssignment(role, principal access.GUID, scope string) assignmentAnswer {
	f.nextAssignment++
	mutable := true
	return assignmentAnswer{
		ID: assignmentID(f.nextAssignment).String(), PrincipalID: principal.String(), PrincipalType: json.RawMessage(`"User"`), Type: "Custom", Scope: scope,
		RoleID: role.String(), RoleName: "A role", RoleType: "BUILTIN", CreatedBy: strings.ToUpper(subjectID), CreatedOn: stamp(f.now()), Mutable: &mutable,
	}
}

// ungrant removes an assignment from the fake, as somebody else would.
func (f *fake) ungrant(id access.GUID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.assignments = slices.DeleteFunc(f.assignments, func(a assignmentAnswer) bool { return access.GUID(a.ID) == id })
}

// held returns how many assignments there are.
func (f *fake) held() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.assignments)
}

// patched returns the sizes of the requests to change assignments so far.
func (f *fake) patched() []int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.patches)
}

// listAssignments answers as contract 4.1: paged by principal, ten at most, whatever more is asked for.
func (f *fake) listAssignments(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	top, _ := strconv.Atoi(query.Get("top"))
	skip, _ := strconv.Atoi(query.Get("skip"))
	scope, err := access.ParseScope(query.Get("scope"))
	direct := query.Get("noInheritance") == "true"
	owner := query.Get("serviceName")
	if err != nil || top < 1 || top > 100 || top > 10 && f.refusesLargePages || direct && owner != "" {
		answerJSON(w, http.StatusBadRequest, `{"title":"bad list query","status":400}`)
		return
	}
	held := map[string][]assignmentAnswer{}
	for _, a := range f.assignments {
		at, _ := access.ParseScope(a.Scope)
		if direct && at != scope || !direct && !scope.Contains(at) && !at.Contains(scope) {
			continue
		}
		if owner != "" && !strings.EqualFold(owner, f.roles[access.GUID(a.RoleID)].OwnerServiceName) {
			continue
		}
		if wanted := query.Get("securityPrincipalId"); wanted == "" || wanted == a.PrincipalID {
			a.Inherited = at != scope && at.Contains(scope)
			held[a.PrincipalID] = append(held[a.PrincipalID], a)
		}
	}
	ids := slices.Sorted(maps.Keys(held))
	end := min(len(ids), skip+min(top, smallPage, f.pageCap))
	rows := []heldAnswer{}
	for _, id := range ids[min(skip, end):end] {
		row := f.holders[id]
		row.PrincipalID, row.Assignments = strings.ToUpper(id), held[id]
		if row.Type == "" {
			row.Type = "DirectoryUser"
		}
		rows = append(rows, row)
	}
	answerJSON(w, http.StatusOK, fmt.Sprintf(`{"totalCount":%d,"results":%s}`, len(ids), f.encode(rows)))
}

// export answers as contract 4.6 and 2.5.
func (f *fake) export(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	expand, err := strconv.ParseBool(query.Get("expandgroupmemberships"))
	if err != nil || query.Get("exportoutputtype") != "csv" {
		answerJSON(w, http.StatusBadRequest, `{"title":"bad export query","status":400}`)
		return
	}
	if f.exports == nil {
		answerJSON(w, http.StatusForbidden, `{"title":"Forbidden","status":403,"detail":"Not for external applications."}`)
		return
	}
	w.Header().Set("Content-Type", "text/csv")
	_, _ = w.Write([]byte(f.exports[expand]))
}

// patchAssignments changes all or nothing, as contract 4.3 and 4.4 say.
func (f *fake) patchAssignments(w http.ResponseWriter, body string) {
	var patch assignmentsPatch
	if err := json.Unmarshal([]byte(body), &patch); err != nil || patch.Add == nil || patch.Delete == nil {
		answerJSON(w, http.StatusBadRequest, `{"title":"both arrays are required"}`)
		return
	}
	f.patches = append(f.patches, len(patch.Add)+len(patch.Delete))
	for _, a := range f.assignments {
		if slices.Contains(patch.Delete, access.GUID(a.ID)) && !*a.Mutable {
			answerJSON(w, http.StatusForbidden, `{"title":"Forbidden","status":403,"detail":"One is immutable."}`)
			return
		}
	}
	after := slices.DeleteFunc(slices.Clone(f.assignments), func(a assignmentAnswer) bool { return slices.Contains(patch.Delete, access.GUID(a.ID)) })
	for _, add := range patch.Add {
		switch {
		case add.RoleID == badRole:
			answerJSON(w, http.StatusBadRequest, `{"title":"Invalid","status":400,"errors":{"roleId":["There is no such role."]}}`)
			return
		case add.PrincipalID == badPrincipal:
			answerJSON(w, http.StatusNotFound, `{"StatusCode":404,"StatusDescription":"NotFound","Message":"Cannot resolve users=[x] in CIS"}`)
			return
		}
		if slices.ContainsFunc(after, func(a assignmentAnswer) bool {
			return access.GUID(a.RoleID) == add.RoleID && access.GUID(a.PrincipalID) == add.PrincipalID && strings.EqualFold(a.Scope, add.Scope)
		}) {
			answerJSON(w, http.StatusConflict, `{"title":"Conflict","status":409,"detail":"It is there already."}`)
			return
		}
		after = append(after, f.newAssignment(add.RoleID, add.PrincipalID, add.Scope))
	}
	f.assignments = after
	w.WriteHeader(http.StatusNoContent)
}

// losesChanges answers changes of assignments: it carries them out or not, as committed says, and then fails in a way that leaves
// it open.
func (f *fake) losesChanges(times int, committed bool, fail http.HandlerFunc) {
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		f.mu.Lock()
		if r.Method != http.MethodPatch || times == 0 {
			f.mu.Unlock()
			return false
		}
		times--
		if committed {
			f.answer(httptest.NewRecorder(), r, body)
		}
		f.mu.Unlock()
		fail(w, r)
		return true
	})
}

// direct carries requests to the fake without a network, each after a delay, so that a test's time can be the testing package's own.
type direct struct {
	fake  *fake
	delay time.Duration
}

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	timer := time.NewTimer(d.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	d.fake.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

// slow makes a client that works in the bubble's time, 50 ms from its server.
func (f *fake) slow(t *testing.T) *Client {
	t.Helper()
	return f.client(t, func(c *Config) {
		c.Transport, c.Clock, c.Pause = direct{f, 50 * time.Millisecond}, time.Now, nil
	})
}
