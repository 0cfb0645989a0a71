package httpapi

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// The pages that the authorize endpoint redirects to (contract 1.2). None of them is served.
const (
	signInPath       = "/identity_/ui/account/login"
	authorizeError   = "/identity_/ui/error/error"
	unregisteredPath = "/portal_/unregistered"
)

// redirectPath is where the portal waits for the code of a sign-in. No other address is accepted.
const redirectPath = "/portal_/api/tokenFactory/callback"

// acrParameter names the organization: tenantName:{name} in a request, tenant:{GUID} in the redirect that answers it.
const acrParameter = "acr_values"

var authorizeParameters = []string{
	"response_type", "client_id", "redirect_uri", "scope", "code_challenge", "code_challenge_method", "state", acrParameter,
}

// authorize is where a sign-in in a browser begins (contract 1.2). Nobody can sign in here. It is served because the redirect to the
// sign-in page tells a client the organization's GUID.
func (a *API) authorize(r *http.Request) (reply, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return a.authorizeRefusal("Invalid query")
	}
	if wrong := a.authorizeFault(r.Host, query); wrong != "" {
		return a.authorizeRefusal(wrong)
	}
	var o model.Organization
	err = a.store.Read(r.Context(), func(tx *store.Tx) (err error) {
		o, err = tx.Organization(r.Context())
		return err
	})
	if err != nil {
		return reply{}, err
	}
	name := askedOrganization(query.Get(acrParameter))
	switch {
	case isOrganization(o, name), name == "" && !a.rules.Strict:
		query.Set(acrParameter, "tenant:"+o.ID.String())
	case name != "":
		return redirect(unregisteredPath, url.Values{"serviceType": {"identity"}, "organizationName": {name}}), nil
	}
	return redirect(signInPath, url.Values{"returnUrl": {"/identity_/connect/authorize/callback?" + query.Encode()}}), nil
}

// authorizeFault says what is wrong with a request, or "".
func (a *API) authorizeFault(host string, query url.Values) string {
	for name, values := range query {
		switch {
		case a.rules.Strict && !slices.Contains(authorizeParameters, name):
			return "Unknown parameter " + name
		case len(values) > 1:
			return "Duplicate " + name
		}
	}
	if back, err := url.Parse(query.Get("redirect_uri")); err != nil || back.Path != redirectPath || !strings.EqualFold(back.Host, host) {
		return "Invalid redirect_uri"
	}
	if query.Get("response_type") != "code" {
		return "Invalid response_type"
	}
	if query.Get("client_id") == "" {
		return "Invalid client_id"
	}
	return ""
}

// askedOrganization returns the organization that a request names, or "".
func askedOrganization(acrValues string) string {
	for value := range strings.FieldsSeq(acrValues) {
		kind, name, _ := strings.Cut(value, ":")
		if kind == "tenantName" || kind == "tenant" {
			return name
		}
	}
	return ""
}

// isOrganization reports whether an organization has this name or id.
func isOrganization(o model.Organization, nameOrID string) bool {
	return strings.EqualFold(nameOrID, o.Name) || access.OptionalGUID(nameOrID) == o.ID
}

// authorizeRefusal redirects to the page that shows an error.
func (a *API) authorizeRefusal(description string) (reply, error) {
	type data struct{ Error, ErrorDescription string }
	shown, err := json.Marshal(struct {
		Created time.Time
		Data    data
	}{a.rules.Now().UTC(), data{codeInvalidRequest, description}})
	return redirect(authorizeError, url.Values{"errorId": {base64.RawURLEncoding.EncodeToString(shown)}}), err
}

// redirect leads to another path of this server.
func redirect(path string, query url.Values) reply {
	return reply{status: http.StatusFound, location: path + "?" + query.Encode()}
}
