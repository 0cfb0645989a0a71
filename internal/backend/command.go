package backend

import (
	"context"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/seed"
)

const usage = `Usage: terraform-provider-uipath backend [flags]

Runs the reference backend until it is interrupted. The first line on standard output is its base URL.
Each flag can be given in the environment instead, as UIPATH_BACKEND_ and its name: UIPATH_BACKEND_LISTEN, UIPATH_BACKEND_ID_SEED.

`

// The limits of the HTTP server.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = time.Minute
	writeTimeout      = 2 * time.Minute
	idleTimeout       = 2 * time.Minute
	shutdownTimeout   = 10 * time.Second
	maxHeaderBytes    = 64 << 10
)

func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
}

// Command runs the backend as a program until the context ends: flags and environment in, the base URL and nothing else on
// stdout, logs on stderr. It returns the exit code: 0, or 1 after an error, which it reports on stderr in one line.
func Command(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	err := run(ctx, args, getenv, stdout, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "terraform-provider-uipath backend: %s\n", strings.Join(strings.Fields(err.Error()), " "))
		return 1
	}
	return 0
}

func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) (err error) {
	logger := slog.New(slog.NewTextHandler(stderr, nil))
	listen, options, err := parseFlags(args, getenv, stdout)
	if err != nil {
		return err
	}
	options.Logger = logger
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %q: %w", listen, err)
	}
	url, loopback := baseURL(listener.Addr())
	options.Exposed = !loopback
	b, err := Open(ctx, options)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, b.Close()) }()

	if !loopback {
		logger.Warn("listening on an address that other machines reach; the backend is made for tests", "address", listener.Addr().String())
	}
	if _, err := fmt.Fprintln(stdout, url); err != nil {
		return errors.Join(err, listener.Close())
	}
	return serve(ctx, newServer(b), listener)
}

// serve runs a server until the context ends. It finishes the requests that it has begun.
func serve(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	return server.Shutdown(last)
}

// baseURL returns the URL under which this machine reaches an address, and whether only this machine does.
func baseURL(address net.Addr) (url string, loopback bool) {
	tcp, ok := address.(*net.TCPAddr)
	if !ok {
		return "http://" + address.String(), false
	}
	if tcp.IP.IsUnspecified() {
		return "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port)), false
	}
	return "http://" + tcp.String(), tcp.IP.IsLoopback()
}

// parseFlags reads the flags, and the environment for those that are not given.
func parseFlags(args []string, getenv func(string) string, stdout io.Writer) (listen string, o Options, err error) {
	flags := flag.NewFlagSet("backend", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	var seedFile, clock, idSeed, hosts string
	flags.StringVar(&listen, "listen", "127.0.0.1:0", "`address` to listen on; port 0 takes a free one")
	flags.StringVar(&o.DataFile, "data", "", "SQLite `file` that keeps the state; in memory without it")
	flags.StringVar(&seedFile, "seed", "", "YAML `file` to start from; the built-in organization acme without it")
	flags.BoolVar(&o.Strict, "strict", false, "refuse what no public source shows to work")
	flags.BoolVar(&o.ReferenceOff, "reference-off", false, "leave out the endpoints below /_reference")
	flags.StringVar(&o.ReferenceToken, "reference-token", "", "bearer `token` that the endpoints below /_reference ask for; none without it")
	flags.BoolVar(&o.RequireOrganization, "require-organization", false,
		"refuse identity paths without the organization, as newer organizations do")
	flags.StringVar(&o.Origin, "cors", "", "`origin`, such as http://localhost:3000, whose web pages may read what the API answers; none without it")
	flags.StringVar(&hosts, "hosts", "", "`names`, separated by commas, under which clients reach the backend besides localhost and addresses")
	flags.BoolVar(&o.RateLimits, "rate-limits", false, "limit the requests to the identity service as the platform documents it")
	flags.DurationVar(&o.TokenLifetime, "token-lifetime", defaultTokenLifetime, "how long access tokens are valid")
	flags.StringVar(&clock, "clock", "", "`time`, such as 2026-01-31T12:00:00Z, at which the clock stands still")
	flags.StringVar(&idSeed, "id-seed", "", "`number` from which the ids of new things are derived; random without it")
	flags.VisitAll(func(f *flag.Flag) {
		name := "UIPATH_BACKEND_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value := getenv(name)
		if value == "" || err != nil {
			return
		}
		if failed := flags.Set(f.Name, value); failed != nil {
			err = fmt.Errorf("%s: invalid value %q: %w", name, value, failed)
		}
	})
	if parsed := flags.Parse(args); errors.Is(parsed, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		flags.SetOutput(stdout)
		flags.PrintDefaults()
		return "", o, parsed
	} else if parsed != nil {
		return "", o, fmt.Errorf("%w (-h explains the flags)", parsed)
	}
	if err != nil {
		return "", o, err
	}
	if flags.NArg() > 0 {
		return "", o, fmt.Errorf("unexpected argument %q (-h explains the flags)", flags.Arg(0))
	}
	o.Hosts = hostNames(listen, hosts)
	err = o.complete(seedFile, clock, idSeed)
	return listen, o, err
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

// complete parses the flags that are texts.
func (o *Options) complete(seedFile, clock, idSeed string) error {
	if o.TokenLifetime <= 0 {
		return fmt.Errorf("token-lifetime %s: it must be longer than nothing", o.TokenLifetime)
	}
	if seedFile != "" {
		file, err := readSeed(seedFile)
		if err != nil {
			return err
		}
		o.Seed = file
	}
	if clock != "" {
		at, err := time.Parse(time.RFC3339, clock)
		if err != nil {
			return fmt.Errorf("clock %q is not a time: write it like 2026-01-31T12:00:00Z", clock)
		}
		o.Clock = func() time.Time { return at }
	}
	if idSeed != "" {
		n, err := strconv.ParseUint(idSeed, 10, 64)
		if err != nil {
			return fmt.Errorf("id-seed %q is not a number from 0", idSeed)
		}
		o.NewID = seededIDs(n)
	}
	return nil
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
