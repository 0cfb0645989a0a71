package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The organization of the test: its administrator, and two roles that each change assigns together.
const (
	killedTenant = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	killedToken  = "the-token-of-bill"
	killedSeed   = `organization: {name: initech}
tenants: [{id: ` + killedTenant + `, name: Main}]
personalAccessTokens: [{user: bill, token: ` + killedToken + `, expires: 2099-01-01T00:00:00Z}]
roles:
  - {id: 3d000000-0000-4000-8000-000000000001, name: First, description: one, tenant: Main, permissions: [ORCHESTRATOR.ROBOTS.VIEW]}
  - {id: 3d000000-0000-4000-8000-000000000002, name: Second, description: two, tenant: Main, permissions: [ORCHESTRATOR.ROBOTS.VIEW]}
assignments: [{role: Organization Administrator, principal: bill, scope: /}]
users:
  - {userName: bill}
`
)

func killedPerson(i int) string { return fmt.Sprintf("3e000000-0000-4000-8000-%012d", i) }

// TestKilledWhileItWrites kills the backend while four clients change role assignments. Each change makes two assignments: what was
// acknowledged is there, and nothing is half done. `make soak` kills it two hundred times.
func TestKilledWhileItWrites(t *testing.T) {
	t.Parallel()
	kills := 5
	if os.Getenv("SOAK") != "" {
		kills = 200
	}
	const perKill = 40
	seed := []byte(killedSeed)
	for i := range kills * perKill {
		seed = fmt.Appendf(seed, "  - {id: %s, userName: person%d}\n", killedPerson(i), i)
	}
	dir := t.TempDir()
	k := &killing{data: filepath.Join(dir, "state.db"), seed: filepath.Join(dir, "seed.yaml"), acknowledged: map[string]bool{}}
	if err := os.WriteFile(k.seed, seed, 0o600); err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 1))
	for round := range kills {
		k.round(t, round*perKill, perKill, random.IntN(12))
	}
	k.check(t)
	t.Logf("%d kills, %d changes acknowledged", kills, len(k.acknowledged))
}

// killing is a data file with what was acknowledged to be in it.
type killing struct {
	data, seed string

	mu           sync.Mutex
	acknowledged map[string]bool
}

// started is a running backend.
type started struct {
	url    string
	cmd    *exec.Cmd
	client *http.Client
}

func (k *killing) start(t *testing.T) *started {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "terraform-provider-uipath", "backend", "-data", k.data, "-seed", k.seed)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the backend does not start again: %v\n%s", err, &stderr)
	}
	return &started{strings.TrimSpace(url), cmd, &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}}
}

func (s *started) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.client.CloseIdleConnections()
}

// round makes changes for so many people from the first, and kills the backend when so many are acknowledged.
func (k *killing) round(t *testing.T, first, people, until int) {
	t.Helper()
	s := k.start(t)
	var next, acknowledged atomic.Int64
	enough := make(chan struct{})
	var once sync.Once
	if until == 0 {
		close(enough)
	}
	var clients sync.WaitGroup
	for range 4 {
		clients.Go(func() {
			for i := int(next.Add(1)) - 1; i < people; i = int(next.Add(1)) - 1 {
				id := killedPerson(first + i)
				if !s.assign(t.Context(), id) {
					return
				}
				k.mu.Lock()
				k.acknowledged[id] = true
				k.mu.Unlock()
				if int(acknowledged.Add(1)) == until {
					once.Do(func() { close(enough) })
				}
			}
		})
	}
	idle := make(chan struct{})
	go func() {
		clients.Wait()
		close(idle)
	}()
	select {
	case <-enough:
	case <-idle:
	}
	s.kill()
	<-idle
}

// assign gives a person both roles, and reports whether that was acknowledged.
func (s *started) assign(ctx context.Context, person string) bool {
	var add []string
	for _, role := range []string{"3d000000-0000-4000-8000-000000000001", "3d000000-0000-4000-8000-000000000002"} {
		add = append(add, fmt.Sprintf(`{"roleId":%q,"securityPrincipalId":%q,"securityPrincipalType":"User","scope":"/tenant/%s"}`, role, person, killedTenant))
	}
	body := `{"roleAssignmentsToAdd":[` + strings.Join(add, ",") + `],"roleAssignmentsToDelete":[]}`
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch, s.url+"/initech/pap_/api/userroleassignments", strings.NewReader(body))
	if err != nil {
		return false
	}
	req.Header.Set("Authorization", "Bearer "+killedToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.client.Do(req)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusNoContent
}

// check compares what is there with what was acknowledged.
func (k *killing) check(t *testing.T) {
	t.Helper()
	s := k.start(t)
	defer s.kill()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/initech/pap_/api/userroleassignments/export", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+killedToken)
	resp, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	rows, err := csv.NewReader(resp.Body).ReadAll()
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("the export: %s, %v", resp.Status, err)
	}
	const principalColumn = 9
	held := map[string]int{}
	for _, row := range rows[1:] {
		held[row[principalColumn]]++
	}
	for id := range k.acknowledged {
		if held[id] != 2 {
			t.Errorf("%s has %d assignments, and two were acknowledged", id, held[id])
		}
	}
	for id, n := range held {
		if strings.HasPrefix(id, "3e000000") && n != 2 {
			t.Errorf("%s has %d assignments: a change is half done", id, n)
		}
	}
	if len(k.acknowledged) == 0 {
		t.Error("nothing was acknowledged")
	}
}
