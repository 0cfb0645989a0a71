package httpapi

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// signInPage is what the token endpoint answers, with status 200, when the body is not a form (contract 2.1).
const signInPage = "<!DOCTYPE html><html><head><title>Sign in</title></head><body><div id=\"root\"></div></body></html>"

var tokenParameters = []string{
	"grant_type", "client_id", "client_secret", "scope", "code", "code_verifier", "redirect_uri", "refresh_token", accountParameter,
}

// The codes of OAuth2 for refusals (contract 2.2).
const (
	codeInvalidRequest       = "invalid_request"
	codeInvalidClient        = "invalid_client"
	codeInvalidScope         = "invalid_scope"
	codeUnsupportedGrantType = "unsupported_grant_type"
)

type tokenBody struct {
	AccessToken string `json:"access_token"`
	ExpiresIn   int    `json:"expires_in"`
	TokenType   string `json:"token_type"`
	Scope       string `json:"scope"`
}

// token is the OAuth2 token endpoint for client credentials (contract 2.1, 2.2).
func (a *API) token(r *http.Request) (reply, error) {
	if !isForm(r) {
		return reply{status: http.StatusOK, contentType: "text/html; charset=utf-8", body: []byte(signInPage)}, nil
	}
	text, err := readBody(r)
	if err != nil {
		return reply{}, err
	}
	form, err := url.ParseQuery(string(text))
	if err != nil {
		return tokenRefusal(codeInvalidRequest)
	}
	id, secret, code := a.credentials(r, form)
	if code != "" {
		return tokenRefusal(code)
	}
	var issued rules.AccessToken
	err = a.store.Read(r.Context(), func(tx *store.Tx) error {
		if err := a.checkOrganization(r, tx); err != nil {
			return err
		}
		var err error
		issued, err = a.rules.IssueToken(r.Context(), tx, origin(r)+"/identity_", id, secret, strings.Fields(form.Get("scope")))
		return err
	})
	switch {
	case errors.Is(err, rules.ErrInvalidClient):
		return tokenRefusal(codeInvalidClient)
	case errors.Is(err, rules.ErrInvalidScope):
		return tokenRefusal(codeInvalidScope)
	case err != nil:
		return reply{}, err
	}
	return jsonReply(tokenBody{issued.Value, int(issued.Expires.Seconds()), "Bearer", strings.Join(issued.Scopes, " ")})
}

// origin is the beginning of the address under which a request came.
func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func isForm(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && kind == "application/x-www-form-urlencoded"
}

// credentials reads the client's id and secret, from the form or from the Authorization header, but not from both.
func (a *API) credentials(r *http.Request, form url.Values) (id, secret, code string) {
	in := request{strict: a.rules.Strict}
	for name, values := range form {
		if len(values) > 1 {
			return "", "", codeInvalidRequest
		}
		if !slices.Contains(tokenParameters, name) {
			in.unknown("parameter", "", name, tokenParameters)
		}
	}
	id, secret = form.Get("client_id"), form.Get("client_secret")
	switch {
	case len(in.faults) > 0 || form.Get("grant_type") == "":
		return "", "", codeInvalidRequest
	case form.Get("grant_type") != "client_credentials":
		return "", "", codeUnsupportedGrantType
	}
	basicID, basicSecret, basic := r.BasicAuth()
	if !basic {
		return id, secret, ""
	}
	if secret != "" {
		return "", "", codeInvalidRequest
	}
	// Both parts are encoded as in a form (RFC 6749, section 2.3.1).
	id, idErr := url.QueryUnescape(basicID)
	secret, secretErr := url.QueryUnescape(basicSecret)
	if idErr != nil || secretErr != nil {
		return "", "", codeInvalidClient
	}
	return id, secret, ""
}

func tokenRefusal(code string) (reply, error) {
	out, err := jsonReply(map[string]string{"error": code})
	out.status = http.StatusBadRequest
	return out, err
}
