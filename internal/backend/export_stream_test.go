package backend_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// largeFile returns a data file in which the small organization has that many assignments altogether: more than a seed may have.
func largeFile(tb testing.TB, assignments int) string {
	tb.Helper()
	file := filepath.Join(tb.TempDir(), "large.db")
	b, err := backend.Open(tb.Context(), backend.Options{DataFile: file, Seed: []byte(smallSeed)})
	if err != nil {
		tb.Fatal(err)
	}
	if err := b.Close(); err != nil {
		tb.Fatal(err)
	}
	data, err := store.Open(tb.Context(), file, func(*store.Tx) error { return nil })
	if err != nil {
		tb.Fatal(err)
	}
	made := newClock().at
	err = data.Write(tb.Context(), func(tx *store.Tx) error {
		for n := range assignments - strings.Count(smallSeed, "scope: ") {
			at, err := access.ProjectScope(smallTenant, "IXP", fmt.Sprint("p", n/4))
			if err != nil {
				return err
			}
			a := model.Assignment{
				ID: access.GUID(fmt.Sprintf("5f000000-0000-4000-8000-%012d", n)), RoleID: watchID, Scope: at, Type: access.AssignmentCustom,
				PrincipalID: []access.GUID{annID, bobID, robotID, goneID}[n%4], PrincipalType: access.PrincipalUser,
				Stamp: model.Stamp{CreatedBy: annID, CreatedOn: made, UpdatedBy: bobID, UpdatedOn: made},
			}
			if err := tx.AddAssignment(tb.Context(), a); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, data.Close()); err != nil {
		tb.Fatal(err)
	}
	return file
}

func TestExportOfManyAssignments(t *testing.T) {
	t.Parallel()
	const assignments = 2_100 // several of the parts that the store reads, and one that is not full
	b := open(t, backend.Options{DataFile: largeFile(t, assignments)})
	table := b.export(t, "", b.as(t, "")).table(t)
	column := func(name string) int { return slices.Index(access.ExportHeader(), name) }
	key := func(line []string) string {
		return line[column("Scope")] + " " + line[column("SecurityPrincipalId")] + " " + line[column("RoleId")]
	}
	keys := make([]string, len(table))
	for i, line := range table {
		keys[i] = key(line)
	}
	if len(keys) != assignments || !slices.IsSorted(keys) || len(slices.Compact(keys)) != assignments {
		t.Errorf("%d rows, want %d in order and each once", len(table), assignments)
	}
}

func TestAnExportThatBreaksOffIsNotTakenForAWholeOne(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "json"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			file := largeFile(t, 1200)
			var log bytes.Buffer
			b := open(t, backend.Options{DataFile: file, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			token := b.as(t, "")
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
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
				server.URL+"/initech/pap_/api/userroleassignments/export?exportoutputtype="+format, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", token)
			res, err := server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			server.Close()
			if res.StatusCode != http.StatusOK || len(text) == 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got %d, %d bytes and %v; want a part of a file and an unexpected end", res.StatusCode, len(text), err)
			}
			if !strings.Contains(log.String(), "response broken off") || !strings.Contains(log.String(), "unfinished=true") ||
				!strings.Contains(log.String(), "nowhere") {
				t.Errorf("the log does not say why: %s", log.String())
			}
			if got := b.Journal()["ExportAssignments"]; got != 1 {
				t.Errorf("%d exports in the journal, want 1", got)
			}
		})
	}
}

func TestAClientThatGoesAwayEndsTheExport(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]backend.Options{
		"in memory": {Seed: crowd(600)}, "on disk": {Seed: crowd(600), DataFile: filepath.Join(t.TempDir(), "state.db")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, o)
			token := b.as(t, "")
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, backend.InMemoryURL+b.assignmentsPath(t)+"/export", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", token)
			res, err := b.client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(res.Body).ReadString('\n')
			if err != nil || !strings.HasPrefix(line, "Id,") {
				t.Fatalf("the first line is %q, %v", line, err)
			}
			leave()
			_ = res.Body.Close()
			// A database in memory has one connection, which the export gives back.
			if got := len(b.export(t, "", token).table(t)); got != 1201 {
				t.Errorf("afterwards: %d rows, want 1201", got)
			}
		})
	}
}

// BenchmarkExport exports more and more assignments. What is allocated for a row, and what is held half-way, must not grow with
// them.
func BenchmarkExport(b *testing.B) {
	for _, assignments := range []int{1000, 10_000, 100_000} {
		b.Run(fmt.Sprint(assignments), func(b *testing.B) {
			o, err := backend.Open(b.Context(), backend.Options{DataFile: largeFile(b, assignments)})
			if err != nil {
				b.Fatal(err)
			}
			server := httptest.NewServer(o)
			b.Cleanup(func() {
				server.Close()
				if err := o.Close(); err != nil {
					b.Error(err)
				}
			})
			token, err := o.Token(b.Context(), "")
			if err != nil {
				b.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var held uint64
			exports := 0
			for b.Loop() {
				held = exportLines(b, server.URL, token, assignments)
				exports++
			}
			runtime.ReadMemStats(&after)
			rows := float64(exports * assignments)
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/rows, "B/row")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/rows, "allocs/row")
			b.ReportMetric(float64(held), "B-held")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/rows, "µs/row")
		})
	}
}

// exportLines reads an export of so many rows and returns how many bytes the process holds half-way.
func exportLines(b *testing.B, url, token string, rows int) (held uint64) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url+"/initech/pap_/api/userroleassignments/export", http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	lines, n := bufio.NewScanner(res.Body), 0
	for ; lines.Scan(); n++ {
		if n == rows/2 {
			runtime.GC()
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			held = now.HeapAlloc
		}
	}
	if lines.Err() != nil || n != rows+1 {
		b.Fatalf("%d lines, %v", n, lines.Err())
	}
	return held
}
