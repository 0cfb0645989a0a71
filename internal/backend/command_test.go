package backend_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// command is the command as it runs.
type command struct {
	url    string
	stop   context.CancelFunc
	code   chan int
	rest   chan string
	stderr *bytes.Buffer
}

func environ(env map[string]string) []string {
	var settings []string
	for name, value := range env {
		settings = append(settings, name+"="+value)
	}
	return settings
}

func start(t *testing.T, env map[string]string, args ...string) *command {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	c := &command{stop: stop, code: make(chan int, 1), rest: make(chan string, 1), stderr: &bytes.Buffer{}}
	out, stdout := io.Pipe()
	go func() {
		c.code <- backend.Command(ctx, args, backend.Process{Environ: environ(env), Stdout: stdout, Stderr: c.stderr})
		_ = stdout.Close()
	}()
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("no base URL: %v; exit code %d, %s", err, <-c.code, c.stderr)
	}
	c.url = strings.TrimSuffix(line, "\n")
	go func() {
		rest, _ := io.ReadAll(lines)
		c.rest <- string(rest)
	}()
	return c
}

// end stops the command and returns its exit code and what else it wrote to standard output.
func (c *command) end() (code int, rest string) {
	c.stop()
	return <-c.code, <-c.rest
}

func get(t *testing.T, url, authorization string) response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", authorization)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{res.StatusCode, res.Header, string(text)}
}

func TestCommandServesUntilItIsStopped(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.db")
	c := start(t, map[string]string{"UIPATH_BACKEND_DATA": file, "UIPATH_BACKEND_CLOCK": "2026-01-31T12:00:00Z"},
		"-listen", "127.0.0.1:0", "-clock", "2026-02-28T12:00:00Z")
	if !strings.HasPrefix(c.url, "http://127.0.0.1:") {
		t.Errorf("base URL %q", c.url)
	}
	r := get(t, c.url+"/acme/pap_/api/roles", "Bearer "+patOfAda)
	if r.status != http.StatusOK || r.header.Get("Date") != "Sat, 28 Feb 2026 12:00:00 GMT" {
		t.Errorf("got %d at %s", r.status, r.header.Get("Date"))
	}
	if r := get(t, c.url+"/_reference/snapshot", ""); r.status != http.StatusOK {
		t.Errorf("snapshot: %d %s", r.status, r.text)
	}
	if code, rest := c.end(); code != 0 || rest != "" {
		t.Errorf("exit code %d, further output %q", code, rest)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("data file: %v, %v; want mode 0600", info, err)
	}
	// The banner before it may tell the token, which is published.
	_, log, _ := strings.Cut(c.stderr.String(), "\ntime=")
	if !strings.Contains(log, "operation=ListRoles") || strings.Contains(log, patOfAda) {
		t.Errorf("log: %s", c.stderr)
	}
}

func TestCommandLimitsRequestsOnDemand(t *testing.T) {
	t.Parallel()
	c := start(t, map[string]string{"UIPATH_BACKEND_RATE_LIMITS": "true"})
	for range 300 {
		get(t, c.url+"/acme/identity_/api/Directory/Scopes/"+orgID, "")
	}
	if r := get(t, c.url+"/acme/identity_/api/Directory/Scopes/"+orgID, ""); r.status != http.StatusTooManyRequests {
		t.Errorf("got %d %s", r.status, r.text)
	}
	if code, _ := c.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// ownSeed is a file with a seed that has no published secret.
func ownSeed(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "own.yaml")
	if err := os.WriteFile(path, []byte("organization: {name: initech}\nexternalApplications: [{name: a, secret: of-our-own}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCommandRefusesPublishedSecretsWhereOthersCanReachIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	used, copied := filepath.Join(dir, "used.db"), filepath.Join(dir, "copied.yaml")
	first := open(t, backend.Options{DataFile: used})
	if err := os.WriteFile(copied, []byte(first.get(t, "/_reference/snapshot", "").text), 0o600); err != nil {
		t.Fatal(err)
	}
	tokenOnly := filepath.Join(dir, "token.yaml")
	withToken := "organization: {name: initech}\nusers: [{userName: bill}]\n" +
		"personalAccessTokens: [{user: bill, token: " + patOfAda + ", expires: 2099-01-01T00:00:00Z}]\n"
	if err := os.WriteFile(tokenOnly, []byte(withToken), 0o600); err != nil {
		t.Fatal(err)
	}
	untouched := filepath.Join(dir, "new.db")
	for name, args := range map[string][]string{
		"in memory": nil, "in a new file": {"-data", untouched}, "in a file": {"-data", used}, "in a copy of the seed": {"-seed", copied},
		"a token": {"-seed", tokenOnly},
	} {
		var stdout, stderr bytes.Buffer
		code := backend.Command(t.Context(), append([]string{"-listen", "0.0.0.0:0"}, args...), backend.Process{Stdout: &stdout, Stderr: &stderr})
		if code != 1 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "has a secret that everybody can read") ||
			!strings.Contains(stderr.String(), "-seed") || !strings.Contains(stderr.String(), "-listen 127.0.0.1:0") {
			t.Errorf("%s: exit code %d, output %q, error %q", name, code, stdout.String(), stderr.String())
		}
	}
	// The refusal left the new file to the next seed.
	c := start(t, nil, "-listen", "0.0.0.0:0", "-data", untouched, "-seed", ownSeed(t))
	if code, _ := c.end(); code != 0 {
		t.Errorf("exit code %d, log %s", code, c.stderr)
	}
}

func TestCommandAnswersUnderItsNames(t *testing.T) {
	t.Parallel()
	env := map[string]string{"UIPATH_BACKEND_HOSTS": "backend.example, Other.Example", "UIPATH_BACKEND_REQUIRE_ORGANIZATION": "true"}
	c := start(t, env, "-listen", "localhost:0", "-cors", "http://localhost:3000")
	defer c.end()
	ask := func(host, path string) response {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.url+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		req.Header.Set("Origin", "http://localhost:3000")
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		res, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response{res.StatusCode, res.Header, string(text)}
	}
	for _, host := range []string{"backend.example", "other.example:80", "localhost", "127.0.0.1:1"} {
		r := ask(host, "/identity_/api/User/"+ada)
		refused(t, r, http.StatusBadRequest, "InvalidPartition")
		if r.header.Get("Access-Control-Allow-Origin") != "http://localhost:3000" {
			t.Errorf("%s: headers %v", host, r.header)
		}
	}
	refused(t, ask("third.example", "/_reference/health"), http.StatusForbidden, "third.example")
}

func TestCommandWarnsWhenOthersCanReachIt(t *testing.T) {
	t.Parallel()
	c := start(t, nil, "-listen", "0.0.0.0:0", "-seed", ownSeed(t))
	if !strings.HasPrefix(c.url, "http://127.0.0.1:") {
		t.Errorf("base URL %q", c.url)
	}
	if code, _ := c.end(); code != 0 || !strings.Contains(c.stderr.String(), "other machines") {
		t.Errorf("exit code %d, log %s", code, c.stderr)
	}
}

func TestCommandIDsComeFromTheirSeed(t *testing.T) {
	t.Parallel()
	id := func() string {
		c := start(t, map[string]string{"UIPATH_BACKEND_ID_SEED": "7", "UIPATH_BACKEND_STRICT": "true", "UIPATH_BACKEND_TOKEN_LIFETIME": "5m"})
		defer c.end()
		body := strings.NewReader(`{"roleName":"A","roleDescription":"B","roleScopeType":"TENANT",
			"organizationId":"` + orgID + `","tenantId":"` + production + `"}`)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, c.url+"/acme/pap_/api/roles", body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+patOfAda)
		req.Header.Set("Content-Type", "application/json")
		transport := &http.Transport{}
		defer transport.CloseIdleConnections()
		res, err := (&http.Client{Transport: transport}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response{res.StatusCode, res.Header, string(text)}.created(t)
	}
	if one, other := id(), id(); one != other {
		t.Errorf("ids %s and %s", one, other)
	}
}

func TestCommandMistakes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	taken, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	for _, test := range []struct {
		name string
		env  map[string]string
		args []string
		part string
	}{
		{"unknown flag", nil, []string{"-sead", "x"}, "-sead"},
		{"argument", nil, []string{"start"}, `"start"`},
		{"port", nil, []string{"-listen", taken.Addr().String()}, "cannot listen on"},
		{"address", nil, []string{"-listen", "nowhere"}, `"nowhere"`},
		{"no seed file", nil, []string{"-seed", filepath.Join(dir, "missing.yaml")}, "missing.yaml"},
		{"wrong seed", nil, []string{"-seed", write("wrong.yaml", "organization: {name: a, nam: b}\ntenants: x\n")},
			"line 1: unknown key \"nam\". Did you mean \"name\"?"},
		{"empty seed", nil, []string{"-seed", write("empty.yaml", "")}, "empty"},
		{"clock", nil, []string{"-clock", "noon"}, "noon"},
		{"ids", nil, []string{"-id-seed", "-1"}, "id-seed"},
		{"origin", nil, []string{"-cors", "*"}, "http://localhost:3000"},
		{"origin with a path", map[string]string{"UIPATH_BACKEND_CORS": "http://localhost:3000/"}, nil, "cors"},
		{"host with a port", nil, []string{"-hosts", "a.example, b.example:80"}, "b.example:80"},
		{"lifetime", nil, []string{"-token-lifetime", "0s"}, "token-lifetime"},
		{"environment", map[string]string{"UIPATH_BACKEND_STRICT": "perhaps"}, nil, "UIPATH_BACKEND_STRICT"},
		{"a certificate alone", nil, []string{"-tls-cert", "cert.pem"}, "tls-key belong together"},
		{"no certificate", nil, []string{"-tls-cert", write("cert.pem", "nothing"), "-tls-key", write("key.pem", "nothing")}, "tls-cert and tls-key"},
		{"fault", nil, []string{"-fault", "PATCH status=200"}, "from 400 to 599"},
		{"fault of the environment", map[string]string{"UIPATH_BACKEND_FAULT": "sometimes"}, nil, "UIPATH_BACKEND_FAULT"},
		{"log", nil, []string{"-log", filepath.Join(dir, "missing", "requests.log")}, "log: "},
		{"no database", nil, []string{"-data", write("notes.txt", strings.Repeat("These are notes. ", 100))}, "not a database"},
		{"no folder", nil, []string{"-data", filepath.Join(dir, "missing", "state.db")}, "missing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			code := backend.Command(t.Context(), test.args, backend.Process{Environ: environ(test.env), Stdout: &stdout, Stderr: &stderr})
			if code != 1 || stdout.Len() > 0 || strings.Count(stderr.String(), "\n") != 1 || !strings.Contains(stderr.String(), test.part) {
				t.Errorf("exit code %d, output %q, error %q; want 1 and one line with %q", code, stdout.String(), stderr.String(), test.part)
			}
		})
	}
}

func TestCommandHelp(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	code := backend.Command(t.Context(), []string{"-h"}, backend.Process{Stdout: &stdout, Stderr: &stderr})
	if code != 0 || stderr.Len() > 0 || !strings.Contains(stdout.String(), "-token-lifetime") {
		t.Errorf("exit code %d, output %q, error %q", code, stdout.String(), stderr.String())
	}
}
