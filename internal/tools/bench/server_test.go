package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// newTestServer is a [server] in this process.
func newTestServer(t *testing.T, organization []byte) *httptest.Server {
	t.Helper()
	b, err := backend.Open(t.Context(), backend.Options{Seed: organization})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(b)
	t.Cleanup(func() {
		server.Close()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// TestSeed shows that the backend takes the seed, and that each person can have each role where [assignAll] gives it.
func TestSeed(t *testing.T) {
	t.Parallel()
	server := newTestServer(t, seed(3, 2))
	if err := assignAll(t.Context(), server.URL, 3, 2); err != nil {
		t.Fatal(err)
	}
	if err := assignAll(t.Context(), server.URL, 1, 1); err == nil {
		t.Error("what was assigned is assigned again")
	}
	var some []assignment
	for i, p := range places {
		some = append(some, assignment{role(p.role), person(i % 3), "User", p.scope})
	}
	if err := assign(t.Context(), server.URL, some); err != nil {
		t.Errorf("assigning at the places: %v", err)
	}
}

func TestProxy(t *testing.T) {
	t.Parallel()
	const latency = 20 * time.Millisecond
	hosts := make(chan string, 2)
	answering := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hosts <- r.Host
		w.WriteHeader(http.StatusTeapot)
	}))
	defer answering.Close()
	target, err := http.NewRequestWithContext(t.Context(), http.MethodGet, answering.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	p := newProxy(target.URL)
	front := httptest.NewServer(p)
	defer front.Close()

	p.begin(latency)
	for _, path := range []string{"/initech/pap_/api/roles", "/INITECH/pap_/api/roles/" + role(1)} {
		began := time.Now()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, front.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := front.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if took := time.Since(began); resp.StatusCode != http.StatusTeapot || took < latency {
			t.Errorf("%s: %s after %s", path, resp.Status, took)
		}
		if host := <-hosts; "http://"+host != front.URL {
			t.Errorf("the backend was asked for the host %s, want that of %s", host, front.URL)
		}
	}
	if diff := cmp.Diff(map[string]int{"GET roles": 2}, p.requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	p.begin(0)
	if got := p.requests(); len(got) != 0 {
		t.Errorf("counted from zero: %v", got)
	}
}
