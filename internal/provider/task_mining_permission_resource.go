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
			"id": shownString("`{tenant}/{principal_id}`, in canonical spelling."),
			"principal_id": replacingGUID("GUID of the user or group that gets the permission. The data source `uipath_principal` finds it by " +
				"name. A change replaces the permission."),
			"principal_type": replacingString(stringvalidator.OneOf(string(access.PrincipalUser), string(access.PrincipalGroup)),
				"`User` or `Group`. A user must be a member of the organization who has accepted the invitation. A change replaces the permission."),
			"tenant": owningTenant("GUID of the tenant; the provider's `tenant` by default. A change replaces the permission."),
			"permission": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "`User` records, `Process SME` reviews and edits what was found, `Admin` sets up projects and members. " +
					"A change is made in place.",
				Validators: []validator.String{taskMiningPermissionRule},
			},
			"projects": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Ids of the projects that a `User` records for, in lower case. Without it the user has access to the service " +
					"and to no project. Leave it out for `Process SME` and `Admin`, which reach every project.",
				Validators: []validator.Set{setvalidator.ValueStringsAre(projectRule)},
			},
			"require_ai_center_permissions": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether the permission is refused, and nothing granted, while AI Center permissions are missing; `false` by " +
					"default, which only warns. They are checked just before the permission is given or changed, so name the resource that assigns " +
					"them in `depends_on`.",
			},
			"name": shownString("The permission in words, such as `Grace Hopper -> Task Mining Admin @ Production`."),
			"principal_name": shownString("Display name of the principal, or else its e-mail or directory name. It is the id if the directory does " +
				"not know the principal, and null if the provider's `resolve_principals` is `false`."),
			"tenant_name": shownString("Name of the tenant."),
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

// ValidateConfig refuses projects for permissions that reach all projects.
func (r *taskMiningPermissionResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config taskMiningPermissionModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); !resp.Diagnostics.HasError() {
		config.checkProjects(&resp.Diagnostics)
	}
}

func (r *taskMiningPermissionResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.session == nil {
		return
	}
	config, plan, state := readPlanning[taskMiningPermissionModel](ctx, req, &resp.Diagnostics)
	prior := priorOwned(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.checkProjects(&resp.Diagnostics)
	plan.Tenant, plan.TenantName = r.session.chosenTenant(ctx, config.Tenant, plan.Tenant, "The Task Mining permission", &resp.Diagnostics)
	plan.showPermission(ctx, &resp.Diagnostics)
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
		plan.planKept(*state, &resp.Diagnostics)
	case !plan.known():
		plan.ID, plan.PrincipalName = types.StringUnknown(), types.StringUnknown()
		plan.MissingAICenterPermissions = types.SetUnknown(types.StringType)
		plan.showName()
	default:
		r.planNew(ctx, &plan, prior, &resp.Diagnostics)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// planKept plans a permission that is there. Which AI Center permissions are missing is known from the last refresh, unless the
// permission changes.
func (m *taskMiningPermissionModel) planKept(state taskMiningPermissionModel, diags *diag.Diagnostics) {
	m.ID, m.Tenant, m.TenantName, m.PrincipalName = state.ID, state.Tenant, state.TenantName, state.PrincipalName
	m.showName()
	if !m.Permission.Equal(state.Permission) {
		m.MissingAICenterPermissions = types.SetUnknown(types.StringType)
		return
	}
	m.MissingAICenterPermissions = state.MissingAICenterPermissions
	// Not an error, even where they are required: this very run may assign what is missing.
	m.tellMissingAICenter(taskmining.MissingAICenter{Permissions: knownStrings(state.MissingAICenterPermissions)}, false, diags)
}

// planNew checks a permission that is to be given, and shows it by its names.
func (r *taskMiningPermissionResource) planNew(ctx context.Context, plan *taskMiningPermissionModel, prior string, diags *diag.Diagnostics) {
	key := plan.key(diags)
	if diags.HasError() {
		return
	}
	plan.ID = types.StringValue(key.String())
	plan.MissingAICenterPermissions = types.SetUnknown(types.StringType)
	plan.PrincipalName = optionalString(r.session.checkMember(ctx, key.Principal, plan.principalType(), diags))
	plan.showName()
	if diags.HasError() || plan.ID.ValueString() == prior {
		return
	}
	held, err := r.session.taskMining().Of(ctx, key, knownStrings(plan.Projects)...)
	switch {
	case err != nil:
		diags.Append(failure("Reading Task Mining permissions failed", "Checking whether this exists already: "+plan.describe(), err))
	case held.Exists():
		diags.Append(plan.exists(key, held.Level))
	}
}

func (r *taskMiningPermissionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan taskMiningPermissionModel
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
			resp.Diagnostics.Append(plan.exists(wanted.Key, wanted.Level))
			return
		}
		resp.Diagnostics.Append(plan.writeFailure("Giving Task Mining permission failed", "Giving", wanted.Key, err))
		return
	}
	key := wanted.Key
	plan.ID = types.StringValue(key.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, key.String())...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
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
	if r.show(ctx, &state, held, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	state.tellExtra(held, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(wanted.Key))...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, state.ID.ValueString())...)
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
	state.ID = types.StringValue(key.String())
	state.TenantName = types.StringValue(r.session.tenantName(ctx, key.Tenant))
	state.PrincipalName = optionalString(r.session.principalName(ctx, key.Principal, held.PrincipalType, diags))
	state.showName()
	state.MissingAICenterPermissions = types.SetNull(types.StringType)
	if held.Level != "" {
		state.showMissingAICenter(ctx, r.session.missingAICenter(ctx, key, held.Level, diags), diags)
	}
}

func (r *taskMiningPermissionResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state taskMiningPermissionModel
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
	held, err := permissions.Of(ctx, wanted.Key, slices.Concat(knownStrings(state.Projects), wanted.Projects)...)
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
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), key.String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("tenant"), key.Tenant.String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("principal_id"), key.Principal.String())...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(key))...)
}

// importKey reads "{tenant}/{principal}", or the GUID of one of its assignments as the export shows it, alone or behind a scope.
func (r *taskMiningPermissionResource) importKey(ctx context.Context, req resource.ImportStateRequest, diags *diag.Diagnostics) taskmining.Key {
	if req.ID == "" && req.Identity != nil {
		var identity taskMiningPermissionIdentityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		r.session.checkOrganization(identity.OrganizationID, diags)
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
	id, err := access.ParseGUID(principal)
	if tenant == "" || err != nil {
		diags.AddError("Invalid import id", fmt.Sprintf("%q is none of the forms \"{tenant}/{principal_id}\", \"{scope}|{id}\" and \"{id}\", where id is "+
			"the GUID of the role assignment as the export shows it.", strings.TrimSuffix(tenant+"/"+principal, "/")))
		return taskmining.Key{}
	}
	found, err := r.session.client.Tenant(ctx, tenant)
	if err != nil {
		diags.Append(failure("Tenant not found", "Importing the Task Mining permission "+tenant+"/"+principal+".", err))
	}
	return taskmining.Key{Tenant: found.ID, Principal: id}
}

func (r *taskMiningPermissionResource) assignedKey(ctx context.Context, under, id string, diags *diag.Diagnostics) taskmining.Key {
	scope, err := access.ParseScope(under)
	assignment, notGUID := access.ParseGUID(id)
	if err = cmp.Or(err, notGUID); err != nil {
		diags.AddError("Invalid import id", err.Error())
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
