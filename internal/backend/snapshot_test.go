package backend_test

import (
	"bytes"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// rowsVariable names the environment variable that makes the test of large snapshots as large as it says, such as 100000. It then logs
// times and the peak of memory.
const rowsVariable = "UIPATH_BACKEND_TEST_ROWS"

// peak returns the most memory that this process has had, where the system tells it.
func peak() string {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func TestALargeSnapshotReproducesTheState(t *testing.T) {
	t.Parallel()
	assignments := 3000
	if text := os.Getenv(rowsVariable); text != "" {
		var err error
		if assignments, err = strconv.Atoi(text); err != nil {
			t.Fatalf("%s: %v", rowsVariable, err)
		}
	}
	b := open(t, backend.Options{DataFile: largeFile(t, assignments)})
	dir := t.TempDir()
	began := time.Now()
	first, second := filepath.Join(dir, "first.yaml"), filepath.Join(dir, "second.yaml")
	b.save(t, first)
	t.Logf("writing took %v; peak %s", time.Since(began), peak())
	file, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	if rows := strings.Count(string(file), "\n    scope: "); rows != assignments || !strings.Contains(string(file), "\n---\nassignments:\n") {
		t.Errorf("%d assignments, want %d in several documents", rows, assignments)
	}
	began = time.Now()
	other := open(t, backend.Options{DataFile: filepath.Join(dir, "other.db"), Seed: file})
	t.Logf("reading %d bytes took %v; peak %s", len(file), time.Since(began), peak())
	other.save(t, second)
	again, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	if string(again) != string(file) {
		t.Error("the second snapshot differs")
	}
	began = time.Now()
	other.send(t, http.MethodDelete, "/initech/pap_/api/roles/"+watchID, "", http.Header{"Authorization": {other.as(t, "")}}).done(t)
	if r := other.send(t, http.MethodPost, "/_reference/reset", "", nil); r.status != http.StatusNoContent {
		t.Fatalf("reset: %d %s", r.status, r.text)
	}
	t.Logf("deleting a role and the reset took %v", time.Since(began))
	other.save(t, second)
	if again, err = os.ReadFile(second); err != nil || string(again) != string(file) {
		t.Errorf("the snapshot after a reset differs: %v", err)
	}
	t.Logf("altogether: peak %s", peak())
}

// save writes a snapshot into a file.
func (b *bench) save(t *testing.T, file string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, backend.InMemoryURL+"/_reference/snapshot", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := b.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(out, res.Body)
	if failed := out.Close(); err != nil || failed != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("got %d, %v, %v", res.StatusCode, err, failed)
	}
}

func TestASnapshotThatBreaksOffIsNotTakenForAWholeOne(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		assignments, status int
		unfinished          bool
	}{
		"after the beginning":  {2000, http.StatusOK, true},
		"before the beginning": {6, http.StatusInternalServerError, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := largeFile(t, test.assignments)
			var log bytes.Buffer
			b := open(t, backend.Options{DataFile: file, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			// The last row cannot be read.
			data, err := sql.Open("sqlite", file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = data.ExecContext(t.Context(), "UPDATE role_assignments SET scope = 'nowhere' WHERE id = $1", grantOfMiner)
			if err := errors.Join(err, data.Close()); err != nil {
				t.Fatal(err)
			}
			// A server of its own is stopped before the log is read.
			server := httptest.NewServer(b)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/_reference/snapshot", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			res, err := server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			server.Close()
			if res.StatusCode != test.status || len(text) == 0 || errors.Is(err, io.ErrUnexpectedEOF) != test.unfinished {
				t.Errorf("got %d, %d bytes and %v", res.StatusCode, len(text), err)
			}
			if !strings.Contains(log.String(), "nowhere") || strings.Contains(log.String(), "unfinished=true") != test.unfinished {
				t.Errorf("the log does not say why: %s", log.String())
			}
		})
	}
}
