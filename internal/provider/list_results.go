package provider

import (
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
)

// listResults makes a result of each item that was found, as many as the query asks for (limit 0 is all) and Terraform takes. Where
// the search failed, its errors are the only result.
func listResults[T any](found []T, diags diag.Diagnostics, limit int64, result func(T) list.ListResult) iter.Seq[list.ListResult] {
	if diags.HasError() {
		return list.ListResultsStreamDiagnostics(diags)
	}
	return func(push func(list.ListResult) bool) {
		for i, item := range found {
			if limit > 0 && int64(i) == limit || !push(result(item)) {
				return
			}
		}
	}
}
