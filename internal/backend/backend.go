// Package backend is the reference backend: an organization with its users, tenants and roles, served over the HTTP API that
// the provider speaks. The provider runs it in its own process, a command serves it on a port, and tests use it in process.
//
// What belongs here is the wiring and the command. Below stand httpapi, rules, seed, catalogue and store; other packages
// import this one only.
package backend

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/faults"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/httpapi"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/page"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/seed"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// InMemoryURL is the base URL of a backend that is reached through [Backend.Transport], which dials no host. It names
// the loopback interface, because clients send tokens in clear nowhere else.
const InMemoryURL = "http://localhost"

const (
	defaultTokenLifetime = time.Hour
	issuer               = InMemoryURL + "/identity_"
	// keyBytes is the length of a signing key. It is the length of the hash that the key is used with.
	keyBytes = 32
)

// settingSeedHash is the setting that tells one seed from another. The seed itself is not kept, because it may hold secrets in clear.
const settingSeedHash = "seed sha256"

// Options say what a backend starts from. The zero value is the built-in organization in memory.
type Options struct {
	// DataFile is the path of the SQLite file; "" keeps everything in memory.
	DataFile string
	// Seed is YAML; nil takes what the file was seeded with, and the built-in organization for a new one.
	Seed []byte
	// Strict refuses what no public source shows to work.
	Strict bool
	// RequireOrganization refuses identity paths without an organization, as newer organizations do.
	RequireOrganization bool
	// Origin is the origin of the web pages that may read what the API answers, such as http://localhost:3000; none may where it is empty.
	Origin string
	// Hosts are the names under which clients reach the backend, besides localhost and addresses.
	Hosts []string
	// Exposed says that other machines reach the backend. It then refuses secrets that the built-in seed publishes.
	Exposed bool
	// RateLimits limits the requests to the identity service as the platform documents it.
	RateLimits bool
	// Clock is the time; nil is time.Now.
	Clock func() time.Time
	// NewID makes the ids of what is created; nil makes random UUIDs.
	NewID func() string
	// TokenLifetime is how long access tokens are valid; 0 is one hour.
	TokenLifetime time.Duration
	// ReferenceOff leaves out the endpoints below /_reference.
	ReferenceOff bool
	// ReferenceToken is the bearer token that the endpoints below /_reference ask for; "" asks for none.
	ReferenceToken string
	// Faults are requests that fail, each in the words of the flag -fault.
	Faults []string
	// Logger gets one record for each request, and no secret; nil discards them.
	Logger *slog.Logger
}

// Backend is an open reference backend. It may be used by many goroutines.
type Backend struct {
	store     *store.Store
	rules     *rules.Rules
	catalogue *catalogue.Catalogue
	api       *httpapi.API
}

// Open opens the data file, creates and seeds it where it is new, and returns the backend that serves it. It refuses a
// file that was seeded with another seed, that is no data file, or that an older or newer version of this program wrote.
func Open(ctx context.Context, o Options) (*Backend, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	c, err := catalogue.Load()
	if err != nil {
		return nil, err
	}
	b := &Backend{catalogue: c, rules: &rules.Rules{
		Catalogue: c, Now: o.Clock, TokenLifetime: o.TokenLifetime, Strict: o.Strict,
	}}
	if b.rules.Now == nil {
		b.rules.Now = time.Now
	}
	newID := o.NewID
	if newID == nil {
		newID = uuid.NewString
	}
	b.rules.NewID = func() access.GUID { return access.OptionalGUID(newID()) }
	if b.rules.TokenLifetime == 0 {
		b.rules.TokenLifetime = defaultTokenLifetime
	}
	logger := o.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	b.store, err = store.Open(ctx, o.DataFile, func(tx *store.Tx) error {
		if err := b.begin(ctx, tx, o); err != nil || !o.Exposed {
			return err
		}
		return b.refusePublished(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	b.api = httpapi.New(b.rules, b.store, logger, httpapi.Own{
		Off: o.ReferenceOff, Token: o.ReferenceToken, Reset: b.reset, Snapshot: b.snapshot,
	}, httpapi.Options{
		RequireOrganization: o.RequireOrganization, Origin: o.Origin, Hosts: o.Hosts, RateLimits: o.RateLimits,
	})
	b.api.SetPage(page.New(b.rules, b.store, b.api.Journal()))
	for _, text := range o.Faults {
		if err := b.AddFaults(text); err != nil {
			return nil, errors.Join(err, b.store.Close())
		}
	}
	return b, nil
}

// AddFaults makes requests fail from now on, in the words of the flag -fault or as JSON, beside those that fail already.
func (b *Backend) AddFaults(text string) error {
	added, err := faults.Parse(text)
	if err != nil {
		return err
	}
	return b.api.AddFaults(added)
}

// ClearFaults lets all requests succeed again.
func (b *Backend) ClearFaults() error { return b.api.ClearFaults() }

// Failed returns how many requests were made to fail since faults were added or cleared.
func (b *Backend) Failed() int {
	failed := 0
	for _, c := range b.api.Faults() {
		failed += c.Failed
	}
	return failed
}

// check refuses options that cannot be served.
func (o Options) check() error {
	if strings.ContainsFunc(o.ReferenceToken, func(r rune) bool { return r <= ' ' || r > unicode.MaxASCII || unicode.IsControl(r) }) {
		return errors.New("the reference token has blanks or characters beyond ASCII, which a header cannot carry")
	}
	for _, name := range o.Hosts {
		if err := httpapi.CheckHostName(name); err != nil {
			return fmt.Errorf("hosts: %w", err)
		}
	}
	if o.Origin == "" {
		return nil
	}
	if err := httpapi.CheckOrigin(o.Origin); err != nil {
		return fmt.Errorf("cors: %w", err)
	}
	return nil
}

// OtherSeedError refuses a data file that was seeded with another seed than the one given, or before that was edited.
type OtherSeedError struct {
	DataFile string
	// Had and Given are the hashes of the seeds.
	Had, Given string
}

// Error implements error.
func (e *OtherSeedError) Error() string {
	return fmt.Sprintf("data file %q was seeded with another seed (SHA-256 %s) than the one given (%s), or before that was edited: "+
		"delete the file to begin anew with the seed given, give the seed that it had or none, or name another file", e.DataFile, e.Had, e.Given)
}

// begin seeds a new database, and refuses one that was seeded with another seed than the caller gives.
func (b *Backend) begin(ctx context.Context, tx *store.Tx, o Options) error {
	had, err := tx.Setting(ctx, settingSeedHash)
	if err != nil {
		return err
	}
	if had != "" {
		if o.Seed != nil && had != model.HashSecret(string(o.Seed)) {
			return &OtherSeedError{o.DataFile, had, model.HashSecret(string(o.Seed))}
		}
		return nil
	}
	file := o.Seed
	if file == nil {
		file = seed.Default()
	}
	state, err := seed.Parse(file, b.catalogue, b.rules.Now())
	if err != nil {
		return err
	}
	key := make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	for name, value := range map[string]string{
		settingSeedHash: model.HashSecret(string(file)), rules.SigningKey: hex.EncodeToString(key),
	} {
		if err := tx.PutSetting(ctx, name, value); err != nil {
			return err
		}
	}
	if err := tx.Replace(ctx, state); err != nil {
		return err
	}
	return tx.KeepAsSeed(ctx)
}

// reset returns to the seed, whole or not at all. The signing key stays, so that tokens remain valid.
func (b *Backend) reset(ctx context.Context) error {
	return b.store.Write(ctx, func(tx *store.Tx) error { return tx.ReturnToSeed(ctx) })
}

// snapshot writes a seed that reproduces the state.
func (b *Backend) snapshot(ctx context.Context, out io.Writer) error {
	return b.store.Read(ctx, func(tx *store.Tx) error {
		state, err := tx.State(ctx)
		if err != nil {
			return err
		}
		return seed.Write(out, state, tx.EveryAssignment(ctx), b.catalogue)
	})
}

// ServeHTTP implements http.Handler.
func (b *Backend) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.api.ServeHTTP(w, r) }

// Token returns an access token for a user, named by user name or email, or an external application, named by name or client
// id; "" is the seed's default caller. The error for an unknown caller lists the known ones.
func (b *Backend) Token(ctx context.Context, caller string) (string, error) {
	var token rules.AccessToken
	err := b.store.Read(ctx, func(tx *store.Tx) (err error) {
		token, err = b.rules.TokenFor(ctx, tx, issuer, caller)
		return err
	})
	return token.Value, err
}

// Organization returns the GUID and the name of the organization.
func (b *Backend) Organization(ctx context.Context) (id, name string, err error) {
	var o model.Organization
	err = b.store.Read(ctx, func(tx *store.Tx) (err error) {
		o, err = tx.Organization(ctx)
		return err
	})
	return o.ID.String(), o.Name, err
}

// Journal returns how many requests there were of each operation since the start or since the journal was cleared. Requests
// below /_reference are not counted.
func (b *Backend) Journal() map[string]int { return b.api.Journal().Counts() }

// Close closes the data file. What was acknowledged is in it.
func (b *Backend) Close() error { return b.store.Close() }
