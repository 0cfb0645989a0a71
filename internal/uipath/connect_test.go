package uipath

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withToken switches a configuration to a bearer token.
func withToken(token string) func(*Config) {
	return func(c *Config) { c.ClientID, c.ClientSecret, c.AccessToken = "", "", token }
}

func TestNewResolves(t *testing.T) {
	t.Parallel()
	const portal = "/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
	acme := Organization{ID: orgID, Name: "acme"}
	for name, test := range map[string]struct {
		change func(*Config)
		server func(*fake)
		want   Organization
		tenant Tenant
		sent   []string
	}{
		"by name": {
			change: func(c *Config) { c.Tenant = "production" }, want: acme, tenant: Tenant{tenantID, "Production"},
			sent: []string{"POST /acme/identity_/connect/token", "GET /acme" + portal},
		},
		"by GUID": {
			change: func(c *Config) { c.Organization, c.Tenant = strings.ToUpper(orgID), strings.ToUpper(testTenantID) },
			want:   acme, tenant: Tenant{testTenantID, "Test"},
			sent: []string{"POST /" + strings.ToUpper(orgID) + "/identity_/connect/token", "GET /" + strings.ToUpper(orgID) + portal},
		},
		"by the token": {
			change: func(c *Config) { c.Organization = "" }, want: acme,
			sent: []string{"POST /identity_/connect/token", "GET /" + orgID + portal},
		},
		"opaque token": {change: withToken("pat-1"), want: acme, sent: []string{"GET /acme" + portal}},
		"token without organization": {
			change: func(*Config) {}, server: func(f *fake) { f.bare = true }, want: acme,
			sent: []string{"POST /acme/identity_/connect/token", "GET /acme" + portal},
		},
		"without portal": {
			change: func(c *Config) { c.ResolveTenants, c.Tenant = false, strings.ToUpper(tenantID) },
			want:   acme, tenant: Tenant{tenantID, tenantID}, sent: []string{"POST /acme/identity_/connect/token"},
		},
		"without portal, by the token": {
			change: func(c *Config) { c.ResolveTenants, c.Organization = false, "" },
			want:   Organization{orgID, orgID}, sent: []string{"POST /identity_/connect/token"},
		},
		"without portal, opaque token": {
			change: func(c *Config) { withToken("pat-1")(c); c.ResolveTenants, c.Organization = false, orgID },
			want:   Organization{orgID, orgID}, sent: []string{"GET /" + orgID + "/pap_/api/roles?top=1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			if test.server != nil {
				test.server(f)
			}
			config := f.config()
			test.change(&config)
			c, err := New(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			if c.Organization() != test.want {
				t.Errorf("Organization = %v, want %v", c.Organization(), test.want)
			}
			if tenant, ok := c.DefaultTenant(); tenant != test.tenant || ok != (test.tenant != Tenant{}) {
				t.Errorf("DefaultTenant = %v, %v, want %v", tenant, ok, test.tenant)
			}
			if diff := cmp.Diff(test.sent, f.sent("")); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNewTellsTheWrongSetting(t *testing.T) {
	t.Parallel()
	answer := func(status int, contentType, body string) func(*fake) {
		return func(f *fake) {
			f.on(func(w http.ResponseWriter, _ *http.Request, _ string) bool {
				w.Header().Set("Content-Type", contentType)
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body))
				return true
			})
		}
	}
	portal := func(status int, body string) func(*fake) {
		return func(f *fake) {
			f.first(-1, http.MethodGet, "tenantsAndOrganizationInfo", func(w http.ResponseWriter, _ *http.Request) {
				answerJSON(w, status, body)
			})
		}
	}
	for name, test := range map[string]struct {
		change    func(*Config)
		server    func(*fake)
		attribute string
		says      []string
	}{
		"wrong secret": {
			change: func(c *Config) { c.ClientSecret = "wrong-secret" }, attribute: "client_secret",
			says: []string{"client_id (UIPATH_CLIENT_ID)", "client_secret (UIPATH_CLIENT_SECRET)", "invalid_client"},
		},
		"wrong scope": {
			change: func(c *Config) { c.Scopes = []string{"OR.Users", "Wrong"} }, attribute: "scopes", says: []string{`"OR.Users", "Wrong"`},
		},
		"no scopes": {
			server: answer(400, "application/json", `{"error":"invalid_scope"}`), attribute: "scopes", says: []string{"no application scopes"},
		},
		"not confidential": {
			server: answer(400, "application/json", `{"error":"unauthorized_client"}`), attribute: "client_id", says: []string{"confidential"},
		},
		"unknown organization at the token": {
			change: func(c *Config) { c.Organization = "acne" }, attribute: "organization", says: []string{`no organization "acne"`},
		},
		"unknown organization at the portal": {
			change: func(c *Config) { withToken("pat-1")(c); c.Organization = "acne" }, attribute: "organization",
			says: []string{`no organization "acne"`, "UIPATH_ORGANIZATION"},
		},
		"unknown organization without portal": {
			change:    func(c *Config) { withToken("pat-1")(c); c.Organization, c.ResolveTenants = otherOrgID, false },
			attribute: "organization", says: []string{"no organization"},
		},
		"another organization's GUID": {
			change: func(c *Config) { c.Organization = orgID[:len(orgID)-1] + "9" }, attribute: "organization",
			server: func(f *fake) {
				f.first(1, http.MethodPost, "token", func(w http.ResponseWriter, _ *http.Request) {
					answerJSON(w, 200, `{"access_token":"`+f.issueToken()+`"}`)
				})
			},
			says: []string{"credentials belong to the organization with the GUID " + orgID},
		},
		"another organization's name": {
			attribute: "organization", says: []string{otherOrgID, orgID},
			server: portal(200, `{"organization":{"id":"`+otherOrgID+`","name":"acme"},"tenants":[]}`),
		},
		"no organization": {
			change: func(c *Config) { withToken("pat-1")(c); c.Organization = "" }, attribute: "organization",
			says: []string{"UIPATH_ORGANIZATION", "opaque"},
		},
		"organization's name without portal": {
			change:    func(c *Config) { c.ResolveTenants = false },
			server:    func(f *fake) { f.bare = true },
			attribute: "organization", says: []string{"give the GUID"},
		},
		"tenants refused": {
			server: portal(403, `{"message":"no right","errorCode":0}`), attribute: "resolve_tenants",
			says: []string{"lack the right", "resolve_tenants = false", "as GUIDs", "no right"},
		},
		"portal without organization": {server: portal(200, `{"tenants":[]}`), attribute: "organization", says: []string{"GUID"}},
		"wrong tenant": {
			change: func(c *Config) { c.Tenant = "Prodution" }, attribute: "tenant",
			says: []string{"UIPATH_TENANT", `Did you mean "Production"?`, `"Production", "Test"`},
		},
		"revoked token": {
			change: withToken("pat-2"), attribute: "access_token", says: []string{"UIPATH_PAT", "expired, revoked"},
		},
		"a web page": {
			server: answer(200, "text/html", "<html><title>Sign in</title>"), attribute: "base_url", says: []string{"UiPath server", "Sign in"},
		},
		"a missing page": {server: answer(404, "text/html", "<html>"), attribute: "base_url", says: []string{"UIPATH_URI"}},
		"a redirect":     {server: answer(308, "text/plain", ""), attribute: "base_url", says: []string{"UiPath server"}},
		"no token": {
			server: answer(200, "application/json", `{"token_type":"Bearer"}`), attribute: "base_url", says: []string{"without an access token"},
		},
		"no organizations": {
			change: func(c *Config) { c.Organization = "" }, server: answer(404, "application/json", `{}`), attribute: "base_url",
			says: []string{"UiPath server"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			config := f.config()
			if test.change != nil {
				test.change(&config)
			}
			if test.server != nil {
				test.server(f)
			}
			_, err := New(t.Context(), config)
			wrong, ok := errors.AsType[*ConfigError](err)
			if !ok {
				t.Fatalf("New = %v, want a ConfigError", err)
			}
			if wrong.Attribute != test.attribute || wrong.Summary == "" {
				t.Errorf("attribute %q, summary %q, want attribute %q (%v)", wrong.Attribute, wrong.Summary, test.attribute, err)
			}
			for _, text := range test.says {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("New = %q, want it to say %q", err, text)
				}
			}
			if strings.Contains(err.Error(), config.ClientSecret) && config.ClientSecret != "" {
				t.Errorf("the error tells the secret: %v", err)
			}
		})
	}
}

// failing is a transport that never gets through.
type failing struct{ err error }

func (f failing) RoundTrip(*http.Request) (*http.Response, error) { return nil, f.err }

func TestNewTellsAnUnreachableServer(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for name, test := range map[string]struct {
		err   error
		says  string
		waits int
	}{
		"unknown host":  {dial(&net.DNSError{Err: "no such host", Name: "nowhere", IsNotFound: true}), "There is no host", 0},
		"resolver":      {dial(&net.DNSError{Err: "server misbehaving", Name: "nowhere", IsTemporary: true}), "No answer", 3},
		"refused":       {dial(errors.New("connection refused")), "No answer", 3},
		"certificate":   {&tls.CertificateVerificationError{Err: errors.New("unknown authority")}, "No secure connection", 0},
		"no TLS at all": {tls.RecordHeaderError{Msg: "not TLS"}, "No secure connection", 0},
		"plain server":  {http.ErrSchemeMismatch, "No secure connection", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			config := f.config()
			config.Transport = failing{test.err}
			_, err := New(t.Context(), config)
			wrong, ok := errors.AsType[*ConfigError](err)
			if !ok || wrong.Attribute != "base_url" || !strings.Contains(err.Error(), test.says) {
				t.Errorf("New = %v, want %q on base_url", err, test.says)
			}
			if got := len(f.waits.all()); got != test.waits {
				t.Errorf("it was tried again %d times, want %d", got, test.waits)
			}
		})
	}
}

func TestNewRefusesAnUntrustedCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	f := newFake(t)
	config := f.config()
	config.BaseURL = server.URL
	_, err := New(t.Context(), config)
	if err == nil || !strings.Contains(err.Error(), "No secure connection") || len(f.waits.all()) != 0 {
		t.Errorf("New = %v after %v, want no secure connection at once", err, f.waits.all())
	}
}

// A caller who may not read roles is known all the same, but not that the organization's name is that of their organization.
func TestNewWithoutRightToReadRoles(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.first(-1, http.MethodGet, "roles", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusForbidden, `{}`) })
	config := f.config()
	withToken(f.issueToken())(&config)
	config.ResolveTenants = false
	_, err := New(t.Context(), config)
	if wrong, ok := errors.AsType[*ConfigError](err); !ok || wrong.Attribute != "organization" || !strings.Contains(err.Error(), "as GUID") {
		t.Errorf("New with a name = %v, want a refusal", err)
	}
	config.Organization = orgID
	if _, err := New(t.Context(), config); err != nil {
		t.Errorf("New with a GUID = %v", err)
	}
}

func TestSubject(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	if id, ok := f.client(t).Subject(); id != subjectID || !ok {
		t.Errorf("Subject = %q, %v, want the token's subject", id, ok)
	}
	if id, ok := f.client(t, withToken("pat-1")).Subject(); id != "" || ok {
		t.Errorf("Subject of an opaque token = %q, %v, want none", id, ok)
	}
}

func TestServerTroubleIsNoSetting(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.first(-1, http.MethodPost, "token", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusServiceUnavailable, `{"message":"down for maintenance","traceId":"00-abc-01"}`)
	})
	_, err := New(t.Context(), f.config())
	if _, ok := errors.AsType[*ConfigError](err); ok {
		t.Errorf("a setting is blamed: %v", err)
	}
	const want = "get an access token: HTTP 503 Service Unavailable: down for maintenance (tried 4 times; trace id 00-abc-01)"
	if err == nil || err.Error() != want {
		t.Errorf("New = %v, want %s", err, want)
	}
}
