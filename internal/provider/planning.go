package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// readPlanning reads what a ModifyPlan works on. The state is nil for a resource that is to be created.
func readPlanning[M any](ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) (config, plan M, state *M) {
	diags.Append(req.Config.Get(ctx, &config)...)
	diags.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		diags.Append(req.State.Get(ctx, &state)...)
	}
	return config, plan, state
}

// removeGone takes a resource that is gone out of the state. The framework wants an identity even then, which a state written by an
// older CLI does not have.
func removeGone(ctx context.Context, resp *resource.ReadResponse, identity any) {
	if resp.Identity.Raw.IsFullyNull() {
		resp.Diagnostics.Append(resp.Identity.Set(ctx, identity)...)
	}
	resp.State.RemoveResource(ctx)
}
