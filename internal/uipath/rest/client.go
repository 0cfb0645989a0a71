package rest

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/hashicorp/go-cleanhttp"
)

// Client sends requests to one server as one caller. It may be used by many goroutines.
type Client struct {
	config    Config
	base      *url.URL
	transport http.RoundTripper
	log       *slog.Logger
	secrets   secrets
	tokens    tokens
	presence  presence

	timeMu      sync.Mutex
	timeKnown   bool
	serverAhead time.Duration
}

// New checks the settings and sends nothing. The error is a [*SettingError].
func New(config Config) (*Client, error) {
	base, err := config.check()
	if err != nil {
		return nil, err
	}
	if config.RequestTimeout == 0 {
		config.RequestTimeout = DefaultRequestTimeout
	}
	config.UserAgent = firstOf(config.UserAgent, defaultUserAgent)
	if config.Clock == nil {
		config.Clock = time.Now
	}
	if config.Pause == nil {
		config.Pause = func(wait time.Duration) time.Duration { return wait }
	}
	if config.Random == nil {
		config.Random = rand.Float64
	}
	c := &Client{config: config, base: base, transport: config.Transport, log: config.Logger}
	if c.transport == nil {
		c.transport = pooledTransport()
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.secrets.keep(config.ClientSecret)
	c.secrets.keep(config.AccessToken)
	c.tokens = tokens{fixed: config.AccessToken, clock: config.Clock}
	c.tokens.issued.Read, c.tokens.issued.Client = c.requestToken, c
	return c, nil
}

func pooledTransport() *http.Transport {
	pooled := cleanhttp.DefaultPooledTransport()
	// Terraform works on ten things at a time by default, more on request; the default is a few per processor.
	pooled.MaxIdleConnsPerHost = 32
	return pooled
}

// Address returns the server's scheme and host.
func (c *Client) Address() string { return c.base.String() }

// Now returns the local time.
func (c *Client) Now() time.Time { return c.config.Clock() }

// MaxRetries returns how often the settings allow to repeat something after its first attempt.
func (c *Client) MaxRetries() int { return c.config.MaxRetries }

// Pause returns how long to wait really where a wait was decided on; see [Config].
func (c *Client) Pause(wait time.Duration) time.Duration { return c.config.Pause(wait) }

// SignIn gets a token if there is none yet, and returns its claims.
func (c *Client) SignIn(ctx context.Context) (Claims, error) {
	t, err := c.tokens.get(ctx)
	if err != nil {
		return Claims{}, err
	}
	return readClaims(t.value), nil
}

// SignsInWithToken reports whether the settings hold an access token. No server has checked it when SignIn returns.
func (c *Client) SignsInWithToken() bool { return c.tokens.fixed != "" }
