package httpapi

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// CheckOrigin refuses what no browser sends as the origin of a page, such as a wildcard or a URL with a path.
func CheckOrigin(origin string) error {
	parsed, err := url.Parse(origin)
	if err != nil || parsed.Scheme != "http" && parsed.Scheme != "https" || parsed.Host == "" ||
		origin != parsed.Scheme+"://"+strings.ToLower(parsed.Host) {
		return fmt.Errorf("%q is not the origin of a page: write it like http://localhost:3000", origin)
	}
	return nil
}

// CheckHostName refuses what is no name of a host alone.
func CheckHostName(name string) error {
	if name == "" || strings.ContainsAny(name, ":/*@ \t") {
		return fmt.Errorf("%q is not the name of a host: write it like backend.example, without port", name)
	}
	return nil
}

// allowOrigin lets pages of the configured origin read an answer of the API, and nothing else that is served. It reports whether the
// request was only the browser's question whether that is so.
func (a *API) allowOrigin(w http.ResponseWriter, r *http.Request) (answered bool) {
	if a.options.Origin == "" || isOwn(r) {
		return false
	}
	h := w.Header()
	h.Add("Vary", "Origin")
	if r.Header.Get("Origin") != a.options.Origin {
		return false
	}
	h.Set("Access-Control-Allow-Origin", a.options.Origin)
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		h.Set("Access-Control-Expose-Headers", "Content-Disposition, Retry-After, Www-Authenticate, "+requestIDHeader)
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
	if wanted := r.Header.Get("Access-Control-Request-Headers"); wanted != "" {
		h.Set("Access-Control-Allow-Headers", wanted)
	}
	w.WriteHeader(http.StatusNoContent)
	return true
}

// wrongHost refuses a request whose Host header is no name of this server. A page can point a name of its own here, and then read what it
// is answered.
func wrongHost(r *http.Request) (reply, error) {
	return reply{}, &httpError{http.StatusForbidden, fmt.Sprintf(
		"The backend does not answer under the name %q: use localhost or an address, or add the name to -hosts.", hostName(r.Host))}
}

// isOwnHost reports whether a Host header names this server: localhost, an address, which no page can take for its own, or a configured
// name.
func (a *API) isOwnHost(hostport string) bool {
	host := hostName(hostport)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || net.ParseIP(host) != nil ||
		slices.ContainsFunc(a.options.Hosts, func(name string) bool { return strings.EqualFold(name, host) })
}

// isLocalHost reports whether a Host header names this machine.
func isLocalHost(hostport string) bool {
	host := hostName(hostport)
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// hostName returns the host of a Host header in lower case, without port and brackets.
func hostName(hostport string) string {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}
