package backend_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// What the built-in organization has.
const (
	orgID        = "9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21"
	production   = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	staging      = "2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9a01"
	ada          = "3a000000-0000-4000-8000-000000000001"
	terraformID  = "3c000000-0000-4000-8000-000000000001"
	productionID = "3c000000-0000-4000-8000-000000000002"
	invoiceOps   = "3d000000-0000-4000-8000-000000000001"
	auditor      = "3d000000-0000-4000-8000-000000000002"
	steward      = "3d000000-0000-4000-8000-000000000003"
	projectLead  = "3d000000-0000-4000-8000-000000000004"
	accessAdmin  = "587d79d6-85de-4ee7-819b-1eb19b85009b"
	zeroID       = "00000000-0000-0000-0000-000000000000"
	nobodyID     = "3e000000-0000-4000-8000-000000000099"

	terraformSecret = "reference-backend-terraform-secret"
	patOfAda        = "reference-backend-token-of-ada"
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 5, 4, 10, 0, 0, 123456700, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// bench is an open backend and a client that speaks to it.
type bench struct {
	*backend.Backend

	client *http.Client
	clock  *clock
}

// response is what came back.
type response struct {
	status int
	header http.Header
	text   string
}

func open(t *testing.T, o backend.Options) *bench {
	t.Helper()
	b := &bench{clock: newClock()}
	if o.Clock == nil {
		o.Clock = b.clock.now
	}
	var err error
	if b.Backend, err = backend.Open(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	transport, stop := b.Transport()
	b.client = &http.Client{Transport: transport}
	t.Cleanup(func() {
		stop()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// as returns the Authorization header of a caller.
func (b *bench) as(t *testing.T, caller string) string {
	t.Helper()
	token, err := b.Token(t.Context(), caller)
	if err != nil {
		t.Fatal(err)
	}
	return "Bearer " + token
}

func (b *bench) send(t *testing.T, method, path, body string, header http.Header) response {
	t.Helper()
	r, err := b.try(t.Context(), method, path, body, header)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (b *bench) try(ctx context.Context, method, path, body string, header http.Header) (response, error) {
	req, err := http.NewRequestWithContext(ctx, method, backend.InMemoryURL+path, strings.NewReader(body))
	if err != nil {
		return response{}, err
	}
	maps.Copy(req.Header, header)
	res, err := b.client.Do(req)
	if err != nil {
		return response{}, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return response{res.StatusCode, res.Header, string(text)}, err
}

func (b *bench) get(t *testing.T, path, authorization string) response {
	t.Helper()
	return b.send(t, http.MethodGet, path, "", http.Header{"Authorization": {authorization}})
}

// role is the body of a PUT; a test changes what it is about.
type role map[string]any

// with returns a copy in which a member has another value, or is missing where the value is nil.
func (r role) with(name string, value any) role {
	changed := maps.Clone(r)
	changed[name] = value
	if value == nil {
		delete(changed, name)
	}
	return changed
}

// granting returns a copy that grants other permissions.
func (r role) granting(permissions ...string) role {
	return r.with("actionsGrantedByRole", permissions)
}

func validRole() role {
	return role{
		"roleName": "Robot Watch", "roleDescription": "Watches robots.", "roleScopeType": "TENANT", "organizationId": orgID,
		"tenantId": production, "actionsGrantedByRole": []string{"ORCHESTRATOR.ROBOTS.VIEW"},
	}
}

func (b *bench) put(t *testing.T, authorization string, body any) response {
	t.Helper()
	text, ok := body.(string)
	if !ok {
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		text = string(encoded)
	}
	return b.send(t, http.MethodPut, "/acme/pap_/api/roles", text,
		http.Header{"Authorization": {authorization}, "Content-Type": {"application/json"}})
}

// created returns the id from the answer to a PUT.
func (r response) created(t *testing.T) string {
	t.Helper()
	var body struct{ CreatedRoleID string }
	if r.status != http.StatusOK || json.Unmarshal([]byte(r.text), &body) != nil || body.CreatedRoleID == "" {
		t.Fatalf("got %d %s, want a created role", r.status, r.text)
	}
	return body.CreatedRoleID
}

// decode reads a JSON body.
func decode[T any](t *testing.T, r response) T {
	t.Helper()
	var body T
	if err := json.Unmarshal([]byte(r.text), &body); err != nil {
		t.Fatalf("%v in %d %s", err, r.status, r.text)
	}
	return body
}

// refused checks status, envelope and a part of the text of a refusal.
func refused(t *testing.T, r response, status int, part string) {
	t.Helper()
	if r.status != status || !strings.Contains(r.text, part) {
		t.Errorf("got %d %s, want %d with %q", r.status, r.text, status, part)
		return
	}
	p := decode[struct {
		Type, Title, TraceID string
		Status               int
		Detail               *string
		Errors               map[string][]string
	}](t, r)
	// Readers show the title, and some add the detail.
	if said := strings.ReplaceAll(part, `\"`, `"`); p.Detail != nil || len(p.Errors) == 0 && !strings.Contains(p.Title, said) {
		t.Errorf("the title does not say %q, or not alone: %s", said, r.text)
	}
	if p.Status != status || p.Type == "" || p.Title == "" {
		t.Errorf("not a problem envelope: %s", r.text)
	}
	if len(p.TraceID) != len("00-")+32+1+16+len("-00") || !strings.HasPrefix(p.TraceID, "00-") {
		t.Errorf("trace id %q", p.TraceID)
	}
	if got := r.header.Get("Content-Type"); !strings.HasPrefix(got, "application/problem+json") {
		t.Errorf("Content-Type %q", got)
	}
}

// fieldRefused checks that a refusal names the member at fault.
func fieldRefused(t *testing.T, r response, field, part string) {
	t.Helper()
	refused(t, r, http.StatusBadRequest, "")
	p := decode[struct{ Errors map[string][]string }](t, r)
	if text := strings.Join(p.Errors[field], " "); text == "" || !strings.Contains(text, part) {
		t.Errorf("errors %v, want %s with %q", p.Errors, field, part)
	}
}

// write creates a role. It fails no test, so that any goroutine may call it.
func (b *bench) write(ctx context.Context, name string) error {
	token, err := b.Token(ctx, "")
	if err != nil {
		return err
	}
	body, err := json.Marshal(validRole().with("roleName", name))
	if err != nil {
		return err
	}
	r, err := b.try(ctx, http.MethodPut, "/acme/pap_/api/roles", string(body),
		http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}})
	if err == nil && r.status != http.StatusOK {
		err = fmt.Errorf("%s: %d %s", name, r.status, r.text)
	}
	return err
}

func TestEightBackendsOnOneNewFile(t *testing.T) {
	t.Parallel()
	const backends, writes = 8, 10
	file := filepath.Join(t.TempDir(), "shared.db")
	var wg sync.WaitGroup
	for n := range backends {
		wg.Go(func() {
			b, err := backend.Open(t.Context(), backend.Options{DataFile: file})
			if err != nil {
				t.Error(err)
				return
			}
			transport, stop := b.Transport()
			one := &bench{Backend: b, client: &http.Client{Transport: transport}}
			for i := range writes {
				if err := one.write(t.Context(), fmt.Sprintf("Role %d of %d", i, n)); err != nil {
					t.Error(err)
				}
			}
			stop()
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	b := open(t, backend.Options{DataFile: file})
	list := decode[struct{ TotalCount int }](t, b.get(t, "/acme/pap_/api/roles?contains=Role+&roleType=custom&top=1", b.as(t, "")))
	if list.TotalCount != backends*writes {
		t.Errorf("%d roles, want %d: updates were lost", list.TotalCount, backends*writes)
	}
}

func TestAcknowledgedWritesAreThereWithoutClose(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	first := open(t, backend.Options{DataFile: file})
	token := first.as(t, "")
	id := first.put(t, token, validRole()).created(t)

	second := open(t, backend.Options{DataFile: file, Clock: first.clock.now})
	if r := second.get(t, "/acme/pap_/api/roles/"+id, token); r.status != http.StatusOK {
		t.Errorf("the second backend answers %d %s to a token of the first", r.status, r.text)
	}
}

func TestAWrongRequestDoesNotWaitForWriters(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	b := open(t, backend.Options{DataFile: file})
	admin := b.as(t, "")
	other, err := store.Open(t.Context(), file, func(*store.Tx) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Write(t.Context(), func(*store.Tx) error {
		fieldRefused(t, b.put(t, admin, "{"), "$", "not a JSON object")
		refused(t, b.put(t, "", "{"), http.StatusUnauthorized, "no bearer token")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAFileKeepsItsSeed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	own := []byte("organization: {name: initech, defaultCaller: bill}\nusers: [{userName: bill}]\n")
	first := open(t, backend.Options{DataFile: file, Seed: own})
	if _, name, err := first.Organization(t.Context()); err != nil || name != "initech" {
		t.Fatalf("organization %q, %v", name, err)
	}
	again := open(t, backend.Options{DataFile: file})
	if _, name, err := again.Organization(t.Context()); err != nil || name != "initech" {
		t.Errorf("without a seed: organization %q, %v; want the one of the file", name, err)
	}
	open(t, backend.Options{DataFile: file, Seed: own})

	_, err := backend.Open(t.Context(), backend.Options{DataFile: file, Seed: []byte("organization: {name: other}")})
	if err == nil || strings.Count(err.Error(), "SHA-256") != 1 || !strings.Contains(err.Error(), "another seed") {
		t.Errorf("another seed: got %v", err)
	}
}

func TestDeterministicIDsAndClock(t *testing.T) {
	t.Parallel()
	n := 0
	b := open(t, backend.Options{NewID: func() string {
		n++
		// The first id is taken: a source that begins anew meets what a file has already.
		return []string{invoiceOps, "3E000000-0000-4000-8000-000000000001"}[n-1]
	}})
	if id := b.put(t, b.as(t, ""), validRole()).created(t); id != "3e000000-0000-4000-8000-000000000001" {
		t.Errorf("id %s", id)
	}
}

func TestMemoryIsEachBackendsOwn(t *testing.T) {
	t.Parallel()
	one, other := open(t, backend.Options{}), open(t, backend.Options{})
	id := one.put(t, one.as(t, ""), validRole()).created(t)
	refused(t, other.get(t, "/acme/pap_/api/roles/"+id, other.as(t, "")), http.StatusNotFound, "does not exist")
}

func TestCallers(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(`
organization: {name: initech}
users:
  - {userName: bill}
  - {userName: peter, active: false}
  - {userName: milton, invitationAccepted: false}
  - {userName: samir}
externalApplications: [{name: samir, secret: x}]
`)})
	for caller, part := range map[string]string{
		"":       "no default caller",
		"bil":    `Did you mean "bill"`,
		"nobody": "known are bill",
		"peter":  "not active",
		"milton": "not accepted",
		"samir":  "2 users and applications",
	} {
		if _, err := b.Token(t.Context(), caller); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("caller %q: got %v, want an error with %q", caller, err, part)
		}
	}
	if token, err := b.Token(t.Context(), "BILL"); err != nil || token == "" {
		t.Errorf("caller BILL: %v", err)
	}
}

func TestOpenRefusesWhatIsNoDataFile(t *testing.T) {
	t.Parallel()
	if _, err := backend.Open(t.Context(), backend.Options{DataFile: t.TempDir()}); err == nil {
		t.Error("a folder was opened")
	}
	if _, err := backend.Open(t.Context(), backend.Options{Seed: []byte{}}); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("an empty seed: %v", err)
	}
}

func form(values ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(values); i += 2 {
		v.Add(values[i], values[i+1])
	}
	return v.Encode()
}
