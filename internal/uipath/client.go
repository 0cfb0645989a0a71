package uipath

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Client speaks with one organization as one caller.
type Client struct {
	config  Config
	base    *url.URL
	http    *http.Client
	clock   func() time.Time
	pause   func(time.Duration) time.Duration
	random  func() float64
	secrets secrets
	tokens  tokens

	// Set once by New.
	caller       claims
	organization Organization
	tenants      []Tenant
	tenant       *Tenant

	timeMu      sync.Mutex
	timeKnown   bool
	serverAhead time.Duration

	roleList    sharedList[string, Role]
	assignments assignmentLists
	batches     batcher
	principals  map[access.PrincipalType]*partedList[string, Principal]
	groups      keptAnswers[string, group]
	directories sharedList[string, directoryScope]
	folders     folderLists

	permissionsMu     sync.Mutex
	permissions       map[PermissionFilter][]Permission
	permissionsFlight singleflight.Group
}

// New authenticates and resolves organization and default tenant, so that a wrong setting is one error and not one for each
// resource. It is a [*ConfigError] then, and an [*Error] where the server is in trouble.
func New(ctx context.Context, config Config) (*Client, error) {
	base, err := config.check()
	if err != nil {
		return nil, err
	}
	if config.RequestTimeout == 0 {
		config.RequestTimeout = DefaultRequestTimeout
	}
	config.UserAgent = firstOf(config.UserAgent, defaultUserAgent)
	c := &Client{
		config: config, base: base, http: newHTTPClient(config),
		clock: config.Clock, pause: config.pause, random: config.random,
		permissions: map[PermissionFilter][]Permission{},
	}
	if c.clock == nil {
		c.clock = time.Now
	}
	if c.pause == nil {
		c.pause = func(wait time.Duration) time.Duration { return wait }
	}
	if c.random == nil {
		c.random = rand.Float64
	}
	c.secrets.keep(config.ClientSecret)
	c.secrets.keep(config.AccessToken)
	c.tokens.fixed, c.tokens.fetch, c.tokens.clock = config.AccessToken, c.requestToken, c.clock
	c.roleList.read, c.roleList.key = c.listRoles, roleKey
	c.assignments.client = c
	c.assignments.exports.read = c.downloadExport
	c.batches.carry, c.batches.clock, c.batches.pause = c.carryChanges, c.clock, c.pause
	c.batches.arrived = make(chan struct{}, 1)
	c.principals = c.principalLists()
	c.groups.read = c.readGroup
	c.directories.read, c.directories.key = c.readDirectoryScopes, func(s directoryScope) string { return s.name }
	if err := c.connect(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Organization is the organization that the client works in.
type Organization struct {
	// ID is the GUID in lower case.
	ID string
	// Name is the server's where it told it, else the configured one, else the GUID.
	Name string
}

// Organization returns the organization that the client works in.
func (c *Client) Organization() Organization { return c.organization }

// DefaultTenant returns the configured tenant, if there is one.
func (c *Client) DefaultTenant() (Tenant, bool) {
	if c.tenant == nil {
		return Tenant{}, false
	}
	return *c.tenant, true
}

// Subject returns who the caller is: the token's subject, which is the id of a user or of an external application. It is
// not known for an opaque token.
func (c *Client) Subject() (id string, ok bool) { return c.caller.subject, c.caller.subject != "" }

// identityPath is the path of the identity API (contract 7), in which the organization's GUID stands for {p}.
func (c *Client) identityPath(path string) string {
	return "/" + c.organization.ID + "/identity_/api" + strings.ReplaceAll(path, "{p}", c.organization.ID)
}

// apiPath is the path of the access-management API (contract 1), with the organization's GUID.
func (c *Client) apiPath(path string) string {
	return "/" + access.CanonicalGUID(c.organization.ID) + "/pap_/api" + path
}
