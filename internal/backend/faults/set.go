package faults

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"
)

// MaxRules is how many rules there may be at a time.
const MaxRules = 100

// Set is the rules that are in force. Its zero value is empty. It may be used by many goroutines.
type Set struct {
	mu    sync.Mutex
	rules []*active
}

// active is a rule with what it has done.
type active struct {
	Rule

	path    *regexp.Regexp
	random  *rand.Rand
	matched int
	failed  int
}

// Count is a rule with how many requests it has met and how many of them it made fail.
type Count struct {
	Rule

	Matched int `json:"matched"`
	Failed  int `json:"failed"`
}

// Add puts rules behind those that there are.
func (s *Set) Add(rules ...Rule) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.rules)+len(rules) > MaxRules {
		return fmt.Errorf("%d rules: there may be %d at a time", len(s.rules)+len(rules), MaxRules)
	}
	for _, r := range rules {
		s.rules = append(s.rules, &active{
			Rule: r, path: r.pattern(), random: rand.New(rand.NewPCG(r.Seed, 0)), //nolint:gosec // It is to be foreseen.
		})
	}
	return nil
}

// Clear removes all rules.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = nil
}

// Counts returns the rules in their order.
func (s *Set) Counts() []Count {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := make([]Count, len(s.rules))
	for i, r := range s.rules {
		counts[i] = Count{r.Rule, r.matched, r.failed}
	}
	return counts
}

// MaxLag is the longest lag of a rule.
func (s *Set) MaxLag() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var longest Duration
	for _, r := range s.rules {
		longest = max(longest, r.Lag)
	}
	return time.Duration(longest)
}

// Next decides about the next request: how it fails, and whether. The first rule that makes it fail is the one that counts.
func (s *Set) Next(method, path string) (Effect, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rules {
		if r.strikes(method, path) {
			return r.Effect, true
		}
	}
	return Effect{}, false
}

func (r *active) strikes(method, path string) bool {
	if r.Method != "" && r.Method != method || r.path != nil && !r.path.MatchString(path) || r.Requests > 0 && r.failed == r.Requests {
		return false
	}
	if r.Lag > 0 && slices.Contains([]string{http.MethodPut, http.MethodPatch, http.MethodDelete}, method) {
		// Only reads lag.
		return false
	}
	r.matched++
	if r.Rate > 0 && r.random.Float64() >= r.Rate {
		return false
	}
	r.failed++
	return true
}
