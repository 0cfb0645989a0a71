package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/bench/usage"
)

// benchmark is one run of all that a form has.
type benchmark struct {
	terraform       terraform
	ours, yardstick side
	launcher        string
	directory       string
	progress        io.Writer
}

// rows runs the scenarios and what a form has beside them.
func (b benchmark) rows(ctx context.Context, form string) ([]row, error) {
	all, err := scenarios(form)
	if err != nil {
		return nil, err
	}
	var rows []row
	if form != formReview {
		started, err := b.start(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, started)
	}
	for _, s := range all {
		more, err := b.scenario(ctx, s)
		rows = append(rows, more...)
		if err != nil {
			return rows, err
		}
	}
	if form == formFull || form == formReview {
		reviewed, err := b.review(ctx, reviewed)
		return append(rows, reviewed...), err
	}
	return rows, nil
}

// scenario runs one scenario and returns a row for each of its verbs.
func (b benchmark) scenario(ctx context.Context, s scenario) (rows []row, err error) {
	backend, err := startServer(ctx, b.ours.program, b.directory, seed((s.n+1)/2, 0))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, backend.stop()) }()

	spaces, err := b.workspaces(s, backend)
	if err != nil {
		return nil, err
	}
	backend.proxy.begin(0)
	for _, space := range spaces {
		if !s.prepared {
			break
		}
		if _, _, err := space.run(ctx, apply, s.parallelism); err != nil {
			return nil, err
		}
	}
	measured := map[verb]map[string][]measurement{}
	for _, v := range s.verbs {
		measured[v] = map[string][]measurement{}
	}
	for pair := range s.pairs {
		for _, v := range s.verbs {
			for _, space := range spaces {
				backend.proxy.begin(s.latency)
				took, process, err := space.run(ctx, v, s.parallelism)
				if err != nil {
					return nil, err
				}
				fmt.Fprintf(b.progress, "%d/%d %s: %s %s\n", pair+1, s.pairs, s.title(v), space.side.name, seconds(took))
				measured[v][space.side.name] = append(measured[v][space.side.name],
					measurement{took, process, backend.proxy.requests()})
			}
		}
		slices.Reverse(spaces) // Neither of them is always the second.
	}
	for _, v := range s.verbs {
		yardstick := b.yardstick.name
		if s.alone {
			yardstick = commandLine.name
		}
		rows = append(rows, row{s.title(v), measured[v][b.ours.name], measured[v][yardstick], s.bars[v]})
	}
	return rows, nil
}

// commandLine is the provider that the CLI has inside.
var commandLine = side{name: "terraform"}

// workspaces are those of the providers that a scenario compares.
func (b benchmark) workspaces(s scenario, backend *server) ([]workspace, error) {
	sides := []side{b.ours, b.yardstick}
	if s.alone {
		sides = []side{commandLine}
	}
	var spaces []workspace
	for _, each := range sides {
		own := ""
		if each == b.ours {
			own = settings(backend.url)
		}
		space, err := b.terraform.newWorkspace(each, filepath.Join(b.directory, "workspaces", each.name), s.work.configuration(each, s.n, own))
		if err != nil {
			return nil, err
		}
		spaces = append(spaces, space)
	}
	return spaces, nil
}

// start measures how long each provider takes from the start of its process until it is configured, without latency. Terraform
// would only blur it, so the benchmark starts them itself.
func (b benchmark) start(ctx context.Context) (r row, err error) {
	backend, err := startServer(ctx, b.ours.program, b.directory, seed(1, 0))
	if err != nil {
		return row{}, err
	}
	defer func() { err = errors.Join(err, backend.stop()) }()

	r = row{title: "start to configured, 0s", bars: barsOfStart}
	credentials := map[string]any{"base_url": backend.url, "organization": organization, "client_id": clientID, "client_secret": clientSecret}
	once := func(s side, attributes map[string]any) (measurement, error) {
		backend.proxy.begin(0)
		began := time.Now()
		p, err := startPlugin(ctx, s.program)
		if err != nil {
			return measurement{}, err
		}
		defer p.stop()
		err = p.configure(ctx, attributes)
		return measurement{elapsed: time.Since(began), requests: backend.proxy.requests()}, err
	}
	for pair := range startPairs {
		run := []func() error{
			func() error { m, err := once(b.ours, credentials); r.ours = append(r.ours, m); return err },
			func() error {
				m, err := once(b.yardstick, map[string]any{})
				r.yardstick = append(r.yardstick, m)
				return err
			},
		}
		if pair%2 == 1 {
			slices.Reverse(run)
		}
		for _, each := range run {
			if err := each(); err != nil {
				return row{}, fmt.Errorf("starting a provider: %w", err)
			}
		}
	}
	return r, nil
}

// review measures the data source uipath_role_assignments with n rows, and with the file alone. Terraform would take longer than the
// provider to keep them, so the benchmark asks the provider itself.
func (b benchmark) review(ctx context.Context, n int) (rows []row, err error) {
	const roles, tenants = 20, 2
	people := n / roles / tenants
	backend, err := startServer(ctx, b.ours.program, b.directory, seed(people, roles))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, backend.stop()) }()
	backend.proxy.begin(0)
	if err := assignAll(ctx, backend.url, people, roles); err != nil {
		return nil, err
	}
	for _, csvOnly := range []bool{false, true} {
		title := fmt.Sprintf("data source, %s rows, %s", thousands(n), defaultLatency)
		if csvOnly {
			title = fmt.Sprintf("data source, csv only of %s rows, %s", thousands(n), defaultLatency)
		}
		m, err := b.reviewOnce(ctx, backend, csvOnly)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", title, err)
		}
		fmt.Fprintf(b.progress, "%s: %s\n", title, seconds(m.elapsed))
		rows = append(rows, row{title: title, ours: []measurement{m}, bars: barsOfReview})
	}
	return rows, nil
}

// reviewOnce asks one process of the provider.
func (b benchmark) reviewOnce(ctx context.Context, backend *server, csvOnly bool) (measurement, error) {
	file := filepath.Join(b.directory, "usage.jsonl")
	p, err := startPlugin(ctx, b.launcher, "BENCH_PROVIDER="+b.ours.program, "BENCH_USAGE="+file)
	if err != nil {
		return measurement{}, err
	}
	backend.proxy.begin(0)
	err = p.configure(ctx, map[string]any{"base_url": backend.url, "organization": organization, "access_token": userToken})
	backend.proxy.begin(defaultLatency)
	began := time.Now()
	if err == nil {
		_, err = p.readDataSource(ctx, "uipath_role_assignments", map[string]any{"scope": "/", "include_below": true, "csv_only": csvOnly})
	}
	took := time.Since(began)
	p.stop()
	if err != nil {
		return measurement{}, err
	}
	process, err := usage.Take(file)
	return measurement{took, process, backend.proxy.requests()}, err
}

// report is the table, and what stands below it.
func report(heading string, rows []row) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n%s\nRequests of the last run of ours:\n\n%s", heading, table(rows), requestLines(rows))
	find := func(title string) (row, bool) {
		i := slices.IndexFunc(rows, func(r row) bool { return r.title == title })
		if i < 0 {
			return row{}, false
		}
		return rows[i], true
	}
	for _, v := range life {
		few, ok := find(fmt.Sprintf("%s, 1,000 grants, %s", v, defaultLatency))
		many, also := find(fmt.Sprintf("%s, 5,000 grants, %s", v, defaultLatency))
		if ok && also {
			text.WriteString(growth(few, many))
		}
	}
	return text.String()
}

// write keeps the report beside what the benchmark ran.
func (b benchmark) write(text string) error {
	return os.WriteFile(filepath.Join(b.directory, "table.md"), []byte(text), 0o644)
}
