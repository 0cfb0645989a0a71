package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	ephemeralschema "github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	providerschema "github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The sample provider uses every construct of a schema that the framework offers. It is only asked for its schemas, so
// its types embed the interfaces whose other methods nobody calls.

type sampleProvider struct{ provider.Provider }

func (sampleProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "sample"
}

func (sampleProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = providerschema.Schema{
		MarkdownDescription: "The `sample` provider.",
		Attributes: map[string]providerschema.Attribute{
			"token": providerschema.StringAttribute{Optional: true, Sensitive: true, Description: "Plain <text>."},
		},
	}
}

func (sampleProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return sampleResource{} }}
}

func (sampleProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return sampleDataSource{} }}
}

func (sampleProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return sampleEphemeralResource{} }}
}

func (sampleProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{func() list.ListResource { return sampleListResource{} }}
}

func (sampleProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{func() action.Action { return sampleAction{} }}
}

func (sampleProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{func() function.Function { return sampleFunction{} }}
}

type sampleResource struct{ resource.Resource }

func (sampleResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "sample_thing"
}

func (sampleResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	leaf := map[string]schema.Attribute{"leaf": schema.StringAttribute{Required: true, MarkdownDescription: "A `leaf`."}}
	object := schema.NestedAttributeObject{Attributes: leaf}
	block := schema.NestedBlockObject{
		Attributes: leaf,
		Blocks: map[string]schema.Block{
			"inner": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: leaf}},
		},
	}

	resp.Schema = schema.Schema{
		Version:             3,
		MarkdownDescription: "A *thing*.",
		DeprecationMessage:  "Use another thing.",
		Attributes: map[string]schema.Attribute{
			"bool":       schema.BoolAttribute{Required: true},
			"computed":   schema.StringAttribute{Computed: true},
			"both":       schema.StringAttribute{Optional: true, Computed: true},
			"deprecated": schema.StringAttribute{Optional: true, DeprecationMessage: "Use both."},
			"dynamic":    schema.DynamicAttribute{Optional: true},
			"float":      schema.Float64Attribute{Optional: true},
			"int":        schema.Int64Attribute{Optional: true},
			"list":       schema.ListAttribute{Optional: true, ElementType: types.ListType{ElemType: types.BoolType}},
			"map":        schema.MapAttribute{Optional: true, ElementType: types.Int64Type},
			"object":     schema.ObjectAttribute{Optional: true, AttributeTypes: map[string]attr.Type{"a": types.StringType}},
			"secret":     schema.StringAttribute{Optional: true, Sensitive: true, WriteOnly: true},
			"set":        schema.SetAttribute{Optional: true, ElementType: types.StringType},

			"nested_single": schema.SingleNestedAttribute{Optional: true, Attributes: leaf, Description: "One."},
			"nested_list":   schema.ListNestedAttribute{Optional: true, NestedObject: object},
			"nested_map":    schema.MapNestedAttribute{Optional: true, NestedObject: object},
			"nested_set": schema.SetNestedAttribute{Computed: true, NestedObject: schema.NestedAttributeObject{
				Attributes: map[string]schema.Attribute{
					"deeper": schema.SingleNestedAttribute{Computed: true, Attributes: map[string]schema.Attribute{
						"leaf": schema.StringAttribute{Computed: true},
					}},
				},
			}},
		},
		Blocks: map[string]schema.Block{
			"block_list":   schema.ListNestedBlock{NestedObject: block, DeprecationMessage: "Use block_set."},
			"block_set":    schema.SetNestedBlock{NestedObject: block, Description: "Any number."},
			"block_single": schema.SingleNestedBlock{Attributes: leaf},
		},
	}
}

func (sampleResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{
		Version: 2,
		Attributes: map[string]identityschema.Attribute{
			"id":     identityschema.StringAttribute{RequiredForImport: true, Description: "Its id."},
			"region": identityschema.StringAttribute{OptionalForImport: true},
			"parts":  identityschema.ListAttribute{OptionalForImport: true, ElementType: types.Int64Type},
		},
	}
}

type sampleDataSource struct{ datasource.DataSource }

func (sampleDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "sample_things"
}

func (sampleDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = datasourceschema.Schema{
		Description: "All things.",
		Attributes: map[string]datasourceschema.Attribute{
			"names": datasourceschema.SetAttribute{Computed: true, ElementType: types.StringType},
		},
	}
}

type sampleEphemeralResource struct{ ephemeral.EphemeralResource }

func (sampleEphemeralResource) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "sample_secret"
}

func (sampleEphemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = ephemeralschema.Schema{
		Attributes: map[string]ephemeralschema.Attribute{"value": ephemeralschema.StringAttribute{Computed: true, Sensitive: true}},
	}
}

type sampleListResource struct{ list.ListResource }

func (sampleListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "sample_thing"
}

func (sampleListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = listschema.Schema{
		MarkdownDescription: "Lists **things**.",
		Attributes:          map[string]listschema.Attribute{"filter": listschema.StringAttribute{Optional: true}},
	}
}

type sampleAction struct{ action.Action }

func (sampleAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "sample_restart"
}

func (sampleAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = actionschema.Schema{
		Description: "Restarts it.",
		Attributes:  map[string]actionschema.Attribute{"id": actionschema.StringAttribute{Required: true}},
	}
}

type sampleFunction struct{ function.Function }

func (sampleFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "shout"
}

func (sampleFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "Shouts",
		MarkdownDescription: "Says it **louder**.",
		DeprecationMessage:  "Be quiet.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "text", Description: "What to say."},
			function.ListParameter{Name: "to", ElementType: types.StringType, AllowNullValue: true},
		},
		VariadicParameter: function.DynamicParameter{Name: "more", MarkdownDescription: "And `more`."},
		Return:            function.ObjectReturn{AttributeTypes: map[string]attr.Type{"said": types.StringType, "times": types.NumberType}},
	}
}
