package uipath

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

const (
	orgID        = "a0000000-0000-4000-8000-000000000001"
	otherOrgID   = "a0000000-0000-4000-8000-000000000002"
	tenantID     = "b0000000-0000-4000-8000-000000000001"
	testTenantID = "b0000000-0000-4000-8000-000000000002"
	subjectID    = "c0000000-0000-4000-8000-000000000001"
	strangerID   = "c0000000-0000-4000-8000-000000000002"
	clientID     = "d0000000-0000-4000-8000-000000000001"
	secretText   = "hunter2+/=&\"quoted"
)

// start is when the tests happen, by the local clock.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// clock is a local clock that only moves when told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// waits records the waits that the client decides on, and makes none.
type waits struct {
	mu   sync.Mutex
	list []time.Duration
}

func (w *waits) pause(d time.Duration) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.list = append(w.list, d)
	return 0
}

func (w *waits) all() []time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.list)
}

// fake is a server written from the contract, not from the reference backend. It keeps roles in memory, writes down each request
// and lets a test answer instead of it.
type fake struct {
	*httptest.Server
	t     *testing.T
	clock *clock
	waits *waits
	// ahead is how far the server's clock is ahead of the client's.
	ahead time.Duration

	mu sync.Mutex
	// intercept answers a request instead of the fake where it returns true. The lock is not held meanwhile.
	intercept func(w http.ResponseWriter, r *http.Request, body string) bool
	requests  []string
	roles     map[access.GUID]roleAnswer
	issued    int
	good      map[string]bool
	// lifetime is the expires_in of tokens, as JSON; absent where empty.
	lifetime string
	// opaque tokens have no claims; bare ones have no organization.
	opaque, bare bool
	nextRole     int
	// signInPage is where the fake redirects who begins to sign in; it does not redirect where that is empty.
	signInPage string
	// pageCap is the most rows a page has, whatever is asked for.
	pageCap int

	fakeAccess
	// orchestrator is Orchestrator of the tenant; nil for none.
	orchestrator *fakeOrchestrator
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{
		t: t, clock: &clock{now: start}, waits: &waits{}, roles: map[access.GUID]roleAnswer{}, good: map[string]bool{"pat-1": true},
		lifetime: "3600", pageCap: pageSize,
	}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// config is a configuration that works.
func (f *fake) config() Config {
	return Config{ResolveTenants: true, Connection: Connection{
		BaseURL: f.URL, Organization: "acme", ClientID: clientID, ClientSecret: secretText, MaxRetries: 3,
		RequestTimeout: 20 * time.Second, UserAgent: "test/1", Clock: f.clock.Now,
		Pause: f.waits.pause, Random: func() float64 { return 0.5 },
	}}
}

// client connects, with the changes made to the configuration, and forgets the requests of doing so.
func (f *fake) client(t *testing.T, changes ...func(*Config)) *Client {
	t.Helper()
	config := f.config()
	for _, change := range changes {
		change(&config)
	}
	c, err := New(t.Context(), config)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	f.mu.Lock()
	f.requests = nil
	f.mu.Unlock()
	return c
}

// on sets what answers instead of the fake.
func (f *fake) on(intercept func(w http.ResponseWriter, r *http.Request, body string) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.intercept = intercept
}

// first answers the first requests of a method and path suffix instead of the fake, n times.
func (f *fake) first(n int, method, suffix string, answer http.HandlerFunc) {
	var mu sync.Mutex
	f.on(func(w http.ResponseWriter, r *http.Request, _ string) bool {
		mu.Lock()
		if r.Method != method || !strings.HasSuffix(r.URL.Path, suffix) || n == 0 {
			mu.Unlock()
			return false
		}
		n--
		mu.Unlock()
		answer(w, r)
		return true
	})
}

// sent returns the requests so far as "METHOD path?query", those with a prefix only.
func (f *fake) sent(prefix string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.requests), func(r string) bool { return !strings.HasPrefix(r, prefix) })
}

func (f *fake) now() time.Time { return f.clock.Now().Add(f.ahead) }

func answerJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// breakConnection ends the connection without an answer.
func breakConnection(w http.ResponseWriter, _ *http.Request) {
	if hijacker, ok := w.(http.Hijacker); ok {
		if connection, _, err := hijacker.Hijack(); err == nil {
			_ = connection.Close()
		}
	}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	body := string(raw)
	w.Header().Set("Date", f.now().UTC().Format(http.TimeFormat))
	w.Header().Set("x-request-id", "req-1")
	f.mu.Lock()
	f.requests = append(f.requests, r.Method+" "+r.URL.RequestURI())
	intercept := f.intercept
	f.mu.Unlock()
	if intercept != nil && intercept(w, r, body) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer(w, r, body)
}

func (f *fake) answer(w http.ResponseWriter, r *http.Request, body string) {
	path, inOrganization := strings.CutPrefix(strings.ToLower(r.URL.Path), "/acme/")
	if !inOrganization {
		path, inOrganization = strings.CutPrefix(path, "/"+orgID+"/")
	}
	if strings.HasSuffix(path, "identity_/connect/token") && (inOrganization || path == "/identity_/connect/token") {
		f.answerToken(w, body, r)
		return
	}
	if r.URL.Path == "/identity_/connect/authorize" && f.signInPage != "" {
		f.answerAuthorize(w, r)
		return
	}
	if !inOrganization {
		answerJSON(w, http.StatusNotFound, `{"title":"Not Found","status":404,"detail":"No such organization."}`)
		return
	}
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); !ok || !f.good[bearer] {
		answerJSON(w, http.StatusUnauthorized, `{"title":"Unauthorized","status":401}`)
		return
	}
	switch {
	case path == "portal_/api/filtering/leftnav/tenantsandorganizationinfo":
		answerJSON(w, http.StatusOK, fmt.Sprintf(`{"organization":{"id":%q,"name":"acme"},"tenants":[{"id":%q,"name":"Production"},
			{"id":%q,"name":"Test"}]}`, strings.ToUpper(orgID), strings.ToUpper(tenantID), testTenantID))
	case path == "pap_/api/actions":
		answerJSON(w, http.StatusOK, `[
			{"id":"1","name":"Orchestrator.MLPackages.View","namespace":"ORCHESTRATOR","serviceDisplayName":"Orchestrator",
			 "resourceType":"MLPackages","resourceAction":"View","description":"d","scopeType":"TENANT","originalResourceAction":null},
			{"id":"2","name":"AUTHZ.ROLE.READ","namespace":"AUTHZ","serviceDisplayName":"Authorization","resourceType":"Role",
			 "resourceAction":"Read","description":"","scopeType":null},
			{"id":"2","name":"AUTHZ.ROLE.READ","namespace":"AUTHZ","serviceDisplayName":"Authorization","resourceType":"Role",
			 "resourceAction":"Read","description":"","scopeType":null}]`)
	case path == "pap_/api/roles" && r.Method == http.MethodGet:
		f.listRoles(w, r)
	case path == "pap_/api/roles" && r.Method == http.MethodPut:
		f.putRole(w, body)
	case strings.HasPrefix(path, "pap_/api/roles/"):
		f.oneRole(w, r, access.GUID(strings.TrimPrefix(path, "pap_/api/roles/")))
	case path == "pap_/api/userroleassignments" && r.Method == http.MethodGet:
		f.listAssignments(w, r)
	case path == "pap_/api/userroleassignments" && r.Method == http.MethodPatch:
		f.patchAssignments(w, body)
	case path == "pap_/api/userroleassignments/export":
		f.export(w, r)
	case f.orchestrator != nil && strings.HasPrefix(path, tenantID+"/orchestrator_/odata/"):
		f.orchestrator.answer(w, r, body)
	case f.directory[path] != "":
		answerJSON(w, http.StatusOK, f.directory[path])
	default:
		answerJSON(w, http.StatusNotFound, `{"title":"Not Found","status":404}`)
	}
}

// answerAuthorize redirects a request that is as the vendor's own client sends it (contract 1.2), and is anonymous.
func (f *fake) answerAuthorize(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if r.Header.Get("Authorization") != "" || query.Get("redirect_uri") != f.URL+"/portal_/api/tokenFactory/callback" ||
		query.Get("client_id") == "" || query.Get("response_type") != "code" || query.Get("scope") != "openid" ||
		len(query.Get("code_challenge")) != 64 || query.Get("code_challenge_method") != "S256" || len(query.Get("state")) != 64 {
		f.t.Errorf("authorize was asked with %v, %v", r.Header, query)
	}
	w.Header().Set("Location", f.signInPage)
	w.WriteHeader(http.StatusFound)
}

func (f *fake) answerToken(w http.ResponseWriter, body string, r *http.Request) {
	r.Body = io.NopCloser(strings.NewReader(body))
	if r.PostFormValue("client_secret") != secretText || r.PostFormValue("client_id") != clientID {
		answerJSON(w, http.StatusBadRequest, `{"error":"invalid_client"}`)
		return
	}
	if strings.Contains(r.PostFormValue("scope"), "Wrong") {
		answerJSON(w, http.StatusBadRequest, `{"error":"invalid_scope"}`)
		return
	}
	f.issued++
	issued := f.issueToken()
	f.good[issued] = true
	lifetime := ""
	if f.lifetime != "" {
		lifetime = `,"expires_in":` + f.lifetime
	}
	answerJSON(w, http.StatusOK, fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer","scope":"x"%s}`, issued, lifetime))
}

func (f *fake) issueToken() string {
	if f.opaque {
		return "opaque-" + strconv.Itoa(f.issued)
	}
	claims := jwt.MapClaims{"sub": subjectID, "sub_type": "service.external", "prt_id": orgID, "jti": f.issued}
	if f.bare {
		delete(claims, "prt_id")
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		f.t.Error(err)
	}
	return signed
}

func (f *fake) listRoles(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	top, _ := strconv.Atoi(query.Get("top"))
	skip, _ := strconv.Atoi(query.Get("skip"))
	if top > pageSize || query.Get("top") != "1" && (query.Get("sortBy") != "Id" || query.Get("sortOrder") != "Asc") {
		answerJSON(w, http.StatusBadRequest, `{"title":"bad list query","status":400}`)
		return
	}
	var matching []roleAnswer
	for _, id := range slices.Sorted(maps.Keys(f.roles)) {
		if strings.Contains(strings.ToLower(f.roles[id].Name), strings.ToLower(query.Get("contains"))) {
			row := f.roles[id]
			row.Type = strings.ToUpper(row.Type)
			matching = append(matching, row)
		}
	}
	end := min(len(matching), skip+min(top, f.pageCap))
	answerJSON(w, http.StatusOK, fmt.Sprintf(`{"totalCount":%d,"results":%s}`, len(matching), f.encode(matching[min(skip, end):end])))
}

func (f *fake) putRole(w http.ResponseWriter, body string) {
	var put rolePut
	if err := json.Unmarshal([]byte(body), &put); err != nil {
		answerJSON(w, http.StatusBadRequest, `{"title":"malformed"}`)
		return
	}
	for _, other := range f.roles {
		if strings.EqualFold(other.Name, put.Name) && access.GUID(other.ID) != put.ID {
			answerJSON(w, http.StatusConflict, `{"title":"Conflict","status":409,"detail":"Role name is in use."}`)
			return
		}
	}
	stored := roleAnswer{
		ID: put.ID.String(), Name: put.Name, Description: put.Description, Type: "Custom", ScopeType: put.ScopeType, TenantID: put.TenantID.String(),
		OwnerServiceName: put.Service, CreatedBy: strings.ToUpper(subjectID), CreatedOn: stamp(f.now()),
	}
	if stored.TenantID == "" {
		stored.TenantID = string(access.ZeroGUID)
	}
	if stored.OwnerServiceName == "" {
		stored.OwnerServiceName = "CentralizedAccess"
	}
	for _, action := range put.Actions {
		stored.ActionDetails = append(stored.ActionDetails, struct {
			Name string `json:"name"`
		}{action})
	}
	if put.ID == "" {
		f.nextRole++
		stored.ID = roleID(9000 + f.nextRole).String()
	} else if old, ok := f.roles[put.ID]; ok {
		stored.CreatedBy, stored.CreatedOn = old.CreatedBy, old.CreatedOn
	} else {
		answerJSON(w, http.StatusNotFound, `{"title":"Not Found","status":404,"detail":"Role with given ID does not exist."}`)
		return
	}
	f.roles[access.GUID(stored.ID)] = stored
	answerJSON(w, http.StatusOK, fmt.Sprintf(`{"createdRoleId":%q}`, stored.ID))
}

func (f *fake) oneRole(w http.ResponseWriter, r *http.Request, id access.GUID) {
	role, ok := f.roles[id]
	if !ok {
		answerJSON(w, http.StatusNotFound, `{"title":"Not Found","status":404,"detail":"Role with given ID does not exist.","traceId":"00-t-00"}`)
		return
	}
	if r.Method == http.MethodDelete {
		delete(f.roles, id)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answerJSON(w, http.StatusOK, f.encode(role))
}

func (f *fake) encode(value any) string {
	body, err := json.Marshal(value)
	if err != nil {
		f.t.Error(err)
	}
	return string(body)
}

// stamp writes a time as the server does (contract 3.2).
func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.9999999-07:00") }

// roleID returns the nth role id.
func roleID(n int) access.GUID { return access.GUID(fmt.Sprintf("e0000000-0000-4000-8000-%012d", n)) }

// seed puts roles into the fake, numbered from 1.
func (f *fake) seed(count int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := 1; n <= count; n++ {
		f.roles[roleID(n)] = roleAnswer{
			ID: roleID(n).String(), Name: fmt.Sprintf("Role %d", n), Description: "d", Type: "BuiltIn", ScopeType: "TENANT",
			TenantID: string(access.ZeroGUID), OwnerServiceName: "AuthZ", CreatedBy: strangerID, CreatedOn: stamp(start.Add(-time.Hour)),
		}
	}
}

// change edits a stored role, as somebody else would.
func (f *fake) change(id access.GUID, edit func(*roleAnswer)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	role := f.roles[id]
	edit(&role)
	f.roles[id] = role
}

// count returns how many roles there are.
func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.roles)
}

// newSpec is a role to create.
func newSpec() RoleSpec {
	return RoleSpec{
		Name: "Task Mining User", Description: "Managed by Terraform", Shape: access.ShapeTenant, TenantID: tenantID,
		Permissions: []string{"ORCHESTRATOR.MLPACKAGES.VIEW", "AUTHZ.ROLE.READ"},
	}
}
