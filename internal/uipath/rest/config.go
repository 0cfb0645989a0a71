package rest

import (
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
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
	// ClientID, ClientSecret and Scopes are OAuth2 client credentials. No scope asks for all that the application has.
	ClientID     string
	ClientSecret string
	Scopes       []string
	// AccessToken is a bearer or personal access token, instead of client credentials.
	AccessToken string
	// MaxRetries is how often a request that may be repeated is repeated after its first attempt.
	MaxRetries int
	// RequestTimeout bounds one attempt, the reading of the answer included; [DefaultRequestTimeout] where zero.
	RequestTimeout time.Duration
	// UserAgent is sent with each request: the server's edge refuses well-known defaults (contract 1).
	UserAgent string
	// Transport carries the requests; nil is a pooled transport of the client's own.
	Transport http.RoundTripper
	// Logger takes what the client does, with the context of whoever asked and without secrets; nil logs nothing.
	Logger *slog.Logger
	// Clock is the local time; nil is [time.Now].
	Clock func() time.Time
	// Pause maps a wait that was decided on to the wait that is made, so that tests need not wait; nil makes it.
	Pause func(time.Duration) time.Duration
	// Random returns numbers in [0,1), by which waits differ; nil is a random source.
	Random func() float64
}

// check returns the base URL, or a [*SettingError] if the settings cannot work. It does not ask the server.
func (c *Config) check() (*url.URL, error) {
	base, err := parseBaseURL(c.BaseURL)
	if err != nil {
		return nil, err
	}
	if err := c.checkCredentials(); err != nil {
		return nil, err
	}
	switch {
	case c.Organization == ".", c.Organization == "..", strings.ContainsFunc(c.Organization, notInName):
		return nil, &SettingError{Problem: OrganizationMalformed, Value: c.Organization}
	case c.MaxRetries < 0:
		return nil, &SettingError{Problem: RetriesNegative, Value: strconv.Itoa(c.MaxRetries)}
	case c.RequestTimeout < 0:
		return nil, &SettingError{Problem: TimeoutNegative, Value: c.RequestTimeout.String()}
	}
	return base, nil
}

// notInName reports whether no organization name has this character. Some of them would change a path.
func notInName(r rune) bool {
	return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`/\?#%`, r)
}

func (c *Config) checkCredentials() error {
	switch {
	case c.AccessToken != "" && (c.ClientID != "" || c.ClientSecret != ""):
		return &SettingError{Problem: CredentialsContradict}
	case c.AccessToken != "" && strings.ContainsFunc(c.AccessToken, notInToken):
		return &SettingError{Problem: AccessTokenMalformed}
	case c.AccessToken != "":
		return nil
	case c.ClientID == "" && c.ClientSecret == "":
		return &SettingError{Problem: CredentialsMissing}
	case c.ClientID == "":
		return &SettingError{Problem: ClientIDMissing}
	case c.ClientSecret == "":
		return &SettingError{Problem: ClientSecretMissing, Value: c.ClientID}
	}
	return nil
}

// notInToken reports whether a token in an Authorization header cannot have this character.
func notInToken(r rune) bool { return r <= ' ' || r > '~' }

func parseBaseURL(given string) (*url.URL, error) {
	wrong := func(p Problem) error { return &SettingError{Problem: p, Value: given} }
	parsed, err := url.Parse(strings.TrimRight(firstOf(given, DefaultBaseURL), "/"))
	switch {
	case err != nil:
		return nil, &SettingError{Problem: BaseURLUnreadable}
	case parsed.User != nil:
		return nil, &SettingError{Problem: BaseURLWithCredentials}
	case parsed.Scheme != "https" && parsed.Scheme != "http", parsed.Hostname() == "":
		return nil, wrong(BaseURLNotHTTPS)
	case parsed.Path != "":
		return nil, wrong(BaseURLWithPath)
	case parsed.RawQuery != "" || parsed.Fragment != "" || parsed.ForceQuery:
		return nil, wrong(BaseURLWithQuery)
	case parsed.Scheme == "http" && !isLoopback(parsed.Hostname()):
		return nil, wrong(BaseURLUnencrypted)
	}
	return parsed, nil
}

func isLoopback(host string) bool {
	// Names below localhost are looked up, and may lead anywhere.
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address := net.ParseIP(host)
	return address != nil && address.IsLoopback()
}
