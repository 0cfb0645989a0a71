package uipath

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNewRefusesSettings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change    func(*Config)
		attribute string
		says      string
	}{
		"no address":         {func(c *Config) { c.BaseURL = "://" }, "base_url", "UIPATH_URI"},
		"no scheme":          {func(c *Config) { c.BaseURL = "cloud.uipath.com" }, "base_url", "no https address"},
		"another scheme":     {func(c *Config) { c.BaseURL = "ftp://cloud.uipath.com" }, "base_url", "no https address"},
		"no host":            {func(c *Config) { c.BaseURL = "https:///" }, "base_url", "no https address"},
		"plain http":         {func(c *Config) { c.BaseURL = "http://cloud.uipath.com" }, "base_url", "in clear"},
		"http lookalike":     {func(c *Config) { c.BaseURL = "http://127.0.0.1.example.com" }, "base_url", "in clear"},
		"password in it":     {func(c *Config) { c.BaseURL = "https://user:pass-word@cloud.uipath.com" }, "base_url", "user name or password"},
		"path":               {func(c *Config) { c.BaseURL = "https://cloud.uipath.com/acme" }, "base_url", "settings of their own"},
		"query":              {func(c *Config) { c.BaseURL = "https://cloud.uipath.com?x=1" }, "base_url", "query"},
		"fragment":           {func(c *Config) { c.BaseURL = "https://cloud.uipath.com#x" }, "base_url", "fragment"},
		"no credentials":     {func(c *Config) { c.ClientID, c.ClientSecret = "", "" }, "", "UIPATH_PAT"},
		"no secret":          {func(c *Config) { c.ClientSecret = "" }, "client_secret", "UIPATH_CLIENT_SECRET"},
		"no client":          {func(c *Config) { c.ClientID = "" }, "client_id", "UIPATH_CLIENT_ID"},
		"both credentials":   {func(c *Config) { c.AccessToken = "pat-1" }, "access_token", "keep one"},
		"token with newline": {func(c *Config) { c.ClientID, c.ClientSecret, c.AccessToken = "", "", "pat-1\n" }, "access_token", "line break"},
		"address as organization": {
			func(c *Config) { c.Organization = "https://cloud.uipath.com/acme" }, "organization", "UIPATH_ORGANIZATION",
		},
		"dots as organization": {func(c *Config) { c.Organization = ".." }, "organization", "UIPATH_ORGANIZATION"},
		"tenant name without look-up": {
			func(c *Config) { c.ResolveTenants, c.Tenant = false, "Production" }, "tenant", "resolve_tenants = false",
		},
		"negative retries": {func(c *Config) { c.MaxRetries = -1 }, "max_retries", "negative"},
		"negative timeout": {func(c *Config) { c.RequestTimeout = -time.Second }, "max_retries", "negative"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			config := f.config()
			test.change(&config)
			_, err := New(t.Context(), config)
			wrong, ok := errors.AsType[*ConfigError](err)
			if !ok {
				t.Fatalf("New = %v, want a ConfigError", err)
			}
			if wrong.Attribute != test.attribute || !strings.Contains(wrong.Detail, test.says) || wrong.Summary == "" {
				t.Errorf("New = %q on attribute %q (%q), want %q on %q", wrong.Detail, wrong.Attribute, wrong.Summary, test.says, test.attribute)
			}
			for _, secret := range []string{secretText, "pass-word", "pat-1"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error tells a secret: %v", err)
				}
			}
			if sent := f.sent(""); len(sent) != 0 {
				t.Errorf("requests were sent: %v", sent)
			}
		})
	}
}

func TestBaseURLs(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"":                           "https://cloud.uipath.com",
		"https://cloud.uipath.com/":  "https://cloud.uipath.com",
		"https://suite.example:8443": "https://suite.example:8443",
		"http://localhost:8080":      "http://localhost:8080",
		"http://acme.localhost":      "http://acme.localhost",
		"http://127.0.0.1:1":         "http://127.0.0.1:1",
		"http://[::1]:1":             "http://[::1]:1",
	} {
		if got, err := parseBaseURL(given); err != nil || got.String() != want {
			t.Errorf("parseBaseURL(%q) = %v, %v, want %s", given, got, err, want)
		}
	}
}
