package provider_test

import (
	"bufio"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// exporting lets a backend answer with a file of n lines, which costs it little.
func exporting(n int) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasSuffix(r.URL.Path, "/userroleassignments/export") {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/csv")
			file := bufio.NewWriter(w)
			fmt.Fprint(file, strings.Join(access.ExportHeader(), ",")+"\r\n")
			for i := range n {
				place, who := i%100, i/10
				fmt.Fprintf(file, "5a000000-0000-4000-8000-%012d,Role %d,3d000000-0000-4000-8000-%012d,What it is for,CUSTOM,Custom,"+
					"/tenant/%s/orchestrator/folder/4e000000-0000-4000-8000-%012d,/tenant/Production/Orchestrator/folder/Folder %d,Orchestrator,"+
					"3a000000-0000-4000-8000-%012d,User,person%d@acme.example,Person Number %d,,,Production,acme,9a2f4c1e-7b3d-4f58-a6e0-1d5c8b7f3e21,"+
					"%s,3a000000-0000-4000-8000-000000000001,Ada Lovelace,2026-01-01T00:00:00.0000000+00:00,Folder %d,4e000000-0000-4000-8000-%012d,\r\n",
					i, i%10, i%10, productionID, place, place, who, who, who, productionID, place, place)
			}
			_ = file.Flush()
		})
	}
}

// readReview reads all role assignments and returns the answer as it is sent to Terraform, and how many bytes were allocated for it.
func readReview(t testing.TB, p protocol, csvOnly bool) (answer *tfprotov6.DynamicValue, allocated uint64) {
	t.Helper()
	config := p.object(p.schema.DataSourceSchemas["uipath_role_assignments"].Block, map[string]tftypes.Value{
		"scope": text("/"), "include_below": tftypes.NewValue(tftypes.Bool, true), "csv_only": tftypes.NewValue(tftypes.Bool, csvOnly),
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	read, err := p.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "uipath_role_assignments", Config: config})
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(read.Diagnostics)
	return read.State, after.TotalAlloc - before.TotalAlloc
}

// A row of a review costs what it holds and some more. It must not run beside other tests, because it measures the memory of all.
func TestLargeReviewTakesLittleMemory(t *testing.T) { //nolint:paralleltest // It measures the memory of the process.
	const rows = 4000
	p := configured(t, acctest.NewBackendBehind(t, backend.Options{}, exporting(rows)))
	for csvOnly, most := range map[bool]uint64{false: 12_000, true: 8_000} {
		answer, allocated := readReview(t, p, csvOnly)
		if len(answer.MsgPack) < rows*400 || allocated/rows > most {
			t.Errorf("csv only %t: %d bytes for each row of an answer of %d, at most %d were expected", csvOnly, allocated/rows, len(answer.MsgPack), most)
		}
	}
}

// With csv_only the file is the same and the rows are left out.
func TestReviewOfTheFileOnly(t *testing.T) {
	t.Parallel()
	p := configured(t, acctest.NewBackend(t, backend.Options{Seed: []byte(reviewSeed)}))
	kind := p.schema.DataSourceSchemas["uipath_role_assignments"].ValueType()
	read := func(csvOnly bool) map[string]tftypes.Value {
		answer, _ := readReview(t, p, csvOnly)
		return p.attributes(kind, answer)
	}
	whole, file := read(false), read(true)
	if rows := file["assignments"]; !rows.IsNull() || whole["assignments"].IsNull() {
		t.Errorf("the rows are %s with csv_only, and %s without", rows, whole["assignments"])
	}
	for _, name := range []string{"csv", "source"} {
		var want, got string
		if err := whole[name].As(&want); err != nil {
			t.Fatal(err)
		}
		if err := file[name].As(&got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" || got == "" {
			t.Errorf("%s with csv_only (-without +with):\n%s", name, diff)
		}
	}
}

// BenchmarkLargeReview reads a hundred thousand role assignments, with their rows and without.
func BenchmarkLargeReview(b *testing.B) {
	const rows = 100_000
	server := acctest.NewBackendBehind(b, backend.Options{}, exporting(rows))
	for name, csvOnly := range map[string]bool{"rows": false, "csv only": true} {
		b.Run(name, func(b *testing.B) {
			var allocated uint64
			size := 0
			for b.Loop() {
				b.StopTimer()
				p := configured(b, server)
				b.StartTimer()
				var answer *tfprotov6.DynamicValue
				answer, allocated = readReview(b, p, csvOnly)
				size = len(answer.MsgPack)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*rows), "µs/row")
			b.ReportMetric(float64(allocated)/rows, "B-allocated/row")
			b.ReportMetric(float64(size)/rows, "B-sent/row")
		})
	}
}
