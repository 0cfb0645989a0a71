package backend_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const tokenPath = "/identity_/connect/token"

type tokenBody struct {
	AccessToken string  `json:"access_token"`
	ExpiresIn   float64 `json:"expires_in"`
	TokenType   string  `json:"token_type"`
	Scope       string  `json:"scope"`
}

func (b *bench) token(t *testing.T, path, body string, header http.Header) response {
	t.Helper()
	h := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	maps.Copy(h, header)
	return b.send(t, http.MethodPost, path, body, h)
}

func clientForm(id, secret string, more ...string) string {
	return form(append([]string{"grant_type", "client_credentials", "client_id", id, "client_secret", secret}, more...)...)
}

func credentials(more ...string) string { return clientForm(terraformID, terraformSecret, more...) }

func TestTokenEndpoint(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	basic := http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(terraformID+":"+terraformSecret))}}
	for name, r := range map[string]response{
		"host":         b.token(t, tokenPath, credentials(), nil),
		"organization": b.token(t, "/acme"+tokenPath, credentials(), nil),
		"upper case":   b.token(t, "/ACME"+tokenPath, credentials(), nil),
		"guid":         b.token(t, "/"+strings.ToUpper(orgID)+tokenPath, credentials(), nil),
		"basic":        b.token(t, tokenPath, form("grant_type", "client_credentials"), basic),
		"empty extras": b.token(t, tokenPath, credentials("code", "", "redirect_uri", "", "refresh_token", "", "code_verifier", ""), nil),
	} {
		body := decode[tokenBody](t, r)
		if r.status != http.StatusOK || body.TokenType != "Bearer" || body.ExpiresIn != 3600 || !strings.Contains(body.Scope, "PM.User.Read") {
			t.Errorf("%s: got %d %s", name, r.status, r.text)
		}
		if got := b.get(t, "/acme/pap_/api/roles?top=1", "Bearer "+body.AccessToken); got.status != http.StatusOK {
			t.Errorf("%s: the token is answered with %d %s", name, got.status, got.text)
		}
	}
	one := decode[tokenBody](t, b.token(t, tokenPath, credentials("scope", "PM.User.Read  PM.Group"), nil))
	if one.Scope != "PM.User.Read PM.Group" {
		t.Errorf("scope %q", one.Scope)
	}
}

func TestTokenClaims(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	claims := func(token string) map[string]any {
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
		if err != nil {
			t.Fatal(err)
		}
		var c map[string]any
		if err := json.Unmarshal(payload, &c); err != nil {
			t.Fatal(err)
		}
		return c
	}
	app := claims(decode[tokenBody](t, b.token(t, tokenPath, credentials(), nil)).AccessToken)
	for name, want := range map[string]any{
		"sub": terraformID, "client_id": terraformID, "sub_type": "service.external", "prt_id": orgID,
		"exp": float64(b.clock.now().Add(time.Hour).Unix()), "iat": float64(b.clock.now().Unix()),
	} {
		if app[name] != want {
			t.Errorf("claim %s of an application: %v, want %v", name, app[name], want)
		}
	}
	user := claims(strings.TrimPrefix(b.as(t, "ada.lovelace@acme.example"), "Bearer "))
	if user["sub"] != ada || user["sub_type"] != "user" || user["prt_id"] != orgID {
		t.Errorf("claims of a user: %v", user)
	}
}

func TestTokenRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	basic := http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(terraformID+":"+terraformSecret))}}
	for name, test := range map[string]struct {
		response response
		want     string
	}{
		"wrong secret":    {b.token(t, tokenPath, clientForm(terraformID, "x"), nil), "invalid_client"},
		"unknown client":  {b.token(t, tokenPath, clientForm(nobodyID, "x"), nil), "invalid_client"},
		"no client":       {b.token(t, tokenPath, form("grant_type", "client_credentials"), nil), "invalid_client"},
		"offline_access":  {b.token(t, tokenPath, credentials("scope", "offline_access"), nil), "invalid_scope"},
		"other grant":     {b.token(t, tokenPath, form("grant_type", "password"), nil), "unsupported_grant_type"},
		"no grant":        {b.token(t, tokenPath, "", nil), "invalid_request"},
		"twice":           {b.token(t, tokenPath, credentials("client_id", nobodyID), nil), "invalid_request"},
		"both ways":       {b.token(t, tokenPath, credentials(), basic), "invalid_request"},
		"not a form body": {b.token(t, tokenPath, "%zz", nil), "invalid_request"},
	} {
		if test.response.status != http.StatusBadRequest || test.response.text != `{"error":"`+test.want+`"}` {
			t.Errorf("%s: got %d %s, want %s", name, test.response.status, test.response.text, test.want)
		}
	}
	refused(t, b.token(t, "/acne"+tokenPath, credentials(), nil), http.StatusNotFound, `Did you mean \"acme\"`)

	page := b.token(t, tokenPath, `{"grant_type":"client_credentials"}`, http.Header{"Content-Type": {"application/json"}})
	if page.status != http.StatusOK || !strings.HasPrefix(page.text, "<!DOCTYPE html>") || strings.Contains(page.text, "access_token") {
		t.Errorf("JSON instead of a form: got %d %s, want an HTML page", page.status, page.text)
	}
}

func TestBearerTokens(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	other := open(t, backend.Options{})
	token := b.as(t, "terraform")
	for name, authorization := range map[string]string{
		"none": "", "basic": "Basic eDp5", "no token": "Bearer ", "forged": token[:len(token)-2], "another backend's": other.as(t, ""),
		"unsigned": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "unknown pat": "Bearer rt_x",
	} {
		r := b.get(t, "/acme/pap_/api/roles", authorization)
		refused(t, r, http.StatusUnauthorized, "")
		if !strings.HasPrefix(r.header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s: WWW-Authenticate %q", name, r.header.Get("WWW-Authenticate"))
		}
	}
	b.clock.advance(time.Hour - time.Second)
	if r := b.get(t, "/acme/pap_/api/roles", token); r.status != http.StatusOK {
		t.Errorf("a second before the end: got %d %s", r.status, r.text)
	}
	b.clock.advance(2 * time.Second)
	refused(t, b.get(t, "/acme/pap_/api/roles", token), http.StatusUnauthorized, "expired")
}

func TestPersonalAccessTokens(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: []byte(`
organization: {name: acme}
users: [{userName: ada}, {userName: dennis, active: false}, {userName: margaret, invitationAccepted: false}]
personalAccessTokens:
  - {user: ada, token: of-ada, expires: 2026-05-04T11:00:00Z}
  - {user: dennis, token: of-dennis, expires: 2099-01-01T00:00:00Z}
  - {user: margaret, token: of-margaret, expires: 2099-01-01T00:00:00Z}
assignments: [{role: Access Viewer, principal: ada, scope: /}]
`)})
	if r := b.get(t, "/acme/pap_/api/roles", "bearer of-ada"); r.status != http.StatusOK {
		t.Errorf("got %d %s", r.status, r.text)
	}
	refused(t, b.get(t, "/acme/pap_/api/roles", "Bearer of-dennis"), http.StatusUnauthorized, "not active")
	refused(t, b.get(t, "/acme/pap_/api/roles", "Bearer of-margaret"), http.StatusUnauthorized, "invitation")
	b.clock.advance(time.Hour)
	refused(t, b.get(t, "/acme/pap_/api/roles", "Bearer of-ada"), http.StatusUnauthorized, "expired")
}

func TestPortal(t *testing.T) {
	t.Parallel()
	const path = "/acme/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
	want := `{"organization":{"id":"` + orgID + `","name":"acme"},"tenants":[{"id":"` + production + `","name":"Production"},{"id":"` +
		staging + `","name":"Staging"}]}`
	b := open(t, backend.Options{})
	for _, authorization := range []string{"Bearer " + patOfAda, b.as(t, "terraform"), b.as(t, "edsger.dijkstra@acme.example")} {
		if r := b.get(t, path, authorization); r.status != http.StatusOK || r.text != want {
			t.Errorf("got %d %s, want %s", r.status, r.text, want)
		}
	}
	refused(t, b.get(t, path, ""), http.StatusUnauthorized, "no bearer token")
	refused(t, b.get(t, strings.Replace(path, "acme", "initech", 1), "Bearer "+patOfAda), http.StatusNotFound, "initech")

	strict := open(t, backend.Options{Strict: true})
	refused(t, strict.get(t, path, strict.as(t, "terraform")), http.StatusForbidden, "user's token")
	if r := strict.get(t, path, strict.as(t, "grace.hopper@acme.example")); r.status != http.StatusOK {
		t.Errorf("strict, a user: got %d %s", r.status, r.text)
	}
}
