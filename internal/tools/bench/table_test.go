package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/bench/usage"
)

// measured is a measurement of so many milliseconds, half of it processor time.
func measured(milliseconds int, requests map[string]int) measurement {
	took := time.Duration(milliseconds) * time.Millisecond
	return measurement{took, usage.Process{CPU: took / 2, PeakBytes: 3 * mebibyte}, requests}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		of   []float64
		want float64
	}{{nil, 0}, {[]float64{2}, 2}, {[]float64{3, 1, 2}, 2}, {[]float64{9, 1, 1, 9, 5}, 5}} {
		if got := median(test.of); got != test.want {
			t.Errorf("median(%v) = %v, want %v", test.of, got, test.want)
		}
	}
}

// TestRatios shows that a slow moment of the machine, which hits both of a pair, leaves the ratio alone.
func TestRatios(t *testing.T) {
	t.Parallel()
	r := row{
		ours:      []measurement{measured(1200, nil), measured(6000, nil), measured(1100, nil)},
		yardstick: []measurement{measured(1000, nil), measured(5000, nil), measured(1000, nil)},
	}
	if diff := cmp.Diff([]float64{1.2, 1.2, 1.1}, r.ratios(elapsed)); diff != "" {
		t.Errorf("ratios (-want +got):\n%s", diff)
	}
	if got := (row{ours: r.ours}).ratios(elapsed); got != nil {
		t.Errorf("ratios without a yardstick are %v", got)
	}
	if got := (row{ours: []measurement{{}}, yardstick: r.yardstick}).ratios(cpu); got != nil {
		t.Errorf("ratios where processor time is not known are %v", got)
	}
}

func TestTable(t *testing.T) {
	t.Parallel()
	got := table([]row{
		{
			"plan", []measurement{measured(1200, map[string]int{"GET roles": 2, "GET users": 3})}, []measurement{measured(1000, nil)},
			bars{ratio: 1.1, cpuRatio: 1.25, requests: 40, peakBytes: 600_000_000},
		},
		{"the CLI", nil, []measurement{{elapsed: time.Second}}, bars{}},
		{"data source", []measurement{measured(30_000, nil)}, nil, bars{elapsed: 25 * time.Second}},
	})
	want := strings.Join([]string{
		"| operation   |    ours | yardstick | ratio (from-to) |    bar | requests |  bar | CPU ours | CPU yardstick | CPU ratio |    bar | peak ours | peak yardstick |       bar |",
		"|-------------|--------:|----------:|----------------:|-------:|---------:|-----:|---------:|--------------:|----------:|-------:|----------:|---------------:|----------:|",
		"| plan        |  1.20 s |    1.00 s |            1.20 | ≤ 1.10 |        5 | ≤ 40 |   600 ms |        500 ms |      1.20 | ≤ 1.25 |     3 MiB |          3 MiB | ≤ 572 MiB |",
		"| the CLI     |       - |    1.00 s |               - |        |        - |      |        - |             - |         - |        |         - |              - |           |",
		"| data source | 30.00 s |         - |               - | ≤ 25 s |        0 |      |  15.00 s |             - |         - |        |     3 MiB |              - |           |",
		"",
	}, "\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	if got, want := spread([]float64{1.3, 1.1, 1.2}), "1.20 (1.10-1.30)"; got != want {
		t.Errorf("spread is %q, want %q", got, want)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	of := func(title string, milliseconds, requests int) row {
		return row{title: title, ours: []measurement{measured(milliseconds, map[string]int{"GET roles": requests})},
			yardstick: []measurement{measured(1000, nil)}}
	}
	got := report("heading", []row{of("plan, 1,000 grants, 50ms", 2000, 30), of("plan, 5,000 grants, 50ms", 6000, 120)})
	for _, want := range []string{
		"heading\n\n| operation ",
		"- plan, 1,000 grants, 50ms: 30 GET roles\n",
		"- plan, 5,000 grants, 50ms, against plan, 1,000 grants, 50ms: requests x 4.0, processor time x 3.0, beyond the yardstick's x 5.0; bar ≤ 5.5\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q:\n%s", want, got)
		}
	}
}

func TestThousands(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 100: "100", 1000: "1,000", 100_050: "100,050", 1_000_000: "1,000,000"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %q, want %q", n, got, want)
		}
	}
}
