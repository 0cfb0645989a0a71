package provider

import (
	"context"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	list "github.com/hashicorp/terraform-plugin-framework/list/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Attributes of data sources that the provider fills in.

func computedString(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Computed: true, MarkdownDescription: description}
}

func computedBool(description string) datasource.BoolAttribute {
	return datasource.BoolAttribute{Computed: true, MarkdownDescription: description}
}

func computedStrings(description string) datasource.SetAttribute {
	return datasource.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}

// nameAttribute lets a data source find something by its name.
func nameAttribute(description string) datasource.StringAttribute {
	return datasource.StringAttribute{Required: true, MarkdownDescription: description, Validators: []validator.String{nameRule}}
}

// filterAttribute lets a data source narrow what it returns.
func filterAttribute(rule validator.String, description string) datasource.StringAttribute {
	return datasource.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{rule}}
}

// switchAttribute lets a data source return more, or in another form.
func switchAttribute(description string) datasource.BoolAttribute {
	return datasource.BoolAttribute{Optional: true, MarkdownDescription: description}
}

// tenantIDAttribute and tenantNameAttribute let a data source name a tenant.
func tenantIDAttribute() datasource.StringAttribute {
	return datasource.StringAttribute{
		Optional: true, Computed: true, CustomType: guidForm.attributeType(), Validators: []validator.String{guidRule},
		MarkdownDescription: "GUID of the tenant. Give this or `tenant_name`; the provider's `tenant` by default.",
	}
}

func tenantNameAttribute() datasource.StringAttribute {
	return datasource.StringAttribute{
		Optional: true, Computed: true, MarkdownDescription: "Name of the tenant, in any letter case.", Validators: []validator.String{plainTextRule},
	}
}

// listName lets a list resource narrow by a name what it finds.
func listName(description string) list.StringAttribute {
	return list.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{nameRule}}
}

// listFilter lets a list resource narrow by a GUID what it finds.
func listFilter(description string) list.StringAttribute {
	return list.StringAttribute{
		Optional: true, CustomType: guidForm.attributeType(), MarkdownDescription: description, Validators: []validator.String{guidRule},
	}
}

// chosenID is the id of an object that a resource names by id or by name. Its ModifyPlan says that another one replaces it.
func chosenID(form *canonicalForm, rule validator.String, description string) resource.StringAttribute {
	return resource.StringAttribute{
		Optional: true, Computed: true, CustomType: form.attributeType(), MarkdownDescription: description, Validators: []validator.String{rule},
	}
}

// chosenName is the name beside [chosenID].
func chosenName(rule validator.String, description string) resource.StringAttribute {
	return resource.StringAttribute{Optional: true, Computed: true, MarkdownDescription: description, Validators: []validator.String{rule}}
}

// Attributes of resources that the provider fills in.

func shownString(description string) resource.StringAttribute {
	return resource.StringAttribute{Computed: true, MarkdownDescription: description}
}

func shownStrings(description string) resource.SetAttribute {
	return resource.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}

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
