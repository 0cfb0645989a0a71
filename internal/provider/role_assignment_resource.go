package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
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
			"role_id": chosenID(guidForm, guidRule, "GUID of the role. Give this or `role_name`, or both. Another role replaces the assignment."),
			"role_name": chosenName(nameRule, "Name of the role, in exact letter case. Take it from the resource of a role that the same "+
				"configuration creates or renames, as in `uipath_tenant_role.example.name`, so that Terraform knows the order."),
			"service": schema.StringAttribute{
				Optional: true, CustomType: serviceForm.attributeType(),
				MarkdownDescription: "Service that owns the role, such as `Task Mining`, where several roles that fit the scope are called `role_name`; " +
					"`CentralizedAccess` for a multi-service role.",
				Validators:    []validator.String{knownServiceRule},
				PlanModifiers: []planmodifier.String{keepSpelling{serviceForm}},
			},
			"principal_id": chosenID(guidForm, guidRule, "GUID of the principal that gets the role. Give this or `principal_name`, or both. Another "+
				"principal replaces the assignment."),
			"principal_name": chosenName(nameRule, "Name of the principal: the e-mail or user name of a user, in any letter case, or the exact name "+
				"of a group, a robot account or an external application. The display name of a user is accepted if no other user has it."),
			"principal_type": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "`User`, `Group`, `Robot` (a robot account) or `ExternalApplication`. The directory tells it. It is needed to tell equal " +
					"names apart, with `resolve_principals = false`, and for an account that only an external directory has. A change replaces the " +
					"assignment.",
				Validators: []validator.String{principalTypeRule},
			},
			"scope": chosenID(scopeForm, scopeRule, "Where the role applies, as a path: `/`, `/tenant/{id}`, `/tenant/{id}/{service}`, "+
				"`/tenant/{id}/orchestrator/folder/{key}` or `/tenant/{id}/{service}/project/{id}`. Letter case does not matter. Give this or "+
				"`scope_name`, or both. A multi-service role is assigned at a scope without a service, any other role at a scope of its own service. "+
				"Another scope replaces the assignment."),
			"scope_name": chosenName(scopeNameRule, "Where the role applies, in names: `/` (the organization), `/ AutomationOps` (a service of it), "+
				"`Production`, `Production / Task Mining`, `Production / Orchestrator / Finance/Invoices` or `Production / Document Understanding / "+
				"Contracts`. Folders and projects are in exact letter case."),
			"name": shownString("The assignment in words, such as `grace.hopper@acme.example -> Tenant Administrator @ Production`."),
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

// ValidateConfig refuses a configuration that names a role, a principal or a scope in neither way.
func (r *roleAssignmentResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	var config roleAssignmentModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	needOne(config.role(), "role", "role_id", "role_name", &resp.Diagnostics)
	needOne(config.principal(), "principal", "principal_id", "principal_name", &resp.Diagnostics)
	needOne(config.at(), "scope", "scope", "scope_name", &resp.Diagnostics)
}

func (r *roleAssignmentResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.session == nil {
		return
	}
	if req.Plan.Raw.IsNull() {
		var state roleAssignmentModel
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
		r.session.planned.willRemove(state.key(&resp.Diagnostics))
		return
	}
	prior := priorOwned(ctx, req.Private, &resp.Diagnostics)
	if prior != "" && !r.session.planned.creates() && req.Plan.Raw.Equal(req.State.Raw) {
		return
	}
	config, plan, state := readPlanning[roleAssignmentModel](ctx, req, &resp.Diagnostics)
	meant := readMeantNames(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if state != nil {
		// A replacement is planned again as a creation, which then knows that the assignment in its way is its own.
		resp.Diagnostics.Append(keepOwned(ctx, resp.Private, assignmentID(state.key(&resp.Diagnostics)))...)
	}
	role := r.settle(ctx, config, &plan, state, meant, &resp.Diagnostics)
	if state != nil {
		resp.RequiresReplace.Append(plan.replacing(*state)...)
	}
	if state != nil && plan.sameAssignment(*state) {
		plan.Effective = state.Effective
	} else {
		plan.Effective = r.session.checkRole(ctx, plan, role, &resp.Diagnostics)
		if !resp.Diagnostics.HasError() {
			r.checkNew(ctx, plan, prior, &resp.Diagnostics)
		}
	}
	plan.showName()
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// settle plans the three objects of an assignment, and returns the role if it was looked up.
func (r *roleAssignmentResource) settle(
	ctx context.Context, config roleAssignmentModel, plan, state *roleAssignmentModel, meant meantNames, diags *diag.Diagnostics,
) *named[plannedRole] {
	var role, principal, at *pair
	if state != nil {
		role, principal, at = new(state.role()), new(state.principal()), new(state.at())
	}
	plan.setAt(r.session.scopeNaming().settle(ctx, config.at(), at, meant["scope_name"], diags).pair)
	var scope access.Scope
	if plan.at().known() {
		scope = plan.Scope.scope(path.Root("scope"), diags)
	}
	names := meant["role_name"]
	if state != nil && config.RoleID.IsNull() && !plan.Service.sameMeaning(state.Service) {
		// The same name of another service is another name.
		role.name, names = types.StringNull(), nil
	}
	settledRole := r.session.roleNaming(plan.Service, scope).settle(ctx, config.role(), role, names, diags)
	plan.setRole(settledRole.pair)
	if state != nil && !config.PrincipalType.IsNull() && !config.PrincipalType.Equal(state.PrincipalType) {
		principal = nil
	}
	settledPrincipal := r.session.principalNaming(access.PrincipalType(config.PrincipalType.ValueString())).
		settle(ctx, config.principal(), principal, meant["principal_name"], diags)
	plan.setPrincipal(settledPrincipal.pair)
	plan.PrincipalType = plannedType(config.PrincipalType, settledPrincipal, principal, state.principalTypeOrNull())
	return settledRole.object
}

// checkNew refuses an assignment that is to be made and exists already.
func (r *roleAssignmentResource) checkNew(ctx context.Context, plan roleAssignmentModel, prior string, diags *diag.Diagnostics) {
	if !plan.known() {
		return
	}
	key := plan.key(diags)
	if diags.HasError() || assignmentID(key) == prior {
		return
	}
	existing, found, err := r.session.client.ListedAssignment(ctx, key)
	switch {
	case err != nil:
		diags.Append(failure("Reading role assignments failed", "Checking whether this exists already: "+plan.describe(), err))
	case found:
		diags.Append(r.session.assignmentExists(ctx, plan, existing))
	}
}

func (r *roleAssignmentResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, plan roleAssignmentModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, roleAssignmentTimeout, &resp.Diagnostics)
	defer cancel()
	if !resp.Diagnostics.HasError() && !plan.known() {
		r.decide(ctx, config, &plan, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	key := plan.key(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.session.client.Assign(ctx, uipath.Grant{Key: key, PrincipalType: plan.principalType()}); err != nil {
		resp.Diagnostics.Append(r.session.createAssignmentFailure(ctx, plan, key, err))
		return
	}
	r.session.planned.hasGranted(key)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, assignmentID(key))...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
	resp.Diagnostics.Append(namesMeant(config, plan).keep(ctx, resp.Private)...)
}

// decide finds what was not there yet when Terraform planned for the last time: a role that the same run makes and that nothing refers to.
func (r *roleAssignmentResource) decide(ctx context.Context, config roleAssignmentModel, plan *roleAssignmentModel, diags *diag.Diagnostics) {
	role := r.settle(ctx, config, plan, nil, nil, diags)
	plan.Effective = r.session.checkRole(ctx, *plan, role, diags)
	plan.showName()
	if !diags.HasError() && !plan.known() {
		diags.AddAttributeError(path.Root("role_name"), "Role not created yet", paragraphs(
			fmt.Sprintf("The role %s is created by this run, but not before its assignment.", plan.RoleName), takeNameFromResource))
	}
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
		resp.Diagnostics.Append(failure("Reading role assignment failed", "Reading "+state.describe(), err))
		return
	}
	if r.session.refreshAssignment(ctx, &state, found, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	meant := readMeantNames(ctx, req.Private, &resp.Diagnostics)
	for attribute, object := range state.pairs() {
		meant.add(attribute, object.name.ValueString())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, assignmentID(key))...)
	resp.Diagnostics.Append(meant.keep(ctx, resp.Private)...)
}

// Update has nothing to send: a change of the assignment replaces it. What else changes is how the configuration names the same objects, and
// timeouts, which are Terraform's own.
func (r *roleAssignmentResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan roleAssignmentModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	key := plan.key(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
	resp.Diagnostics.Append(namesMeant(config, plan).keep(ctx, resp.Private)...)
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
		resp.Diagnostics.Append(deleteAssignmentFailure(state, key, err))
	}
}

func (r *roleAssignmentResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key := r.importKey(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("scope"), key.Scope.String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("role_id"), key.RoleID.String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("principal_id"), key.PrincipalID.String())...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
}
