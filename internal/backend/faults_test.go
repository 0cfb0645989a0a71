package backend_test

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// struck opens a backend and then adds a fault.
func struck(t *testing.T, fault string, o backend.Options) (b *bench, token string) {
	t.Helper()
	b = open(t, o)
	token = b.as(t, "")
	if err := b.AddFaults(fault); err != nil {
		t.Fatal(err)
	}
	return b, token
}

func bearer(token string) http.Header { return http.Header{"Authorization": {token}} }

const rolesPath = "/acme/pap_/api/roles"

func TestAFaultAnswersAStatus(t *testing.T) {
	t.Parallel()
	b, token := struck(t, "PUT status=503 retryAfter=7 requests=1", backend.Options{})
	before := b.state(t)
	r := b.put(t, token, validRole())
	refused(t, r, http.StatusServiceUnavailable, "injected")
	if r.header.Get("Retry-After") != "7" || b.state(t) != before {
		t.Errorf("Retry-After %q; the request that failed changed something: %t", r.header.Get("Retry-After"), b.state(t) != before)
	}
	if r := b.get(t, rolesPath, token); r.status != http.StatusOK {
		t.Errorf("another method: %d", r.status)
	}
	b.put(t, token, validRole()).created(t)
}

func TestAFaultHasTheEnvelopeOfTheService(t *testing.T) {
	t.Parallel()
	b, token := struck(t, "*/odata/* status=500", backend.Options{})
	r := b.get(t, "/acme/Production/orchestrator_/odata/Folders", token)
	if r.status != http.StatusInternalServerError || !strings.Contains(r.text, `"errorCode"`) {
		t.Errorf("got %d %s", r.status, r.text)
	}
}

// A connection that is dropped tells nothing: only the backend knows whether the change was made.
func TestAFaultDropsTheConnection(t *testing.T) {
	t.Parallel()
	for when, changes := range map[string]bool{"before": false, "after": true} {
		b, token := struck(t, "PATCH drop="+when, backend.Options{DataFile: filepath.Join(t.TempDir(), "state.db")})
		before := b.state(t)
		body := change{}.adding(invoiceOps, ada, "User", "/tenant/"+production).body()
		header := bearer(token)
		header.Set("Content-Type", "application/json")
		r, err := b.try(t.Context(), http.MethodPatch, "/acme/pap_/api/userroleassignments", body, header)
		if err == nil {
			t.Errorf("%s: got %d %s", when, r.status, r.text)
		}
		if changed := b.state(t) != before; changed != changes {
			t.Errorf("%s: the change was made: %t", when, changed)
		}
	}
}

func TestAFaultSpoilsTheBody(t *testing.T) {
	t.Parallel()
	b, token := struck(t, rolesPath+" body=truncated requests=1; "+rolesPath+" body=malformed requests=1", backend.Options{})
	truncated, err := b.try(t.Context(), http.MethodGet, rolesPath, "", bearer(token))
	if !errors.Is(err, io.ErrUnexpectedEOF) || truncated.status != http.StatusOK || truncated.text == "" {
		t.Errorf("truncated: %d, %d bytes, %v", truncated.status, len(truncated.text), err)
	}
	malformed := b.get(t, rolesPath, token)
	whole := b.get(t, rolesPath, token)
	if malformed.status != http.StatusOK || malformed.text != truncated.text || malformed.text != whole.text[:len(whole.text)/2] {
		t.Errorf("malformed: %d, %d bytes of %d", malformed.status, len(malformed.text), len(whole.text))
	}
}

// The export is sent while it is read.
func TestAFaultSpoilsAStream(t *testing.T) {
	t.Parallel()
	const path = "/acme/pap_/api/userroleassignments/export"
	b, token := struck(t, path+" body=truncated requests=1; "+path+" drop=after requests=1", backend.Options{})
	if r, err := b.try(t.Context(), http.MethodGet, path, "", bearer(token)); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(r.text, "Id,RoleName,") {
		t.Errorf("truncated: %d %.20s, %v", r.status, r.text, err)
	}
	if r, err := b.try(t.Context(), http.MethodGet, path, "", bearer(token)); err == nil {
		t.Errorf("dropped: %d %.20s", r.status, r.text)
	}
	if r := b.get(t, path, token); r.status != http.StatusOK {
		t.Errorf("got %d", r.status)
	}
}

func TestReadsLagBehindWrites(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{"in memory": "", "in a file": filepath.Join(t.TempDir(), "state.db")} {
		b, token := struck(t, "lag=1h", backend.Options{DataFile: file})
		first := b.put(t, token, validRole()).created(t)
		second := b.put(t, token, validRole().with("roleName", "Another")).created(t)
		for _, id := range []string{first, second} {
			if r := b.get(t, rolesPath+"/"+id, token); r.status != http.StatusNotFound {
				t.Errorf("%s: a new role is seen at once: %d", name, r.status)
			}
		}
		if r := b.get(t, rolesPath, token); r.status != http.StatusOK || !strings.Contains(r.text, invoiceOps) {
			t.Errorf("%s: what was there before: %d", name, r.status)
		}
		if err := b.ClearFaults(); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{first, second} {
			if r := b.get(t, rolesPath+"/"+id, token); r.status != http.StatusOK {
				t.Errorf("%s: without the fault: %d", name, r.status)
			}
		}
	}
}

func TestALagThatIsOver(t *testing.T) {
	t.Parallel()
	b, token := struck(t, "lag=1ns", backend.Options{})
	id := b.put(t, token, validRole()).created(t)
	if r := b.get(t, rolesPath+"/"+id, token); r.status != http.StatusOK {
		t.Errorf("got %d %s", r.status, r.text)
	}
}

func TestADelayEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	b, token := struck(t, "GET delay=1ms status=500 requests=1; PUT delay=1h", backend.Options{})
	if r := b.get(t, rolesPath, token); r.status != http.StatusInternalServerError {
		t.Errorf("got %d", r.status)
	}
}

func TestFaultsOverHTTP(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Faults: []string{"DELETE status=500"}})
	r := b.send(t, http.MethodPost, "/_reference/faults", `{"method":"GET","status":429,"retryAfter":1,"requests":1}`, nil)
	if r.status != http.StatusCreated {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	if r := b.send(t, http.MethodPost, "/_reference/faults", "PUT drop=before", nil); r.status != http.StatusCreated {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	if r := b.get(t, rolesPath, b.as(t, "")); r.status != http.StatusTooManyRequests {
		t.Errorf("got %d", r.status)
	}
	want := `[{"method":"DELETE","status":500,"matched":0,"failed":0},` +
		`{"method":"GET","requests":1,"status":429,"retryAfter":1,"matched":1,"failed":1},{"method":"PUT","drop":"before","matched":0,"failed":0}]`
	if got := b.get(t, "/_reference/faults", "").text; got != want {
		t.Errorf("got %s", got)
	}
	refused(t, b.send(t, http.MethodPost, "/_reference/faults", "GET status=503; GET", nil), http.StatusBadRequest, "nothing goes wrong")
	if got := b.get(t, "/_reference/faults", "").text; got != want {
		t.Errorf("after a refusal: %s", got)
	}
	if r := b.send(t, http.MethodDelete, "/_reference/faults", "", nil); r.status != http.StatusNoContent {
		t.Errorf("got %d", r.status)
	}
	if got := b.get(t, "/_reference/faults", "").text; got != "[]" {
		t.Errorf("got %s", got)
	}
	if _, err := backend.Open(t.Context(), backend.Options{Faults: []string{"GET"}}); err == nil {
		t.Error("a wrong fault was accepted")
	}
}

func TestTheJournalSaysWhoDidWhat(t *testing.T) {
	t.Parallel()
	b, token := struck(t, "DELETE drop=after", backend.Options{})
	id := b.put(t, b.as(t, "grace.hopper@acme.example"), validRole()).created(t)
	b.assign(t, b.as(t, "terraform"), change{}.adding(id, ada, "User", "/tenant/"+production)).done(t)
	b.get(t, rolesPath, "")
	b.get(t, "/nowhere", token)
	if _, err := b.try(t.Context(), http.MethodDelete, rolesPath+"/"+id, "", bearer(token)); err == nil {
		t.Error("the connection was not dropped")
	}
	type entry struct {
		Number                           int
		At                               string
		Operation, Method, Caller, Fault string
		Status                           int
		Changes                          []string
		Path                             string
	}
	read := func(query string) []entry {
		t.Helper()
		return decode[struct{ Requests []entry }](t, b.get(t, "/_reference/journal"+query, "")).Requests
	}
	const at = "2026-05-04T10:00:00.1234567Z"
	const assignments = "/acme/pap_/api/userroleassignments"
	want := []entry{
		{1, at, "PutRole", "PUT", "Grace Hopper", "", 200, []string{"role Robot Watch created"}, rolesPath},
		{2, at, "PatchAssignments", "PATCH", "terraform", "", 204, []string{"Robot Watch assigned to Ada Lovelace at /tenant/Production"}, assignments},
		{3, at, "ListRoles", "GET", "", "", 401, []string{}, rolesPath},
		{4, at, "None", "GET", "", "", 404, []string{}, "/nowhere"},
		{5, at, "DeleteRole", "DELETE", "Ada Lovelace", "drop=after", 204, []string{"role Robot Watch deleted, with its assignments"}, rolesPath + "/" + id},
	}
	if diff := cmp.Diff(want, read("")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for query, numbers := range map[string][]int{
		"?changed=true":          {1, 2, 5},
		"?fault=true":            {5},
		"?caller=LOVELACE":       {5},
		"?operation=listroles":   {3},
		"?method=put&status=200": {1},
		"?path=roles&after=1":    {3, 5},
		"?caller=nobody":         {},
	} {
		got := []int{}
		for _, e := range read(query) {
			got = append(got, e.Number)
		}
		if diff := cmp.Diff(numbers, got); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
	for _, query := range []string{"?status=many", "?changed=perhaps", "?who=ada"} {
		if r := b.get(t, "/_reference/journal"+query, ""); r.status != http.StatusBadRequest {
			t.Errorf("%s: got %d %s", query, r.status, r.text)
		}
	}
}
