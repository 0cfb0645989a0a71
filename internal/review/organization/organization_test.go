package organization

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/review"
)

const processDiscovery = "3b000000-0000-4000-8000-000000000005"

// environ looks up in a table.
func environ(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestOrganization(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	const application = "3c000000-0000-4000-8000-000000000001"
	asked, err := Connect(t.Context(), environ(map[string]string{
		"UIPATH_URI": b.URL, "UIPATH_ORGANIZATION": "acme", "UIPATH_CLIENT_ID": application,
		"UIPATH_CLIENT_SECRET": "reference-backend-terraform-secret", "UIPATH_SANDBOX": b.URL + "/",
	}), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := asked.Callers(); !slices.Equal(got, []string{application}) {
		t.Errorf("the callers are %v", got)
	}
	held, err := asked.Held(t.Context())
	administrators := func(h review.Holding) bool {
		return h.Principal.Text == "Administrators" && h.PrincipalType == "Group" && h.Role.Text == "Organization Administrator" && h.Scope.Text == "/"
	}
	if err != nil || !slices.ContainsFunc(held, administrators) {
		t.Errorf("got %+v, %v", held, err)
	}
	members, err := asked.Members(t.Context(), processDiscovery)
	if err != nil || len(members) != 3 || slices.ContainsFunc(members, func(m review.Member) bool { return !m.Person }) {
		t.Errorf("got %+v, %v", members, err)
	}
	for user, want := range map[string]bool{"3a000000-0000-4000-8000-000000000007": true, "3a000000-0000-4000-8000-000000000001": false} {
		if got, err := asked.Invited(t.Context(), user); err != nil || got != want {
			t.Errorf("%s: got %v, %v", user, got, err)
		}
	}
	if _, err := asked.Members(t.Context(), "3b000000-0000-4000-8000-0000000000ff"); !asked.Refused(err) {
		t.Errorf("a group that is gone gives %v", err)
	}
	for _, ask := range []func(string) error{
		func(id string) error { _, err := asked.Members(t.Context(), id); return err },
		func(id string) error { _, err := asked.Invited(t.Context(), id); return err },
	} {
		if err := ask("../x"); err == nil || asked.Refused(err) {
			t.Errorf("what is no id gives %v", err)
		}
	}
}

// Who may not list everything is refused, which is no failure.
func TestRefused(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	asked, err := Connect(t.Context(), environ(map[string]string{
		"UIPATH_URI": b.URL, "UIPATH_ORGANIZATION": "acme", "UIPATH_PAT": "reference-backend-token-of-grace",
	}), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := asked.Held(t.Context()); !asked.Refused(err) {
		t.Errorf("got %v", err)
	}
}

func TestConnectRefuses(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	for name, test := range map[string]struct {
		variables map[string]string
		dataFile  string
		want      string
	}{
		"two ways to sign in": {map[string]string{"UIPATH_PAT": "a", "UIPATH_CLIENT_SECRET": "b"}, "", "two ways to sign in"},
		"another server":      {map[string]string{"UIPATH_SANDBOX": "http://localhost:1", "UIPATH_URI": "http://localhost:2"}, "", "UIPATH_SANDBOX allows"},
		"the default server":  {map[string]string{"UIPATH_SANDBOX": "http://localhost:1"}, "", "UIPATH_SANDBOX allows"},
		"no data file":        {nil, filepath.Join(t.TempDir(), "none.db"), "reference backend: stat"},
		"nothing":             {nil, "", "set UIPATH_CLIENT_ID and UIPATH_CLIENT_SECRET, or UIPATH_PAT"},
		"no client id":        {map[string]string{"UIPATH_CLIENT_SECRET": "a"}, "", "set UIPATH_CLIENT_ID"},
		"no secret":           {map[string]string{"UIPATH_CLIENT_ID": "a"}, "", "set UIPATH_CLIENT_SECRET"},
		"no token":            {map[string]string{"UIPATH_PAT": "a b"}, "", "the token in UIPATH_PAT"},
		"plain http":          {map[string]string{"UIPATH_PAT": "a", "UIPATH_URI": "http://uipath.example"}, "", "UIPATH_URI is no address"},
		"wrong token":         {map[string]string{"UIPATH_PAT": "a", "UIPATH_URI": b.URL, "UIPATH_ORGANIZATION": "acme"}, "", "the token in UIPATH_PAT"},
		"wrong secret": {
			map[string]string{"UIPATH_CLIENT_ID": "a", "UIPATH_CLIENT_SECRET": "b", "UIPATH_URI": b.URL, "UIPATH_ORGANIZATION": "acme"}, "",
			"does not take UIPATH_CLIENT_ID",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Connect(t.Context(), environ(test.variables), test.dataFile); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestScopeName(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	o := &organization{client: b.Client(t)}
	const tenant = "/tenant/1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	for path, want := range map[string]string{
		"/": "/", "/automationops": "/ AutomationOps", tenant: "Production", tenant + "/taskmining": "Production / Task Mining",
		tenant + "/taskmining/project/4b000000-0000-4000-8000-000000000003": "Production / Task Mining / 4b000000-0000-4000-8000-000000000003",
		"/tenant/1e6a0c52-3f4b-4d8e-9a71-000000000000":                      "1e6a0c52-3f4b-4d8e-9a71-000000000000",
	} {
		scope, err := access.ParseScope(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := o.scopeName(t.Context(), scope); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}
