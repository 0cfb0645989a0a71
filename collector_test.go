package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
)

// restoreCollector puts the settings of the process back after a test.
func restoreCollector(t *testing.T) {
	t.Helper()
	percent, limit := debug.SetGCPercent(100), debug.SetMemoryLimit(-1)
	t.Cleanup(func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	})
}

// settings are those of the process.
func settings() (percent int, limit int64) {
	percent = debug.SetGCPercent(100)
	debug.SetGCPercent(percent)
	return percent, debug.SetMemoryLimit(-1)
}

// Below the floor nothing is collected, above it as usual, and below it again not. Each decision follows a collection.
func TestCollector(t *testing.T) { //nolint:paralleltest // It changes the process.
	restoreCollector(t)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	floor := int64(m.HeapAlloc) + 256<<20
	type decision struct {
		percent int
		limit   int64
	}
	decided, goOn := make(chan decision), make(chan bool)
	c := collector{floor: floor, tuned: func() bool {
		var d decision
		d.percent, d.limit = settings()
		decided <- d
		return <-goOn
	}}
	// A decision may follow a collection that began before; the one after it does not.
	expect := func(want decision) {
		t.Helper()
		var got decision
		for range 3 {
			for waiting := true; waiting; {
				select {
				case got = <-decided:
					waiting = false
				default:
					runtime.GC()
				}
			}
			if got == want {
				return
			}
			goOn <- true
		}
		t.Fatalf("the collector has %+v, want %+v", got, want)
	}
	go c.tune()
	expect(decision{-1, floor})
	kept := make([]byte, floor/2)
	goOn <- true
	expect(decision{100, math.MaxInt64})
	runtime.KeepAlive(kept)
	goOn <- true
	expect(decision{-1, floor})
	goOn <- false
}

func TestCollectorLeavesTheChoiceToTheEnvironment(t *testing.T) { //nolint:paralleltest // It changes the process.
	for _, variable := range []string{"GOGC", "GOMEMLIMIT"} {
		restoreCollector(t)
		before, limit := settings()
		collectLate(func(name string) string { return map[string]string{variable: "300"}[name] })
		if after, limited := settings(); after != before || limited != limit {
			t.Errorf("%s is overruled: %d %%, limit %d", variable, after, limited)
		}
	}
}
