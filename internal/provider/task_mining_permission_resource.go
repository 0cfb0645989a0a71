package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var (
	_ resource.ResourceWithConfigure      = (*taskMiningPermissionResource)(nil)
	_ resource.ResourceWithIdentity       = (*taskMiningPermissionResource)(nil)
	_ resource.ResourceWithImportState    = (*taskMiningPermissionResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*taskMiningPermissionResource)(nil)
	_ resource.ResourceWithValidateConfig = (*taskMiningPermissionResource)(nil)
)

func newTaskMiningPermissionResource() resource.Resource {
	return &taskMiningPermissionResource{configuredResource{typeName: "task_mining_permission"}}
}

type taskMiningPermissionResource struct{ configuredResource }

// taskMiningPermissionTimeout bounds each operation unless the configuration says otherwise.
const taskMiningPermissionTimeout = 10 * time.Minute

func (r *taskMiningPermissionResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What a user or a group may do in Task Mining of a tenant: record, review as a process expert, or administer. A " +
			"principal has one permission in a tenant. A change is a single request that adds and removes together, so that access is never lost " +
			"in between.\n\nTask Mining keeps its data in AI Center, so each permission also needs a tenant role with the permissions in " +
			"`ai_center_permissions`. The guide *Onboard a Task Mining team* shows all steps.\n\n-> The permission is carried by the built-in " +
			"roles *User*, *Process SME* and *Admin* of the service. Public sources name these roles, but do not show how they are assigned " +
			"through the API. Newer generations of the service have other roles, such as *Project Creator*; assign those with " +
			"`uipath_role_assignment`. The names of the AI Center permissions are this provider's own.",
		Attributes: map[string]schema.Attribute{
			"principal_id": chosenID(guidForm, guidRule, "GUID of the user or group that gets the permission. Give this or `principal_name`, or both. "+
				"Another principal replaces the permission."),
			"principal_name": chosenName(nameRule, "Name of the principal: the e-mail or user name of a user, in any letter case, or the exact name "+
				"of a group. The display name of a user is accepted if no other user has it."),
			"principal_type": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "`User` or `Group`. The directory tells it. It is needed to tell equal names apart, with `resolve_principals = false`, " +
					"and for an account that only an external directory has. A user must be a member of the organization who has accepted the " +
					"invitation. A change replaces the permission.",
				Validators: []validator.String{stringvalidator.OneOf(string(access.PrincipalUser), string(access.PrincipalGroup))},
			},
			"tenant_id": chosenID(guidForm, guidRule, "GUID of the tenant. Give this or `tenant_name`, or both; the provider's `tenant` by default. Another "+
				"tenant replaces the permission."),
			"tenant_name": chosenName(plainTextRule, "Name of the tenant, in any letter case."),
			"permission": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "`User` records, `Process SME` reviews and edits what was found, `Admin` sets up projects and members. " +
					"A change is made in place.",
				Validators: []validator.String{taskMiningPermissionRule},
			},
			"project_ids": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Ids of the projects that a `User` records for, in lower case. Give this or `project_names`, or both. Without them the " +
					"user has access to the service and to no project. Leave them out for `Process SME` and `Admin`, which reach every project.",
				Validators: []validator.Set{setvalidator.ValueStringsAre(projectRule)},
			},
			"project_names": schema.SetAttribute{
				Optional: true, Computed: true, ElementType: types.StringType,
				MarkdownDescription: "Names of these projects, in exact letter case. No public endpoint lists the projects of Task Mining: their names are " +
					"read from the export of role assignments, which needs the right to export the whole organization. Null unless the configuration " +
					"gives them.",
				Validators: []validator.Set{setvalidator.ValueStringsAre(nameRule)},
			},
			"require_ai_center_permissions": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the permission is refused, and nothing granted, while AI Center permissions are missing; `false` by " +
					"default, which only warns. They are checked just before the permission is given or changed, so name the resource that assigns " +
					"them in `depends_on`.",
			},
			"name": shownString("The permission in words, such as `grace.hopper@acme.example -> Task Mining Admin @ Production`."),
			"rights": schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: "What the permission lets the principal do, in words.",
			},
			"ai_center_permissions": shownStrings("AI Center permissions that the principal needs too, in a tenant role that is assigned " +
				"to it or to a group that it is in."),
			"missing_ai_center_permissions": shownStrings("Which of `ai_center_permissions` the principal holds neither itself nor through a " +
				"group. Null if these credentials may not find out."),
			"timeouts": timeoutsAttribute(ctx, "the permission", taskMiningPermissionTimeout),
		},
	}
}

func (r *taskMiningPermissionResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"organization_id": organizationIdentity(),
			"tenant_id":       identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the tenant."},
			"principal_id":    identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the principal."},
		},
	}
}

func (r *taskMiningPermissionResource) identity(key taskmining.Key) taskMiningPermissionIdentityModel {
	return taskMiningPermissionIdentityModel{
		OrganizationID: r.session.organizationID(),
		TenantID:       types.StringValue(key.Tenant.String()),
		PrincipalID:    types.StringValue(key.Principal.String()),
	}
}

// ValidateConfig refuses a configuration without a principal, and projects for permissions that reach all projects.
func (r *taskMiningPermissionResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config taskMiningPermissionModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); !resp.Diagnostics.HasError() {
		needOne(config.principal(), "principal", "principal_id", "principal_name", &resp.Diagnostics)
		config.checkProjects(&resp.Diagnostics)
	}
}

func (r *taskMiningPermissionResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.session == nil {
		return
	}
	config, plan, state := readPlanning[taskMiningPermissionModel](ctx, req, &resp.Diagnostics)
	prior := priorOwned(ctx, req.Private, &resp.Diagnostics)
	meant := readMeantNames(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.checkProjects(&resp.Diagnostics)
	plan.showPermission(ctx, &resp.Diagnostics)
	if state != nil {
		// A replacement is planned again as a creation, which then knows that the permission in its way is its own.
		resp.Diagnostics.Append(keepOwned(ctx, resp.Private, state.key(&resp.Diagnostics).String())...)
	}
	principal := r.settle(ctx, config, &plan, state, meant, &resp.Diagnostics)
	if state != nil {
		resp.RequiresReplace.Append(plan.replacing(*state)...)
	}
	if plan.showName(); resp.Diagnostics.HasError() {
		return
	}
	if state != nil && plan.sameKey(*state) {
		plan.planKept(*state, &resp.Diagnostics)
	} else {
		plan.MissingAICenterPermissions = types.SetUnknown(types.StringType)
		r.checkNew(ctx, plan, principal, prior, &resp.Diagnostics)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// settle plans tenant, principal and projects of a permission, and returns the principal if it was looked up.
func (r *taskMiningPermissionResource) settle(
	ctx context.Context, config taskMiningPermissionModel, plan, state *taskMiningPermissionModel, meant meantNames, diags *diag.Diagnostics,
) *named[uipath.Principal] {
	var tenant, principal *pair
	if state != nil {
		tenant, principal = new(state.tenant()), new(state.principal())
	}
	plan.setTenant(r.session.settleTenant(ctx, "The Task Mining permission", config.tenant(), tenant, meant["tenant_name"], diags))
	typed := !config.PrincipalType.IsNull()
	if state != nil && typed && !config.PrincipalType.Equal(state.PrincipalType) {
		principal = nil
	}
	found := r.session.principalNaming(access.PrincipalType(config.PrincipalType.ValueString())).
		settle(ctx, config.principal(), principal, meant["principal_name"], diags)
	plan.setPrincipal(found.pair)
	plan.PrincipalType = plannedType(config.PrincipalType, found, principal, state.principalTypeOrNull())
	r.session.settleProjects(ctx, config, plan, state, diags)
	return found.object
}

// planKept plans a permission that is there. Which AI Center permissions are missing is known from the last refresh, unless the
// permission changes.
func (m *taskMiningPermissionModel) planKept(state taskMiningPermissionModel, diags *diag.Diagnostics) {
	if !m.Permission.Equal(state.Permission) {
		m.MissingAICenterPermissions = types.SetUnknown(types.StringType)
		return
	}
	m.MissingAICenterPermissions = state.MissingAICenterPermissions
	// Not an error, even where they are required: this very run may assign what is missing.
	m.tellMissingAICenter(taskmining.MissingAICenter{Permissions: knownStrings(state.MissingAICenterPermissions)}, false, diags)
}

// checkNew refuses a permission that cannot be given, or that exists already.
func (r *taskMiningPermissionResource) checkNew(
	ctx context.Context, plan taskMiningPermissionModel, principal *named[uipath.Principal], prior string, diags *diag.Diagnostics,
) {
	if principal != nil {
		checkMember(principal.value, diags)
	}
	if diags.HasError() || !plan.known() {
		return
	}
	key := plan.key(diags)
	if diags.HasError() || key.String() == prior {
		return
	}
	held, err := r.session.taskMining().Of(ctx, key, knownStrings(plan.ProjectIDs)...)
	switch {
	case err != nil:
		diags.Append(failure("Reading Task Mining permissions failed", "Checking whether this exists already: "+plan.describe(), err))
	case held.Exists():
		diags.Append(plan.exists(key, held.Level, r.session.leftOver))
	}
}

func (r *taskMiningPermissionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, plan taskMiningPermissionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	wanted := plan.wanted(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, taskMiningPermissionTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if r.checkAICenter(ctx, &plan, wanted, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if err := r.session.taskMining().Change(ctx, taskmining.Holding{}, wanted); err != nil {
		if _, ok := errors.AsType[*uipath.AssignmentExistsError](err); ok {
			resp.Diagnostics.Append(plan.exists(wanted.Key, wanted.Level, r.session.leftOver))
			return
		}
		resp.Diagnostics.Append(plan.writeFailure("Giving Task Mining permission failed", "Giving", wanted.Key, err))
		return
	}
	key := wanted.Key
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, key.String())...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
	resp.Diagnostics.Append(permissionNamesMeant(config, plan).keep(ctx, resp.Private)...)
}

// checkAICenter warns of AI Center permissions that are missing, and refuses where they are required. What the plan says already stays.
func (r *taskMiningPermissionResource) checkAICenter(
	ctx context.Context, plan *taskMiningPermissionModel, wanted taskmining.Permission, diags *diag.Diagnostics,
) {
	missing := r.session.missingAICenter(ctx, wanted.Key, wanted.Level, diags)
	if diags.HasError() {
		return
	}
	if plan.MissingAICenterPermissions.IsUnknown() {
		plan.showMissingAICenter(ctx, missing, diags)
	}
	plan.tellMissingAICenter(missing, plan.RequireAICenterPermissions.ValueBool(), diags)
}

func (r *taskMiningPermissionResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state taskMiningPermissionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	written := writtenAt(ctx, req.Private, &resp.Diagnostics)
	wanted := state.wanted(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Read, taskMiningPermissionTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	held, err := r.visible(ctx, wanted, written)
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		removeGone(ctx, resp, r.identity(wanted.Key))
		return
	case err != nil:
		resp.Diagnostics.Append(failure("Reading Task Mining permission failed", "Reading "+state.describe(), err))
		return
	}
	state.fill(ctx, held, &resp.Diagnostics)
	r.session.refreshProjects(ctx, &state, held, &resp.Diagnostics)
	if r.show(ctx, &state, held, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	state.tellExtra(held, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(wanted.Key))...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, wanted.Key.String())...)
	meant := readMeantNames(ctx, req.Private, &resp.Diagnostics)
	meant.add("tenant_name", state.TenantName.ValueString())
	meant.add("principal_name", state.PrincipalName.ValueString())
	resp.Diagnostics.Append(meant.keep(ctx, resp.Private)...)
}

// visible reads what the principal holds. What was just written may not be visible yet: during that time the principal is asked for
// alone until it holds what the state says. It is asked for alone, once, also before it counts as holding nothing.
func (r *taskMiningPermissionResource) visible(ctx context.Context, wanted taskmining.Permission, written time.Time) (taskmining.Holding, error) {
	permissions := r.session.taskMining()
	held, err := permissions.Of(ctx, wanted.Key, wanted.Projects...)
	if err != nil || held.Exists() && (held.Is(wanted) || !r.session.fresh(written)) {
		return held, err
	}
	// Others may have added projects that the state does not know.
	projects := slices.Concat(wanted.Projects, held.Projects)
	err = r.session.untilVisible(ctx, written, func(ctx context.Context) error {
		if held, err = permissions.Reread(ctx, wanted.Key, projects); err != nil || held.Is(wanted) {
			return err
		}
		return fmt.Errorf("no such Task Mining permission of %s in the tenant %s: %w", wanted.Principal, wanted.Tenant, uipath.ErrNotFound)
	})
	if errors.Is(err, uipath.ErrNotFound) && held.Exists() {
		return held, nil
	}
	return held, err
}

// show fills in names, and which AI Center permissions are missing.
func (r *taskMiningPermissionResource) show(
	ctx context.Context, state *taskMiningPermissionModel, held taskmining.Holding, diags *diag.Diagnostics,
) {
	key := held.Key
	state.setTenant(refreshed(state.tenant(), r.session.heldTenant(ctx, key.Tenant)))
	principal, gone := r.session.heldPrincipal(ctx, key.Principal, held.PrincipalType, state.PrincipalName.ValueString(), diags)
	state.setPrincipal(refreshed(state.principal(), principal))
	if gone {
		diags.AddWarning("Principal is gone", fmt.Sprintf("The %s %s is not in the directory any more, and its Task Mining permission is left over. "+
			"Remove it.", held.PrincipalType, state.principal().label()))
	}
	state.showName()
	state.MissingAICenterPermissions = types.SetNull(types.StringType)
	if held.Level != "" {
		state.showMissingAICenter(ctx, r.session.missingAICenter(ctx, key, held.Level, diags), diags)
	}
}

func (r *taskMiningPermissionResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state taskMiningPermissionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	wanted := plan.wanted(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Update, taskMiningPermissionTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if r.checkAICenter(ctx, &plan, wanted, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	permissions := r.session.taskMining()
	held, err := permissions.Of(ctx, wanted.Key, slices.Concat(knownStrings(state.ProjectIDs), wanted.Projects)...)
	if err == nil {
		err = permissions.Change(ctx, held, wanted)
	}
	if err != nil {
		resp.Diagnostics.Append(plan.writeFailure("Changing Task Mining permission failed",
			fmt.Sprintf("Changing %q to", state.Permission.ValueString()), wanted.Key, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(wanted.Key))...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
	resp.Diagnostics.Append(permissionNamesMeant(config, plan).keep(ctx, resp.Private)...)
}

func (r *taskMiningPermissionResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state taskMiningPermissionModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	wanted := state.wanted(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, taskMiningPermissionTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	permissions := r.session.taskMining()
	held, err := permissions.Of(ctx, wanted.Key, wanted.Projects...)
	if err == nil {
		err = permissions.Remove(ctx, held)
	}
	if err != nil {
		resp.Diagnostics.Append(state.writeFailure("Removing Task Mining permission failed", "Removing", wanted.Key, err))
	}
}

func (r *taskMiningPermissionResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key := r.importKey(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("tenant_id"), key.Tenant.String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("principal_id"), key.Principal.String())...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
}

// importKey reads "{tenant}/{principal}", or the GUID of one of its assignments as the export shows it, alone or behind a scope.
func (r *taskMiningPermissionResource) importKey(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) taskmining.Key {
	if req.ID == "" && req.Identity != nil {
		var identity taskMiningPermissionIdentityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		r.session.checkOrganization(identity.OrganizationID, diags)
		identityGUID("tenant_id", identity.TenantID, diags)
		identityGUID("principal_id", identity.PrincipalID, diags)
		return r.namedKey(ctx, identity.TenantID.ValueString(), identity.PrincipalID.ValueString(), diags)
	}
	if under, id, found := strings.Cut(req.ID, "|"); found {
		return r.assignedKey(ctx, under, id, diags)
	}
	if _, err := access.ParseGUID(req.ID); err == nil {
		return r.assignedKey(ctx, access.Organization.String(), req.ID, diags)
	}
	tenant, principal, _ := strings.Cut(req.ID, "/")
	return r.namedKey(ctx, tenant, principal, diags)
}

func (r *taskMiningPermissionResource) namedKey(ctx context.Context, tenant, principal string, diags *diag.Diagnostics) taskmining.Key {
	if diags.HasError() {
		return taskmining.Key{}
	}
	if tenant == "" || principal == "" {
		diags.AddError(invalidImport, fmt.Sprintf("%q is none of the forms \"{tenant}/{principal}\", each by id or by name, \"{scope}|{id}\" and "+
			"\"{id}\", where id is the GUID of the role assignment as the export shows it.", strings.TrimSuffix(tenant+"/"+principal, "/")))
		return taskmining.Key{}
	}
	found, err := r.session.client.Tenant(ctx, tenant)
	if err != nil {
		diags.Append(failure("Tenant not found", "Importing the Task Mining permission "+tenant+"/"+principal+".", err))
		return taskmining.Key{}
	}
	key := taskmining.Key{Tenant: found.ID, Principal: importedGUID(principal)}
	if key.Principal == "" {
		named := r.session.principalNaming("").settle(ctx, pair{guidForm.null(), types.StringValue(principal)}, nil, nil, diags)
		key.Principal = access.OptionalGUID(named.id.ValueString())
	}
	return key
}

func (r *taskMiningPermissionResource) assignedKey(ctx context.Context, under, id string, diags *diag.Diagnostics) taskmining.Key {
	scope, err := access.ParseScope(under)
	assignment, notGUID := access.ParseGUID(id)
	if err = cmp.Or(err, notGUID); err != nil {
		diags.AddError(invalidImport, err.Error())
		return taskmining.Key{}
	}
	found, err := r.session.client.AssignmentByID(ctx, assignment, scope)
	if err != nil {
		diags.Append(failure("Task Mining permission not found", fmt.Sprintf("Looking for the role assignment %s at %s and below. If you may not "+
			"list all of that, give \"{tenant}/{principal_id}\".", id, scope), err))
		return taskmining.Key{}
	}
	key, ok := taskmining.KeyOf(found)
	if !ok {
		diags.AddError("Not a Task Mining permission", fmt.Sprintf("The role assignment %s gives the role %s at %s, which is not in Task Mining. Import "+
			"it as uipath_role_assignment.", id, label(found.RoleName, found.Key.RoleID), found.Key.Scope))
	}
	return key
}
