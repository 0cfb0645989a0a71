// Package acctest is what acceptance tests share: a reference backend of their own, the provider pointed at it, and a client
// to do things behind Terraform's back.
//
// What only one test needs stays with that test.
package acctest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/provider"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// Tenants of the built-in organization.
const (
	Production = "Production"
	Staging    = "Staging"
)

// Backend is a reference backend for one test, in memory, reachable over loopback.
type Backend struct {
	*backend.Backend
	// URL is its base URL.
	URL string
}

// NewBackend starts a backend with the built-in organization. It ends with the test.
func NewBackend(t testing.TB, options backend.Options) *Backend {
	t.Helper()
	return NewBackendBehind(t, options, func(b http.Handler) http.Handler { return b })
}

// NewBackendBehind is [NewBackend] with something between it and the network: latency, or connections that break.
func NewBackendBehind(t testing.TB, options backend.Options, between func(http.Handler) http.Handler) *Backend {
	t.Helper()
	b, err := backend.Open(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(between(b))
	t.Cleanup(func() {
		server.Close()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Backend{b, server.URL}
}

// Factories returns the provider under its usual name, in this process.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"uipath": func() (tfprotov6.ProviderServer, error) { return provider.NewServer(provider.New("test")()), nil },
	}
}

// Config returns a configuration: the provider acting as the caller, with Production as its tenant, and the body. Caller "" is
// the organization administrator.
func (b *Backend) Config(t testing.TB, caller, body string) string {
	t.Helper()
	return b.ConfigWith(t, caller, fmt.Sprintf("tenant = %q", Production), body)
}

// ConfigWith is [Backend.Config] with provider settings of the test's own.
func (b *Backend) ConfigWith(t testing.TB, caller, settings, body string) string {
	t.Helper()
	return fmt.Sprintf("provider \"uipath\" {\n  base_url = %q\n  access_token = %q\n  visibility_timeout = \"0s\"\n  %s\n}\n\n%s",
		b.URL, b.token(t, caller), settings, body)
}

// Client returns a client that acts as the organization administrator, for what happens behind Terraform's back.
func (b *Backend) Client(t testing.TB) *uipath.Client {
	t.Helper()
	client, err := uipath.New(t.Context(), uipath.Config{ResolveTenants: true, Connection: uipath.Connection{
		BaseURL: b.URL, AccessToken: b.token(t, ""), RequestTimeout: time.Minute, UserAgent: "acctest",
	}})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func (b *Backend) token(t testing.TB, caller string) string {
	t.Helper()
	token, err := b.Token(t.Context(), caller)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
