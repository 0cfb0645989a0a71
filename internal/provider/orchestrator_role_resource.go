package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var (
	_ resource.ResourceWithConfigure   = (*orchestratorRoleResource)(nil)
	_ resource.ResourceWithIdentity    = (*orchestratorRoleResource)(nil)
	_ resource.ResourceWithImportState = (*orchestratorRoleResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*orchestratorRoleResource)(nil)
)

func newOrchestratorRoleResource() resource.Resource {
	return &orchestratorRoleResource{configuredResource{typeName: "orchestrator_role"}}
}

type orchestratorRoleResource struct{ configuredResource }

// orchestratorRoleTypeRule refuses a type that cannot be created.
var orchestratorRoleTypeRule = stringRule{
	description: "Tenant or Folder",
	title:       "Unknown type of role",
	objection: func(s string) string {
		switch known := []string{string(uipath.OrchestratorTenantRole), string(uipath.OrchestratorFolderRole)}; {
		case slices.Contains(known, s):
			return ""
		case s == string(uipath.OrchestratorMixedRole):
			return "Mixed roles cannot be created any more: make a role for the tenant and one for folders."
		default:
			return noSuch("a type of role in Orchestrator", s, "There are", known)
		}
	},
}

func (r *orchestratorRoleResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A role that is made in Orchestrator of a tenant: a named set of permissions such as `Assets.View`, which is " +
			"assigned at the tenant " +
			"or at folders.\n\nThese are not the roles of the platform, which `uipath_tenant_role` makes. The roles that come with Orchestrator are not " +
			"managed.\n\n-> No public source gives the names of the AI Center permissions. `MLLogs`, `MLPackages` and `MLSkills` are inferred.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed: true, MarkdownDescription: "Number of the role, unique in the tenant.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"key": schema.StringAttribute{
				Computed: true, MarkdownDescription: "GUID of the role, by which the platform's listings show it. Null if the server does not tell it.",
				PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required: true, MarkdownDescription: "Name of the role, unique in Orchestrator of the tenant.", Validators: []validator.String{plainTextRule},
			},
			"type": schema.StringAttribute{
				Required: true, MarkdownDescription: "`Tenant` for a role that is assigned at the tenant, `Folder` for one at folders. A change " +
					"replaces the role.",
				Validators: []validator.String{orchestratorRoleTypeRule}, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"tenant_id": chosenID(guidForm, guidRule, "GUID of the tenant that the role belongs to. Give this or `tenant_name`, or both; the provider's "+
				"`tenant` by default. Another tenant replaces the role."),
			"tenant_name": chosenName(plainTextRule, "Name of the tenant, in any letter case."),
			"permissions": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Names of the permissions that the role grants, as Orchestrator spells them, such as `MLPackages.View`; at least " +
					"one. They " +
					"are checked when planning, unless the provider's `validate_permissions` is `false`.",
				Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(plainTextRule)},
			},
			"implied_permissions": shownStrings("What the server granted beside `permissions` when this resource wrote the role. What is granted " +
				"later shows as a " +
				"change of `permissions`."),
			"force_destroy": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether a role that others still hold is deleted, and taken from them; `false` by default, which refuses it and " +
					"names them. " +
					"It must be applied before the role is destroyed.",
			},
			"timeouts": timeoutsAttribute(ctx, "the role", tenantRoleTimeout),
		},
	}
}

func (r *orchestratorRoleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"organization_id": organizationIdentity(),
			"tenant_id":       identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the tenant."},
			"id":              identityschema.StringAttribute{RequiredForImport: true, Description: "Number of the role."},
		},
	}
}

func (r *orchestratorRoleResource) identity(tenant access.GUID, id types.String) orchestratorRoleIdentityModel {
	return orchestratorRoleIdentityModel{r.session.organizationID(), types.StringValue(tenant.String()), id}
}

func (r *orchestratorRoleResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.session == nil || req.Plan.Raw.IsNull() {
		return
	}
	config, plan, state := readPlanning[orchestratorRoleModel](ctx, req, &resp.Diagnostics)
	meant := readMeantNames(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	var prior *pair
	if state != nil {
		prior = new(state.tenant())
	}
	plan.setTenant(r.session.settleTenant(ctx, fmt.Sprintf("The role %s", plan.Name), config.tenant(), prior, meant["tenant_name"], &resp.Diagnostics))
	if state != nil && plan.tenant().changes(*prior) {
		resp.RequiresReplace.Append(path.Root("tenant_id"))
	}
	if state != nil && plan.sends(*state) {
		plan.Implied = types.SetUnknown(types.StringType)
	} else if state != nil {
		plan.Implied = state.Implied
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r.checkName(ctx, plan, state, &resp.Diagnostics)
	r.note(plan, state, len(resp.RequiresReplace) > 0)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	if r.session.validatePermissions && (state == nil || plan.sends(*state)) {
		r.checkPermissions(ctx, plan, &resp.Diagnostics)
	}
}

// note tells the run what becomes of the role, for those that name it.
func (r *orchestratorRoleResource) note(plan orchestratorRoleModel, state *orchestratorRoleModel, replaced bool) {
	if plan.Name.IsUnknown() || !plan.tenant().known() {
		return
	}
	tenant := access.GUID(guidForm.spell(plan.TenantID.ValueString()))
	if state != nil && !replaced && plan.Type.Equal(state.Type) {
		r.session.orchestrator.willName(tenant, state.number(), plan.Name.ValueString())
		return
	}
	r.session.orchestrator.willCreate(comingOrchestratorRole{tenant, plan.Name.ValueString(), plan.Type.ValueString()})
}

// sends reports whether an update sends something to the server.
func (m orchestratorRoleModel) sends(state orchestratorRoleModel) bool {
	return !m.Name.Equal(state.Name) || !m.Permissions.Equal(state.Permissions) || !m.Type.Equal(state.Type) || !m.TenantID.sameMeaning(state.TenantID)
}

func (r *orchestratorRoleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, plan orchestratorRoleModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	spec := plan.spec(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, tenantRoleTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	role, err := r.session.client.CreateOrchestratorRole(ctx, spec)
	if err != nil {
		resp.Diagnostics.Append(r.createFailure(plan, err))
		return
	}
	r.session.orchestrator.hasCreated(spec.TenantID, spec.Name)
	plan.ID, plan.Key = types.StringValue(fmt.Sprint(role.ID)), optionalString(role.Key)
	// The role is in the state whatever the look at it brings.
	r.lookAtWritten(ctx, &plan, role, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(spec.TenantID, plan.ID))...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
	resp.Diagnostics.Append(tenantMeant(config.tenant(), plan.tenant()).keep(ctx, resp.Private)...)
}

// lookAtWritten reads a role that was just written, to see what the server grants beside what was sent.
func (r *orchestratorRoleResource) lookAtWritten(
	ctx context.Context, plan *orchestratorRoleModel, role uipath.OrchestratorRole, diags *diag.Diagnostics,
) {
	plan.Implied = stringSet(ctx, nil, diags)
	var seen uipath.OrchestratorRole
	err := r.session.untilVisible(ctx, r.session.clock(), func(ctx context.Context) (err error) {
		seen, err = r.session.client.RefreshedOrchestratorRole(ctx, role.TenantID, role.ID)
		return err
	})
	if err != nil {
		diags.AddWarning("Role of Orchestrator cannot be read", paragraphs(fmt.Sprintf("The role %s was written. What the server grants beside "+
			"what was sent "+
			"was to be read, and shows as a change in the next plan now.", plan.Name), err.Error()))
		return
	}
	plan.fillImplied(ctx, seen, diags)
}

func (r *orchestratorRoleResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state orchestratorRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	written := writtenAt(ctx, req.Private, &resp.Diagnostics)
	tenant := state.TenantID.guid(path.Root("tenant_id"), &resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Read, tenantRoleTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	var role uipath.OrchestratorRole
	err := r.session.untilVisible(ctx, written, func(ctx context.Context) (err error) {
		role, err = r.session.client.OrchestratorRole(ctx, tenant, state.number())
		return err
	})
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		removeGone(ctx, resp, r.identity(tenant, state.ID))
		return
	case err != nil:
		resp.Diagnostics.Append(failure("Reading role of Orchestrator failed", fmt.Sprintf("Reading the role %s.", state.label()), err))
		return
	case role.Static || role.Type == uipath.OrchestratorMixedRole:
		resp.Diagnostics.AddError("Not a role that can be managed", fmt.Sprintf("The role %s is %s. A uipath_orchestrator_role manages tenant and "+
			"folder roles "+
			"that administrators made.", label(role.Name, fmt.Sprint(role.ID)), orchestratorRoleKind(role)))
		return
	}
	r.session.orchestrator.hasRead(role.TenantID, role.ID)
	state.fill(ctx, role, r.session.heldTenant(ctx, tenant), &resp.Diagnostics)
	meant := readMeantNames(ctx, req.Private, &resp.Diagnostics)
	meant.add("tenant_name", state.TenantName.ValueString())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(tenant, state.ID))...)
	resp.Diagnostics.Append(meant.keep(ctx, resp.Private)...)
}

func (r *orchestratorRoleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state orchestratorRoleModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	spec := plan.spec(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Update, tenantRoleTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	// Nothing is sent where only the timeouts changed, which are Terraform's own.
	if plan.sends(state) {
		role, err := r.session.client.UpdateOrchestratorRole(ctx, state.number(), spec)
		if err != nil {
			resp.Diagnostics.Append(writeFailureInOrchestrator("Updating role of Orchestrator failed",
				fmt.Sprintf("Updating the role %s of Orchestrator of the tenant %s.", state.label(), plan.tenant().label()), err))
			return
		}
		r.lookAtWritten(ctx, &plan, role, &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(spec.TenantID, plan.ID))...)
	resp.Diagnostics.Append(tenantMeant(config.tenant(), plan.tenant()).keep(ctx, resp.Private)...)
}

func (r *orchestratorRoleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state orchestratorRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	tenant := state.TenantID.guid(path.Root("tenant_id"), &resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, tenantRoleTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if r.release(ctx, state, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if err := r.session.client.DeleteOrchestratorRole(ctx, tenant, state.number()); err != nil {
		resp.Diagnostics.Append(failure("Deleting role of Orchestrator failed", fmt.Sprintf("Deleting the role %s.", state.label()), err))
	}
}

// orchestratorRoleImportForms is what messages say of an import id that is none.
const orchestratorRoleImportForms = `An import id is "{tenant}|{role}", the tenant by name or GUID, the role by name or number.`

func (r *orchestratorRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tenantText, role, ok := strings.Cut(req.ID, importSeparator)
	if req.ID == "" && req.Identity != nil {
		var identity orchestratorRoleIdentityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		r.session.checkOrganization(identity.OrganizationID, &resp.Diagnostics)
		tenantText, role, ok = identityGUID("tenant_id", identity.TenantID, &resp.Diagnostics).String(), identity.ID.ValueString(), true
	}
	if !ok || role == "" {
		resp.Diagnostics.AddError(invalidImport, fmt.Sprintf("%q is not enough. %s", req.ID, orchestratorRoleImportForms))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	tenant, err := r.session.client.Tenant(ctx, tenantText)
	if err != nil {
		resp.Diagnostics.Append(failure(invalidImport, fmt.Sprintf("%q is no tenant. %s", tenantText, orchestratorRoleImportForms), err))
		return
	}
	if orchestratorNumber(role) == 0 {
		found, err := r.session.client.OrchestratorRoleNamed(ctx, tenant.ID, role)
		if err != nil {
			resp.Diagnostics.Append(failure(invalidImport, fmt.Sprintf("Looking for the role %q in Orchestrator of the tenant %s. %s", role,
				label(tenant.Name, tenant.ID), orchestratorRoleImportForms), err))
			return
		}
		role = fmt.Sprint(found.ID)
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), role)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("tenant_id"), tenant.ID.String())...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(tenant.ID, types.StringValue(role)))...)
}
