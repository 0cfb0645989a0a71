package main

import (
	"fmt"
	"slices"
	"time"
)

// scenario is one workload under one set of conditions, run by several providers in turn.
type scenario struct {
	work        workload
	n           int
	latency     time.Duration
	parallelism int
	pairs       int
	verbs       []verb
	// prepared means that all n are there before the first verb, made without latency and not measured.
	prepared bool
	// alone means that only the CLI's own provider runs.
	alone bool
	bars  map[verb]bars
}

// bars are what our provider is to reach; a zero is no bar.
type bars struct {
	// ratio and cpuRatio are those of ours to the yardstick's.
	ratio, cpuRatio float64
	requests        int
	elapsed         time.Duration
	peakBytes       int64
}

// The forms of the benchmark.
const (
	formShort  = "short"
	formFull   = "full"
	formReview = "review"
)

const (
	defaultLatency     = 50 * time.Millisecond
	defaultParallelism = 10
	defaultPairs       = 3
	// startPairs is more, because a start is short and varies.
	startPairs = 15
)

// mebibyte is the unit of memory in the table.
const mebibyte = 1 << 20

// life are the verbs of a workload from its beginning to its end.
var life = []verb{apply, plan, destroy}

// barsOfGrants are for 1,000 grants of 500 principals at 5 scopes.
var (
	barsOfGrants = map[verb]bars{
		plan:    {ratio: 1.1, cpuRatio: 1.1, requests: 40},
		apply:   {ratio: 1.25, requests: 180},
		destroy: {ratio: 1.25, requests: 220},
	}
	barsOfGrantsFarAway = map[verb]bars{plan: {ratio: 1.2, requests: 40}}
	barsOfRoles         = map[verb]bars{plan: {ratio: 1.25}}
	barsOfStart         = bars{ratio: 1.3}
	barsOfReview        = bars{elapsed: 25 * time.Second, peakBytes: 600_000_000}
)

// growthBar is for the requests and the processor time of five times as many grants.
const growthBar = 5.5

// scenarios are those of a form of the benchmark.
func scenarios(form string) ([]scenario, error) {
	of := func(w workload, n int, verbs []verb, b map[verb]bars) scenario {
		return scenario{
			work: w, n: n, latency: defaultLatency, parallelism: defaultParallelism, pairs: defaultPairs,
			verbs: verbs, prepared: !slices.Contains(verbs, apply), bars: b,
		}
	}
	planned := []verb{plan}
	standard := []scenario{of(grants, 1000, life, barsOfGrants), of(tenantRoles, 1000, planned, barsOfRoles)}
	switch form {
	case formShort:
		return []scenario{of(grants, 100, life, nil), of(tenantRoles, 100, planned, nil)}, nil
	case formReview:
		return nil, nil
	case "":
		return standard, nil
	case formFull:
		near, far := of(grants, 1000, life, nil), of(grants, 1000, life, barsOfGrantsFarAway)
		near.latency, far.latency = 0, 200*time.Millisecond
		wide := of(grants, 1000, life, nil)
		wide.parallelism = 50
		many := of(grants, 5000, life, nil)
		many.pairs = 1
		alone := of(terraformData, 1000, life, nil)
		alone.alone = true
		return append(standard, of(grants, 100, life, nil), many, near, far, wide, of(tenantRoles, 1000, life, nil),
			of(taskMining, 1000, life, nil), alone), nil
	}
	return nil, fmt.Errorf("unknown form %q of the benchmark; there are %q, %q and %q, and the one without a name",
		form, formShort, formFull, formReview)
}

// title names what is measured.
func (s scenario) title(v verb) string {
	title := fmt.Sprintf("%s, %s %s", v, thousands(s.n), s.work.noun)
	if s.alone {
		return title
	}
	title += ", " + s.latency.String()
	if s.parallelism != defaultParallelism {
		title += fmt.Sprintf(", parallelism %d", s.parallelism)
	}
	return title
}
