package conformance_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// names are what {name} stands for in paths, bodies and expectations: addresses, and ids of the built-in organization.
func names() map[string]string {
	return map[string]string{
		"identity": "/acme/identity_/api", "pap": "/acme/pap_/api", "pdp": "/acme/pdp_/api", "orchestrator": "/acme/Production/orchestrator_",
		"p": "9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21", "zero": "00000000-0000-0000-0000-000000000000", "new": "5e000000-0000-4000-8000-000000000001",
		"unknown": "5e000000-0000-4000-8000-0000000000ff", "production": "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90", "staging": "2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9a01",

		"ada": "3a000000-0000-4000-8000-000000000001", "grace": "3a000000-0000-4000-8000-000000000002", "alan": "3a000000-0000-4000-8000-000000000003",
		"katherine": "3a000000-0000-4000-8000-000000000004", "edsger": "3a000000-0000-4000-8000-000000000005", "barbara": "3a000000-0000-4000-8000-000000000006",
		"margaret": "3a000000-0000-4000-8000-000000000007", "dennis": "3a000000-0000-4000-8000-000000000008", "radia": "3a000000-0000-4000-8000-000000000009",

		"administrators": "35551807-06b1-4cda-90a1-2fb84851eee7", "automationUsers": "cdc34b5b-77d2-4ae1-9744-209d21ce557d",
		"everyone": "3b000000-0000-4000-8000-000000000004", "processDiscovery": "3b000000-0000-4000-8000-000000000005",
		"invoiceProcessing": "3b000000-0000-4000-8000-000000000006", "financeRobots": "3b000000-0000-4000-8000-000000000007",
		"reviewers": "3b000000-0000-4000-8000-000000000008", "testEngineering": "3b000000-0000-4000-8000-000000000009",

		"terraform": "3c000000-0000-4000-8000-000000000001", "terraformProduction": "3c000000-0000-4000-8000-000000000002",
		"accessReview": "3c000000-0000-4000-8000-000000000003", "invoiceRobot": "3f000000-0000-4000-8000-000000000001",

		"invoiceOperations": "3d000000-0000-4000-8000-000000000001", "auditor": "3d000000-0000-4000-8000-000000000002",
		"steward": "3d000000-0000-4000-8000-000000000003", "projectLead": "3d000000-0000-4000-8000-000000000004",
		"accessAdministrator": "587d79d6-85de-4ee7-819b-1eb19b85009b", "finance": "4a000000-0000-4000-8000-000000000001",
		"contracts": "4b000000-0000-4000-8000-000000000002", "accountsPayable": "4b000000-0000-4000-8000-000000000003",
	}
}

// step is one request and what must come back.
type step struct {
	method, path, body string
	caller             string
	header             http.Header
	status             int
	checks             []check
	repeat             int
}

// check looks at a response.
type check func(*play, response) error

func get(path string) step         { return step{method: http.MethodGet, path: path} }
func remove(path string) step      { return step{method: http.MethodDelete, path: path} }
func post(path, body string) step  { return step{method: http.MethodPost, path: path, body: body} }
func put(path, body string) step   { return step{method: http.MethodPut, path: path, body: body} }
func patch(path, body string) step { return step{method: http.MethodPatch, path: path, body: body} }
func removeMany(path, body string) step {
	return step{method: http.MethodDelete, path: path, body: body}
}
func (s step) as(caller string) step      { s.caller = caller; return s }
func (s step) times(n int) step           { s.repeat = n; return s }
func (s step) with(name, val string) step { return s.withHeader(http.Header{name: {val}}) }

func (s step) withHeader(h http.Header) step {
	s.header = maps.Clone(h)
	return s
}

// form is a request to the token endpoint.
func form(path string, values ...string) step {
	v := url.Values{}
	for i := 0; i+1 < len(values); i += 2 {
		v.Add(values[i], values[i+1])
	}
	return post(path, v.Encode()).as(nobody).with("Content-Type", "application/x-www-form-urlencoded")
}

// gives expects a status, or any with 0, and a body.
func (s step) gives(status int, bodies ...any) step {
	s.status = status
	for _, body := range bodies {
		s = s.checking(func(p *play, r response) error { return like(body)(p, r.body()) })
	}
	return s
}

// heads expects a header.
func (s step) heads(name string, value any) step {
	return s.checking(func(p *play, r response) error {
		if err := like(value)(p, r.header.Get(name)); err != nil {
			return fmt.Errorf("header %s: %w", name, err)
		}
		return nil
	})
}

// keep remembers a part of the body under a name. The part is found by its way there: "results.0.id".
func (s step) keep(name, way string) step {
	return s.checking(func(p *play, r response) error {
		part, err := find(r.body(), way)
		if err == nil {
			p.names[name] = fmt.Sprint(part)
			if number, ok := part.(float64); ok {
				p.names[name] = strconv.FormatFloat(number, 'f', -1, 64)
			}
		}
		return err
	})
}

func (s step) checking(c check) step {
	s.checks = append(append([]check{}, s.checks...), c)
	return s
}

// changes reports whether the step may change anything.
func (s step) changes() bool {
	switch s.method {
	case http.MethodGet:
		return false
	case http.MethodPost:
		for _, part := range []string{"connect/token", "/Directory/", "geteffectiveaccess"} {
			if strings.Contains(s.path, part) {
				return false
			}
		}
	}
	return true
}

// body returns the JSON that came back, or the text of what is no JSON; nil for an empty body.
func (r response) body() any {
	if r.text == "" {
		return nil
	}
	var v any
	if !strings.Contains(r.header.Get("Content-Type"), "json") || json.Unmarshal([]byte(r.text), &v) != nil {
		return r.text
	}
	return v
}

// find goes from a value into its members and elements.
func find(v any, way string) (any, error) {
	for name := range strings.SplitSeq(way, ".") {
		switch from := v.(type) {
		case map[string]any:
			v = from[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(from) {
				return nil, fmt.Errorf("no element %s of %s in %d elements", name, way, len(from))
			}
			v = from[i]
		default:
			return nil, fmt.Errorf("nothing at %s of %s", name, way)
		}
	}
	if v == nil {
		return nil, fmt.Errorf("nothing at %s", way)
	}
	return v, nil
}

// play is a run of steps against a server.
type play struct {
	server *server
	names  map[string]string
	// caller is who calls where a step does not say.
	caller string
	// header goes with every request.
	header http.Header
}

// expand replaces {name} by what it stands for.
func (p *play) expand(text string) string {
	for name, value := range p.names {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// run plays steps in order, and returns what is wrong with the first that does not answer as it should.
func run(ctx context.Context, s *server, steps []step) error {
	return (&play{server: s, names: names()}).run(ctx, steps)
}

func (p *play) run(ctx context.Context, steps []step) error {
	for i, step := range steps {
		for range max(1, step.repeat) {
			if err := p.take(ctx, step); err != nil {
				return fmt.Errorf("request %d: %w", i+1, err)
			}
		}
	}
	return nil
}

func (p *play) take(ctx context.Context, s step) error {
	path, body := p.expand(s.path), p.expand(s.body)
	header := maps.Clone(p.header)
	if header == nil {
		header = http.Header{}
	}
	maps.Copy(header, s.header)
	r, err := p.server.send(ctx, cmp.Or(s.caller, p.caller), s.method, path, body, header)
	if err != nil {
		return fmt.Errorf("%s %s: %w", s.method, path, err)
	}
	if s.status != 0 && r.status != s.status {
		err = fmt.Errorf("status %d, want %d", r.status, s.status)
	}
	for _, check := range s.checks {
		if err == nil {
			err = check(p, r)
		}
	}
	if err != nil {
		const most = 700
		return fmt.Errorf("%s %s %s: %w\nthe answer is %d %.*s", s.method, path, body, err, r.status, most, r.text)
	}
	return nil
}
