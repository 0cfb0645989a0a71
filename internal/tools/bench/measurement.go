package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/bench/usage"
)

// measurement is one run of one operation.
type measurement struct {
	elapsed  time.Duration
	process  usage.Process
	requests map[string]int
}

func (m measurement) total() int {
	total := 0
	for _, n := range m.requests {
		total += n
	}
	return total
}

func elapsed(m measurement) float64 { return m.elapsed.Seconds() }

func cpu(m measurement) float64 { return m.process.CPU.Seconds() }

func peak(m measurement) float64 { return float64(m.process.PeakBytes) }

func requests(m measurement) float64 { return float64(m.total()) }

// row is one operation of the table. Both sides have one measurement of each pair, in the same order; a side that did not run has none.
type row struct {
	title           string
	ours, yardstick []measurement
	bars            bars
}

// figures are what the measurements say of one thing.
func figures(of []measurement, figure func(measurement) float64) []float64 {
	all := make([]float64, len(of))
	for i, m := range of {
		all[i] = figure(m)
	}
	return all
}

// median is the middle one, and 0 of none.
func median[N cmp.Ordered](of []N) N {
	var none N
	if len(of) == 0 {
		return none
	}
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}

// ratios are ours divided by the yardstick's, pair by pair. What else the machine does then slows both alike. It has none where
// a side has no figure.
func (r row) ratios(figure func(measurement) float64) []float64 {
	ours, yardstick := figures(r.ours, figure), figures(r.yardstick, figure)
	var all []float64
	for i := range min(len(ours), len(yardstick)) {
		if ours[i] > 0 && yardstick[i] > 0 {
			all = append(all, ours[i]/yardstick[i])
		}
	}
	return all
}
