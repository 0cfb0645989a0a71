package backend_test

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// shown returns the text of a page, without marks and with single blanks.
func (b *bench) shown(t *testing.T, path string) string {
	t.Helper()
	r := b.get(t, path, "")
	if r.status != http.StatusOK || r.header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%s: got %d %s: %s", path, r.status, r.header.Get("Content-Type"), r.text)
	}
	var text strings.Builder
	for part := range strings.SplitSeq(r.text, "<") {
		_, plain, _ := strings.Cut(part, ">")
		text.WriteString(" " + plain)
	}
	return strings.Join(strings.Fields(html.UnescapeString(text.String())), " ")
}

func TestThePageShowsWhatThereIs(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	b.assign(t, b.as(t, ""), change{}.adding(invoiceOps, ada, "User", atProduction+"/taskmining")).done(t)
	edsger := b.principal(t, "edsger.dijkstra@acme.example")
	for path, parts := range map[string][]string{
		"/": {"Manage access Organization acme", "Administrators Group Organization Administrator platform role immutable here the platform"},
		"/?below=1&q=invoice+operations": {
			"Invoice Processing Group Invoice Operations custom Tenant Production Grace Hopper 2026-02-03 09:17:55",
			"Ada Lovelace ada.lovelace@acme.example User Invoice Operations custom without effect Service Task Mining Ada Lovelace 2026-05-04 10:00:00",
		},
		"/?scope=" + atProduction + "/taskmining": {
			"Grace Hopper grace.hopper@acme.example User Tenant Administrator platform role immutable here inherited from Tenant Production",
			"Invoice Operations custom without effect here",
		},
		"/?scope=" + atProduction + "&tab=roles": {"Tenant Administrator Manages access", "Invoice Operations", "Custom Multi-service the tenant Production 4 View"},
		"/_page/role?id=" + invoiceOps:           {"Invoice Operations role", "the tenant Production", "Grace Hopper", "Orchestrator 2", "ORCHESTRATOR.MACHINES.VIEW View machines"},
		"/_page/accounts":                        {"Radia Perlman only in the external directory", "Dennis Ritchie not active", "Finance Robots Group", "Barbara Liskov User barbara.liskov@acme.example external directory"},
		"/_page/accounts?q=ADA.":                 {"Ada Lovelace", "1 to 1 of 1"},
		"/_page/accounts?type=Robot":             {"Invoice Robot Robot account", "1 to 3 of 3"},
		"/_page/account?id=" + edsger:            {"Edsger Dijkstra User", "Invoice Processing", "Roles of its own Nothing found"},
		"/_page/check?q=edsger":                  {"Edsger Dijkstra User, edsger.dijkstra@acme.example"},
		"/_page/check?id=" + edsger:              {"Invoice Operations Multi-service at Tenant Production , through the group Invoice Processing", "ORCHESTRATOR.ROBOTS.VIEW"},
		"/_page/check?id=" + ada:                 {"Grants everything in the organization", "at Organization acme , through the group Administrators"},
		"/_page/journal?changed=1":               {"Ada Lovelace PatchAssignments PATCH /acme/pap_/api/userroleassignments 204", "Invoice Operations assigned to Ada Lovelace at /tenant/Production/taskmining"},
	} {
		text := b.shown(t, path)
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s lacks %q:\n%s", path, part, text)
			}
		}
	}
	// Nothing that is not effective, and nothing that was not asked for.
	for path, part := range map[string]string{
		"/_page/check?id=" + ada: "Invoice Operations", "/": "Tenant Production Grace", "/_page/accounts?q=ada.": "Grace Hopper",
		"/?scope=" + atProduction + "&tab=roles": "Organization Administrator", "/_page/journal?caller=nobody": "PatchAssignments",
	} {
		if text := b.shown(t, path); strings.Contains(text, part) {
			t.Errorf("%s has %q:\n%s", path, part, text)
		}
	}
}

const atProduction = "/tenant/" + production

// principal returns the id of a user.
func (b *bench) principal(t *testing.T, name string) string {
	t.Helper()
	found := decode[[]struct{ Identifier string }](t, b.get(t, "/acme/identity_/api/Directory/Search/"+orgID+"?startsWith="+name+"&sourceFilter=localUsers&sourceFilter=directoryUsers", b.as(t, "")))
	if len(found) != 1 {
		t.Fatalf("%s: %v", name, found)
	}
	_, id, found1 := strings.Cut(found[0].Identifier, "|")
	if !found1 {
		id = found[0].Identifier
	}
	return id
}

// Names come from whoever may create a role or an account.
func TestThePageEscapesNames(t *testing.T) {
	t.Parallel()
	const name = `"><script>alert(1)</script>`
	b := open(t, backend.Options{})
	id := b.put(t, b.as(t, ""), validRole().with("roleName", name).with("roleDescription", name)).created(t)
	b.assign(t, b.as(t, ""), change{}.adding(id, ada, "User", atProduction)).done(t)
	for _, path := range []string{
		"/?below=1", "/?scope=" + atProduction + "&tab=roles", "/_page/role?id=" + id, "/_page/check?id=" + ada, "/_page/journal",
		"/?q=" + name, "/_page/accounts?q=" + name, "/_page/check?q=" + name, "/_page/journal?caller=" + name + "&operation=" + name, "/?scope=" + name,
	} {
		r := b.get(t, strings.ReplaceAll(strings.ReplaceAll(path, `"`, "%22"), " ", "%20"), "")
		if strings.Contains(r.text, "<script") || !strings.Contains(r.text, "&lt;script&gt;") {
			t.Errorf("%s: got %d %s", path, r.status, r.text)
		}
	}
}

func TestThePageRefusesWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	for _, path := range []string{
		"/?scope=nowhere", "/?scope=/tenant/" + nobodyID, "/_page/role", "/_page/role?id=" + nobodyID, "/_page/account?id=x", "/_page/check?id=" + nobodyID,
		"/_page/nothing",
	} {
		if r := b.get(t, path, ""); r.status != http.StatusNotFound || !strings.Contains(r.text, "This page cannot be shown") {
			t.Errorf("%s: got %d %s", path, r.status, r.text)
		}
	}
	for _, path := range []string{"/", "/_page/journal"} {
		if r := b.send(t, http.MethodPost, path, "", nil); r.status != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: got %d %s", path, r.status, r.text)
		}
	}
}

func TestThePageAnswersThisMachineOnly(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Origin: "http://localhost:3000"})
	const local = "127.0.0.1:4711"
	for name, test := range map[string]struct {
		host, peer string
		header     http.Header
		want       int
	}{
		"typed":                     {"localhost:80", local, http.Header{"Sec-Fetch-Site": {"none"}}, http.StatusOK},
		"a link of its own":         {"127.0.0.1:80", local, http.Header{"Sec-Fetch-Site": {"same-origin"}}, http.StatusOK},
		"not a browser":             {"[::1]:80", "[::1]:4711", nil, http.StatusOK},
		"another machine":           {"127.0.0.1:80", "192.0.2.7:4711", nil, http.StatusForbidden},
		"under its address":         {"192.0.2.1:80", local, nil, http.StatusForbidden},
		"a name that points here":   {"evil.example", local, nil, http.StatusForbidden},
		"another page":              {"localhost:80", local, http.Header{"Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden},
		"a page on another port":    {"localhost:80", local, http.Header{"Sec-Fetch-Site": {"same-site"}}, http.StatusForbidden},
		"a page of the API's users": {"localhost:80", local, http.Header{"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://localhost:3000"}}, http.StatusForbidden},
	} {
		for _, path := range []string{"/", "/_page/journal"} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			r.Host, r.RemoteAddr = test.host, test.peer
			maps.Copy(r.Header, test.header)
			w := httptest.NewRecorder()
			b.ServeHTTP(w, r)
			if w.Code != test.want || w.Header().Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s, %s: got %d, want %d; headers %v", name, path, w.Code, test.want, w.Header())
			}
			if policy := w.Header().Get("Content-Security-Policy"); test.want == http.StatusOK && !strings.HasPrefix(policy, "default-src 'none'") {
				t.Errorf("%s, %s: policy %q", name, path, policy)
			}
		}
	}
}

func TestThePageCanBeClosed(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", "/_page/accounts"} {
		if r := open(t, backend.Options{ReferenceOff: true}).get(t, path, ""); r.status != http.StatusNotFound {
			t.Errorf("left out: %s: %d", path, r.status)
		}
		if r := open(t, backend.Options{ReferenceToken: ownToken}).get(t, path, ""); r.status != http.StatusUnauthorized {
			t.Errorf("with a token: %s: %d", path, r.status)
		}
	}
	b := open(t, backend.Options{Faults: []string{"status=500"}})
	b.shown(t, "/")
	if got := b.Journal(); len(got) != 0 {
		t.Errorf("the page is in the journal: %v", got)
	}
}

// manyAssignments is a seed with so many assignments of people, five of each at five places.
func manyAssignments(n int) []byte {
	const each = 5
	var users, assignments strings.Builder
	for i := range n / each {
		fmt.Fprintf(&users, "  - {userName: person%06d@initech.example, displayName: Person %06d}\n", i, i)
		fmt.Fprintf(&assignments, "  - {role: Tenant Administrator, principal: person%06d@initech.example, scope: /tenant/Main}\n", i)
		for _, place := range []string{"orchestrator", "taskmining", "documentunderstanding", "reinfer"} {
			fmt.Fprintf(&assignments, "  - {role: Tenant Administrator, principal: person%06d@initech.example, scope: /tenant/Main/%s}\n", i, place)
		}
	}
	return []byte("organization: {name: initech, defaultCaller: bill}\n" +
		"tenants: [{name: Main, services: [Orchestrator, TaskMining, DocumentUnderstanding, IXP]}]\n" +
		"users:\n  - {userName: bill}\n" + users.String() +
		"assignments:\n  - {role: Organization Administrator, principal: bill, scope: /}\n" + assignments.String())
}

func TestPagesOfThePage(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: manyAssignments(2000)})
	for page, want := range map[string]string{
		"1": "1 to 100 of 2001", "2": "101 to 200 of 2001", "21": "2001 to 2001 of 2001", "22": "Nothing on this page, 2001 in all", "-1": "1 to 100 of 2001",
	} {
		text := b.shown(t, "/?below=1&page="+page)
		if !strings.Contains(text, want) || !strings.Contains(text, "too many to sort by name") && page != "22" {
			t.Errorf("page %s lacks %q: %s", page, want, text[:min(len(text), 600)])
		}
	}
	if text := b.shown(t, "/?below=1&q=person+000007"); !strings.Contains(text, "1 to 5 of 5") {
		t.Errorf("search: %s", text)
	}
	// The percent sign stands for itself.
	if text := b.shown(t, "/?below=1&q=%25"); !strings.Contains(text, "Nothing found") {
		t.Errorf("search for a percent sign: %s", text)
	}
	if text := b.shown(t, "/_page/accounts?page=2"); !strings.Contains(text, "101 to 200 of 401") || !strings.Contains(text, "Person 000100") {
		t.Errorf("accounts: %s", text)
	}
}

// BenchmarkManyAssignments reads a page of the listing, a page of the web page and the export of organizations of different size.
func BenchmarkManyAssignments(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		file := filepath.Join(b.TempDir(), "state.db")
		server, err := backend.Open(b.Context(), backend.Options{DataFile: file, Seed: manyAssignments(n)})
		if err != nil {
			b.Fatal(err)
		}
		token, err := server.Token(b.Context(), "")
		if err != nil {
			b.Fatal(err)
		}
		for _, what := range []struct{ name, path string }{
			{"listing", "/initech/pap_/api/userroleassignments?scope=/&top=100&skip=100"},
			{"page", "/?below=1&page=2"},
			{"search", "/?below=1&q=person+000042"},
			{"export", "/initech/pap_/api/userroleassignments/export"},
		} {
			b.Run(fmt.Sprintf("%s/%d", what.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, what.path, nil)
					r.Host, r.RemoteAddr = "localhost", "127.0.0.1:1"
					r.Header.Set("Authorization", "Bearer "+token)
					w := &counting{header: http.Header{}}
					server.ServeHTTP(w, r)
					if w.status != http.StatusOK {
						b.Fatalf("got %d", w.status)
					}
				}
			})
		}
		if err := server.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// counting takes an answer of any length and keeps none of it.
type counting struct {
	header http.Header
	status int
}

func (c *counting) Header() http.Header         { return c.header }
func (c *counting) WriteHeader(status int)      { c.status = status }
func (c *counting) Write(p []byte) (int, error) { return len(p), nil }
