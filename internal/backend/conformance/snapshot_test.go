package conformance_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// TestSnapshotOfRandomChanges changes the built-in organization at random through the whole API, starts a second backend from the
// snapshot of the first, and expects the same answers everywhere, also after the second was changed and reset. CONFORMANCE_CHANGES is the
// number of changes, CONFORMANCE_SEED the first of the seeds, CONFORMANCE_SEEDS their number.
func TestSnapshotOfRandomChanges(t *testing.T) {
	t.Parallel()
	first, seeds, many := number(t, "CONFORMANCE_SEED", 1), number(t, "CONFORMANCE_SEEDS", 1), number(t, "CONFORMANCE_CHANGES", 60)
	for seed := first; seed < first+seeds; seed++ {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			t.Logf("CONFORMANCE_SEED=%d CONFORMANCE_CHANGES=%d", seed, many)
			var ticking clock
			one := serve(t, backend.Options{NewID: newIDs(uint64(seed)), Clock: ticking.now, TokenLifetime: year})
			w := &world{server: one, random: rand.New(rand.NewPCG(uint64(seed), 0)), clock: &ticking, names: names()}
			if err := w.evolve(t.Context(), many); err != nil {
				t.Fatal(err)
			}
			asked := paths(t, w)
			want := listings(t, one, asked)
			snapshot := want["GET /_reference/snapshot"]

			two := serve(t, backend.Options{Seed: []byte(snapshot), NewID: newIDs(uint64(seed) + 1000), Clock: ticking.now, TokenLifetime: year})
			if diff := cmp.Diff(want, listings(t, two, asked)); diff != "" {
				t.Fatalf("answers of the second backend (-first +second):\n%s", diff)
			}
			w = &world{server: two, random: w.random, clock: &ticking, names: names(), made: 100000}
			if err := w.evolve(t.Context(), many/4); err != nil {
				t.Fatal(err)
			}
			if r, err := two.send(t.Context(), nobody, http.MethodPost, "/_reference/reset", "", nil); err != nil || r.status != http.StatusNoContent {
				t.Fatalf("reset: %d %s, %v", r.status, r.text, err)
			}
			if diff := cmp.Diff(want, listings(t, two, asked)); diff != "" {
				t.Errorf("answers after the reset (-first +second):\n%s", diff)
			}
		})
	}
}

// year is long enough for a token to last as long as the changes.
const year = 365 * 24 * time.Hour

// clock is a time that moves with every change. Its zero value stands at the start.
type clock struct{ ticks atomic.Int64 }

func (c *clock) tick() { c.ticks.Add(1) }

func (c *clock) now() time.Time {
	return startTime().Add(time.Duration(c.ticks.Load()) * 7654321 * time.Microsecond)
}

// number reads a number from the environment.
func number(t *testing.T, name string, absent int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return absent
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is no number from 1 up", name, text)
	}
	return n
}

// evolve makes changes, all of which must succeed.
func (w *world) evolve(ctx context.Context, many int) error {
	all := slices.Concat(changes(), accountChanges(), orchestratorChanges())
	for i := range many {
		c := pick(w.random, all)
		w.clock.tick()
		if _, err := c.make(w, ctx); err != nil {
			return fmt.Errorf("change %d, %s: %w", i+1, c.name, err)
		}
	}
	return nil
}

// paths are the requests that together show everything. Those with a body have it behind a blank.
func paths(t *testing.T, w *world) []string {
	t.Helper()
	const (
		users = "GET {identity}/User/users/{p}?top=1000"
		robot = "GET {identity}/RobotAccount/{p}?top=1000"
		roles = "GET {pap}/roles?top=1000"
		held  = "GET {pap}/userroleassignments?top=100&scope="
	)
	all := []string{
		"GET /_reference/snapshot", "GET /acme/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo", "GET {pap}/actions", users, robot, roles,
		"GET {identity}/Group/{p}", "GET {identity}/ExternalClient/{p}", "GET {identity}/Directory/Scopes/{p}", "GET {identity}/ExternalApiResource", settingsOf(""),
		"GET /acme/Production/orchestrator_/odata/Folders?$count=true", "GET /acme/Staging/orchestrator_/odata/Folders?$count=true",
		"GET " + orRoles + "?$expand=Permissions", "GET /acme/Staging/orchestrator_/odata/Roles?$expand=Permissions",
		"GET " + orUsers + "?$expand=UserRoles,OrganizationUnits", "GET /acme/Staging/orchestrator_/odata/Users", "GET {orchestrator}/odata/Permissions",
	}
	for folder := range 3 {
		all = append(all, fmt.Sprintf("GET %s%sGetUsersForFolder(key=%d,includeInherited=true)", orFolders, orAction, folder+1))
	}
	for key := range strings.FieldsSeq(userSortKeys) {
		all = append(all, users+"&sortBy="+key)
	}
	for _, key := range []string{"CreatedOn", "UpdatedOn", "UpdatedBy"} {
		all = append(all, roles+"&sortBy="+key)
	}
	for _, start := range "aegrmuxz#'漢" {
		all = append(all, "GET {identity}/Directory/Search/{p}?startsWith="+escape(string(start)))
	}
	for _, format := range []string{"csv", "json"} {
		for _, expand := range []string{"true", "false"} {
			all = append(all, "GET {pap}/userroleassignments/export?exportoutputtype="+format+"&expandgroupmemberships="+expand)
		}
	}
	principals, err := w.principals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range principals {
		all = append(all, ofPrincipal(fmt.Sprint(p["kind"]), fmt.Sprint(p["id"]))...)
	}
	made, err := w.rows(t.Context(), customRoles, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range made {
		all = append(all, fmt.Sprintf("GET {pap}/roles/%s", r["id"]))
	}
	assignments, err := w.held(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	scopes := map[string]bool{"/": true}
	for _, a := range assignments {
		scopes[fmt.Sprint(a["scope"])] = true
	}
	for scope := range scopes {
		all = append(all, held+scope+"&noInheritance=true", held+scope+"&noInheritance=false", held+scope+"&noInheritance=false&skip=100")
	}
	return all
}

// ofPrincipal are the requests about one principal.
func ofPrincipal(kind, id string) []string {
	effective := func(member string) []string {
		return []string{
			fmt.Sprintf(`POST {pap}/geteffectiveaccess {%q:%q,"scopeIdentifier":{"scopeType":"Tenant","value":{"id":"{production}","tenantId":"{production}"}}}`, member, id),
			fmt.Sprintf("POST {pdp}/geteffectiveaccess?top=50 {%q:%q}", member, id),
		}
	}
	switch kind {
	case "User":
		return append(effective("userId"), "GET {identity}/User/"+id, settingsOf(id))
	case "Group":
		return append(effective("groupId"), "GET {identity}/Group/{p}/"+id, "GET {identity}/Group/{p}/"+id+"/Members?top=1000")
	case "Robot":
		return []string{"GET {identity}/RobotAccount/{p}/" + id}
	}
	return append(effective("securityPrincipalId"), "GET {identity}/ExternalClient/{p}/"+id)
}

// settingsOf is the request for the settings of a user, or those of the organization.
func settingsOf(user string) string {
	request := "GET {identity}/Setting?partitionGlobalId={p}&key=Own.Key&key=" + strings.ReplaceAll(settingKeys, " ", "&key=")
	if user != "" {
		request += "&userId=" + user
	}
	return request
}

func escape(text string) string {
	var out strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&out, "%%%02X", b)
	}
	return out.String()
}

// listings are the answers of a server, by request.
func listings(t *testing.T, s *server, asked []string) map[string]string {
	t.Helper()
	answers := map[string]string{}
	p := &play{server: s, names: names()}
	for _, request := range asked {
		method, rest, _ := strings.Cut(p.expand(request), " ")
		path, body, _ := strings.Cut(rest, " ")
		r, err := s.send(t.Context(), "", method, path, body, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.status != http.StatusOK {
			t.Fatalf("%s: %d %s", request, r.status, r.text)
		}
		answers[request] = r.text
	}
	return answers
}
