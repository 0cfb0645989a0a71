package backend

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/faults"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/seed"
)

const usage = `Usage: terraform-provider-uipath backend [flags]
       terraform-provider-uipath backend [flags] -- COMMAND [ARGUMENT ...]

Runs the reference backend: an organization that answers like UiPath's access management. Nothing leaves this machine.

Alone it runs until it is interrupted. Its first line on standard output is its base URL. Open that in a browser to see who may do what.

With a COMMAND it runs that and ends with its exit code, or with 128+n if signal n ended it. The command finds the backend through
UIPATH_URI, UIPATH_ORGANIZATION and UIPATH_PAT, and through UIPATH_TENANT if there is one tenant only or -tenant names one. It gets no other
variable that begins with UIPATH_, and UIPATH_SANDBOX, under which the provider refuses every other address.

  terraform-provider-uipath backend -data acme.db
  terraform-provider-uipath backend -seed tests/seed.yaml -- terraform test
  terraform-provider-uipath backend -fault 'PATCH status=503 rate=0.2' -- terraform apply

Each flag can be given in the environment instead, as UIPATH_BACKEND_ and its name: UIPATH_BACKEND_LISTEN, UIPATH_BACKEND_ID_SEED.

`

// settings are what the command's flags say.
type settings struct {
	Options

	listen string
	tls    *tls.Config
	// logFile is where requests are logged; "" is standard error.
	logFile string
	// command is the program to run beside the backend, with its arguments; empty for none.
	command []string
	// caller acts in that program; "" is the seed's default caller.
	caller string
	// tenant is the one that the program works in; "" is the only one.
	tenant string
}

// texts are flags that are parsed further.
type texts struct{ seedFile, clock, idSeed, hosts, certificate, key string }

// defaultCommandTokenLifetime is how long the token of a program is valid, unless a flag says otherwise. It outlasts any run.
const defaultCommandTokenLifetime = 24 * time.Hour

// parseFlags reads the flags, and the environment for those that are not given.
func parseFlags(args []string, p Process) (s settings, err error) {
	var t texts
	flags := s.flags(&t)
	given := map[string]bool{}
	flags.VisitAll(func(f *flag.Flag) {
		name := "UIPATH_BACKEND_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value := p.getenv(name)
		if value == "" || err != nil {
			return
		}
		given[f.Name] = true
		if failed := flags.Set(f.Name, value); failed != nil {
			err = fmt.Errorf("%s: invalid value %q: %w", name, value, failed)
		}
	})
	if parsed := flags.Parse(args); errors.Is(parsed, flag.ErrHelp) {
		fmt.Fprint(p.Stdout, usage)
		flags.SetOutput(p.Stdout)
		flags.PrintDefaults()
		return s, parsed
	} else if parsed != nil {
		return s, fmt.Errorf("%w (-h explains the flags)", parsed)
	}
	if err != nil {
		return s, err
	}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if s.command, err = commandOf(args, flags.Args()); err != nil {
		return s, err
	}
	if len(s.command) == 0 && (s.caller != "" || s.tenant != "") {
		return s, errors.New("-caller and -tenant are about a command: write it behind --, or sign in to the backend as who you like")
	}
	if len(s.command) > 0 && !given["token-lifetime"] {
		s.TokenLifetime = defaultCommandTokenLifetime
	}
	err = s.complete(t)
	return s, err
}

// commandOf returns the command that stands behind --. Other arguments are a mistake.
func commandOf(args, rest []string) ([]string, error) {
	separated := len(args) > len(rest) && args[len(args)-len(rest)-1] == "--"
	switch {
	case separated && len(rest) == 0:
		return nil, errors.New("no command stands behind --")
	case separated, len(rest) == 0:
		return rest, nil
	}
	return nil, fmt.Errorf("unexpected argument %q: a command stands behind -- (-h explains the flags)", rest[0])
}

// flags defines the flags.
func (s *settings) flags(t *texts) *flag.FlagSet {
	flags := flag.NewFlagSet("backend", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&s.listen, "listen", "127.0.0.1:0", "`address` to listen on; port 0 takes a free one")
	flags.StringVar(&t.certificate, "tls-cert", "", "PEM `file` with a certificate; serves https, together with -tls-key")
	flags.StringVar(&t.key, "tls-key", "", "PEM `file` with the key of the certificate")
	flags.StringVar(&s.DataFile, "data", "", "SQLite `file` that keeps the state; in memory without it")
	flags.StringVar(&t.seedFile, "seed", "", "YAML `file` to start from; the built-in organization acme without it")
	flags.StringVar(&s.caller, "caller", "",
		"`who` acts in the command: a user by user name, or an application by name; the seed's default caller without it")
	flags.StringVar(&s.tenant, "tenant", "", "`name` of the tenant that the command works in")
	flags.StringVar(&s.logFile, "log", "", "`file` for a line about each request; standard error without it, and nothing beside a command")
	flags.Func("fault", "`requests` that fail, such as 'PATCH status=503 rate=0.2'; may be repeated, or divided by semicolons", func(text string) error {
		_, err := faults.Parse(text)
		s.Faults = append(s.Faults, text)
		return err
	})
	flags.BoolVar(&s.Strict, "strict", false, "refuse what no public source shows to work")
	flags.BoolVar(&s.ReferenceOff, "reference-off", false, "leave out the web page and the endpoints below /_reference")
	flags.StringVar(&s.ReferenceToken, "reference-token", "", "bearer `token` that the endpoints below /_reference ask for; none without it")
	flags.BoolVar(&s.RequireOrganization, "require-organization", false,
		"refuse identity paths without the organization, as newer organizations do")
	flags.StringVar(&s.Origin, "cors", "", "`origin`, such as http://localhost:3000, whose web pages may read what the API answers; none without it")
	flags.StringVar(&t.hosts, "hosts", "", "`names`, separated by commas, under which clients reach the backend besides localhost and addresses")
	flags.BoolVar(&s.RateLimits, "rate-limits", false, "limit the requests to the identity service as the platform documents it")
	flags.DurationVar(&s.TokenLifetime, "token-lifetime", defaultTokenLifetime, "how long access tokens are valid; 24h for a command's own")
	flags.StringVar(&t.clock, "clock", "", "`time`, such as 2026-01-31T12:00:00Z, at which the clock stands still")
	flags.StringVar(&t.idSeed, "id-seed", "", "`number` from which the ids of new things are derived; random without it")
	return flags
}

// complete parses the flags that are texts.
func (s *settings) complete(t texts) error {
	s.Hosts = hostNames(s.listen, t.hosts)
	if s.TokenLifetime <= 0 {
		return fmt.Errorf("token-lifetime %s: it must be longer than nothing", s.TokenLifetime)
	}
	var err error
	if s.tls, err = loadCertificate(t.certificate, t.key); err != nil {
		return err
	}
	if t.seedFile != "" {
		if s.Seed, err = readSeed(t.seedFile); err != nil {
			return err
		}
	}
	if t.clock != "" {
		at, err := time.Parse(time.RFC3339, t.clock)
		if err != nil {
			return fmt.Errorf("clock %q is not a time: write it like 2026-01-31T12:00:00Z", t.clock)
		}
		s.Clock = func() time.Time { return at }
	}
	if t.idSeed != "" {
		n, err := strconv.ParseUint(t.idSeed, 10, 64)
		if err != nil {
			return fmt.Errorf("id-seed %q is not a number from 0", t.idSeed)
		}
		s.NewID = seededIDs(n)
	}
	return nil
}

// hostNames returns the names that the flag lists, and the one that the address to listen on has.
func hostNames(listen, listed string) []string {
	var names []string
	if host, _, err := net.SplitHostPort(listen); err == nil && host != "" && net.ParseIP(host) == nil {
		names = append(names, host)
	}
	for name := range strings.SplitSeq(listed, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// readSeed reads a seed file, up to a byte more than a seed may have, which is refused later.
func readSeed(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	defer func() { _ = f.Close() }()
	file, err := io.ReadAll(io.LimitReader(f, seed.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	return file, nil
}

// seededIDs returns a source of version 4 UUIDs that always gives the same ones.
func seededIDs(n uint64) func() string {
	var mu sync.Mutex
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], n)
	source := rand.NewChaCha8(key)
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		id, err := uuid.NewRandomFromReader(source)
		if err != nil {
			// The source never ends.
			return uuid.NewString()
		}
		return id.String()
	}
}
