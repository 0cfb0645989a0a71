package rest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestNewRefusesSettings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change  func(*Config)
		problem Problem
		value   string
	}{
		"no address":           {func(c *Config) { c.BaseURL = "://" }, BaseURLUnreadable, ""},
		"no scheme":            {func(c *Config) { c.BaseURL = "cloud.uipath.com" }, BaseURLNotHTTPS, "cloud.uipath.com"},
		"another scheme":       {func(c *Config) { c.BaseURL = "ftp://cloud.uipath.com" }, BaseURLNotHTTPS, "ftp://cloud.uipath.com"},
		"no host":              {func(c *Config) { c.BaseURL = "https:///" }, BaseURLNotHTTPS, "https:///"},
		"plain http":           {func(c *Config) { c.BaseURL = "http://cloud.uipath.com" }, BaseURLUnencrypted, "http://cloud.uipath.com"},
		"http below localhost": {func(c *Config) { c.BaseURL = "http://acme.localhost" }, BaseURLUnencrypted, "http://acme.localhost"},
		"http lookalike":       {func(c *Config) { c.BaseURL = "http://127.0.0.1.example.com" }, BaseURLUnencrypted, "http://127.0.0.1.example.com"},
		"password in it":       {func(c *Config) { c.BaseURL = "https://user:pass-word@cloud.uipath.com" }, BaseURLWithCredentials, ""},
		"path":                 {func(c *Config) { c.BaseURL = "https://cloud.uipath.com/acme" }, BaseURLWithPath, "https://cloud.uipath.com/acme"},
		"query":                {func(c *Config) { c.BaseURL = "https://cloud.uipath.com?x=1" }, BaseURLWithQuery, "https://cloud.uipath.com?x=1"},
		"empty query":          {func(c *Config) { c.BaseURL = "https://cloud.uipath.com?" }, BaseURLWithQuery, "https://cloud.uipath.com?"},
		"fragment":             {func(c *Config) { c.BaseURL = "https://cloud.uipath.com#x" }, BaseURLWithQuery, "https://cloud.uipath.com#x"},
		"no credentials":       {func(c *Config) { c.ClientID, c.ClientSecret = "", "" }, CredentialsMissing, ""},
		"no secret":            {func(c *Config) { c.ClientSecret = "" }, ClientSecretMissing, clientID},
		"no client":            {func(c *Config) { c.ClientID = "" }, ClientIDMissing, ""},
		"both credentials":     {func(c *Config) { c.AccessToken = "pat-1" }, CredentialsContradict, ""},
		"token with newline":   {withToken("pat-1\n"), AccessTokenMalformed, ""},
		"address as organization": {
			func(c *Config) { c.Organization = "https://cloud.uipath.com/acme" }, OrganizationMalformed, "https://cloud.uipath.com/acme",
		},
		"dots as organization": {func(c *Config) { c.Organization = ".." }, OrganizationMalformed, ".."},
		"negative retries":     {func(c *Config) { c.MaxRetries = -1 }, RetriesNegative, "-1"},
		"negative timeout":     {func(c *Config) { c.RequestTimeout = -time.Second }, TimeoutNegative, "-1s"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			config := f.config()
			test.change(&config)
			_, err := New(config)
			wrong, ok := errors.AsType[*SettingError](err)
			if !ok {
				t.Fatalf("New = %v, want a SettingError", err)
			}
			if wrong.Problem != test.problem || wrong.Value != test.value || err.Error() == "" {
				t.Errorf("New = %+v, want problem %d of %q", wrong, test.problem, test.value)
			}
			for _, secret := range []string{secretText, "pass-word", "pat-1"} {
				if strings.Contains(fmt.Sprintf("%v %+v", err, *wrong), secret) {
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
		"http://127.0.0.1:1":         "http://127.0.0.1:1",
		"http://[::1]:1":             "http://[::1]:1",
	} {
		if got, err := parseBaseURL(given); err != nil || got.String() != want {
			t.Errorf("parseBaseURL(%q) = %v, %v, want %s", given, got, err, want)
		}
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	agents := make(chan string, 1)
	f.on(func(_ http.ResponseWriter, r *http.Request) bool {
		agents <- r.UserAgent()
		return false
	})
	before := time.Now()
	c, err := New(Config{BaseURL: f.URL, AccessToken: "pat-1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := thing(t.Context(), c, thingID(1)); err != nil {
		t.Fatal(err)
	}
	if got := <-agents; got != "terraform-provider-uipath" {
		t.Errorf("the user agent is %q", got)
	}
	if c.config.RequestTimeout != time.Minute || c.Now().Before(before) || c.Pause(time.Second) != time.Second || c.MaxRetries() != 0 {
		t.Errorf("timeout %s, time %s, pause %s, retries %d", c.config.RequestTimeout, c.Now(), c.Pause(time.Second), c.MaxRetries())
	}
	if r := c.config.Random(); r < 0 || r >= 1 {
		t.Errorf("random %f", r)
	}
}
