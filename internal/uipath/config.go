package uipath

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

const (
	// DefaultBaseURL is the public cloud (contract 1).
	DefaultBaseURL = "https://cloud.uipath.com"
	// DefaultRequestTimeout bounds one attempt where the configuration does not.
	DefaultRequestTimeout = time.Minute
	// defaultUserAgent is better than Go's, which the server's edge may refuse.
	defaultUserAgent = "terraform-provider-uipath"
)

// Config says which server to speak with and as whom.
type Config struct {
	// BaseURL is scheme and host, [DefaultBaseURL] where empty. Plain http is accepted for loopback hosts only.
	BaseURL string
	// Organization is a name or a GUID. It may be empty where the token tells the organization.
	Organization string
	// Tenant is the default tenant, a name or a GUID. It may be empty.
	Tenant string
	// ClientID, ClientSecret and Scopes are OAuth2 client credentials. No scope asks for all that the application has.
	ClientID     string
	ClientSecret string
	Scopes       []string
	// AccessToken is a bearer or personal access token, instead of client credentials.
	AccessToken string
	// ResolveTenants allows to read the portal's list of tenants. Without it organization and tenants are given as GUIDs, and
	// the name of a tenant is its GUID.
	ResolveTenants bool
	// MaxRetries is how often a request that may be repeated is repeated after its first attempt.
	MaxRetries int
	// RequestTimeout bounds one attempt, the reading of the answer included; [DefaultRequestTimeout] where zero.
	RequestTimeout time.Duration
	// UserAgent is sent with each request: the server's edge refuses well-known defaults (contract 1).
	UserAgent string
	// Transport carries the requests; nil is a pooled transport of the client's own.
	Transport http.RoundTripper
	// Clock is the local time; nil is [time.Now].
	Clock func() time.Time

	// pause maps a wait that was decided on to the wait that is made, so that tests need not wait.
	pause func(time.Duration) time.Duration
	// random returns numbers in [0,1) for the jitter.
	random func() float64
}

// check refuses settings that cannot work, without asking the server, and returns the base URL.
func (c *Config) check() (*url.URL, error) {
	base, err := parseBaseURL(c.BaseURL)
	if err != nil {
		return nil, err
	}
	if err := c.checkCredentials(); err != nil {
		return nil, err
	}
	if c.Organization == "." || c.Organization == ".." || strings.ContainsFunc(c.Organization, notInName) {
		return nil, &ConfigError{
			Attribute: "organization", Summary: "Invalid organization",
			Detail: fmt.Sprintf("organization (UIPATH_ORGANIZATION) is %q: give the name as it stands in the portal's address, "+
				"https://cloud.uipath.com/NAME, or the GUID.", c.Organization),
		}
	}
	if !c.ResolveTenants && c.Tenant != "" && !access.IsGUID(c.Tenant) {
		return nil, &ConfigError{
			Attribute: "tenant", Summary: "Tenant must be a GUID",
			Detail: fmt.Sprintf("tenant (UIPATH_TENANT) is %q, but with resolve_tenants = false names are not looked up: give the GUID.",
				c.Tenant),
		}
	}
	if c.MaxRetries < 0 || c.RequestTimeout < 0 {
		return nil, &ConfigError{
			Attribute: "max_retries", Summary: "Invalid retry settings",
			Detail: fmt.Sprintf("max_retries is %d and request_timeout is %s: neither can be negative.", c.MaxRetries, c.RequestTimeout),
		}
	}
	return base, nil
}

// notInName tells characters that no organization name has and that would change a path.
func notInName(r rune) bool {
	return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`/\?#%`, r)
}

func (c *Config) checkCredentials() error {
	wrong := &ConfigError{Summary: "Incomplete credentials"}
	switch {
	case c.AccessToken != "" && (c.ClientID != "" || c.ClientSecret != ""):
		wrong.Attribute, wrong.Summary = "access_token", "Contradictory credentials"
		wrong.Detail = "Both access_token (UIPATH_PAT) and client_id (UIPATH_CLIENT_ID) with client_secret (UIPATH_CLIENT_SECRET) are " +
			"given: keep one of the two."
	case c.AccessToken != "" && strings.ContainsFunc(c.AccessToken, notInToken):
		wrong.Attribute, wrong.Summary = "access_token", "Invalid access token"
		wrong.Detail = "access_token (UIPATH_PAT) contains a space, a line break or another character that no token has: it may have been " +
			"copied with what stood around it."
	case c.AccessToken != "":
		return nil
	case c.ClientID == "" && c.ClientSecret == "":
		wrong.Summary = "No credentials"
		wrong.Detail = "There is nothing to sign in with. Give client_id (UIPATH_CLIENT_ID) and client_secret (UIPATH_CLIENT_SECRET) of an " +
			"external application, or access_token (UIPATH_PAT). To try things out without an account, set reference_backend."
	case c.ClientID == "":
		wrong.Attribute = "client_id"
		wrong.Detail = "There is a client secret but no client id. Set client_id, or UIPATH_CLIENT_ID in the environment."
	case c.ClientSecret == "":
		wrong.Attribute = "client_secret"
		wrong.Detail = fmt.Sprintf("There is no secret for the client id %q. Set UIPATH_CLIENT_SECRET in the environment, or client_secret.",
			c.ClientID)
	default:
		return nil
	}
	return wrong
}

// notInToken tells characters that cannot stand in an Authorization header as part of a token.
func notInToken(r rune) bool { return r <= ' ' || r > '~' }

func parseBaseURL(given string) (*url.URL, error) {
	wrong := func(why string) error {
		return &ConfigError{
			Attribute: "base_url", Summary: "Invalid base URL",
			Detail: "base_url (UIPATH_URI) " + why + ". It is scheme and host only, such as " + DefaultBaseURL + ".",
		}
	}
	parsed, err := url.Parse(strings.TrimRight(firstOf(given, DefaultBaseURL), "/"))
	switch {
	case err != nil:
		// The parser's text quotes the address, which may hold a password.
		return nil, wrong("is not an address")
	case parsed.User != nil:
		return nil, wrong("holds a user name or password, which would end up in logs: use the settings for credentials")
	case parsed.Scheme != "https" && parsed.Scheme != "http", parsed.Hostname() == "":
		return nil, wrong(fmt.Sprintf("is %q, which is no https address", given))
	case parsed.Path != "":
		return nil, wrong(fmt.Sprintf("is %q and has a path: organization and tenant are settings of their own", given))
	case parsed.RawQuery != "" || parsed.Fragment != "" || parsed.ForceQuery:
		return nil, wrong(fmt.Sprintf("is %q and has a query or a fragment", given))
	case parsed.Scheme == "http" && !isLoopback(parsed.Hostname()):
		return nil, wrong(fmt.Sprintf("is %q: over plain http the credentials would be sent in clear; use https", given))
	}
	return parsed, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") || strings.HasSuffix(strings.ToLower(host), ".localhost") {
		return true
	}
	address := net.ParseIP(host)
	return address != nil && address.IsLoopback()
}
