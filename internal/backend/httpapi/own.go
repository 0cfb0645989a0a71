package httpapi

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"io"
	"net/http"
	"strings"
)

// Own is what the endpoints below /_reference do.
type Own struct {
	// Off leaves them out.
	Off bool
	// Token is the bearer token that they ask for; "" asks for none.
	Token string
	// Reset returns to the seed.
	Reset func(context.Context) error
	// page is the web page.
	page http.Handler
	// Snapshot writes a seed that reproduces the state, of any length.
	Snapshot func(context.Context, io.Writer) error
}

// pagePath is where the pages stand to which the root leads.
const pagePath = "/_page/"

// ownPath is where the backend's own endpoints stand.
const ownPath = "/_reference"

// isOwn reports whether a request is for an endpoint of the backend's own.
func isOwn(r *http.Request) bool {
	return r.URL.Path == ownPath || strings.HasPrefix(r.URL.Path, ownPath+"/") || isPage(r)
}

// isPage reports whether a request is for the web page.
func isPage(r *http.Request) bool {
	return r.URL.Path == "/" || strings.HasPrefix(r.URL.Path, pagePath)
}

// page answers a browser on this machine, and only where the person before it opened the address or followed a link of the page itself.
func (a *API) page(w http.ResponseWriter, r *http.Request) {
	switch site := r.Header.Get("Sec-Fetch-Site"); {
	case site != "" && site != "none" && site != "same-origin":
		a.serve(func(*http.Request) (reply, error) {
			return reply{}, &httpError{http.StatusForbidden, "The page does not answer other pages: open its address in the browser."}
		})(w, r)
	case !isLocalHost(r.Host) || !isLocalPeer(r.RemoteAddr):
		a.serve(func(*http.Request) (reply, error) { return reply{}, errNotLocal })(w, r)
	default:
		a.own.page.ServeHTTP(w, r)
	}
}

// admit refuses requests for these endpoints where they are left out, and those that lack the token.
func (o Own) admit(r *http.Request) error {
	switch {
	case !isOwn(r):
		return nil
	case o.Off:
		return notFound("The path %q does not exist.", o.masked(shortened(r.URL.Path)))
	case o.Token != "" && !equalSecrets(bearer(r), o.Token):
		return &httpError{http.StatusUnauthorized, "This endpoint needs the token that the backend was started with, as a bearer token."}
	}
	return nil
}

// equalSecrets compares two texts in a time that tells nothing about them, not even their length.
func equalSecrets(a, b string) bool {
	one, other := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(one[:], other[:]) == 1
}

// masked hides the token in a text that is kept or logged.
func (o Own) masked(text string) string {
	if o.Token == "" {
		return text
	}
	return strings.ReplaceAll(text, o.Token, "***")
}
