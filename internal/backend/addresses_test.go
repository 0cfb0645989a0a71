package backend_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const authorizePath = "/identity_/connect/authorize"

// authorizeQuery is what the vendor's client asks for a sign-in with. A test changes what it is about; a value of "-" leaves it out.
func authorizeQuery(changed ...string) string {
	query := url.Values{
		"response_type": {"code"}, "client_id": {"1119a927-10ab-4543-bd1a-ad6bfbbc27f4"}, "scope": {"openid"},
		"redirect_uri":   {backend.InMemoryURL + "/portal_/api/tokenFactory/callback"},
		"code_challenge": {strings.Repeat("0a", 32)}, "code_challenge_method": {"S256"}, "state": {strings.Repeat("0b", 32)},
		"acr_values": {"tenantName:acme"},
	}
	for i := 0; i < len(changed); i += 2 {
		query.Set(changed[i], changed[i+1])
		if changed[i+1] == "-" {
			query.Del(changed[i])
		}
	}
	return query.Encode()
}

// authorize begins a sign-in and returns where the backend redirects to.
func (b *bench) authorize(t *testing.T, query string) *url.URL {
	t.Helper()
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r := b.get(t, authorizePath+"?"+query, "")
	location, err := url.Parse(r.header.Get("Location"))
	if r.status != http.StatusFound || err != nil {
		t.Fatalf("got %d to %q, want a redirect", r.status, r.header.Get("Location"))
	}
	return location
}

func TestAuthorizeTellsTheOrganization(t *testing.T) {
	t.Parallel()
	b, strict := open(t, backend.Options{}), open(t, backend.Options{Strict: true})
	for name, test := range map[string]struct {
		bench *bench
		acr   string
		want  string
	}{
		"name":           {strict, "tenantName:acme", "tenant:" + orgID},
		"upper case":     {strict, "tenantName:ACME", "tenant:" + orgID},
		"several":        {strict, "idp:x tenantName:acme", "tenant:" + orgID},
		"id":             {strict, "tenant:" + orgID, "tenant:" + orgID},
		"none":           {b, "-", "tenant:" + orgID},
		"none, strictly": {strict, "-", ""},
	} {
		location := test.bench.authorize(t, authorizeQuery("acr_values", test.acr))
		back, err := url.Parse(location.Query().Get("returnUrl"))
		if err != nil || location.Path != "/identity_/ui/account/login" || back.Path != "/identity_/connect/authorize/callback" {
			t.Errorf("%s: redirected to %s", name, location)
			continue
		}
		if got := back.Query().Get("acr_values"); got != test.want || back.Query().Get("state") != strings.Repeat("0b", 32) {
			t.Errorf("%s: returns to %s, want %q", name, back, test.want)
		}
	}
	if got := b.Journal()["Authorize"]; got != 1 {
		t.Errorf("the journal has %d of the operation", got)
	}
}

func TestAuthorizeRefusals(t *testing.T) {
	t.Parallel()
	b, strict := open(t, backend.Options{}), open(t, backend.Options{Strict: true})
	unknown := b.authorize(t, authorizeQuery("acr_values", "tenantName:acne"))
	if unknown.Path != "/portal_/unregistered" || unknown.RawQuery != "organizationName=acne&serviceType=identity" {
		t.Errorf("an unknown organization: redirected to %s", unknown)
	}
	for name, test := range map[string]struct {
		bench *bench
		query string
		want  string
	}{
		"another address":   {b, authorizeQuery("redirect_uri", "https://evil.example/portal_/api/tokenFactory/callback"), "Invalid redirect_uri"},
		"another path":      {b, authorizeQuery("redirect_uri", backend.InMemoryURL+"/"), "Invalid redirect_uri"},
		"no address":        {b, authorizeQuery("redirect_uri", "-"), "Invalid redirect_uri"},
		"another flow":      {b, authorizeQuery("response_type", "token"), "Invalid response_type"},
		"no client":         {b, authorizeQuery("client_id", "-"), "Invalid client_id"},
		"twice":             {b, authorizeQuery() + "&acr_values=x", "Duplicate acr_values"},
		"unreadable":        {b, "%zz", "Invalid query"},
		"unknown parameter": {strict, authorizeQuery("prompt", "none"), "Unknown parameter prompt"},
	} {
		location := test.bench.authorize(t, test.query)
		var shown struct {
			Created string
			Data    struct{ Error, ErrorDescription string }
		}
		text, err := base64.RawURLEncoding.DecodeString(location.Query().Get("errorId"))
		if err != nil || json.Unmarshal(text, &shown) != nil || location.Path != "/identity_/ui/error/error" {
			t.Errorf("%s: redirected to %s", name, location)
		}
		if shown.Created == "" || shown.Data.Error != "invalid_request" || shown.Data.ErrorDescription != test.want {
			t.Errorf("%s: shown %s, want %q", name, text, test.want)
		}
	}
	refused(t, b.get(t, "/acme"+authorizePath+"?"+authorizeQuery(), ""), http.StatusNotFound, "does not exist")
}

func TestIdentityWithoutOrganization(t *testing.T) {
	t.Parallel()
	paths := []string{
		"User/users/" + orgID, "User/" + ada, "Group/" + orgID, "RobotAccount/" + orgID, "ExternalClient/" + orgID,
		"ExternalClient/" + orgID + "/" + terraformID, "Directory/Search/" + orgID + "?startsWith=a",
	}
	old := open(t, backend.Options{})
	admin := old.as(t, "")
	for _, path := range paths {
		if with, without := old.mustGet(t, "/acme/identity_/api/"+path, admin), old.get(t, "/identity_/api/"+path, admin); without.text != with.text {
			t.Errorf("%s: got %d %s, want %s", path, without.status, without.text, with.text)
		}
	}
	if got := old.Journal(); got["ListUsers"] != 2 || got["GetExternalClient"] != 2 {
		t.Errorf("journal %v", got)
	}
	refused(t, old.get(t, "/identity_/api/Group/"+orgID, ""), http.StatusUnauthorized, "no bearer token")
	fieldRefused(t, old.get(t, "/identity_/api/Group/"+zeroID, admin), "partitionGlobalId", "not valid")

	newer := open(t, backend.Options{RequireOrganization: true})
	admin = newer.as(t, "")
	for _, path := range paths {
		refused(t, newer.get(t, "/identity_/api/"+path, admin), http.StatusBadRequest, "InvalidPartition")
		newer.mustGet(t, "/acme/identity_/api/"+path, admin)
	}
	if r := newer.token(t, tokenPath, credentials(), nil); r.status != http.StatusOK {
		t.Errorf("a token without organization: %d %s", r.status, r.text)
	}
}

func TestOrchestratorWithoutItsSegment(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	const segment = "/orchestrator_"
	path := "/acme/Production" + segment + "/odata/Folders?$count=true"
	with, without := b.mustGet(t, path, b.as(t, "")), b.mustGet(t, strings.Replace(path, segment, "", 1), b.as(t, ""))
	if with.text != strings.Replace(without.text, "/acme/Production/odata/", "/acme/Production"+segment+"/odata/", 1) {
		t.Errorf("got %s, want %s", without.text, with.text)
	}
}
