package provider

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// namesKey is the key of [meantNames] in private state.
const namesKey = "names"

// meantNames are, by attribute, the names that have stood for the objects of a resource: what its author wrote, and what the server called
// them since.
type meantNames map[string][]string

// maxMeantNames bounds how many names are kept for each attribute; the oldest are dropped.
const maxMeantNames = 10

func readMeantNames(ctx context.Context, private privateReader, diags *diag.Diagnostics) meantNames {
	value, more := private.GetKey(ctx, namesKey)
	diags.Append(more...)
	names := meantNames{}
	// What cannot be read counts as nothing: then the names of the state stand alone.
	_ = json.Unmarshal(value, &names)
	return names
}

// add notes one more name of an attribute. The latest is the last.
func (m meantNames) add(attribute, name string) {
	if name == "" || slices.Contains(m[attribute], name) {
		return
	}
	m[attribute] = append(m[attribute], name)
	if extra := len(m[attribute]) - maxMeantNames; extra > 0 {
		m[attribute] = m[attribute][extra:]
	}
}

func (m meantNames) keep(ctx context.Context, private privateWriter) diag.Diagnostics {
	value, err := json.Marshal(m)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Private state cannot be written", err.Error())}
	}
	return private.SetKey(ctx, namesKey, value)
}
