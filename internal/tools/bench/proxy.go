package main

import (
	"maps"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"
)

// proxy stands before the backend. It answers each request late, and counts them.
type proxy struct {
	next http.Handler

	mu      sync.Mutex
	latency time.Duration
	counts  map[string]int
}

// connections is how many the proxy keeps open; more than any Terraform here makes requests at once.
const connections = 200

func newProxy(target *url.URL) *proxy {
	return &proxy{counts: map[string]int{}, next: &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
		},
		Transport: &http.Transport{MaxIdleConns: connections, MaxIdleConnsPerHost: connections, DisableCompression: true},
	}}
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.counts[operation(r)]++
	latency := p.latency
	p.mu.Unlock()

	late := time.NewTimer(latency)
	defer late.Stop()
	select {
	case <-late.C:
		p.next.ServeHTTP(w, r)
	case <-r.Context().Done():
	}
}

// begin sets how late answers come from now on, and counts from zero.
func (p *proxy) begin(latency time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latency = latency
	clear(p.counts)
}

// requests returns how many requests there were since [proxy.begin], by operation.
func (p *proxy) requests() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.counts)
}

// operation names what is asked for: the method, and the path without organization and ids.
func operation(r *http.Request) string {
	name := []string{r.Method}
	for part := range strings.SplitSeq(strings.Trim(r.URL.Path, "/"), "/") {
		if !strings.EqualFold(part, organization) && !strings.HasSuffix(part, "_") && part != "api" && !strings.Contains(part, "-") {
			name = append(name, part)
		}
	}
	return strings.Join(name, " ")
}
