package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	orgID     = "a0000000-0000-4000-8000-000000000001"
	subjectID = "c0000000-0000-4000-8000-000000000001"
	clientID  = "d0000000-0000-4000-8000-000000000001"
	// secretText is spelled differently as it is, in a form, in a path and by each encoder of JSON.
	secretText = "hunter2+/=&\"quoted"
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

// thingAnswer is what the fake tells of a thing.
type thingAnswer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// fake is a server with a token endpoint and things that are listed, read by id, made and replaced. It writes down each request and
// lets a test answer instead of it.
type fake struct {
	*httptest.Server
	t     *testing.T
	clock *clock
	waits *waits
	// ahead is how far the server's clock is ahead of the client's.
	ahead time.Duration

	mu sync.Mutex
	// intercept answers a request instead of the fake where it returns true. The lock is not held meanwhile.
	intercept func(w http.ResponseWriter, r *http.Request) bool
	requests  []string
	things    []thingAnswer
	issued    []string
	good      map[string]bool
	// lifetime is the expires_in of tokens, as JSON; absent where empty.
	lifetime string
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{t: t, clock: &clock{now: start}, waits: &waits{}, good: map[string]bool{"pat-1": true}, lifetime: "3600"}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// config is a configuration that works.
func (f *fake) config() Config {
	return Config{
		BaseURL: f.URL, Organization: "acme", ClientID: clientID, ClientSecret: secretText, MaxRetries: 3,
		RequestTimeout: 20 * time.Second, UserAgent: "test/1", Clock: f.clock.Now,
		Pause: f.waits.pause, Random: func() float64 { return 0.5 },
	}
}

// withToken switches a configuration to a bearer token.
func withToken(token string) func(*Config) {
	return func(c *Config) { c.ClientID, c.ClientSecret, c.AccessToken = "", "", token }
}

// client signs in, with the changes made to the configuration, and forgets the requests of doing so.
func (f *fake) client(t *testing.T, changes ...func(*Config)) *Client {
	t.Helper()
	config := f.config()
	for _, change := range changes {
		change(&config)
	}
	c, err := New(config)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	if _, err := c.SignIn(t.Context()); err != nil {
		t.Fatalf("SignIn: %v", err)
	}
	f.mu.Lock()
	f.requests = nil
	f.mu.Unlock()
	return c
}

// on sets what answers instead of the fake.
func (f *fake) on(intercept func(w http.ResponseWriter, r *http.Request) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.intercept = intercept
}

// first answers the first n requests of a method and path suffix instead of the fake, all of them where n is negative.
func (f *fake) first(n int, method, suffix string, answer http.HandlerFunc) {
	var mu sync.Mutex
	f.on(func(w http.ResponseWriter, r *http.Request) bool {
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

// seed puts things into the fake, numbered from 1.
func (f *fake) seed(count int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n := 1; n <= count; n++ {
		f.things = append(f.things, thingAnswer{thingID(n), fmt.Sprintf("Thing %d", n)})
	}
}

// revoke makes all tokens issued so far invalid.
func (f *fake) revoke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.good)
}

// answerJSON answers with a status and a body.
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
	w.Header().Set("Date", f.clock.Now().Add(f.ahead).UTC().Format(http.TimeFormat))
	w.Header().Set("x-request-id", "req-1")
	f.mu.Lock()
	f.requests = append(f.requests, r.Method+" "+r.URL.RequestURI())
	intercept := f.intercept
	f.mu.Unlock()
	if intercept != nil && intercept(w, r) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer(w, r)
}

func (f *fake) answer(w http.ResponseWriter, r *http.Request) {
	path, inOrganization := strings.CutPrefix(r.URL.Path, "/acme/")
	if r.URL.Path == "/identity_/connect/token" || inOrganization && path == "identity_/connect/token" {
		f.answerToken(w, r)
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
	id, one := strings.CutPrefix(path, "things/")
	switch {
	case path == "things" && r.Method == http.MethodGet:
		f.listThings(w, r)
	case path == "things" && r.Method == http.MethodPut:
		f.putThing(w, r)
	case one && f.find(id) >= 0:
		answerJSON(w, http.StatusOK, f.encode(f.things[f.find(id)]))
	default:
		answerJSON(w, http.StatusNotFound, `{"title":"Not Found","status":404,"detail":"No such thing.","traceId":"00-t-00"}`)
	}
}

func (f *fake) answerToken(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("client_secret") != secretText || r.PostFormValue("client_id") != clientID {
		answerJSON(w, http.StatusBadRequest, `{"error":"invalid_client"}`)
		return
	}
	if strings.Contains(r.PostFormValue("scope"), "Wrong") {
		answerJSON(w, http.StatusBadRequest, `{"error":"invalid_scope"}`)
		return
	}
	issued := f.issueToken(jwt.MapClaims{"sub": subjectID, "sub_type": "service.external", "prt_id": orgID, "jti": len(f.issued)})
	f.issued = append(f.issued, issued)
	f.good[issued] = true
	lifetime := ""
	if f.lifetime != "" {
		lifetime = `,"expires_in":` + f.lifetime
	}
	answerJSON(w, http.StatusOK, fmt.Sprintf(`{"access_token":%q,"token_type":"Bearer","scope":"x"%s}`, issued, lifetime))
}

// issueToken signs claims.
func (f *fake) issueToken(claims jwt.MapClaims) string {
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		f.t.Error(err)
	}
	return signed
}

// listThings answers with at most ten things from where the query says.
func (f *fake) listThings(w http.ResponseWriter, r *http.Request) {
	skip, _ := strconv.Atoi(r.URL.Query().Get("skip"))
	page := f.things[min(skip, len(f.things)):min(skip+10, len(f.things))]
	answerJSON(w, http.StatusOK, fmt.Sprintf(`{"totalCount":%d,"results":%s}`, len(f.things), f.encode(page)))
}

// putThing makes a thing, or replaces one where the body has an id.
func (f *fake) putThing(w http.ResponseWriter, r *http.Request) {
	var put thingAnswer
	if err := json.NewDecoder(r.Body).Decode(&put); err != nil {
		answerJSON(w, http.StatusBadRequest, `{"title":"malformed"}`)
		return
	}
	switch i := f.find(put.ID); {
	case put.ID == "":
		put.ID = thingID(9000 + len(f.things))
		f.things = append(f.things, put)
	case i < 0:
		answerJSON(w, http.StatusNotFound, `{"title":"Not Found","status":404,"detail":"No such thing."}`)
		return
	default:
		f.things[i] = put
	}
	answerJSON(w, http.StatusOK, fmt.Sprintf(`{"id":%q}`, put.ID))
}

func (f *fake) find(id string) int {
	return slices.IndexFunc(f.things, func(t thingAnswer) bool { return t.ID == id })
}

func (f *fake) encode(value any) string {
	body, err := json.Marshal(value)
	if err != nil {
		f.t.Error(err)
	}
	return string(body)
}

// thingID returns the nth id.
func thingID(n int) string { return fmt.Sprintf("e0000000-0000-4000-8000-%012d", n) }

// thing reads the thing with an id.
func thing(ctx context.Context, c *Client, id string) (thingAnswer, error) {
	read := Request{Operation: "read thing", Method: http.MethodGet, Path: "/acme/things/" + id, Object: true}
	return FetchAs(ctx, c, read, func(body []byte) (thingAnswer, error) {
		var answer thingAnswer
		err := json.Unmarshal(body, &answer)
		if err == nil && answer.ID == "" {
			err = errors.New("it has no id")
		}
		return answer, err
	})
}

// putThing makes a thing, or replaces the one with an id.
func putThing(ctx context.Context, c *Client, id string) (thingAnswer, error) {
	put := Request{
		Operation: "create thing", Method: http.MethodPut, Path: "/acme/things", Body: []byte(`{"id":"` + id + `","name":"New"}`),
		Creates: id == "", Object: id != "",
	}
	return Fetch[thingAnswer](ctx, c, put)
}

// listThings lists all things, a page after the other.
func listThings(ctx context.Context, c *Client) ([]thingAnswer, error) {
	return Listing[thingAnswer]{
		Operation: "list things", ID: func(t thingAnswer) string { return t.ID },
		Read: func(ctx context.Context, skip int) (Page[thingAnswer], error) {
			return Fetch[Page[thingAnswer]](ctx, c, Request{
				Operation: "list things", Method: http.MethodGet, Path: "/acme/things", Query: url.Values{"skip": {strconv.Itoa(skip)}},
			})
		},
	}.All(ctx)
}

// failing is a transport that never gets through.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

// logBuffer is a log that many may write to.
type logBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

// logged returns a change to a configuration that logs everything, and what it has logged.
func logged(t *testing.T) (func(*Config), func() (string, []map[string]any)) {
	t.Helper()
	var b logBuffer
	logger := slog.New(slog.NewJSONHandler(&b, &slog.HandlerOptions{Level: LevelTrace}))
	return func(c *Config) { c.Logger = logger }, func() (string, []map[string]any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		var entries []map[string]any
		for line := range bytes.Lines(b.buffer.Bytes()) {
			var entry map[string]any
			if err := json.Unmarshal(line, &entry); err != nil {
				t.Fatal(err)
			}
			entries = append(entries, entry)
		}
		return b.buffer.String(), entries
	}
}

// named returns the entries of a log with a message.
func named(entries []map[string]any, message string) []map[string]any {
	return slices.DeleteFunc(slices.Clone(entries), func(entry map[string]any) bool { return entry["msg"] != message })
}
