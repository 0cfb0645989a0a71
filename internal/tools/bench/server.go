package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/environ"
)

// server is a reference backend in a process of its own, in memory, behind a [proxy].
type server struct {
	proxy *proxy
	// url is where the provider reaches it, through the proxy.
	url string

	backend *exec.Cmd
	front   *http.Server
}

// startServer starts the backend of the provider at program, with a new organization.
func startServer(ctx context.Context, program, directory string, organization []byte) (s *server, err error) {
	seedFile := filepath.Join(directory, "seed.yaml")
	if err := os.WriteFile(seedFile, organization, 0o600); err != nil {
		return nil, err
	}
	s = &server{backend: exec.CommandContext(ctx, program, "backend", "-listen", "127.0.0.1:0", "-seed", seedFile)}
	s.backend.Env = environ.Without(os.Environ(), "UIPATH_")
	s.backend.Cancel = func() error { return s.backend.Process.Signal(os.Interrupt) }
	s.backend.WaitDelay = patience
	log, err := os.Create(filepath.Join(directory, "backend.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close() //nolint:errcheck // The backend writes it.
	s.backend.Stderr = log
	out, err := s.backend.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.backend.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the backend did not start; see %s", log.Name()), s.stopBackend())
	}
	target, err := url.Parse(strings.TrimSpace(line))
	if err != nil {
		return nil, errors.Join(err, s.stopBackend())
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, s.stopBackend())
	}
	s.proxy = newProxy(target)
	s.front = &http.Server{Handler: s.proxy, ReadHeaderTimeout: patience}
	s.url = "http://" + listener.Addr().String()
	go s.front.Serve(listener) //nolint:errcheck // It ends when the server is stopped; a request that fails is seen by the provider.
	return s, nil
}

func (s *server) stop() error { return errors.Join(s.front.Close(), s.stopBackend()) }

func (s *server) stopBackend() error {
	if err := s.backend.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	timer := time.AfterFunc(patience, func() { s.backend.Process.Kill() }) //nolint:errcheck // It is gone then.
	defer timer.Stop()
	return s.backend.Wait()
}
