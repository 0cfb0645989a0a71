package uipath

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// listed returns the listings of whole scopes so far, without those of one principal.
func listed(f *fake) []string {
	var whole []string
	for _, r := range f.sent("GET /" + orgID + "/pap_/api/userroleassignments") {
		if !strings.Contains(r, "securityPrincipalId") {
			whole = append(whole, r)
		}
	}
	return whole
}

// askedFor returns the requests for one principal so far.
func askedFor(f *fake, principal int) int {
	n := 0
	for _, r := range f.sent("GET") {
		if strings.Contains(r, "securityPrincipalId="+principalID(principal).String()) {
			n++
		}
	}
	return n
}

func TestReadAssignment(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	key := keyOf(1, 1, scopes[1])
	id := f.grant(key, func(a *assignmentAnswer) {
		a.PrincipalType, a.Scope = json.RawMessage(`0`), strings.ToUpper(a.Scope)
	})
	c := f.client(t)
	got, err := c.Assignment(t.Context(), key)
	want := Assignment{
		Key: key, ID: id, PrincipalType: access.PrincipalUser, RoleName: "A role", RoleType: access.RoleBuiltIn, Type: "Custom", Mutable: true,
		CreatedBy: strangerID, CreatedOn: start.Add(-time.Hour),
	}
	if err != nil || got != want {
		t.Errorf("Assignment = %+v, %v, want %+v", got, err, want)
	}
	const request = "GET /" + orgID + "/pap_/api/userroleassignments?noInheritance=true&scope=%2Ftenant%2F" + tenantID +
		"&securityPrincipalId=f0000000-0000-4000-8000-000000000001&skip=0&top=100"
	if got := f.sent(""); len(got) != 1 || got[0] != request {
		t.Errorf("requests %v, want %s", got, request)
	}
	for _, wrong := range []AssignmentKey{{"admin", key.PrincipalID, key.Scope}, {key.RoleID, "", key.Scope}} {
		if _, err := c.Assignment(t.Context(), wrong); err == nil || !strings.Contains(err.Error(), "is not a GUID") {
			t.Errorf("Assignment(%v) = %v", wrong, err)
		}
		if _, err := c.RefreshedAssignment(t.Context(), wrong); err == nil {
			t.Errorf("RefreshedAssignment(%v) is no error", wrong)
		}
		if _, _, err := c.ListedAssignment(t.Context(), wrong); err == nil {
			t.Errorf("ListedAssignment(%v) is no error", wrong)
		}
	}
	if got := len(f.sent("")); got != 1 {
		t.Errorf("%d requests for what is wrong", got-1)
	}
}

// An inherited grant is none at the scope itself, and one of another role is another.
func TestOtherAssignmentsAreNotTaken(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.grant(keyOf(1, 1, scopes[0]))
	f.grant(keyOf(2, 1, scopes[1]))
	f.grant(keyOf(1, 2, scopes[1]))
	c := f.client(t)
	if a, err := c.Assignment(t.Context(), keyOf(1, 1, scopes[1])); !errors.Is(err, ErrNotFound) {
		t.Errorf("Assignment = %+v, %v, want ErrNotFound", a, err)
	}
}

func TestFirstPrincipalsAreAskedForAlone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for n := 1; n <= 25; n++ {
		f.grant(keyOf(1, n, scopes[1]))
		f.grant(keyOf(2, n, scopes[1]))
	}
	c := f.client(t)
	for n := 1; n <= 25; n++ {
		for role := 1; role <= 2; role++ {
			if _, err := c.Assignment(t.Context(), keyOf(role, n, scopes[1])); err != nil {
				t.Fatal(err)
			}
		}
		if n <= askedAlone && (len(f.sent("")) != n || len(listed(f)) != 0) {
			t.Errorf("%d principals: %v, want each asked for once, alone", n, f.sent(""))
		}
	}
	if got := len(f.sent("")); got != askedAlone+3 || len(listed(f)) != 3 {
		t.Errorf("%d requests, %d of them pages, want 3 and 3", got, len(listed(f)))
	}
	// Another scope is another listing.
	if _, err := c.Assignment(t.Context(), keyOf(1, 1, scopes[2])); !errors.Is(err, ErrNotFound) || len(f.sent("")) != askedAlone+4 {
		t.Errorf("Assignment = %v in %d requests", err, len(f.sent("")))
	}
}

func TestAssignmentPageBoundaries(t *testing.T) {
	t.Parallel()
	for principals, pages := range map[int]int{4: 1, 9: 1, 10: 1, 11: 2, 100: 10, 101: 11} {
		for _, pageCap := range []int{10, 3} {
			t.Run(fmt.Sprintf("%d by %d", principals, pageCap), func(t *testing.T) {
				t.Parallel()
				f := newFake(t)
				f.pageCap = pageCap
				for n := 1; n <= principals; n++ {
					f.grant(keyOf(1, n, scopes[1]))
				}
				c := f.client(t)
				var group sync.WaitGroup
				for n := 1; n <= principals; n++ {
					group.Go(func() {
						if _, err := c.Assignment(t.Context(), keyOf(1, n, scopes[1])); err != nil {
							t.Error(err)
						}
					})
				}
				group.Wait()
				want := pages
				if pageCap < 10 {
					want = (principals + pageCap - 1) / pageCap
				}
				if got := len(listed(f)); got != want {
					t.Errorf("%d pages for %d principals, want %d", got, principals, want)
				}
			})
		}
	}
}

// whole makes the next questions at a scope go to its listing.
func whole(t *testing.T, c *Client, at access.Scope) {
	t.Helper()
	for n := range askedAlone {
		if _, err := c.Assignment(t.Context(), keyOf(1, 9000+n, at)); !errors.Is(err, ErrNotFound) {
			t.Fatal(err)
		}
	}
}

func TestMissingAssignmentIsAskedForAlone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.grant(keyOf(1, 1, scopes[1]))
	c := f.client(t)
	whole(t, c, scopes[1])
	if _, err := c.Assignment(t.Context(), keyOf(1, 1, scopes[1])); err != nil || askedFor(f, 1) != 0 {
		t.Fatalf("Assignment = %v after %v", err, f.sent(""))
	}
	f.grant(keyOf(1, 2, scopes[1]))
	if _, ok, err := c.ListedAssignment(t.Context(), keyOf(1, 2, scopes[1])); ok || err != nil || askedFor(f, 2) != 0 {
		t.Errorf("ListedAssignment = %t, %v, want what the listing had", ok, err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := c.Assignment(t.Context(), keyOf(1, 2, scopes[1])); err != nil {
				t.Errorf("what was granted since the listing is said to be gone: %v", err)
			}
			if _, err := c.Assignment(t.Context(), keyOf(2, 2, scopes[1])); !errors.Is(err, ErrNotFound) {
				t.Errorf("Assignment = %v, want ErrNotFound", err)
			}
		})
	}
	group.Wait()
	if askedFor(f, 2) != 1 || len(listed(f)) != 1 {
		t.Errorf("asked for %d times alone and %d times for all, want once each", askedFor(f, 2), len(listed(f)))
	}
}

func TestManyMissingAssignmentsAreListedAgain(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	whole(t, c, scopes[1])
	if _, ok, err := c.ListedAssignment(t.Context(), keyOf(1, 1, scopes[1])); ok || err != nil {
		t.Fatalf("ListedAssignment = %t, %v", ok, err)
	}
	for n := 1; n <= 30; n++ {
		f.grant(keyOf(1, n, scopes[1]))
	}
	var group sync.WaitGroup
	for n := 1; n <= 60; n++ {
		group.Go(func() {
			_, err := c.Assignment(t.Context(), keyOf(1, n, scopes[1]))
			if n <= 30 && err != nil || n > 30 && !errors.Is(err, ErrNotFound) {
				t.Errorf("Assignment of %d = %v", n, err)
			}
		})
	}
	group.Wait()
	alone := len(f.sent("")) - len(listed(f)) - askedAlone
	if alone > maxAskedAlone || len(listed(f)) != 4 {
		t.Errorf("%d asked for alone and %d pages, want at most %d, and 1 page and then 3", alone, len(listed(f)), maxAskedAlone)
	}
}

func TestFailedPageIsNotGone(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for n := 1; n <= 45; n++ {
		f.grant(keyOf(1, n, scopes[1]))
	}
	c := f.client(t)
	whole(t, c, scopes[1])
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.URL.Query().Get("skip") != "30" {
			return false
		}
		answerJSON(w, http.StatusNotFound, `{"title":"Not Found"}`)
		return true
	})
	var group sync.WaitGroup
	for n := 1; n <= 45; n++ {
		group.Go(func() {
			_, err := c.Assignment(t.Context(), keyOf(1, n, scopes[1]))
			if err == nil || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "list role assignments at /tenant/") {
				t.Errorf("Assignment of %d = %v, want the failure of the listing", n, err)
			}
		})
	}
	group.Wait()
	f.on(nil)
	f.clock.advance(time.Minute)
	if _, err := c.Assignment(t.Context(), keyOf(1, 31, scopes[1])); err != nil {
		t.Errorf("Assignment = %v after the server recovered", err)
	}
}

// Somebody adds or removes a principal while the pages are read. Where one does both no count tells it, and the question by
// principal does.
func TestPrincipalsMoveBetweenPages(t *testing.T) {
	t.Parallel()
	for name, move := range map[string]func(*fake, access.GUID){
		"removed": func(f *fake, first access.GUID) { f.ungrant(first) },
		"added":   func(f *fake, _ access.GUID) { f.grant(keyOf(1, 0, scopes[1])) },
		"both": func(f *fake, first access.GUID) {
			f.ungrant(first)
			f.grant(keyOf(1, 99, scopes[1]))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			var first access.GUID
			for n := 45; n >= 1; n-- {
				first = f.grant(keyOf(1, n, scopes[1]))
			}
			c := f.client(t)
			whole(t, c, scopes[1])
			var once sync.Once
			f.on(func(_ http.ResponseWriter, r *http.Request, _ string) bool {
				if r.URL.Query().Get("skip") != "0" {
					once.Do(func() { move(f, first) })
				}
				return false
			})
			for n := 2; n <= 45; n++ {
				if _, err := c.Assignment(t.Context(), keyOf(1, n, scopes[1])); err != nil {
					t.Errorf("principal %d: %v: lost while rows moved", n, err)
				}
			}
		})
	}
}

// Servers differ in how large a page may be: one that refuses large ones is asked for small ones from then on.
func TestLargePagesAreRefused(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.refusesLargePages = true
	for n := range 25 {
		f.grant(keyOf(1, n, scopes[1]))
		f.grant(keyOf(1, n, scopes[2]))
	}
	c := f.client(t)
	for _, scope := range []access.Scope{scopes[1], scopes[2]} {
		if found, err := c.Assignments(t.Context(), scope, Reach{}); err != nil || len(found) != 25 {
			t.Errorf("Assignments = %d, %v", len(found), err)
		}
	}
	if got := len(f.sent("")); got != 1+3+3 {
		t.Errorf("%d requests, want a refused one and six pages: %v", got, f.sent(""))
	}
	// What is refused for another reason is refused as before.
	f.on(func(w http.ResponseWriter, _ *http.Request, _ string) bool {
		answerJSON(w, http.StatusBadRequest, `{"title":"No such scope."}`)
		return true
	})
	if _, err := c.Assignments(t.Context(), scopes[3], Reach{}); err == nil || !strings.Contains(err.Error(), "No such scope.") {
		t.Errorf("Assignments = %v", err)
	}
}

// foreigner changes what is assigned at a scope with each page that is read of it, so many times.
func (f *fake) foreigner(scope access.Scope, times int) {
	var mu sync.Mutex
	var mine access.GUID
	f.on(func(_ http.ResponseWriter, r *http.Request, _ string) bool {
		mu.Lock()
		defer mu.Unlock()
		if r.Method != http.MethodGet || r.URL.Query().Has("securityPrincipalId") || times == 0 {
			return false
		}
		times--
		if mine == "" {
			mine = f.grant(keyOf(9, 0, scope))
		} else {
			f.ungrant(mine)
			mine = ""
		}
		return false
	})
}

// Somebody else changes the same scope all the time: what the listing has is there, and what it lacks is asked for alone.
func TestForeignChangesFailNoRead(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	const many = 150
	for n := 1; n <= many; n++ {
		f.grant(keyOf(1, n, scopes[1]))
	}
	c := f.client(t)
	f.foreigner(scopes[1], -1)
	var keys []AssignmentKey
	for n := 1; n <= many; n++ {
		keys = append(keys, keyOf(1, n, scopes[1]))
	}
	together(t, keys, func(ctx context.Context, key AssignmentKey) error {
		_, err := c.Assignment(ctx, key)
		return err
	})
	missing := keyOf(2, 1, scopes[1])
	if _, err := c.Assignment(t.Context(), missing); !errors.Is(err, ErrNotFound) {
		t.Errorf("Assignment = %v, want its absence to be certain", err)
	}
	if got, pages := len(f.sent("")), many/smallPage+1; got > 2*(pages+1)+20 {
		t.Errorf("%d requests for %d pages, want two listings and few questions more", got, pages)
	}
}

// Whoever needs all that is there waits until the others are done, and says why not.
func TestListingWaitsUntilItSettles(t *testing.T) {
	t.Parallel()
	for name, times := range map[string]int{"for a while": 12, "for ever": -1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			for n := 1; n <= 30; n++ {
				f.grant(keyOf(1, n, scopes[1]))
			}
			c := f.client(t)
			f.foreigner(scopes[1], times)
			found, err := c.Assignments(t.Context(), scopes[1], Reach{})
			if times > 0 && (err != nil || len(found) != 30 || len(f.waits.all()) == 0) {
				t.Errorf("Assignments = %d, %v after waits %v", len(found), err, f.waits.all())
			}
			if times < 0 && (!errors.Is(err, ErrUnsettled) || !strings.Contains(err.Error(), "others keep changing") || len(f.waits.all()) != maxUnsettled) {
				t.Errorf("Assignments = %d, %v after waits %v", len(found), err, f.waits.all())
			}
		})
	}
}

func TestRefreshedAssignmentAsksAnew(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	key := keyOf(1, 1, scopes[1])
	if _, err := c.Assignment(t.Context(), key); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	id := f.grant(key)
	if _, err := c.Assignment(t.Context(), key); !errors.Is(err, ErrNotFound) || len(f.sent("")) != 1 {
		t.Errorf("Assignment = %v in %d requests, want the shared answer", err, len(f.sent("")))
	}
	if a, err := c.RefreshedAssignment(t.Context(), key); err != nil || a.ID != id {
		t.Errorf("RefreshedAssignment = %+v, %v", a, err)
	}
	if _, err := c.Assignment(t.Context(), key); err != nil || len(f.sent("")) != 2 {
		t.Errorf("Assignment = %v in %d requests, want what was learned", err, len(f.sent("")))
	}
}

// What was asked before a write of our own says nothing after it.
func TestLateAnswerDoesNotUndoAWrite(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	key := keyOf(1, 1, scopes[1])
	f.grant(key)
	c := f.client(t)
	a, err := c.Assignment(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	question := assignmentQuestion{scope: key.Scope}
	version := c.index.version
	if err := c.Unassign(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	c.index.enter(question, version, []Assignment{a}, false)
	if _, err := c.Assignment(t.Context(), key); !errors.Is(err, ErrNotFound) {
		t.Errorf("Assignment = %v after its removal", err)
	}
	c.index.enter(question, c.index.version, []Assignment{a}, false)
	if _, err := c.Assignment(t.Context(), key); err != nil {
		t.Errorf("Assignment = %v after it was seen", err)
	}
}

func TestAssignmentByID(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	id := f.grant(keyOf(1, 1, scopes[4]))
	above := f.grant(keyOf(1, 1, scopes[0]))
	f.grant(keyOf(1, 2, scopes[4]), func(a *assignmentAnswer) { a.Scope = "/tenant/" + tenantID + "/apps/app/1" })
	c := f.client(t)
	for range 3 {
		if a, err := c.AssignmentByID(t.Context(), id, access.Organization); err != nil || a.Key != keyOf(1, 1, scopes[4]) {
			t.Errorf("AssignmentByID = %+v, %v", a, err)
		}
	}
	if _, err := c.AssignmentByID(t.Context(), assignmentID(99), access.Organization); !errors.Is(err, ErrNotFound) {
		t.Errorf("AssignmentByID = %v, want ErrNotFound", err)
	}
	if got := f.sent(""); len(got) != 1 || !strings.Contains(got[0], "noInheritance=false") {
		t.Errorf("requests %v, want one", got)
	}
	if _, err := c.AssignmentByID(t.Context(), above, scopes[1]); !errors.Is(err, ErrNotFound) {
		t.Errorf("AssignmentByID of what stands above = %v, want ErrNotFound", err)
	}
}

func TestParseHeldPageRefuses(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, `[]`, `{}`, `{"totalCount":1,"results":[{}]}`, `{"totalCount":1,"results":[{"securityPrincipalId":"ada"}]}`,
		`{"totalCount":1,"results":[{"securityPrincipalId":"` + strangerID + `","roleAssignmentDtos":[{"id":"1","roleId":"` + strangerID + `"}]}]}`,
		`{"totalCount":1,"results":[{"securityPrincipalId":"` + strangerID + `","roleAssignmentDtos":[{"id":"` + strangerID + `"}]}]}`,
	} {
		if held, err := parseHeldPage([]byte(body)); err == nil {
			t.Errorf("%s was read as %+v", body, held)
		}
	}
}

func TestPrincipalTypesOnTheWire(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]access.PrincipalType{
		`0`: access.PrincipalUser, `1`: access.PrincipalGroup, `2`: access.PrincipalExternalApplication, `3`: access.PrincipalRobot,
		`"externalapplication"`: access.PrincipalExternalApplication, `"Machine"`: "Machine", `4`: "4", `null`: "", ``: "",
	} {
		if got := readPrincipalType(json.RawMessage(raw)); got != want {
			t.Errorf("%s is %q, want %q", raw, got, want)
		}
	}
	row := heldAnswer{PrincipalID: strangerID, Type: "DirectoryRobotUser", Assignments: []assignmentAnswer{
		{ID: strangerID, RoleID: strangerID, Scope: "/", PrincipalType: json.RawMessage(`"User"`)},
	}}
	if held, err := row.held(); err != nil || held.assignments[0].PrincipalType != access.PrincipalRobot || !held.assignments[0].Mutable {
		t.Errorf("a robot that is written as a user is %+v, %v", held, err)
	}
}

func FuzzParseHeldPage(f *testing.F) {
	f.Add(`{"totalCount":1,"results":[{"securityPrincipalId":"` + strangerID + `","type":"DirectoryUser","roleAssignmentDtos":[{"id":"` + strangerID +
		`","securityPrincipalType":0,"scope":"/","roleId":"` + strangerID + `","mutable":true,"createdOn":"2025-12-09T08:20:56.7703633+00:00"}]}]}`)
	f.Add(`{"totalCount":0,"results":null}`)
	f.Fuzz(func(t *testing.T, body string) {
		held, err := parseHeldPage([]byte(body))
		for _, row := range held.Results {
			if row.principalID == "" || err != nil {
				t.Errorf("%q was read as %+v, %v", body, row, err)
			}
			for _, a := range row.assignments {
				if err := a.Key.check(); err != nil {
					t.Errorf("%q was read as %+v: %v", body, a, err)
				}
			}
		}
	})
}
