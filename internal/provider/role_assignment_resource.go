package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var (
	_ resource.ResourceWithConfigure   = (*roleAssignmentResource)(nil)
	_ resource.ResourceWithIdentity    = (*roleAssignmentResource)(nil)
	_ resource.ResourceWithImportState = (*roleAssignmentResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*roleAssignmentResource)(nil)
)

func newRoleAssignmentResource() resource.Resource {
	return &roleAssignmentResource{configuredResource{typeName: "role_assignment"}}
}

type roleAssignmentResource struct{ configuredResource }

// roleAssignmentTimeout bounds each operation unless the configuration says otherwise.
const roleAssignmentTimeout = 10 * time.Minute

func (r *roleAssignmentResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who has which role where: one role, for one principal, at one scope. It manages that one assignment and leaves all " +
			"others alone.\n\n" +
			"An assignment that exists already is never adopted silently: the plan fails and offers an `import` block. " +
			"`terraform plan -json | terraform-provider-uipath adopt -conflicts` writes the blocks for every conflict of a plan.",
		Attributes: map[string]schema.Attribute{
			"id":      shownString("`{scope}|{role_id}|{principal_id}`, in canonical spelling."),
			"role_id": replacingGUID("GUID of the role. The data source `uipath_role` finds it by name. A change replaces the assignment."),
			"principal_id": replacingGUID("GUID of the principal that gets the role. The data source `uipath_principal` finds it by name. A change " +
				"replaces the assignment."),
			"principal_type": replacingString(principalTypeRule,
				"`User`, `Group`, `Robot` (a robot account) or `ExternalApplication`. A change replaces the assignment."),
			"scope": schema.StringAttribute{
				Required: true, CustomType: scopeForm.attributeType(),
				MarkdownDescription: "Where the role applies: `/`, `/tenant/{id}`, `/tenant/{id}/{service}`, " +
					"`/tenant/{id}/orchestrator/folder/{key}` or `/tenant/{id}/{service}/project/{id}`. Letter case does not matter. A " +
					"multi-service role is assigned at a path without a service, any other role at a path of its own service. A change replaces " +
					"the assignment.",
				Validators:    []validator.String{scopeRule},
				PlanModifiers: []planmodifier.String{keepSpelling{scopeForm}, stringplanmodifier.RequiresReplace()},
			},
			"name":      shownString("The assignment in words, such as `Grace Hopper -> Tenant Administrator @ Production`."),
			"role_name": shownString("Name of the role."),
			"principal_name": shownString("Display name of the principal, or else its e-mail or directory name. It is the id if the directory does " +
				"not know the principal, and null if the provider's `resolve_principals` is `false`."),
			"scope_name": shownString("The scope with names in place of ids, such as `Production / Task Mining`."),
			"effective": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "Whether the role does anything at this scope. `false` only for an assignment that was made outside " +
					"Terraform, at a scope that does not fit the service that owns the role.",
			},
			"timeouts": timeoutsAttribute(ctx, "the assignment", roleAssignmentTimeout),
		},
	}
}

func (r *roleAssignmentResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"organization_id": organizationIdentity(),
			"scope":           identityschema.StringAttribute{RequiredForImport: true, Description: "Path of the scope."},
			"role_id":         identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the role."},
			"principal_id":    identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the principal."},
		},
	}
}

func (r *roleAssignmentResource) identity(key uipath.AssignmentKey) roleAssignmentIdentityModel {
	return roleAssignmentIdentityModel{
		OrganizationID: r.session.organizationID(),
		Scope:          types.StringValue(key.Scope.String()),
		RoleID:         types.StringValue(key.RoleID.String()),
		PrincipalID:    types.StringValue(key.PrincipalID.String()),
	}
}

func (r *roleAssignmentResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.session == nil {
		return
	}
	_, plan, state := readPlanning[roleAssignmentModel](ctx, req, &resp.Diagnostics)
	prior := priorOwned(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if state != nil {
		// A replacement is planned again as a creation, which then knows that the assignment in its way is its own.
		resp.Diagnostics.Append(keepOwned(ctx, resp.Private, state.ID.ValueString())...)
	}
	switch {
	case state != nil && plan.sameAssignment(*state):
		plan.ID, plan.assignmentDisplay = state.ID, state.assignmentDisplay
	case !plan.known():
		plan.ID, plan.assignmentDisplay = types.StringUnknown(), unknownDisplay()
	default:
		r.planNew(ctx, &plan, prior, &resp.Diagnostics)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// planNew checks an assignment that is to be made, and shows it by its names.
func (r *roleAssignmentResource) planNew(ctx context.Context, plan *roleAssignmentModel, prior string, diags *diag.Diagnostics) {
	key := plan.key(diags)
	if diags.HasError() {
		return
	}
	plan.ID = types.StringValue(assignmentID(key))
	plan.assignmentDisplay = r.session.checkAssignment(ctx, key, plan.principalType(), diags)
	if diags.HasError() || plan.ID.ValueString() == prior {
		return
	}
	existing, found, err := r.session.client.ListedAssignment(ctx, key)
	switch {
	case err != nil:
		diags.Append(failure("Reading role assignments failed", "Checking whether this exists already: "+plan.describe(key), err))
	case found:
		diags.Append(r.session.assignmentExists(plan.assignmentDisplay, existing))
	}
}

func (r *roleAssignmentResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan roleAssignmentModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	key := plan.key(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, roleAssignmentTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.session.client.Assign(ctx, uipath.Grant{Key: key, PrincipalType: plan.principalType()}); err != nil {
		resp.Diagnostics.Append(r.session.createAssignmentFailure(plan.assignmentDisplay, key, err))
		return
	}
	plan.ID = types.StringValue(assignmentID(key))
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, plan.ID.ValueString())...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
}

func (r *roleAssignmentResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state roleAssignmentModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	written := writtenAt(ctx, req.Private, &resp.Diagnostics)
	key := state.key(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Read, roleAssignmentTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	var found uipath.Assignment
	look := r.session.client.Assignment
	err := r.session.untilVisible(ctx, written, func(ctx context.Context) (err error) {
		found, err = look(ctx, key)
		look = r.session.client.RefreshedAssignment // The shared listing would give the same answer again.
		return err
	})
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		removeGone(ctx, resp, r.identity(key))
		return
	case err != nil:
		resp.Diagnostics.Append(failure("Reading role assignment failed", "Reading "+state.describe(key), err))
		return
	}
	state.fill(found)
	state.assignmentDisplay = r.session.displayExisting(ctx, found, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, state.ID.ValueString())...)
}

// Update has nothing to send: a change of the assignment replaces it, and timeouts are Terraform's own.
func (r *roleAssignmentResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan roleAssignmentModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	key := plan.key(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
}

func (r *roleAssignmentResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state roleAssignmentModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	key := state.key(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, roleAssignmentTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.session.client.Unassign(ctx, key); err != nil {
		resp.Diagnostics.Append(deleteAssignmentFailure(state.assignmentDisplay, key, err))
	}
}

func (r *roleAssignmentResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key := r.importKey(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), assignmentID(key))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("scope"), key.Scope.String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("role_id"), key.RoleID.String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("principal_id"), key.PrincipalID.String())...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
}

// importKey reads "{scope}|{role_id}|{principal_id}", or the GUID of the assignment as the export shows it, alone or behind a scope.
func (r *roleAssignmentResource) importKey(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) uipath.AssignmentKey {
	parts := strings.Split(req.ID, "|")
	if req.ID == "" && req.Identity != nil {
		var identity roleAssignmentIdentityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		r.session.checkOrganization(identity.OrganizationID, diags)
		parts = []string{identity.Scope.ValueString(), identity.RoleID.ValueString(), identity.PrincipalID.ValueString()}
	}
	under := access.Organization
	if len(parts) > 1 {
		var err error
		if under, err = access.ParseScope(parts[0]); err != nil {
			diags.AddError("Invalid import id", err.Error())
			return uipath.AssignmentKey{}
		}
		parts = parts[1:]
	}
	ids := make([]access.GUID, len(parts))
	for i, part := range parts {
		var err error
		if ids[i], err = access.ParseGUID(part); err != nil || len(parts) > 2 {
			diags.AddError("Invalid import id", fmt.Sprintf("%q is none of the forms \"{scope}|{role_id}|{principal_id}\", \"{scope}|{id}\" and "+
				"\"{id}\", where id is the GUID of the assignment as the export shows it.", req.ID))
			return uipath.AssignmentKey{}
		}
	}
	if len(ids) == 2 {
		return uipath.AssignmentKey{RoleID: ids[0], PrincipalID: ids[1], Scope: under}
	}
	found, err := r.session.client.AssignmentByID(ctx, ids[0], under)
	if err != nil {
		diags.Append(failure("Role assignment not found", fmt.Sprintf("Looking for the role assignment %s at %s and below. If you may not list "+
			"all of that, give the assignment's own scope too, as \"{scope}|{id}\".", ids[0], under), err))
	}
	return found.Key
}
