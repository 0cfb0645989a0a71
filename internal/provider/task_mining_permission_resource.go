package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var (
	_ resource.ResourceWithConfigure      = (*taskMiningPermissionResource)(nil)
	_ resource.ResourceWithIdentity       = (*taskMiningPermissionResource)(nil)
	_ resource.ResourceWithImportState    = (*taskMiningPermissionResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*taskMiningPermissionResource)(nil)
	_ resource.ResourceWithValidateConfig = (*taskMiningPermissionResource)(nil)
)

func newTaskMiningPermissionResource() resource.Resource { return &taskMiningPermissionResource{} }

type taskMiningPermissionResource struct{ configuredResource }

// taskMiningPermissionTimeout bounds each operation unless the configuration says otherwise.
const taskMiningPermissionTimeout = 10 * time.Minute

type taskMiningPermissionIdentityModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	TenantID       types.String `tfsdk:"tenant_id"`
	PrincipalID    types.String `tfsdk:"principal_id"`
}

func (r *taskMiningPermissionResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_task_mining_permission"
}

func (r *taskMiningPermissionResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What a user or a group may do in Task Mining of a tenant: record, review as a process expert, or administer. A principal " +
			"has one permission in a tenant, and a change of it is a single request that adds and removes together: at no moment is access lost.\n\n" +
			"Task Mining keeps its data in AI Center, so each permission also needs a tenant role with the permissions in `ai_center_permissions`. " +
			"The guide *Onboard a Task Mining team* does the whole.\n\n" +
			"-> The permission is carried by the built-in roles *User*, *Process SME* and *Admin* of the service, which public sources name but do not show " +
			"at work through the API. Newer generations of the service have others, such as *Project Creator*: those are assigned with " +
			"`uipath_role_assignment`. The names of the AI Center permissions are this provider's own.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "`{tenant}/{principal_id}`, in canonical spelling."},
			"principal_id": schema.StringAttribute{
				Required: true, CustomType: guidForm.attributeType(),
				MarkdownDescription: "GUID of who gets the permission. The data source `uipath_principal` finds it by name. A change replaces the permission.",
				Validators:          []validator.String{guidRule},
				PlanModifiers:       []planmodifier.String{keepSpelling{guidForm}, stringplanmodifier.RequiresReplace()},
			},
			"principal_type": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "`User` or `Group`. A user must be a member of the organization who has accepted the invitation. A change replaces the " +
					"permission.",
				Validators:    []validator.String{stringvalidator.OneOf(string(access.PrincipalUser), string(access.PrincipalGroup))},
				PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"tenant": schema.StringAttribute{
				Optional: true, Computed: true, CustomType: guidForm.attributeType(),
				MarkdownDescription: "GUID of the tenant; the provider's `tenant` by default. A change replaces the permission.",
				Validators:          []validator.String{guidRule},
				PlanModifiers:       []planmodifier.String{keepSpelling{guidForm}},
			},
			"permission": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "`User` records, `Process SME` reviews and edits what was found, `Admin` sets up projects and members. " +
					"A change is made in place.",
				Validators: []validator.String{taskMiningPermissionRule},
			},
			"projects": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Ids of the projects that a `User` records for, in lower case. Without it the user has access to the service and " +
					"to no project. `Process SME` and `Admin` reach every project and take none.",
				Validators: []validator.Set{setvalidator.ValueStringsAre(projectRule)},
			},
			"require_ai_center_permissions": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the permission is refused, and nothing granted, while AI Center permissions are missing; `false` by default, " +
					"which warns. They are checked just before the permission is given or changed: name what assigns them in `depends_on`.",
			},
			"name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The permission in words, such as `Grace Hopper -> Task Mining Admin @ Production`.",
			},
			"principal_name": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Display name of the principal, else its e-mail or directory name; its id where the directory does not know it. " +
					"Null where the provider's `resolve_principals` is `false`.",
			},
			"tenant_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the tenant."},
			"rights": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "What the permission lets the principal do, in words.",
			},
			"ai_center_permissions": schema.SetAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "What the principal needs besides, in a tenant role that is assigned to it or to a group it is in.",
			},
			"missing_ai_center_permissions": schema.SetAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Which of them it does not hold, directly or through a group. Null where these credentials may not tell.",
			},
			"timeouts": timeoutsAttribute(ctx, "the permission", taskMiningPermissionTimeout),
		},
	}
}

func (r *taskMiningPermissionResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"organization_id": identityschema.StringAttribute{OptionalForImport: true, Description: "GUID of the organization; the provider's by default."},
			"tenant_id":       identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the tenant."},
			"principal_id":    identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the principal."},
		},
	}
}

// ValidateConfig refuses projects for who reaches all of them.
func (r *taskMiningPermissionResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config taskMiningPermissionModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(config.checkProjects()...)
}

func (r *taskMiningPermissionResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.session == nil {
		return
	}
	var config, plan taskMiningPermissionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var state *taskMiningPermissionModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	prior, diags := priorOwned(ctx, req.Private)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(plan.checkProjects()...)
	plan.Tenant, plan.TenantName, diags = r.session.chosenTenant(ctx, config.Tenant, plan.Tenant, "The Task Mining permission")
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(plan.showPermission(ctx)...)
	if state != nil {
		// A replacement is planned again as a creation, which then knows that the permission in its way is its own.
		resp.Diagnostics.Append(keepOwned(ctx, resp.Private, state.ID.ValueString())...)
		if !plan.Tenant.sameMeaning(state.Tenant) {
			resp.RequiresReplace.Append(path.Root("tenant"))
		}
	}
	switch {
	case resp.Diagnostics.HasError():
		return
	case state != nil && plan.sameKey(*state):
		resp.Diagnostics.Append(plan.planKept(*state)...)
	case !plan.known():
		plan.ID, plan.PrincipalName = types.StringUnknown(), types.StringUnknown()
		plan.MissingAICenterPermissions = types.SetUnknown(types.StringType)
		plan.showName()
	default:
		resp.Diagnostics.Append(r.planNew(ctx, &plan, prior)...)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// planKept plans a permission that is there: what it needs of AI Center is known from the last refresh, unless it changes.
func (m *taskMiningPermissionModel) planKept(state taskMiningPermissionModel) diag.Diagnostics {
	m.ID, m.Tenant, m.TenantName, m.PrincipalName = state.ID, state.Tenant, state.TenantName, state.PrincipalName
	m.showName()
	if !m.Permission.Equal(state.Permission) {
		m.MissingAICenterPermissions = types.SetUnknown(types.StringType)
		return nil
	}
	m.MissingAICenterPermissions = state.MissingAICenterPermissions
	var missing []string
	for _, element := range state.MissingAICenterPermissions.Elements() {
		if name, ok := element.(types.String); ok {
			missing = append(missing, name.ValueString())
		}
	}
	// Not an error, even where they are required: this very run may assign what is missing.
	return m.lacks(m.key(), aiCenterLacks{missing: missing}, false)
}

// planNew checks a permission that is to be given, and shows it by its names.
func (r *taskMiningPermissionResource) planNew(ctx context.Context, plan *taskMiningPermissionModel, prior string) diag.Diagnostics {
	key := plan.key()
	plan.ID = types.StringValue(key.String())
	plan.MissingAICenterPermissions = types.SetUnknown(types.StringType)
	name, diags := r.session.checkMember(ctx, key.principalID, plan.kind())
	plan.PrincipalName = optionalString(name)
	plan.showName()
	if diags.HasError() || plan.ID.ValueString() == prior {
		return diags
	}
	held, err := r.held(ctx, key, plan.knownProjects()...)
	switch {
	case err != nil:
		diags.Append(failure("Reading Task Mining permissions failed", "Looking whether this exists already: "+plan.describe(), err))
	case len(held.all) > 0:
		diags.Append(plan.exists(key, held))
	}
	return diags
}

// held returns what the principal holds in the tenant. Who may not list the organization sees it at the service and at the projects.
func (r *taskMiningPermissionResource) held(ctx context.Context, key taskMiningKey, projects ...string) (taskMiningHolding, error) {
	roles, err := r.session.taskMiningRoles(ctx)
	if err != nil {
		return taskMiningHolding{}, err
	}
	held, _, err := r.session.taskMiningHeld(ctx, roles, key.tenantID, key.principalID, projects...)
	return roles.holding(held[key.principalID]), err
}

// change brings what the principal holds to what the model says, in one indivisible change.
func (r *taskMiningPermissionResource) change(ctx context.Context, model taskMiningPermissionModel, held taskMiningHolding) error {
	roles, err := r.session.taskMiningRoles(ctx)
	if err != nil {
		return err
	}
	wanted, err := roles.grants(model.key(), model.kind(), model.permission(), model.knownProjects())
	if err != nil {
		return err
	}
	var add []uipath.Grant
	var remove []uipath.AssignmentKey
	for _, grant := range wanted {
		if !slices.Contains(held.keys(), grant.Key) {
			add = append(add, grant)
		}
	}
	for _, key := range held.keys() {
		if !slices.ContainsFunc(wanted, func(g uipath.Grant) bool { return g.Key == key }) {
			remove = append(remove, key)
		}
	}
	return r.session.client.Change(ctx, add, remove)
}

func (r *taskMiningPermissionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan taskMiningPermissionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, taskMiningPermissionTimeout)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	key := plan.key()
	resp.Diagnostics.Append(r.checkAICenter(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.change(ctx, plan, taskMiningHolding{}); err != nil {
		if exists, ok := errors.AsType[*uipath.AssignmentExistsError](err); ok {
			held := taskMiningHolding{permission: plan.permission(), all: []uipath.Assignment{exists.Existing}}
			resp.Diagnostics.Append(plan.exists(key, held))
			return
		}
		resp.Diagnostics.Append(plan.writeFailure("Giving Task Mining permission failed", "Giving", key, err))
		return
	}
	plan.ID = types.StringValue(key.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, key)...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, key.String())...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
}

// checkAICenter looks what is missing, warns of it, and refuses where it is required. What the plan has told already stays.
func (r *taskMiningPermissionResource) checkAICenter(ctx context.Context, plan *taskMiningPermissionModel) diag.Diagnostics {
	lacks, diags := r.session.aiCenterLacks(ctx, plan.key(), plan.permission())
	if diags.HasError() {
		return diags
	}
	if plan.MissingAICenterPermissions.IsUnknown() {
		value, more := lacks.value(ctx)
		diags.Append(more...)
		plan.MissingAICenterPermissions = value
	}
	diags.Append(plan.lacks(plan.key(), lacks, plan.RequireAICenterPermissions.ValueBool())...)
	return diags
}

func (r *taskMiningPermissionResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state taskMiningPermissionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Read(ctx, taskMiningPermissionTimeout)
	resp.Diagnostics.Append(diags...)
	written, diags := writtenAt(ctx, req.Private)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	key := state.key()
	held, err := r.visible(ctx, state, written)
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		if resp.Identity.Raw.IsFullyNull() {
			resp.Diagnostics.Append(r.identify(ctx, resp.Identity, key)...)
		}
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(failure("Reading Task Mining permission failed", "Reading "+state.describe(), err))
		return
	}
	resp.Diagnostics.Append(state.fill(ctx, held)...)
	resp.Diagnostics.Append(r.show(ctx, &state, held)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(state.surplus(key, held)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, key)...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, key.String())...)
}

// visible reads what the principal holds. What was just written may not be seen yet: as long as that can be, the principal is asked
// for alone until it holds what the state says. So it is, once, before it counts as holding nothing.
func (r *taskMiningPermissionResource) visible(ctx context.Context, state taskMiningPermissionModel, written time.Time) (taskMiningHolding, error) {
	key, projects := state.key(), state.knownProjects()
	held, err := r.held(ctx, key, projects...)
	if err != nil || len(held.all) > 0 && (state.describes(held) || !r.session.fresh(written)) {
		return held, err
	}
	projects = append(projects, held.projects...)
	err = r.session.untilVisible(ctx, written, func(ctx context.Context) error {
		if held, err = r.heldNow(ctx, key, projects); err != nil || state.describes(held) {
			return err
		}
		return fmt.Errorf("no such Task Mining permission of %s in the tenant %s: %w", key.principalID, key.tenantID, uipath.ErrNotFound)
	})
	if errors.Is(err, uipath.ErrNotFound) && len(held.all) > 0 {
		return held, nil
	}
	return held, err
}

// heldNow asks for one principal what it holds at the service and at projects, whatever is known in this run.
func (r *taskMiningPermissionResource) heldNow(ctx context.Context, key taskMiningKey, projects []string) (taskMiningHolding, error) {
	roles, err := r.session.taskMiningRoles(ctx)
	if err != nil {
		return taskMiningHolding{}, err
	}
	scopes, err := taskMiningScopes(key.tenantID, projects)
	var found []uipath.Assignment
	for i := 0; err == nil && i < len(scopes); i++ {
		var more []uipath.Assignment
		more, err = r.session.client.HeldAt(ctx, scopes[i], key.principalID)
		found = append(found, more...)
	}
	return roles.holding(roles.among(found)), err
}

// show fills in names, and what is missing of AI Center.
func (r *taskMiningPermissionResource) show(ctx context.Context, state *taskMiningPermissionModel, held taskMiningHolding) diag.Diagnostics {
	key := state.key()
	state.ID = types.StringValue(key.String())
	state.TenantName = types.StringValue(r.session.tenantName(ctx, key.tenantID))
	name, diags := r.session.principalName(ctx, key.principalID, held.kind)
	state.PrincipalName = optionalString(name)
	state.showName()
	state.MissingAICenterPermissions = types.SetNull(types.StringType)
	if held.permission != "" {
		lacks, more := r.session.aiCenterLacks(ctx, key, held.permission)
		diags.Append(more...)
		value, more := lacks.value(ctx)
		diags.Append(more...)
		state.MissingAICenterPermissions = value
	}
	return diags
}

func (r *taskMiningPermissionResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state taskMiningPermissionModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, taskMiningPermissionTimeout)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	key := plan.key()
	if resp.Diagnostics.Append(r.checkAICenter(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	held, err := r.held(ctx, key, append(state.knownProjects(), plan.knownProjects()...)...)
	if err == nil {
		err = r.change(ctx, plan, held)
	}
	if err != nil {
		resp.Diagnostics.Append(plan.writeFailure("Changing Task Mining permission failed",
			fmt.Sprintf("Changing %q to", state.Permission.ValueString()), key, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, key)...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
}

func (r *taskMiningPermissionResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state taskMiningPermissionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, taskMiningPermissionTimeout)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	key := state.key()
	held, err := r.held(ctx, key, state.knownProjects()...)
	if err == nil {
		err = r.session.client.Change(ctx, nil, held.keys())
	}
	if err != nil {
		resp.Diagnostics.Append(state.writeFailure("Removing Task Mining permission failed", "Removing", key, err))
	}
}

func (r *taskMiningPermissionResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key, diags := r.importKey(ctx, req)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), key.String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("tenant"), key.tenantID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("principal_id"), key.principalID)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, key)...)
}

func (r *taskMiningPermissionResource) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, key taskMiningKey) diag.Diagnostics {
	return identity.Set(ctx, taskMiningPermissionIdentityModel{
		OrganizationID: types.StringValue(r.session.client.Organization().ID),
		TenantID:       types.StringValue(key.tenantID),
		PrincipalID:    types.StringValue(key.principalID),
	})
}
