package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// optionalString is null for "": the server writes "" or null where it has nothing to say.
func optionalString[S ~string](s S) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(string(s))
}

// stringSet is a set of strings, empty for nil.
func stringSet(ctx context.Context, elements []string, diags *diag.Diagnostics) types.Set {
	set, more := types.SetValueFrom(ctx, types.StringType, append([]string{}, elements...))
	diags.Append(more...)
	return set
}

// knownStrings are the elements of a set of strings that are known.
func knownStrings(set types.Set) []string {
	var known []string
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok && !text.IsUnknown() {
			known = append(known, text.ValueString())
		}
	}
	return known
}
