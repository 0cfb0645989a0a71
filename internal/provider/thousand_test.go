package provider_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// latency is what the backend's answers take in the test of request counts: what is batched depends on it.
const latency = "delay=50ms"

// parallelism is Terraform's default.
const parallelism = 10

// crowd is a seed with n people beside the administrator.
func crowd(n int) []byte {
	seed := []byte(`organization: {name: initech, defaultCaller: bill@initech.example}
tenants:
  - {id: 1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90, name: Production}
  - {id: 2f7b1d63-4a5c-4e9f-8b82-6c3d7e8f9a01, name: Staging}
assignments:
  - {role: Organization Administrator, principal: bill@initech.example, scope: /}
users:
  - {userName: bill@initech.example, name: Bill, surname: Lumbergh}
`)
	for i := range n {
		seed = fmt.Appendf(seed, "  - {id: %s, userName: person%d@initech.example, displayName: Person %d}\n", person(i), i, i)
	}
	return seed
}

func person(i int) string { return fmt.Sprintf("3e000000-0000-4000-8000-%012d", i) }

// change is one resource on its way through the protocol.
type change struct {
	// resource is its type, uipath_role_assignment where it is empty.
	resource   string
	attributes map[string]tftypes.Value
	state      *tfprotov6.DynamicValue
	private    []byte
}

// each works on all as Terraform does, so many at a time, and returns what went wrong by index.
func each[T any](all []T, work func(T) []*tfprotov6.Diagnostic) map[int]string {
	var mu sync.Mutex
	failed := map[int]string{}
	var group sync.WaitGroup
	next := make(chan int)
	for range parallelism {
		group.Go(func() {
			for i := range next {
				for _, d := range work(all[i]) {
					if d.Severity == tfprotov6.DiagnosticSeverityError {
						mu.Lock()
						failed[i] = d.Summary + ": " + d.Detail
						mu.Unlock()
					}
				}
			}
		})
	}
	for i := range all {
		next <- i
	}
	close(next)
	group.Wait()
	return failed
}

func problem(err error) []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: err.Error()}}
}

// typeName is what the protocol calls the resource.
func (c *change) typeName() string { return cmp.Or(c.resource, "uipath_role_assignment") }

// plan plans the creation of a resource, or its destruction where it has a state.
func (p protocol) plan(c *change) (*tfprotov6.PlanResourceChangeResponse, error) {
	block := p.schema.ResourceSchemas[c.typeName()].Block
	null := p.dynamic(block.ValueType(), tftypes.NewValue(block.ValueType(), nil))
	req := &tfprotov6.PlanResourceChangeRequest{TypeName: c.typeName(), Config: null, ProposedNewState: null, PriorState: null}
	if c.state == nil {
		req.Config = p.object(block, c.attributes)
		req.ProposedNewState = req.Config
	} else {
		req.PriorState, req.PriorPrivate = c.state, c.private
	}
	return p.server.PlanResourceChange(p.t.Context(), req)
}

// apply plans and carries out what [protocol.plan] plans.
func (p protocol) apply(c *change) []*tfprotov6.Diagnostic {
	planned, err := p.plan(c)
	if err != nil {
		return problem(err)
	}
	if len(planned.Diagnostics) > 0 {
		return planned.Diagnostics
	}
	block := p.schema.ResourceSchemas[c.typeName()].Block
	null := p.dynamic(block.ValueType(), tftypes.NewValue(block.ValueType(), nil))
	req := &tfprotov6.ApplyResourceChangeRequest{
		TypeName: c.typeName(), Config: null, PriorState: null, PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate,
	}
	if c.state == nil {
		req.Config = p.object(block, c.attributes)
	} else {
		req.PriorState = c.state
	}
	applied, err := p.server.ApplyResourceChange(p.t.Context(), req)
	if err != nil {
		return problem(err)
	}
	if !slices.ContainsFunc(applied.Diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }) {
		c.state, c.private = applied.NewState, applied.Private
	}
	return applied.Diagnostics
}

// TestThousandRoleAssignments makes a thousand assignments of five hundred people at five scopes, with one wrong among them, and
// counts the requests.
func TestThousandRoleAssignments(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: crowd(500), Faults: []string{latency}})
	client := b.Client(t)
	roles := map[string]string{}
	all, err := client.Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		roles[r.Name] = r.ID.String()
	}
	production, staging := tenant(t, client, acctest.Production).ID.String(), tenant(t, client, acctest.Staging).ID.String()
	places := []struct{ role, scope string }{
		{"Tenant Administrator", "/tenant/" + production}, {"Tenant Administrator", "/tenant/" + staging},
		{"DU Viewer", "/tenant/" + production + "/documentunderstanding"}, {"DU Viewer", "/tenant/" + staging + "/documentunderstanding"},
		{"IXP Project Creator", "/tenant/" + production + "/reinfer"},
	}
	changes := make([]*change, 1000)
	for i := range changes {
		place := places[i%len(places)]
		changes[i] = &change{attributes: map[string]tftypes.Value{
			"role_id": text(roles[place.role]), "scope": text(place.scope), "principal_id": text(person(i / 2)), "principal_type": text("User"),
		}}
	}
	before := b.Journal()
	requests := func() (total int, counts map[string]int) {
		now := b.Journal()
		counts = map[string]int{}
		for operation, n := range now {
			counts[operation] = n - before[operation]
			total += counts[operation]
		}
		before = now
		return total, counts
	}

	p := configured(t, b)
	failed := each(changes, func(c *change) []*tfprotov6.Diagnostic {
		planned, err := p.plan(c)
		if err != nil {
			return problem(err)
		}
		return planned.Diagnostics
	})
	if total, counts := requests(); len(failed) > 0 || total > len(places)+20 {
		t.Errorf("planning took %d requests (%v), and failed for %v", total, counts, failed)
	}

	// One that is wrong in a way that only the server knows: the person is gone before the plan is applied.
	wrong := &change{attributes: map[string]tftypes.Value{
		"role_id": text(roles["Tenant Administrator"]), "scope": text("/tenant/" + production),
		"principal_id": text(nobody), "principal_type": text("User"),
	}}
	unchecked := configuredWith(t, b, map[string]tftypes.Value{"resolve_principals": tftypes.NewValue(tftypes.Bool, false)})
	requests()
	failed = each(slices.Concat(changes, []*change{wrong}), unchecked.apply)
	total, counts := requests()
	if total > 300 {
		t.Errorf("applying took %d requests: %v", total, counts)
	}
	if len(failed) != 1 || !strings.Contains(failed[1000], "Cannot resolve users=["+nobody+"]") {
		t.Errorf("want the wrong one alone to fail, but these did: %v", failed)
	}
	t.Logf("apply: %d requests: %v", total, counts)

	// 200 people at each scope fill 20 pages.
	p = configured(t, b)
	failed = each(changes, func(c *change) []*tfprotov6.Diagnostic {
		read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: "uipath_role_assignment", CurrentState: c.state, Private: c.private,
		})
		if err != nil {
			return problem(err)
		}
		kind := p.schema.ResourceSchemas["uipath_role_assignment"].ValueType()
		if value, err := read.NewState.Unmarshal(kind); err != nil || value.IsNull() {
			return problem(fmt.Errorf("it reads as gone, %w", err))
		}
		return read.Diagnostics
	})
	if total, counts := requests(); len(failed) > 0 || total > 20*len(places)+20 {
		t.Errorf("refreshing took %d requests (%v), and failed for %v", total, counts, failed)
	}
	failed = each(changes, p.apply)
	if total, counts = requests(); len(failed) > 0 || total > 250 {
		t.Errorf("destroying took %d requests (%v), and failed for %v", total, counts, failed)
	}
	t.Logf("destroy: %d requests: %v", total, counts)
	for i, c := range changes {
		if value, err := c.state.Unmarshal(p.schema.ResourceSchemas["uipath_role_assignment"].ValueType()); err != nil || !value.IsNull() {
			t.Fatalf("assignment %d is not destroyed: %s, %v", i, value, err)
		}
	}
}
