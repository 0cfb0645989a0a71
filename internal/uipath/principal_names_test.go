package uipath

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// namesFake is a fake whose lists have equal names.
func namesFake(t *testing.T) *fake {
	t.Helper()
	f := directoryFake(t, 0)
	user := func(n int, userName, email, display string) string {
		return fmt.Sprintf(`{"id":%q,"userName":%q,"email":%q,"displayName":%q,"type":0,"category":0}`, principalID(n), userName, email, display)
	}
	users := []string{
		user(1, "grace", "Grace.Hopper@acme.test", "Grace Hopper"), user(2, "sam1", "sam.one@acme.test", "Sam"), user(3, "sam2", "sam.two@acme.test", "Sam"),
		user(4, "nameless", "", ""), user(5, "old@acme.test", "new@acme.test", "Old"), user(6, "other", "old@acme.test", "Other"),
	}
	f.directory["identity_/api/user/users/"+orgID] = fmt.Sprintf(`{"totalCount":%d,"results":[%s]}`, len(users), strings.Join(users, ","))
	f.directory["identity_/api/group/"+orgID] = `[{"id":"` + principalID(500).String() + `","name":"Sam"},{"id":"` + principalID(501).String() + `","name":"Robots"}]`
	f.directory["identity_/api/robotaccount/"+orgID] = `{"totalCount":1,"results":[{"id":"` + principalID(600).String() + `","name":"invoice-robot","displayName":"Invoice Robot"}]}`
	f.directory["identity_/api/externalclient/"+orgID] = `[{"id":"` + principalID(700).String() + `","name":"ci"},{"id":"` + principalID(701).String() + `","name":"ci"}]`
	return f
}

func TestPrincipalNamed(t *testing.T) {
	t.Parallel()
	f := namesFake(t)
	c := f.client(t)
	for _, test := range []struct {
		name string
		kind access.PrincipalType
		want int
	}{
		{"grace.hopper@ACME.test", access.PrincipalUser, 1}, {"GRACE", "", 1}, {"Grace Hopper", "", 1}, {"nameless", "", 4},
		{"Sam", access.PrincipalGroup, 500}, {"invoice-robot", "", 600}, {"Robots", access.PrincipalGroup, 501}, {"sam.two@acme.test", "", 3},
		// What is shown of one is the user name of another.
		{"old@acme.test", access.PrincipalUser, 6}, {"new@acme.test", "", 5},
	} {
		if got, err := c.PrincipalNamed(t.Context(), test.name, test.kind); err != nil || got.ID != principalID(test.want) || got.Outside {
			t.Errorf("PrincipalNamed(%q, %q) = %+v, %v, want %s", test.name, test.kind, got, err, principalID(test.want))
		}
	}
	if got := f.sent(""); len(got) != 4 {
		t.Errorf("requests %v, want each list once", got)
	}
	// What a plan shows can be written.
	for _, kind := range access.PrincipalTypes() {
		list, err := c.Principals(t.Context(), kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range list {
			if got, err := c.PrincipalNamed(t.Context(), p.UniqueName, kind); p.UniqueName != "ci" && (err != nil || got != p) {
				t.Errorf("PrincipalNamed(%q, %q) = %+v, %v, want %+v", p.UniqueName, kind, got, err, p)
			}
		}
	}
}

func TestAmbiguousPrincipals(t *testing.T) {
	t.Parallel()
	c := namesFake(t).client(t)
	for _, test := range []struct {
		name string
		kind access.PrincipalType
		want string
	}{
		{"Sam", "", `more than one principal named "Sam": user sam.one@acme.test (` + principalID(2).String() + `), user sam.two@acme.test (` +
			principalID(3).String() + `), group Sam (` + principalID(500).String() + `)`},
		{"Sam", access.PrincipalUser, `more than one user named "Sam"`},
		{"ci", access.PrincipalExternalApplication, `external application ci (` + principalID(700).String() + `)`},
	} {
		_, err := c.PrincipalNamed(t.Context(), test.name, test.kind)
		if _, ok := errors.AsType[*AmbiguousError](err); !ok || !strings.Contains(err.Error(), test.want) {
			t.Errorf("PrincipalNamed(%q, %q) = %v, want %s", test.name, test.kind, err, test.want)
		}
	}
}

func TestPrincipalsThatAreNotThere(t *testing.T) {
	t.Parallel()
	c := namesFake(t).client(t)
	for _, test := range []struct {
		name string
		kind access.PrincipalType
		want string
	}{
		{"grace hopper", "", `There is no principal "grace hopper". Did you mean "Grace Hopper"?`},
		{"robots", access.PrincipalGroup, `There is no group "robots". Did you mean "Robots"?`},
		{"Invoice Robot", access.PrincipalRobot, `There is no robot account "Invoice Robot".`},
		{"invoice-robot", access.PrincipalGroup, `There is no group "invoice-robot". It is the name of the robot account invoice-robot.`},
		{"", "", `There is no principal "".`},
	} {
		_, err := c.PrincipalNamed(t.Context(), test.name, test.kind)
		missing, ok := errors.AsType[*NotFoundError](err)
		if !ok || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), test.want) || len(missing.Candidates) == 0 {
			t.Errorf("PrincipalNamed(%q, %q) = %v, want %s", test.name, test.kind, err, test.want)
		}
	}
	if _, err := c.PrincipalNamed(t.Context(), "grace", "user"); err == nil || !strings.Contains(err.Error(), `"user"`) {
		t.Errorf("PrincipalNamed of no type = %v", err)
	}
}

// An account that only an external directory has is in no list.
func TestPrincipalOutside(t *testing.T) {
	t.Parallel()
	f := namesFake(t)
	c := f.client(t)
	radia := person("r", principalID(900))
	radia.Source = "aad"
	directory := &closedDirectory{all: []entity{radia}}
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		return strings.Contains(r.URL.Path, "/Directory/") && directory.answer(w, r, body)
	})
	for range 2 {
		got, err := c.PrincipalNamed(t.Context(), "pr@acme.test", "")
		if err != nil || got.ID != principalID(900) || !got.Outside || got.Source != access.SourceDirectory {
			t.Errorf("PrincipalNamed = %+v, %v", got, err)
		}
	}
	// It is not known by its id for that: the list lacks it.
	if _, err := c.Principal(t.Context(), principalID(900), access.PrincipalUser); !errors.Is(err, ErrNotFound) {
		t.Errorf("Principal = %v, want ErrNotFound", err)
	}
}

func closedFake(t *testing.T, all ...entity) (*fake, *closedDirectory) {
	t.Helper()
	f := newFake(t)
	directory := &closedDirectory{all: all}
	var mu sync.Mutex
	f.on(func(w http.ResponseWriter, r *http.Request, body string) bool {
		mu.Lock()
		defer mu.Unlock()
		return directory.answer(w, r, body)
	})
	return f, directory
}

func TestPrincipalNamedWithoutLists(t *testing.T) {
	t.Parallel()
	entra := person("9", principalID(9))
	entra.Identifier = "aad|" + entra.Identifier
	f, _ := closedFake(t, person("1", principalID(1)), thing(access.PrincipalGroup, "Robots", principalID(500)),
		thing(access.PrincipalRobot, "invoice", principalID(600)), thing(access.PrincipalRobot, "invoice-robot", principalID(601)),
		thing(access.PrincipalExternalApplication, "ci", principalID(700)), thing(access.PrincipalGroup, "ci", principalID(501)), entra)
	c := f.client(t)
	for _, test := range []struct {
		name string
		kind access.PrincipalType
		want int
	}{
		{"p1@acme.test", access.PrincipalUser, 1}, {"p1", access.PrincipalUser, 1}, {"P1@acme.test", access.PrincipalUser, 1}, {"p1@ACME.test", "", 1},
		{"Robots", access.PrincipalGroup, 500}, {"Robots", "", 500}, {"invoice", access.PrincipalRobot, 600}, {"invoice-robot", "", 601},
		{"ci", access.PrincipalExternalApplication, 700},
	} {
		got, err := c.PrincipalNamed(t.Context(), test.name, test.kind)
		if err != nil || got.ID != principalID(test.want) || got.Outside || !got.Active {
			t.Errorf("PrincipalNamed(%q, %q) = %+v, %v, want %s", test.name, test.kind, got, err, principalID(test.want))
		}
	}
	before := len(f.sent(""))
	for id, kind := range map[int]access.PrincipalType{
		1: access.PrincipalUser, 500: access.PrincipalGroup, 601: access.PrincipalRobot, 700: access.PrincipalExternalApplication,
	} {
		if got, err := c.Principal(t.Context(), principalID(id), kind); err != nil || got.Type != kind {
			t.Errorf("Principal = %+v, %v", got, err)
		}
	}
	if after := len(f.sent("")); after != before {
		t.Errorf("%d requests for principals that are known", after-before)
	}
	for _, test := range []struct {
		name string
		kind access.PrincipalType
		want string
	}{
		{"Person 1", access.PrincipalUser, `There is no user "Person 1". It is a display name. These credentials may not list users, so write the e-mail, such as "p1@acme.test".`},
		{"robots", access.PrincipalGroup, `Did you mean "Robots"?`}, {"invoice", access.PrincipalGroup, "It is the name of the robot account invoice."},
		{"inv", "", `There are: "invoice", "invoice-robot".`}, {"p9", access.PrincipalUser, `There is no user "p9".`}, {"", "", `There is no principal "".`},
	} {
		_, err := c.PrincipalNamed(t.Context(), test.name, test.kind)
		if _, ok := errors.AsType[*NotFoundError](err); !ok || !strings.Contains(err.Error(), test.want) {
			t.Errorf("PrincipalNamed(%q, %q) = %v, want %s", test.name, test.kind, err, test.want)
		}
	}
	_, err := c.PrincipalNamed(t.Context(), "ci", "")
	if several, ok := errors.AsType[*AmbiguousError](err); !ok || len(several.Matches) != 2 {
		t.Errorf("PrincipalNamed = %v, want both", err)
	}
}

func TestPrincipalByIDWithoutLists(t *testing.T) {
	t.Parallel()
	f, directory := closedFake(t, person("1", principalID(1)), thing(access.PrincipalGroup, "Robots", principalID(500)),
		thing(access.PrincipalRobot, "invoice", principalID(600)))
	c := f.client(t)
	for range 2 {
		if got, err := c.Principal(t.Context(), principalID(1), access.PrincipalUser); err != nil || got.UniqueName != "p1@acme.test" {
			t.Errorf("Principal = %+v, %v", got, err)
		}
		if got, err := c.Principal(t.Context(), principalID(500), access.PrincipalGroup); err != nil || got.Name != "Robots" {
			t.Errorf("Principal = %+v, %v", got, err)
		}
		if _, err := c.Principal(t.Context(), principalID(2), access.PrincipalUser); !errors.Is(err, ErrNotFound) {
			t.Errorf("Principal = %v, want ErrNotFound", err)
		}
		// Robot accounts cannot be resolved.
		if _, err := c.Principal(t.Context(), principalID(600), access.PrincipalRobot); !errors.Is(err, ErrForbidden) {
			t.Errorf("Principal = %v, want ErrForbidden", err)
		}
	}
	if got := len(f.sent("POST")); got != 3 {
		t.Errorf("%d requests to resolve, want each id once", got)
	}

	directory.refuses = true
	c = f.client(t)
	for n := range 5 {
		if _, err := c.Principal(t.Context(), principalID(n), access.PrincipalUser); !errors.Is(err, ErrForbidden) || !strings.Contains(err.Error(), "read user") &&
			!strings.Contains(err.Error(), "list users") {
			t.Errorf("Principal = %v, want the refusal of the list", err)
		}
		for _, kind := range []access.PrincipalType{"", access.PrincipalUser, access.PrincipalRobot} {
			if _, err := c.PrincipalNamed(t.Context(), fmt.Sprint(n), kind); !errors.Is(err, ErrForbidden) || errors.Is(err, ErrNotFound) {
				t.Errorf("PrincipalNamed = %v, want ErrForbidden", err)
			}
		}
	}
	if got := f.sent("POST"); len(got) != 2 {
		t.Errorf("requests %v, want each endpoint once", got)
	}
}

// One name that the server cannot take fails alone.
func TestOneBadNameAmongMany(t *testing.T) {
	t.Parallel()
	var people []entity
	for n := range 40 {
		people = append(people, person(fmt.Sprint(n), principalID(n)))
	}
	f, directory := closedFake(t, people...)
	directory.bad = "p7"
	synctest.Test(t, func(t *testing.T) {
		c := f.slow(t)
		var group sync.WaitGroup
		for n := range people {
			group.Go(func() {
				got, err := c.PrincipalNamed(t.Context(), fmt.Sprintf("p%d", n), access.PrincipalUser)
				if n == 7 {
					if refused, ok := errors.AsType[*Error](err); !ok || refused.Status != http.StatusBadRequest {
						t.Errorf("the bad one is %+v, %v", got, err)
					}
				} else if err != nil || got.ID != principalID(n) {
					t.Errorf("PrincipalNamed = %+v, %v", got, err)
				}
			})
		}
		group.Wait()
	})
	if directory.largest != maxNames {
		t.Errorf("the largest request had %d names, want %d", directory.largest, maxNames)
	}
}

// countNames asks for a thousand names or ids of five hundred principals, ten at a time, and returns how many requests that took.
func countNames(t *testing.T, f *fake, ask func(context.Context, *Client, int) error) int {
	t.Helper()
	var got int
	synctest.Test(t, func(t *testing.T) {
		c := f.slow(t)
		var indexes []AssignmentKey
		for n := range manyAssignments {
			indexes = append(indexes, keyOf(n%manyPrincipals, 1, access.Organization))
		}
		number := map[access.GUID]int{}
		for n := range manyPrincipals {
			number[roleID(n)] = n
		}
		together(t, indexes, func(ctx context.Context, key AssignmentKey) error { return ask(ctx, c, number[key.RoleID]) })
		got = len(f.sent(""))
	})
	return got
}

func TestRequestsForManyNames(t *testing.T) {
	t.Parallel()
	f := directoryFake(t, manyPrincipals)
	byName := countNames(t, f, func(ctx context.Context, c *Client, n int) error {
		p, err := c.PrincipalNamed(ctx, fmt.Sprintf("u%d@acme.test", n), "")
		if err == nil && p.ID != principalID(n) {
			err = fmt.Errorf("it is %s", p.ID)
		}
		return err
	})
	byID := countNames(t, f, func(ctx context.Context, c *Client, n int) error {
		_, err := c.Principal(ctx, principalID(n), access.PrincipalUser)
		return err
	})
	t.Logf("%d requests by name, %d by id", byName, byID)
	if byName > byID+10 {
		t.Errorf("%d requests by name and %d by id, want at most 10 more", byName, byID)
	}
}

func TestRequestsForManyNamesWithoutLists(t *testing.T) {
	t.Parallel()
	mixed := []access.PrincipalType{
		access.PrincipalUser, access.PrincipalUser, access.PrincipalUser, access.PrincipalGroup, access.PrincipalExternalApplication,
	}
	for name, kinds := range map[string][]access.PrincipalType{"users": {access.PrincipalUser}, "mixed": mixed} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kindOf := func(n int) access.PrincipalType { return kinds[n*7%len(kinds)] }
			var all []entity
			for n := range manyPrincipals {
				if kindOf(n) == access.PrincipalUser {
					all = append(all, person(fmt.Sprint(n), principalID(n)))
				} else {
					all = append(all, thing(kindOf(n), fmt.Sprintf("p%d", n), principalID(n)))
				}
			}
			f, _ := closedFake(t, all...)
			byID := countNames(t, f, func(ctx context.Context, c *Client, n int) error {
				_, err := c.Principal(ctx, principalID(n), kindOf(n))
				return err
			})
			byName := countNames(t, f, func(ctx context.Context, c *Client, n int) error {
				p, err := c.PrincipalNamed(ctx, fmt.Sprintf("p%d", n), kindOf(n))
				if err == nil && p.ID != principalID(n) {
					err = fmt.Errorf("it is %s", p.ID)
				}
				return err
			})
			t.Logf("%d requests by name, %d by id", byName, byID)
			if byName > byID+60 || byID > 70 || name == "users" && byName > 60 {
				t.Errorf("%d requests by name and %d by id", byName, byID)
			}
		})
	}
}

// TestRequestsForManyAddressesWithoutLists names users by their e-mail addresses and nothing else: nobody says that they are users.
func TestRequestsForManyAddressesWithoutLists(t *testing.T) {
	t.Parallel()
	var all []entity
	for n := range manyPrincipals {
		all = append(all, person(fmt.Sprint(n), principalID(n)))
	}
	f, _ := closedFake(t, all...)
	got := countNames(t, f, func(ctx context.Context, c *Client, n int) error {
		p, err := c.PrincipalNamed(ctx, fmt.Sprintf("p%d@acme.test", n), "")
		if err == nil && p.ID != principalID(n) {
			err = fmt.Errorf("it is %s", p.ID)
		}
		return err
	})
	if got > 60 {
		t.Errorf("%d requests", got)
	}
}
