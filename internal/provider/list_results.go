package provider

import (
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
)

// listResults makes a result of each item, as many as the query asks for and Terraform takes; limit 0 is all.
func listResults[T any](items []T, limit int64, result func(T) list.ListResult) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		for i, item := range items {
			if limit > 0 && int64(i) == limit || !push(result(item)) {
				return
			}
		}
	}
}
