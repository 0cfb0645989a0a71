package uipath

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
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
		change  func(*Config)
		server  func(*fake)
		problem rest.Problem
		says    []string
	}{
		"wrong secret": {
			change: func(c *Config) { c.ClientSecret = "wrong-secret" }, problem: rest.CredentialsRefused,
			says: []string{clientID, "invalid_client"},
		},
		"wrong scope": {
			change: func(c *Config) { c.Scopes = []string{"OR.Users", "Wrong"} }, problem: rest.ScopesRefused, says: []string{clientID, "OR.Users, Wrong"},
		},
		"no scopes": {
			server: answer(400, "application/json", `{"error":"invalid_scope"}`), problem: rest.ScopesMissing, says: []string{clientID, "invalid_scope"},
		},
		"not confidential": {
			server: answer(400, "application/json", `{"error":"unauthorized_client"}`), problem: rest.ClientNotConfidential, says: []string{clientID},
		},
		"unknown organization at the token": {
			change: func(c *Config) { c.Organization = "acne" }, problem: rest.OrganizationNotFound, says: []string{"acne"},
		},
		"unknown organization at the portal": {
			change: func(c *Config) { withToken("pat-1")(c); c.Organization = "acne" }, problem: rest.OrganizationNotFound,
			says: []string{"acne"},
		},
		"unknown organization without portal": {
			change:  func(c *Config) { withToken("pat-1")(c); c.Organization, c.ResolveTenants = otherOrgID, false },
			problem: rest.OrganizationNotFound, says: []string{otherOrgID},
		},
		"another organization's GUID": {
			change: func(c *Config) { c.Organization = orgID[:len(orgID)-1] + "9" }, problem: rest.OrganizationContradicts,
			server: func(f *fake) {
				f.first(1, http.MethodPost, "token", func(w http.ResponseWriter, _ *http.Request) {
					answerJSON(w, 200, `{"access_token":"`+f.issueToken()+`"}`)
				})
			},
			says: []string{orgID, orgID[:len(orgID)-1] + "9"},
		},
		"another organization's name": {
			problem: rest.OrganizationContradicts, says: []string{otherOrgID, orgID},
			server: portal(200, `{"organization":{"id":"`+otherOrgID+`","name":"acme"},"tenants":[]}`),
		},
		"no organization": {
			change: func(c *Config) { withToken("pat-1")(c); c.Organization = "" }, problem: rest.OrganizationUnknown,
		},
		"organization's name without portal": {
			change:  func(c *Config) { c.ResolveTenants = false },
			server:  func(f *fake) { f.bare = true },
			problem: rest.OrganizationUnresolved,
		},
		"tenants refused": {
			server: portal(403, `{"message":"no right","errorCode":0}`), problem: rest.TenantsForbidden,
			says: []string{"acme", "no right"},
		},
		"portal without organization": {server: portal(200, `{"tenants":[]}`), problem: rest.OrganizationWithoutID, says: []string{"acme"}},
		"wrong tenant": {
			change: func(c *Config) { c.Tenant = "Prodution" }, problem: rest.TenantNotFound,
			says: []string{"Prodution", `Did you mean "Production"?`, `"Production", "Test"`},
		},
		"revoked token": {
			change: withToken("pat-2"), problem: rest.AccessTokenRefused, says: []string{"401"},
		},
		"a web page": {
			server: answer(200, "text/html", "<html><title>Sign in</title>"), problem: rest.ServerForeign, says: []string{"Sign in"},
		},
		"a missing page": {server: answer(404, "text/html", "<html>"), problem: rest.ServerForeign, says: []string{"404"}},
		"a redirect":     {server: answer(308, "text/plain", ""), problem: rest.ServerForeign, says: []string{"http://127.0.0.1"}},
		"no token": {
			server: answer(200, "application/json", `{"token_type":"Bearer"}`), problem: rest.TokenNotIssued, says: []string{"http://127.0.0.1"},
		},
		"no organizations": {
			change: func(c *Config) { c.Organization = "" }, server: answer(404, "application/json", `{}`), problem: rest.ServerForeign,
			says: []string{"http://127.0.0.1"},
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
			wrong, ok := errors.AsType[*SettingError](err)
			if !ok {
				t.Fatalf("New = %v, want a SettingError", err)
			}
			if wrong.Problem != test.problem {
				t.Errorf("problem %d, want %d (%v)", wrong.Problem, test.problem, err)
			}
			told := fmt.Sprint(wrong.Value, " ", wrong.Other, " ", wrong.Err)
			for _, text := range test.says {
				if !strings.Contains(told, text) {
					t.Errorf("New = %q, want it to tell %q", told, text)
				}
			}
			if strings.Contains(err.Error(), config.ClientSecret) && config.ClientSecret != "" {
				t.Errorf("the error tells the secret: %v", err)
			}
		})
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
	if wrong, ok := errors.AsType[*SettingError](err); !ok || wrong.Problem != rest.OrganizationUnconfirmed {
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
