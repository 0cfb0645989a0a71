package provider

import (
	"context"

	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	list "github.com/hashicorp/terraform-plugin-framework/list/schema"
	resource "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
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
	return datasource.StringAttribute{Required: true, MarkdownDescription: description, Validators: []validator.String{plainTextRule}}
}

// filterAttribute lets a data source narrow what it returns.
func filterAttribute(rule validator.String, description string) datasource.StringAttribute {
	return datasource.StringAttribute{Optional: true, MarkdownDescription: description, Validators: []validator.String{rule}}
}

// switchAttribute lets a data source return more, or in another form.
func switchAttribute(description string) datasource.BoolAttribute {
	return datasource.BoolAttribute{Optional: true, MarkdownDescription: description}
}

// tenantAttribute lets a data source name a tenant.
func tenantAttribute() datasource.StringAttribute {
	return datasource.StringAttribute{
		Optional: true, Computed: true, CustomType: guidForm.attributeType(),
		MarkdownDescription: "GUID of the tenant; the provider's `tenant` by default.",
		Validators:          []validator.String{guidRule},
	}
}

// listFilter lets a list resource narrow by a GUID what it finds.
func listFilter(description string) list.StringAttribute {
	return list.StringAttribute{
		Optional: true, CustomType: guidForm.attributeType(), MarkdownDescription: description, Validators: []validator.String{guidRule},
	}
}

// replacingString is a required attribute of a resource that a change replaces.
func replacingString(rule validator.String, description string) resource.StringAttribute {
	return resource.StringAttribute{
		Required: true, MarkdownDescription: description, Validators: []validator.String{rule},
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
	}
}

// replacingGUID is a required GUID of a resource that another one replaces.
func replacingGUID(description string) resource.StringAttribute {
	return resource.StringAttribute{
		Required: true, CustomType: guidForm.attributeType(), MarkdownDescription: description, Validators: []validator.String{guidRule},
		PlanModifiers: []planmodifier.String{keepSpelling{guidForm}, stringplanmodifier.RequiresReplace()},
	}
}

// owningTenant is the tenant that a resource is in. Its ModifyPlan says that another one replaces it.
func owningTenant(description string) resource.StringAttribute {
	return resource.StringAttribute{
		Optional: true, Computed: true, CustomType: guidForm.attributeType(), MarkdownDescription: description,
		Validators: []validator.String{guidRule}, PlanModifiers: []planmodifier.String{keepSpelling{guidForm}},
	}
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
