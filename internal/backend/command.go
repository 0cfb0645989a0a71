package backend

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

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

// Process is what the command has of the process that it runs in.
type Process struct {
	// Environ is the environment, each entry NAME=value.
	Environ []string
	// Stdin is read by the program that the command runs, if it runs one.
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Signals are those that would end the process. They stop the backend, or go to the program that it runs. It may be nil.
	Signals <-chan os.Signal
}

func (p Process) getenv(name string) string {
	value := ""
	for _, setting := range p.Environ {
		if n, v, _ := strings.Cut(setting, "="); n == name {
			value = v
		}
	}
	return value
}

// Command runs the backend as a program until a signal or the end of the context stops it: flags and environment in, the base URL and
// nothing else on standard output, logs on standard error. With a program behind -- it runs that, whose standard output it then is, and
// ends with it. It returns the exit code: 0, that of the program, or 1 after an error, which it reports on standard error in one line.
func Command(ctx context.Context, args []string, p Process) int {
	code, err := run(ctx, args, p)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintf(p.Stderr, "terraform-provider-uipath backend: %s\n", strings.Join(strings.Fields(err.Error()), " "))
	}
	return code
}

// exitFailed is the exit code after an error of the backend's own.
const exitFailed = 1

func run(ctx context.Context, args []string, p Process) (code int, err error) {
	o, err := parseFlags(args, p)
	if err != nil {
		return exitFailed, err
	}
	o.Logger, err = o.logger(p.Stderr)
	if err != nil {
		return exitFailed, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", o.listen)
	if err != nil {
		return exitFailed, fmt.Errorf("cannot listen on %q: %w", o.listen, err)
	}
	url, loopback := baseURL(o.scheme(), listener.Addr())
	o.Exposed = !loopback
	b, err := Open(ctx, o.Options)
	if err != nil {
		return exitFailed, errors.Join(err, listener.Close())
	}
	defer func() { err = errors.Join(err, b.Close()) }()

	if !loopback {
		o.Logger.Warn("other machines reach this address; the backend is made for tests", "address", listener.Addr().String())
	}
	server := newServer(b)
	server.TLSConfig = o.tls
	if len(o.command) > 0 {
		return runBeside(ctx, b, server, listener, url, o, p)
	}
	if err := b.announce(ctx, p.Stderr, url, o.DataFile); err != nil {
		return exitFailed, errors.Join(err, listener.Close())
	}
	if _, err := fmt.Fprintln(p.Stdout, url); err != nil {
		return exitFailed, errors.Join(err, listener.Close())
	}
	if err := serveUntilStopped(ctx, server, listener, p.Signals); err != nil {
		return exitFailed, err
	}
	return 0, nil
}

// serveUntilStopped runs a server until the context ends or a signal comes. It finishes the requests that it has begun, unless another
// signal comes.
func serveUntilStopped(ctx context.Context, server *http.Server, listener net.Listener, signals <-chan os.Signal) error {
	failed := make(chan error, 1)
	go func() { failed <- serve(server, listener) }()
	select {
	case err := <-failed:
		return err
	case <-signals:
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- server.Shutdown(last) }()
	select {
	case err := <-stopped:
		return err
	case <-signals:
		return server.Close()
	}
}

// serve answers requests, over TLS where the server has a certificate.
func serve(server *http.Server, listener net.Listener) error {
	if server.TLSConfig != nil {
		return server.ServeTLS(listener, "", "")
	}
	return server.Serve(listener)
}

// baseURL returns the URL under which this machine reaches an address, and whether only this machine does.
func baseURL(scheme string, address net.Addr) (url string, loopback bool) {
	tcp, ok := address.(*net.TCPAddr)
	if !ok {
		return scheme + "://" + address.String(), false
	}
	if tcp.IP.IsUnspecified() {
		return scheme + "://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port)), false
	}
	return scheme + "://" + tcp.String(), tcp.IP.IsLoopback()
}

// scheme is that of the URLs which the backend answers.
func (s settings) scheme() string {
	if s.tls != nil {
		return "https"
	}
	return "http"
}

// logger returns where the command logs: the file that a flag names, else standard error. Beside a program it logs no requests there,
// because the terminal is the program's.
func (s settings) logger(stderr io.Writer) (*slog.Logger, error) {
	level := slog.LevelInfo
	if s.logFile == "" && len(s.command) > 0 {
		level = slog.LevelWarn
	}
	out := stderr
	if s.logFile != "" {
		// The file stays open until the process ends.
		file, err := os.OpenFile(s.logFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, logFileMode)
		if err != nil {
			return nil, fmt.Errorf("log: %w", err)
		}
		out = file
	}
	return slog.New(slog.NewTextHandler(out, &slog.HandlerOptions{Level: level, ReplaceAttr: shortened})), nil
}

// logFileMode keeps the names in a log from other users of the machine.
const logFileMode = 0o600

// shortened keeps lines short: the time of day, and the level only where something is wrong.
func shortened(groups []string, a slog.Attr) slog.Attr {
	switch {
	case len(groups) > 0:
		return a
	case a.Key == slog.TimeKey:
		return slog.String(a.Key, a.Value.Time().Format("15:04:05.000"))
	case a.Key == slog.LevelKey && a.Value.Any() == slog.LevelInfo:
		return slog.Attr{}
	}
	return a
}

// loadCertificate reads a certificate and its key from PEM files.
func loadCertificate(certificate, key string) (*tls.Config, error) {
	if certificate == "" && key == "" {
		return nil, nil //nolint:nilnil // No files, no TLS.
	}
	if certificate == "" || key == "" {
		return nil, errors.New("tls-cert and tls-key belong together: give both or none")
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("tls-cert and tls-key: %w", err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}
