package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// idle is a resource that exists in the state only. M is its model.
type idle[M any] struct {
	typeName   string
	attributes map[string]schema.Attribute
	// made fills in what the server would have decided.
	made func(*M)
}

func (r idle[M]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + r.typeName
}

func (r idle[M]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	r.attributes["timeouts"] = timeouts.AttributesAll(ctx)
	resp.Schema = schema.Schema{Attributes: r.attributes}
}

func (r idle[M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	r.made(&model)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// Read takes the state apart and puts it together again, which a provider that reads anything cannot avoid.
func (r idle[M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var model M
	resp.Diagnostics.Append(req.State.Get(ctx, &model)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (r idle[M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var model M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	r.made(&model)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (r idle[M]) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

func required() schema.StringAttribute { return schema.StringAttribute{Required: true} }

// chosen may be given, and is filled in by [choose] where it is not.
func chosen() schema.StringAttribute { return schema.StringAttribute{Optional: true, Computed: true} }

func choose(value *types.String, otherwise string) {
	if value.IsUnknown() {
		*value = types.StringValue(otherwise)
	}
}

func computed() schema.StringAttribute { return schema.StringAttribute{Computed: true} }

func computedStrings() schema.SetAttribute {
	return schema.SetAttribute{Computed: true, ElementType: types.StringType}
}
