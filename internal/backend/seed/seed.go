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

const (
	// MaxSize is the size in bytes of the largest file that is read: some three million assignments.
	MaxSize = 1 << 30
	// maxDocument is the size in bytes of the largest document in a file. Only one is held at a time.
	maxDocument = 32 << 20
)

//go:embed default.yaml
var builtIn []byte

// Default returns the seed of the built-in organization.
func Default() []byte { return slices.Clone(builtIn) }

// Parse reads a seed: one YAML document or several, each of which may refer to those before it. Roles and assignments that give no time were
// made now. The error is an [*Error] that names the first mistakes with their lines.
func Parse(file []byte, c *catalogue.Catalogue, now time.Time) (model.State, error) {
	var p problems
	if len(file) > MaxSize {
		p.reportf(0, "the file has %d bytes; at most %d are read", len(file), MaxSize)
		return model.State{}, p.err()
	}
	r := newReader(&p, c, now)
	in := newDecoder(&p, file)
	for in.next() {
		r.read(in.root, in.doc)
	}
	if !in.failed {
		r.finish()
	}
	return r.state, p.err()
}
