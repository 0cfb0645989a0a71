package provider

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
)

// listResults makes a result of each item that was found, as many as the query asks for (limit 0 is all) and Terraform takes. Warnings come
// first, and one of them says where the limit cut the rest off. Where the search failed, its errors are the only result.
func listResults[T any](found []T, diags diag.Diagnostics, limit int64, result func(T) list.ListResult) iter.Seq[list.ListResult] {
	if diags.HasError() {
		return list.ListResultsStreamDiagnostics(diags)
	}
	if limit > 0 && limit < int64(len(found)) {
		diags.AddWarning("List is not complete", fmt.Sprintf("The query finds %d, and its limit lets %d through. Raise limit in the list block, or "+
			"narrow the query.", len(found), limit))
		found = found[:limit]
	}
	return func(push func(list.ListResult) bool) {
		if len(diags) > 0 && !push(list.ListResult{Diagnostics: diags}) {
			return
		}
		for _, item := range found {
			if !push(result(item)) {
				return
			}
		}
	}
}

// leftOut counts, by reason, what a list leaves out because its resource cannot manage it.
type leftOut map[string]int

// warn says what was left out, and how to see it.
func (l leftOut) warn(what, advice string, diags *diag.Diagnostics) {
	var lines []string
	for _, reason := range slices.Sorted(maps.Keys(l)) {
		lines = append(lines, fmt.Sprintf("  %d %s", l[reason], reason))
	}
	if len(lines) > 0 {
		diags.AddWarning(what+" left out",
			paragraphs("The query finds more than this resource can manage. Left out are:", strings.Join(lines, "\n"), advice))
	}
}
