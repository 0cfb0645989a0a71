package uipath

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// directoryFake is a fake with some people, groups, robots and applications.
func directoryFake(t *testing.T, users int) *fake {
	t.Helper()
	f := newFake(t)
	list := make([]string, users)
	f.directory = map[string]string{}
	for n := range users {
		list[n] = fmt.Sprintf(`{"id":%q,"userName":"u%d","email":"u%[2]d@acme.test","displayName":"User %03[2]d","isActive":true,"type":0,"category":0,
			"invitationAccepted":true}`, strings.ToUpper(principalID(n).String()), n)
		f.directory["identity_/api/user/"+principalID(n).String()] = list[n]
	}
	f.directory["identity_/api/user/users/"+orgID] = fmt.Sprintf(`{"totalCount":%d,"results":[%s]}`, users, strings.Join(list, ","))
	f.directory["identity_/api/group/"+orgID] = `[{"id":"` + principalID(500).String() + `","name":"Administrators","displayName":"","type":0,"members":[]}]`
	f.directory["identity_/api/robotaccount/"+orgID] = `{"totalCount":1,"results":[{"id":"` + principalID(600).String() + `","name":"robot","displayName":"Robot"}]}`
	f.directory["identity_/api/externalclient/"+orgID] = `[{"id":"` + principalID(700).String() + `","name":"terraform","isConfidential":true,"resources":[]}]`
	f.directory["identity_/api/directory/scopes/"+orgID] = `[{"source":"local","external":false}]`
	return f
}

func TestPrincipals(t *testing.T) {
	t.Parallel()
	f := directoryFake(t, 2)
	c := f.client(t)
	var got []Principal
	for _, kind := range access.PrincipalTypes() {
		list, err := c.Principals(t.Context(), kind)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, list...)
	}
	want := []Principal{
		{principalID(0), access.PrincipalUser, "User 000", "u0@acme.test", "u0", "u0@acme.test", access.SourceLocal, true, true, false},
		{principalID(1), access.PrincipalUser, "User 001", "u1@acme.test", "u1", "u1@acme.test", access.SourceLocal, true, true, false},
		{principalID(500), access.PrincipalGroup, "Administrators", "Administrators", "", "", access.SourceLocal, true, true, false},
		{principalID(600), access.PrincipalRobot, "Robot", "robot", "", "", access.SourceLocal, true, true, false},
		{principalID(700), access.PrincipalExternalApplication, "terraform", "terraform", "", "", access.SourceLocal, true, true, false},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("principals (-want +got):\n%s", diff)
	}
	base := "GET /" + orgID + "/identity_/api/"
	requests := []string{
		base + "User/users/" + orgID + "?skip=0&top=1000", base + "Group/" + orgID, base + "RobotAccount/" + orgID + "?skip=0&top=1000",
		base + "ExternalClient/" + orgID,
	}
	if diff := cmp.Diff(requests, f.sent("")); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	// What was listed is not asked for again.
	for _, p := range want {
		if found, err := c.Principal(t.Context(), p.ID, p.Type); err != nil || found != p {
			t.Errorf("Principal = %+v, %v, want %+v", found, err, p)
		}
	}
	if got := len(f.sent("")); got != len(requests) {
		t.Errorf("%d requests, want the lists alone", got)
	}
}

func TestFewPrincipalsAreAskedForByID(t *testing.T) {
	t.Parallel()
	f := directoryFake(t, 100)
	c := f.client(t)
	for n := range askedAlone {
		if p, err := c.Principal(t.Context(), principalID(n), access.PrincipalUser); err != nil || p.Name != fmt.Sprintf("User %03d", n) {
			t.Errorf("Principal = %+v, %v", p, err)
		}
	}
	if got := len(f.sent("GET /" + orgID + "/identity_/api/User/users/")); got != 0 {
		t.Errorf("users were listed for %d of them", askedAlone)
	}
	var group sync.WaitGroup
	for n := range 100 {
		group.Go(func() {
			if p, err := c.Principal(t.Context(), principalID(n), access.PrincipalUser); err != nil || p.ID != principalID(n) {
				t.Errorf("Principal = %+v, %v", p, err)
			}
		})
	}
	group.Wait()
	if got := len(f.sent("")); got != askedAlone+1 {
		t.Errorf("%d requests for a hundred names, want those asked for by id and one list", got)
	}
}

// A directory user may be in no list; whether they are found must not depend on how many were asked for before.
func TestUnlistedPrincipalIsAskedForByID(t *testing.T) {
	t.Parallel()
	f := directoryFake(t, 10)
	for n := 20; n < 40; n++ {
		f.directory["identity_/api/user/"+principalID(n).String()] = fmt.Sprintf(`{"id":%q,"userName":"ad%d","type":2,"category":2,"isActive":true}`, principalID(n), n)
	}
	c := f.client(t)
	for n := range 4 {
		if _, err := c.Principal(t.Context(), principalID(n), access.PrincipalUser); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		for n := 20; n < 40; n++ {
			p, err := c.Principal(t.Context(), principalID(n), access.PrincipalUser)
			if err != nil || p.Name != fmt.Sprintf("ad%d", n) || p.Source != access.SourceDirectory {
				t.Errorf("Principal = %+v, %v", p, err)
			}
		}
		if _, err := c.Principal(t.Context(), principalID(99), access.PrincipalUser); !errors.Is(err, ErrNotFound) {
			t.Errorf("Principal = %v, want ErrNotFound", err)
		}
	}
	if got := len(f.sent("")); got != askedAlone+1+20+1 {
		t.Errorf("%d requests, want each asked for once", got)
	}
}

func TestNamesAreNeverBlank(t *testing.T) {
	t.Parallel()
	id := principalID(1)
	for name, test := range map[string]struct {
		answer, want, unique string
	}{
		"display name": {`{"displayName":" Grace\nHopper ","email":"g@x","userName":"g"}`, "Grace Hopper", "g@x"},
		"e-mail":       {`{"displayName":"  ","email":"g@x","name":"Grace"}`, "g@x", "g@x"},
		"directory":    {`{"displayName":null,"email":null,"name":"Grace","surname":"Hopper","userName":"g"}`, "Grace Hopper", "g"},
		"first name":   {`{"name":"Grace","userName":"g"}`, "Grace", "g"},
		"user name":    {`{"name":"","surname":"","userName":"g"}`, "g", "g"},
		"only shown":   {`{"displayName":"Grace Hopper","email":" ","userName":""}`, "Grace Hopper", "Grace Hopper"},
		"nothing":      {`{}`, id.String(), id.String()},
	} {
		var answer principalAnswer
		if err := json.Unmarshal([]byte(test.answer), &answer); err != nil {
			t.Fatal(err)
		}
		answer.ID = id.String()
		if p, ok := answer.principal(access.PrincipalUser); !ok || p.Name != test.want || p.UniqueName != test.unique {
			t.Errorf("%s: the names are %q and %q, want %q and %q", name, p.Name, p.UniqueName, test.want, test.unique)
		}
	}
}

func TestAccountCodes(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"type":0,"category":0}`:                            "local true true",
		`{"type":"user","category":"linkedLocal"}`:           "linkedLocal true true",
		`{"type":2,"category":2,"invitationAccepted":false}`: "directory true false",
		`{"type":"DirectoryUser","isActive":false}`:          "directory false true",
		`{"type":99,"category":99}`:                          "local true true",
		`{}`:                                                 "local true true",
	} {
		a := principalAnswer{ID: strangerID}
		if err := json.Unmarshal([]byte(answer), &a); err != nil {
			t.Fatal(err)
		}
		p, ok := a.principal(access.PrincipalUser)
		if got := fmt.Sprintf("%s %t %t", p.Source, p.Active, p.InvitationAccepted); !ok || got != want {
			t.Errorf("%s is %s, %t, want %s", answer, got, ok, want)
		}
	}
	for _, answer := range []string{`{"type":1}`, `{"type":3}`, `{"type":4}`, `{"type":"application"}`} {
		a := principalAnswer{ID: strangerID}
		if err := json.Unmarshal([]byte(answer), &a); err != nil {
			t.Fatal(err)
		}
		if p, ok := a.principal(access.PrincipalUser); ok {
			t.Errorf("%s is taken for the user %+v", answer, p)
		}
	}
}

func TestUnreadableDirectory(t *testing.T) {
	t.Parallel()
	f := directoryFake(t, 10)
	c := f.client(t)
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if strings.Contains(r.URL.Path, "/identity_/api/") {
			answerJSON(w, http.StatusForbidden, `{"errorMessage":"Scope(s) 'OR.Users' is(are) invalid. Expect to have 'PM.User' or 'PM.User.Read'. "}`)
			return true
		}
		return false
	})
	for n := range 6 {
		_, err := c.Principal(t.Context(), principalID(n), access.PrincipalUser)
		if !errors.Is(err, ErrForbidden) || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "PM.User.Read") {
			t.Errorf("Principal = %v, want the missing right", err)
		}
	}
	if _, err := c.Principals(t.Context(), access.PrincipalGroup); !errors.Is(err, ErrForbidden) {
		t.Errorf("Principals = %v", err)
	}
	if _, err := c.DirectoryLinked(t.Context()); !errors.Is(err, ErrForbidden) {
		t.Errorf("DirectoryLinked = %v", err)
	}
}

func TestPrincipalRefusesNonsense(t *testing.T) {
	t.Parallel()
	f := directoryFake(t, 1)
	c := f.client(t)
	if _, err := c.Principal(t.Context(), "ada", access.PrincipalUser); err == nil || !strings.Contains(err.Error(), `user id "ada"`) {
		t.Errorf("Principal = %v", err)
	}
	for _, kind := range []access.PrincipalType{"Machine", "user"} {
		if _, err := c.Principal(t.Context(), principalID(1), kind); err == nil || !strings.Contains(err.Error(), string(kind)) {
			t.Errorf("Principal of type %q = %v", kind, err)
		}
		if _, err := c.Principals(t.Context(), kind); err == nil || !strings.Contains(err.Error(), string(kind)) {
			t.Errorf("Principals of type %q = %v", kind, err)
		}
	}
	for _, body := range []string{``, `{}`, `"x"`, `[{}]`, `[1]`, `{"totalCount":1,"results":[{"name":"x"}]}`} {
		if list, err := parsePrincipalPage([]byte(body)); err == nil {
			t.Errorf("%s was read as %+v", body, list)
		}
	}
	if len(f.sent("")) != 0 {
		t.Errorf("requests %v for nonsense", f.sent(""))
	}
}

func TestDirectoryLinked(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{
		`[]`: false, `[{"source":"local"}]`: false, `[{"source":"Local","external":false},{"source":"directory","external":true}]`: true,
		`[{"source":"local"},{"source":"aad"}]`: true,
		// What the platform lists are domains, which say nothing of another directory (contract 7.1-12, 7.1-13).
		`[{"name":"autogen","isDefault":true}]`: false, `[{"name":"corp.example","isDefault":false},{"source":"local","external":false}]`: false,
		`[{"name":"corp.example","isDefault":false},{"source":"directory","external":true}]`: true, `[{}]`: false,
	} {
		f := directoryFake(t, 1)
		f.directory["identity_/api/directory/scopes/"+orgID] = answer
		c := f.client(t)
		for range 2 {
			if got, err := c.DirectoryLinked(t.Context()); err != nil || got != want {
				t.Errorf("%s: DirectoryLinked = %t, %v", answer, got, err)
			}
		}
		if got := len(f.sent("")); got != 1 {
			t.Errorf("asked %d times", got)
		}
	}
}
