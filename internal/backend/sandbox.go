package backend

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// SandboxVariable is the environment variable that holds the only address which a program beside the backend may talk to.
const SandboxVariable = "UIPATH_SANDBOX"

// What a shell ends with where a program cannot be run, or was ended by signal n.
const (
	exitCannotRun  = 126
	exitNotFound   = 127
	exitSignalBase = 128
)

// runBeside serves as long as a program runs, and returns its exit code.
func runBeside(
	ctx context.Context, b *Backend, server *http.Server, listener net.Listener, url string, s settings, p Process,
) (code int, err error) {
	environ, err := b.sandboxEnvironment(ctx, url, s, p.Environ)
	if err != nil {
		return exitFailed, errors.Join(err, listener.Close())
	}
	served, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- serveUntilStopped(served, server, listener, nil) }()
	code, err = runProgram(ctx, s.command, environ, p)
	stop()
	if failed := <-ended; failed != nil {
		// The program cannot have done what it was to do.
		return exitFailed, errors.Join(err, failed)
	}
	return code, err
}

// runProgram runs a program and returns its exit code. It hands SIGTERM on. It does not hand on an interrupt, which a terminal sends to
// both.
func runProgram(ctx context.Context, command, environ []string, p Process) (code int, err error) {
	select {
	case early := <-p.Signals:
		return exitAfter(early), nil
	default:
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // It is the caller's own command line.
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = environ, p.Stdin, p.Stdout, p.Stderr
	if err := cmd.Start(); err != nil {
		return exitOfStart(err), err
	}
	over := make(chan error, 1)
	go func() { over <- cmd.Wait() }()
	for {
		select {
		case err := <-over:
			return exitCode(cmd.ProcessState, err)
		case signal := <-p.Signals:
			if signal != os.Interrupt {
				// A program that has ended already needs no signal.
				_ = cmd.Process.Signal(signal)
			}
		}
	}
}

// exitOfStart returns the exit code for a program that did not start, as shells do.
func exitOfStart(err error) int {
	switch {
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return exitNotFound
	default:
		return exitCannotRun
	}
}

// exitCode returns the exit code of a program that is over.
func exitCode(state *os.ProcessState, err error) (int, error) {
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		return exitFailed, err
	}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitAfter(status.Signal()), nil
	}
	return state.ExitCode(), nil
}

// exitAfter returns the exit code for the end by a signal.
func exitAfter(signal os.Signal) int {
	if n, ok := signal.(syscall.Signal); ok {
		return exitSignalBase + int(n)
	}
	return exitFailed
}

// sandboxEnvironment returns the environment of a program beside the backend: what there is without UIPATH_*, and how to reach the
// backend. Nothing of a real organization is handed on.
func (b *Backend) sandboxEnvironment(ctx context.Context, url string, s settings, inherited []string) ([]string, error) {
	token, err := b.Token(ctx, s.caller)
	if err != nil {
		return nil, fmt.Errorf("caller: %w", err)
	}
	var organization model.Organization
	var tenants []model.Tenant
	err = b.store.Read(ctx, func(tx *store.Tx) (err error) {
		if organization, err = tx.Organization(ctx); err != nil {
			return err
		}
		tenants, err = tx.Tenants(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	environ := slices.DeleteFunc(slices.Clone(inherited), func(setting string) bool {
		return strings.HasPrefix(strings.ToUpper(setting), "UIPATH_")
	})
	environ = append(environ, SandboxVariable+"="+url, "UIPATH_URI="+url, "UIPATH_ORGANIZATION="+organization.Name, "UIPATH_PAT="+token)
	tenant, err := sandboxTenant(s.tenant, tenants)
	if tenant != "" {
		environ = append(environ, "UIPATH_TENANT="+tenant)
	}
	return environ, err
}

// sandboxTenant returns the name of the tenant that a program works in, or none where there are several and none was named.
func sandboxTenant(wanted string, tenants []model.Tenant) (string, error) {
	names := make([]string, len(tenants))
	for i, t := range tenants {
		names[i] = t.Name
		if strings.EqualFold(t.Name, wanted) {
			return t.Name, nil
		}
	}
	switch {
	case wanted != "":
		return "", errors.New(model.WithSuggestion(fmt.Sprintf("the tenant %q does not exist.", wanted), wanted, names))
	case len(names) == 1:
		return names[0], nil
	}
	return "", nil
}
