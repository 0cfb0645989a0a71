// Package seed reads and writes an organization as YAML: the seed that a backend starts from, and the snapshot that reproduces
// its state.
//
// What belongs here is the format: its keys, their meaning, and errors that name the line. What a role may be is decided in
// catalogue.
package seed

import (
	_ "embed"
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

// Parse reads a seed. Roles and assignments that give no time were made now. The error is an [*Error] that names the first
// mistakes with their lines.
func Parse(file []byte, c *catalogue.Catalogue, now time.Time) (model.State, error) {
	var p problems
	doc, root := p.decode(file)
	var state model.State
	if len(p.found) == 0 {
		state = newReader(&p, c, now).read(root, doc)
	}
	return state, p.err()
}
