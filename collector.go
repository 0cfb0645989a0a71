package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// memoryFloor is how much memory the plugin may take before garbage is collected, in bytes. A provider lives for one run and keeps
// little: the plan of a thousand grants allocates 650 MB and keeps less than 40. With Go's default it collects some seventy times, which
// is a third of its processor time; with this floor seven times. A floor of 256 MiB saves hardly more.
const memoryFloor = 128 << 20

// collector decides when garbage is collected.
type collector struct {
	floor int64
	// tuned, if it is there, hears of each decision, and says whether there is to be another.
	tuned func() bool
}

// collectLate lets this process collect no garbage below the floor, and as usual above it, unless the environment says when to collect.
func collectLate(getenv func(string) string) {
	if getenv("GOGC") == "" && getenv("GOMEMLIMIT") == "" {
		collector{floor: memoryFloor}.tune()
	}
}

// tune decides for the next cycle, after which it decides anew. As soon as half of the floor is in use, Go's default is the lazier one.
func (c collector) tune() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	percent, limit := -1, c.floor
	if live[0].Value.Uint64() >= uint64(c.floor/2) { //nolint:gosec // A floor is not negative.
		percent, limit = 100, math.MaxInt64
	}
	debug.SetGCPercent(percent)
	debug.SetMemoryLimit(limit)
	if c.tuned == nil || c.tuned() {
		// Nothing refers to it, so its cleanup runs after the next cycle.
		runtime.AddCleanup(new([1 << 10]byte), collector.tune, c)
	}
}
