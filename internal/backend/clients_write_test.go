package backend_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

type secretBody struct {
	ID                        int
	Description, CreationTime string
	Secret, ExpiryTime        *string
}

type clientBody struct {
	ID, Name            string
	Secret, RedirectURI *string
	IsConfidential      bool
	Resources           []struct {
		Name   string
		Scopes []struct {
			Name string
			Type int
		}
	}
	Secrets []secretBody
}

// scopes are the names of the scopes with their types.
func (c clientBody) scopes() string {
	var scopes []string
	for _, r := range c.Resources {
		for _, s := range r.Scopes {
			scopes = append(scopes, fmt.Sprintf("%s:%s:%d", r.Name, s.Name, s.Type))
		}
	}
	return strings.Join(scopes, " ")
}

func newClient(name string) role {
	return role{
		"partitionGlobalId": orgID, "name": name, "isConfidential": true, "redirectUri": "https://one.example,https://two.example/**",
		"scopes": []role{{"name": "PM.User.Read", "type": "application"}, {"name": "OR.Folders", "type": 1, "displayName": "Folders"}, {"name": "OR.Jobs", "type": "USER"}},
	}
}

func (b *bench) createClient(t *testing.T, body role) clientBody {
	t.Helper()
	r := b.sendJSON(t, http.MethodPost, identity+"ExternalClient", b.as(t, ""), body)
	if r.status != http.StatusCreated {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	return decode[clientBody](t, r)
}

// signIn asks for a token of an external application.
func (b *bench) signIn(t *testing.T, id, secret string) response {
	t.Helper()
	return b.token(t, tokenPath, clientForm(id, secret), nil)
}

func TestCreateChangeAndDeleteAnExternalClient(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	c := b.createClient(t, newClient("pipeline"))
	if c.Secret == nil || len(*c.Secret) < 20 || !c.IsConfidential || *c.RedirectURI != "https://one.example,https://two.example/**" {
		t.Fatalf("%+v", c)
	}
	if got, want := c.scopes(), "OR:OR.Folders:1 OR:OR.Jobs:0 PM:PM.User.Read:1"; got != want {
		t.Errorf("scopes %s, want %s", got, want)
	}
	if len(c.Secrets) != 1 || c.Secrets[0].Secret != nil || c.Secrets[0].CreationTime != "2026-05-04T10:00:00.1234567" {
		t.Errorf("secrets %+v", c.Secrets)
	}
	path := identity + "ExternalClient/" + orgID + "/" + c.ID
	read := b.mustGet(t, path, token)
	if strings.Contains(read.text, *c.Secret) || strings.Contains(b.state(t), *c.Secret) {
		t.Error("the secret is told twice")
	}
	b.mustGet(t, identity+"User/users/"+orgID, "Bearer "+decode[tokenBody](t, b.signIn(t, c.ID, *c.Secret)).AccessToken)

	r := b.sendJSON(t, http.MethodPut, path, token, role{"name": "deployment", "scopes": []role{{"name": "PM.Group"}}})
	changed := decode[clientBody](t, r)
	if r.status != http.StatusOK || changed.Name != "deployment" || changed.scopes() != "PM:PM.Group:1" || *changed.RedirectURI != *c.RedirectURI ||
		strings.Contains(r.text, `"secret":"`) {
		t.Errorf("changed: got %d %s", r.status, r.text)
	}
	if r := b.sendJSON(t, http.MethodPut, path, token, role{}); r.text != b.mustGet(t, path, token).text || decode[clientBody](t, r).scopes() != "PM:PM.Group:1" {
		t.Errorf("an empty change: %d %s", r.status, r.text)
	}
	b.sendJSON(t, http.MethodPut, identity+"Group/"+engineers, token,
		role{"partitionGlobalId": orgID, "name": "Test Engineering", "directoryUserIDsToAdd": []string{c.ID}})
	b.sameAfterSnapshot(t)

	clients := "Bearer " + decode[tokenBody](t, b.signIn(t, c.ID, *c.Secret)).AccessToken
	b.sendJSON(t, http.MethodDelete, path, token, role{}).done(t)
	refused(t, b.get(t, path, token), http.StatusNotFound, "The entity was not found.")
	refused(t, b.get(t, identity+"Group/"+orgID, clients), http.StatusUnauthorized, "does not exist any more")
	if r := b.signIn(t, c.ID, *c.Secret); r.status != http.StatusBadRequest || !strings.Contains(r.text, "invalid_client") {
		t.Errorf("signing in: %d %s", r.status, r.text)
	}
	if g := b.mustGet(t, identity+"Group/"+orgID+"/"+engineers, token); strings.Contains(g.text, c.ID) {
		t.Errorf("the deleted client is a member still: %s", g.text)
	}
}

func TestClientsOfOneName(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	one, other := b.createClient(t, newClient("terraform")), b.createClient(t, newClient("Terraform"))
	b.assign(t, token, change{}.adding(auditor, one.ID, "ExternalApplication", "/tenant/"+staging)).done(t)
	b.assign(t, token, change{}.adding(auditor, other.ID, "ExternalApplication", "/tenant/"+production)).done(t)
	if r := b.signIn(t, other.ID, *other.Secret); r.status != http.StatusOK {
		t.Errorf("got %d %s", r.status, r.text)
	}
	b.sameAfterSnapshot(t)
}

func TestAPublicClient(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	c := b.createClient(t, newClient("mobile").with("isConfidential", false).with("scopes", []role{{"name": "OR.Jobs", "type": 0}}))
	if c.Secret != nil || c.IsConfidential || len(c.Secrets) != 0 {
		t.Errorf("%+v", c)
	}
	if r := b.mustGet(t, identity+"Directory/Search/"+orgID+"?startsWith=mobile", token); r.text != "[]" {
		t.Errorf("a search finds %s", r.text)
	}
	fieldRefused(t, b.sendJSON(t, http.MethodPut, identity+"Group/"+engineers, token,
		role{"partitionGlobalId": orgID, "name": "Test Engineering", "directoryUserIDsToAdd": []string{c.ID}}), "directoryUserIDsToAdd", c.ID)
	fieldRefused(t, b.sendJSON(t, http.MethodPost, identity+"ExternalClient/GenerateSecret", token,
		role{"partitionGlobalId": orgID, "clientId": c.ID}), "clientId", "not confidential")
	fieldRefused(t, b.get(t, identity+"ExternalClient/"+orgID+"/"+c.ID+"/GenerateSecret", token), "clientId", "not confidential")
	refused(t, b.sendJSON(t, http.MethodPost, identity+"Group", token, validGroup().with("id", c.ID)), http.StatusConflict, "belongs to mobile already")
	b.sameAfterSnapshot(t)
	b.sendJSON(t, http.MethodDelete, identity+"ExternalClient/"+orgID+"/"+c.ID, token, role{}).done(t)
}

func TestExternalClientRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token, before := b.as(t, ""), b.state(t)
	post := func(name string, value any) response {
		return b.sendJSON(t, http.MethodPost, identity+"ExternalClient", token, newClient("x").with(name, value))
	}
	fieldRefused(t, post("name", nil), "name", "required")
	fieldRefused(t, post("name", " "), "name", "required")
	fieldRefused(t, post("partitionGlobalId", nil), "partitionGlobalId", "''")
	fieldRefused(t, post("isConfidential", "yes"), "isConfidential", "a boolean")
	fieldRefused(t, post("isConfidential", false), "scopes", "not confidential")
	fieldRefused(t, post("scopes", []role{{"type": "user"}}), "scopes[0].name", "required")
	fieldRefused(t, post("scopes", []role{{"name": "a b"}}), "scopes", "'a b'")
	fieldRefused(t, post("scopes", []role{{"name": "OR.Jobs", "type": 7}}), "scopes[0].type", "'7' is not valid")
	fieldRefused(t, post("redirectUri", "\u0007"), "redirectUri", "control characters")
	fieldRefused(t, post("clientCertificates", []role{{}}), "clientCertificates", "keeps no such values")
	put := func(id string, body role) response {
		return b.sendJSON(t, http.MethodPut, identity+"ExternalClient/"+orgID+"/"+id, token, body)
	}
	fieldRefused(t, put(terraformID, role{"isConfidential": false}), "isConfidential", "cannot change: it stays true")
	fieldRefused(t, put(terraformID, role{"partitionGlobalId": nobodyID}), "partitionGlobalId", nobodyID)
	refused(t, put(grace, role{}), http.StatusNotFound, "The entity was not found.")
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
	alone := open(t, backend.Options{Seed: withScopes(t, "terraform", "PM.OAuthApp.Write")})
	refused(t, alone.sendJSON(t, http.MethodDelete, identity+"ExternalClient/"+orgID+"/"+terraformID, alone.as(t, "terraform"), role{}),
		http.StatusForbidden, "Nobody can delete their own account")
}

func TestSecretsOfAnExternalClient(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	c := b.createClient(t, newClient("pipeline"))
	generate := func(body role) response {
		return b.sendJSON(t, http.MethodPost, identity+"ExternalClient/GenerateSecret", token, body.with("partitionGlobalId", orgID))
	}
	r := generate(role{"clientId": c.ID, "description": "for May", "expiryTime": "2026-05-04T10:30:00"})
	may := decode[secretBody](t, r)
	if r.status != http.StatusOK || may.Secret == nil || may.Description != "for May" || may.ID != c.Secrets[0].ID+1 ||
		may.CreationTime != "2026-05-04T10:00:00.1234567" || *may.ExpiryTime != "2026-05-04T10:30:00.00000" {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	r = b.mustGet(t, identity+"ExternalClient/"+orgID+"/"+c.ID+"/GenerateSecret", token)
	plain := decode[string](t, r)
	b.sameAfterSnapshot(t)
	for _, secret := range []string{*c.Secret, *may.Secret, plain} {
		if r := b.signIn(t, c.ID, secret); r.status != http.StatusOK {
			t.Errorf("signing in: %d %s", r.status, r.text)
		}
		if strings.Contains(b.state(t), secret) || strings.Contains(b.mustGet(t, identity+"ExternalClient/"+orgID+"/"+c.ID, token).text, secret) {
			t.Error("a secret is told twice")
		}
	}
	b.sendJSON(t, http.MethodDelete, fmt.Sprintf("%sExternalClient/%s/secrets/%d", identity, orgID, c.Secrets[0].ID), token, role{}).done(t)
	b.clock.advance(30 * time.Minute)
	for secret, want := range map[string]int{*c.Secret: http.StatusBadRequest, *may.Secret: http.StatusBadRequest, plain: http.StatusOK} {
		if r := b.signIn(t, c.ID, secret); r.status != want {
			t.Errorf("signing in: %d %s, want %d", r.status, r.text, want)
		}
	}
	before := b.state(t)
	refused(t, b.sendJSON(t, http.MethodDelete, identity+"ExternalClient/"+orgID+"/secrets/999", token, role{}), http.StatusNotFound, "not found")
	fieldRefused(t, b.sendJSON(t, http.MethodDelete, identity+"ExternalClient/"+orgID+"/secrets/x", token, role{}), "secretId", "'x' is not valid")
	refused(t, generate(role{"clientId": nobodyID}), http.StatusNotFound, "The entity was not found.")
	fieldRefused(t, generate(role{}), "clientId", "required")
	fieldRefused(t, generate(role{"clientId": c.ID, "expiryTime": "soon"}), "expiryTime", "'soon' is not a time")
	fieldRefused(t, generate(role{"clientId": c.ID, "expiryTime": "2026-05-04T10:30:00Z"}), "expiryTime", "past")
	fieldRefused(t, generate(role{"clientId": c.ID, "description": "\u0007"}), "description", "control characters")
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
}

// TestTheLastSecretCanGo leaves a confidential client without any secret, which its snapshot can say.
func TestTheLastSecretCanGo(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	c := b.createClient(t, newClient("pipeline"))
	b.sendJSON(t, http.MethodDelete, fmt.Sprintf("%sExternalClient/%s/secrets/%d", identity, orgID, c.Secrets[0].ID), b.as(t, ""), role{}).done(t)
	b.sameAfterSnapshot(t)
}

// TestWhoMayWriteSecrets shows that an application needs a second scope for secrets.
func TestWhoMayWriteSecrets(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: withScopes(t, "terraform", "PM.OAuthApp", "PM.OAuthAppSecret.Write")})
	before := b.state(t)
	for _, request := range [][2]string{
		{http.MethodPost, "ExternalClient/GenerateSecret"}, {http.MethodGet, "ExternalClient/" + orgID + "/" + nobodyID + "/GenerateSecret"},
		{http.MethodDelete, "ExternalClient/" + orgID + "/secrets/999"},
	} {
		send := func(token string) response {
			return b.sendJSON(t, request[0], identity+request[1], token, role{"partitionGlobalId": orgID, "clientId": nobodyID})
		}
		for scope, part := range map[string]string{
			"PM.OAuthApp": "'PM.OAuthAppSecret.Write'", "PM.OAuthAppSecret.Write": "'PM.OAuthApp' or 'PM.OAuthApp.Write'",
		} {
			if r := send(b.scoped(t, scope)); r.status != http.StatusForbidden || !strings.Contains(r.text, "Expect to have "+part) {
				t.Errorf("%s with %s: got %d %s", request, scope, r.status, r.text)
			}
		}
		refused(t, send(b.scoped(t, "PM.OAuthApp PM.OAuthAppSecret.Write")), http.StatusNotFound, "The entity was not found.")
		refused(t, send(b.as(t, "grace.hopper@acme.example")), http.StatusForbidden, "Only organization administrators")
		refused(t, send(""), http.StatusUnauthorized, "no bearer token")
	}
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("something changed:\n%s", d)
	}
}

func TestExternalAPIResources(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	resources := decode[[]struct {
		Name   string
		Scopes []struct{ Name string }
	}](t, b.mustGet(t, identity+"ExternalApiResource", b.as(t, "edsger.dijkstra@acme.example")))
	var names []string
	for _, resource := range resources {
		names = append(names, resource.Name)
	}
	if !slices.Equal(names, []string{"Du", "Ixp", "OR", "PM", "TM"}) || len(resources[3].Scopes) < 10 {
		t.Errorf("%+v", resources)
	}
	refused(t, b.get(t, identity+"ExternalApiResource", ""), http.StatusUnauthorized, "no bearer token")
}
