package seed

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// MaxSize is the size in bytes of the largest file that is read.
const MaxSize = 4 << 20

//go:embed default.yaml
var builtIn []byte

// Default returns the seed of the built-in organization.
func Default() []byte { return slices.Clone(builtIn) }

// Parse reads a seed. What says nothing of when it was made was made now. The error is an [*Error] that names the first
// mistakes with their lines.
func Parse(file []byte, c *catalogue.Catalogue, now time.Time) (model.State, error) {
	if len(file) > MaxSize {
		return model.State{}, &Error{Problems: []Problem{{0, fmt.Sprintf("the file has %d bytes; at most %d are read", len(file), MaxSize)}}}
	}
	root, err := parseNode(file)
	if err != nil {
		return model.State{}, err
	}
	var d decoder
	var doc document
	d.decode(root, &doc)
	if len(d.problems) > 0 {
		return model.State{}, d.err()
	}
	r := resolver{
		decoder: &d, catalogue: c, now: now.UTC().Truncate(model.Tick), principalIDs: uniques{what: "principal id"},
		principals: map[string][]principal{}, roles: map[string][]model.Role{},
	}
	state := r.resolve(doc)
	return state, d.err()
}

func (d *decoder) err() error {
	if len(d.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(d.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	shown := min(len(d.problems), maxProblems)
	return &Error{Problems: d.problems[:shown], More: len(d.problems) - shown}
}
