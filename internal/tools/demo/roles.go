package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"go.yaml.in/yaml/v3"
)

// maxSnapshot bounds what is read of the backend's answer, in bytes.
const maxSnapshot = 16 << 20

// showRoles starts the reference backend on the file that the provider has written, prints the custom roles in it and
// stops the backend again.
func (d demo) showRoles(ctx context.Context) (err error) {
	args := []string{"backend", "-listen", "127.0.0.1:0", "-data", filepath.Join(d.directory, dataFile)}
	d.announce("the custom roles, as the backend has them on disk", filepath.Base(d.provider), args...)

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	cmd := exec.CommandContext(ctx, d.provider, args...)
	cmd.Dir = d.directory
	cmd.Env = d.childEnvironment()
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = d.patience
	var log strings.Builder
	cmd.Stderr = &log
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting the backend: %w", err)
	}
	defer func() {
		cancel()
		// It was told to stop, so how it ends says nothing; what it logged does, where something failed before.
		_ = cmd.Wait()
		if err != nil && log.Len() > 0 {
			err = fmt.Errorf("%w\nthe backend's log:\n%s", err, log.String())
		}
	}()

	url, err := d.firstLine(ctx, stdout)
	if err != nil {
		return fmt.Errorf("starting the backend: %w", err)
	}
	roles, err := customRoles(ctx, url)
	if err != nil {
		return fmt.Errorf("asking the backend for its roles: %w", err)
	}
	return writeRoles(d.out, roles)
}

// firstLine returns the first line of the backend's output, which is its base URL.
func (d demo) firstLine(ctx context.Context, stdout io.Reader) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()

	lines := make(chan string, 1)
	go func() {
		defer close(lines)
		if scanner := bufio.NewScanner(stdout); scanner.Scan() {
			lines <- scanner.Text()
		}
	}()

	select {
	case line, ok := <-lines:
		if !ok {
			return "", errors.New("it ended without printing its address")
		}
		return line, nil
	case <-ctx.Done():
		return "", fmt.Errorf("it did not print its address within %s", d.patience)
	}
}

// role is what the demo shows of a custom role in the backend's snapshot.
type role struct {
	Name        string   `yaml:"name"`
	Tenant      string   `yaml:"tenant"` // absent where the shape is not that of a tenant's role
	Shape       string   `yaml:"shape"`
	Permissions []string `yaml:"permissions"`
}

// customRoles asks the backend at url for a snapshot, which is a seed and so holds no role of the platform's own.
func customRoles(ctx context.Context, url string) ([]role, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/_reference/snapshot", http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", request.URL, response.Status)
	}

	var snapshot struct {
		Roles []role `yaml:"roles"`
	}
	if err := yaml.NewDecoder(io.LimitReader(response.Body, maxSnapshot)).Decode(&snapshot); err != nil {
		return nil, fmt.Errorf("%s: %w", request.URL, err)
	}
	if len(snapshot.Roles) == 0 {
		return nil, errors.New("there are none")
	}
	return snapshot.Roles, nil
}

// writeRoles prints a table with one line for each permission of each role.
func writeRoles(out io.Writer, roles []role) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "ROLE\tTENANT\tPERMISSIONS")
	for _, r := range roles {
		name, tenant := r.Name, r.Tenant
		if tenant == "" {
			tenant = "(" + r.Shape + ")"
		}
		for i, permission := range r.Permissions {
			if i > 0 {
				name, tenant = "", ""
			}
			fmt.Fprintf(table, "%s\t%s\t%s\n", name, tenant, permission)
		}
	}
	return table.Flush()
}
