package httpapi

import (
	"maps"
	"slices"
	"sync"
)

const (
	// journalLength is how many requests the journal keeps.
	journalLength = 1000
	// maxJournalPath bounds the length in bytes of a path that it keeps.
	maxJournalPath = 500
	// noOperation counts requests for paths or methods that do not exist.
	noOperation = "None"
)

// Journal counts requests by operation and keeps the last of them. Its zero value is empty. It may be used by many goroutines.
type Journal struct {
	mu       sync.Mutex
	counts   map[string]int
	requests []journalEntry
}

type journalEntry struct {
	Operation string `json:"operation"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	Status    int    `json:"status"`
}

type journalBody struct {
	Counts   map[string]int `json:"counts"`
	Requests []journalEntry `json:"requests"`
}

func (j *Journal) add(operation, method, path string, status int) {
	if operation == "" {
		operation = noOperation
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.counts == nil {
		j.counts = map[string]int{}
	}
	j.counts[operation]++
	if len(j.requests) == journalLength {
		j.requests = slices.Delete(j.requests, 0, 1)
	}
	j.requests = append(j.requests, journalEntry{operation, method, path[:min(len(path), maxJournalPath)], status})
}

// Counts returns how many requests there were of each operation.
func (j *Journal) Counts() map[string]int { return j.body().Counts }

func (j *Journal) body() journalBody {
	j.mu.Lock()
	defer j.mu.Unlock()
	b := journalBody{Counts: maps.Clone(j.counts), Requests: append([]journalEntry{}, j.requests...)}
	if b.Counts == nil {
		b.Counts = map[string]int{}
	}
	return b
}

func (j *Journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.counts, j.requests = nil, nil
}
