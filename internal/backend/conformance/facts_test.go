package conformance_test

import (
	"slices"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// factCase proves one fact of the contract by requests.
type factCase struct {
	// Fact is the id of the fact in CONTRACT.md.
	Fact string
	// Deviation says how the backend differs from the fact. The case must fail then, so that nobody forgets to take it out.
	Deviation string
	// Seed is the organization, as YAML; "" is the built-in one.
	Seed   string
	Strict bool
	// Options are further options of the backend; nil for none.
	Options *backend.Options
	Steps   []step
}

// noCase is a fact without a case.
type noCase struct {
	Fact string
	// Served says that the backend does it, although no request shows it.
	Served bool
	Why    string
}

func TestFacts(t *testing.T) {
	t.Parallel()
	shared := serveReaders(t)
	for _, c := range slices.Concat(
		addressFacts(), signInFacts(), roleFacts(), assignmentFacts(), permissionFacts(), effectiveAccessFacts(), directoryFacts(),
		userFacts(), groupFacts(), accountFacts(), escalationFacts(), orchestratorFacts(), orchestratorRoleFacts(), orchestratorUserFacts(),
		orchestratorFolderFacts(), orchestratorRightFacts(), orchestratorInPlatformFacts(), taskMiningFacts(), projectFacts(), errorFacts(),
	) {
		t.Run(c.Fact, func(t *testing.T) {
			t.Parallel()
			s := c.serve(t, shared)
			err := run(t.Context(), s, c.Steps)
			switch {
			case c.Deviation != "" && err == nil:
				t.Errorf("the backend does what fact %s says: take out the deviation %q", c.Fact, c.Deviation)
			case c.Deviation != "":
				t.Skipf("the backend deviates from fact %s: %s: %v", c.Fact, c.Deviation, err)
			case err != nil:
				t.Errorf("fact %s: %v", c.Fact, err)
			}
		})
	}
}

// serve returns the server that the case is played on.
func (c factCase) serve(t *testing.T, shared readOnly) *server {
	t.Helper()
	if c.Seed == "" && c.Options == nil {
		return shared.serverFor(t, c.Strict, c.Steps)
	}
	var o backend.Options
	if c.Options != nil {
		o = *c.Options
	}
	o.Strict = c.Strict
	if c.Seed != "" {
		o.Seed = []byte(c.Seed)
	}
	return serve(t, o)
}
