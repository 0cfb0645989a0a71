package provider

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var (
	_ resource.ResourceWithConfigure   = (*tenantRoleResource)(nil)
	_ resource.ResourceWithIdentity    = (*tenantRoleResource)(nil)
	_ resource.ResourceWithImportState = (*tenantRoleResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*tenantRoleResource)(nil)
)

func newTenantRoleResource() resource.Resource {
	return &tenantRoleResource{configuredResource{typeName: "tenant_role"}}
}

type tenantRoleResource struct{ configuredResource }

// tenantRoleTimeout bounds each operation unless the configuration says otherwise.
const tenantRoleTimeout = 5 * time.Minute

func (r *tenantRoleResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A custom role of one tenant: a named set of permissions that can be assigned there.\n\nBuilt-in and platform roles, " +
			"and roles that belong to the organization or to a project, are read with the data source `uipath_role`.\n\n-> No public source gives " +
			"the names of the AI Center permissions that Task Mining needs. The names shown here, such as `ORCHESTRATOR.MLLOGS.VIEW`, are the " +
			"reference backend's own; `uipath_permissions` lists what your organization calls them.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "GUID of the role.",
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "Name of the role, unique in the organization.",
				Validators:          []validator.String{nameRule},
			},
			"description": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString("Managed by Terraform"),
				MarkdownDescription: "What the role is for; `Managed by Terraform` by default. UiPath requires one.",
				Validators:          []validator.String{nameRule},
			},
			"tenant_id": chosenID(guidForm, guidRule, "GUID of the tenant that the role belongs to. Give this or `tenant_name`, or both; the provider's "+
				"`tenant` by default. Another tenant replaces the role."),
			"tenant_name": chosenName(plainTextRule, "Name of the tenant, in any letter case."),
			"service": schema.StringAttribute{
				Optional: true, CustomType: serviceForm.attributeType(),
				MarkdownDescription: "Service that owns the role, such as `Document Understanding` or `IXP`. Without one the role is a multi-service " +
					"role, which can grant permissions of every service. A change replaces the role.",
				Validators:    []validator.String{roleServiceRule},
				PlanModifiers: []planmodifier.String{keepSpelling{serviceForm}, stringplanmodifier.RequiresReplace()},
			},
			"owner_service": shownString("The owner as the API spells it: `CentralizedAccess` for a multi-service role, `Reinfer` for IXP."),
			"type":          shownString("Type of the role: always `Custom`."),
			"permissions": schema.SetAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "Names of the permissions that the role grants, in upper case, such as `ORCHESTRATOR.MLPACKAGES.VIEW`; at least one. " +
					"The data source `uipath_permissions` lists them. They are checked against the server's catalogue when planning, " +
					"unless the provider's `validate_permissions` is `false`.",
				Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(permissionSpellingRule)},
			},
			"force_destroy": schema.BoolAttribute{
				Optional: true, Computed: true, Default: booldefault.StaticBool(false),
				MarkdownDescription: "Whether a role that others still hold is deleted, and their assignments with it; `false` by default, which refuses it " +
					"and names them. It must be applied before the role is destroyed.",
			},
			"timeouts": timeoutsAttribute(ctx, "the role", tenantRoleTimeout),
		},
	}
}

func (r *tenantRoleResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"organization_id": organizationIdentity(),
			"id":              identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the role."},
		},
	}
}

func (r *tenantRoleResource) identity(id access.GUID) tenantRoleIdentityModel {
	return tenantRoleIdentityModel{OrganizationID: r.session.organizationID(), ID: types.StringValue(id.String())}
}

func (r *tenantRoleResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.session == nil {
		return
	}
	if req.Plan.Raw.IsNull() {
		r.warnOfHolders(ctx, req, &resp.Diagnostics)
		return
	}
	if req.Plan.Raw.Equal(req.State.Raw) && r.stays(ctx, req, &resp.Diagnostics) {
		return
	}
	config, plan, state := readPlanning[tenantRoleModel](ctx, req, &resp.Diagnostics)
	meant := readMeantNames(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	plan.checkTexts(state, &resp.Diagnostics)
	what := fmt.Sprintf("The role %q", plan.Name.ValueString())
	var prior *pair
	if state != nil {
		prior = new(state.tenant())
	}
	plan.setTenant(r.session.settleTenant(ctx, what, config.tenant(), prior, meant["tenant_name"], &resp.Diagnostics))
	plan.OwnerService, plan.Type = ownerService(plan.Service), types.StringValue(string(access.RoleCustom))
	if state != nil {
		if plan.tenant().changes(*prior) {
			resp.RequiresReplace.Append(path.Root("tenant_id"))
		}
		if plan.Service.sameMeaning(state.Service) {
			plan.OwnerService, plan.Type = state.OwnerService, state.Type
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r.checkName(ctx, plan, state, &resp.Diagnostics)
	r.note(plan, state)
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	if !resp.Plan.Raw.Equal(req.State.Raw) && r.session.validatePermissions {
		resp.Diagnostics.Append(r.session.checkTenantRolePermissions(ctx, plan)...)
	}
}

// warnOfHolders says who holds a role that is to be destroyed, without those whose assignments this run removes as far as that is planned.
// It is no error: whether they still hold it is known when Terraform applies.
func (r *tenantRoleResource) warnOfHolders(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	var state tenantRoleModel
	if diags.Append(req.State.Get(ctx, &state)...); diags.HasError() {
		return
	}
	holders, _, err := r.session.client.RoleHolders(ctx, state.held())
	holders = slices.DeleteFunc(holders, func(held uipath.Assignment) bool { return r.session.planned.removes(held.Key) })
	if err != nil || len(holders) == 0 {
		// What cannot be read is said when it matters.
		return
	}
	consequence := "Destroying the role fails as long as they hold it."
	if state.ForceDestroy.ValueBool() {
		consequence = "force_destroy is true: they lose it with the role."
	}
	diags.AddWarning("Others hold the role", paragraphs(fmt.Sprintf("The tenant role %s is to be destroyed, and this plan leaves it with %d:",
		state.label(), len(holders)), r.session.listHolders(ctx, holders), consequence))
}

// stays reports whether a role whose attributes have not changed stays as it is: one that follows the provider's tenant may not. It is the quick
// way for all that a large plan leaves alone.
func (r *tenantRoleResource) stays(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) bool {
	var state tenantRoleModel
	var tenantID canonicalString
	var tenantName types.String
	diags.Append(req.Config.GetAttribute(ctx, path.Root("tenant_id"), &tenantID)...)
	diags.Append(req.Config.GetAttribute(ctx, path.Root("tenant_name"), &tenantName)...)
	diags.Append(req.State.GetAttribute(ctx, path.Root("tenant_id"), &state.TenantID)...)
	diags.Append(req.State.GetAttribute(ctx, path.Root("id"), &state.ID)...)
	diags.Append(req.State.GetAttribute(ctx, path.Root("name"), &state.Name)...)
	if tenantID.IsNull() && tenantName.IsNull() {
		byDefault, ok := r.session.client.DefaultTenant()
		if !ok || !guidForm.same(byDefault.ID.String(), state.TenantID.ValueString()) {
			return false
		}
	}
	r.note(state, &state)
	return !diags.HasError()
}

// note tells the run what becomes of the role, for those that name it.
func (r *tenantRoleResource) note(plan tenantRoleModel, state *tenantRoleModel) {
	switch {
	case plan.Name.IsUnknown():
	case state != nil:
		r.session.planned.willName(state.id(), plan.Name.ValueString())
	default:
		r.session.planned.willCreate(plan.planned())
	}
}

// checkName refuses a name that another role has. A role that this run has read may give it up: Terraform tells nothing of the state of a role
// that is tainted, and says in which order roles are renamed only when it applies.
func (r *tenantRoleResource) checkName(ctx context.Context, plan tenantRoleModel, state *tenantRoleModel, diags *diag.Diagnostics) {
	if plan.Name.IsUnknown() || state != nil && plan.Name.Equal(state.Name) {
		return
	}
	roles, err := r.session.client.Roles(ctx)
	if err != nil {
		diags.Append(attributeFailure(path.Root("name"), "Roles cannot be read", fmt.Sprintf("Whether a role is called %s already was to be looked up.",
			plan.Name), err))
		return
	}
	for _, role := range roles {
		own := state != nil && role.ID == state.id()
		if !own && strings.EqualFold(role.Name, plan.Name.ValueString()) && !r.session.planned.isRead(role.ID) {
			diags.Append(r.nameTaken(ctx, fmt.Sprintf("The role %s cannot be planned.", plan.Name), role))
		}
	}
}

func (r *tenantRoleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, plan tenantRoleModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	spec := plan.spec(ctx, &resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Create, tenantRoleTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	role, err := r.session.client.CreateRole(ctx, spec)
	if err != nil {
		resp.Diagnostics.Append(r.createFailure(ctx, plan, err))
		return
	}
	r.session.planned.hasCreated(role)
	plan.ID = types.StringValue(role.ID.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(role.ID))...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
	resp.Diagnostics.Append(tenantMeant(config.tenant(), plan.tenant()).keep(ctx, resp.Private)...)
}

func (r *tenantRoleResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state tenantRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	written := writtenAt(ctx, req.Private, &resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Read, tenantRoleTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.id()
	var role uipath.Role
	err := r.session.untilVisible(ctx, written, func(ctx context.Context) (err error) {
		role, err = r.session.client.Role(ctx, id)
		return err
	})
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		removeGone(ctx, resp, r.identity(id))
		return
	case err != nil:
		resp.Diagnostics.Append(failure("Reading role failed", fmt.Sprintf("Reading the tenant role %s.", state.label()), err))
		return
	case !isCustomTenantRole(role):
		resp.Diagnostics.AddError("Not a custom tenant role", fmt.Sprintf("The role %s is %s. A uipath_tenant_role manages custom roles of one "+
			"tenant only; read this one with the data source uipath_role.", label(role.Name, role.ID), r.session.roleKind(ctx, role)))
		return
	}
	r.session.planned.hasRead(id)
	state.fill(ctx, role, r.session.heldTenant(ctx, role.TenantID), &resp.Diagnostics)
	meant := readMeantNames(ctx, req.Private, &resp.Diagnostics)
	meant.add("tenant_name", state.TenantName.ValueString())
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(role.ID))...)
	resp.Diagnostics.Append(meant.keep(ctx, resp.Private)...)
}

func (r *tenantRoleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan, state tenantRoleModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	wanted, held := plan.spec(ctx, &resp.Diagnostics), state.spec(ctx, &resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, plan.Timeouts.Update, tenantRoleTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.id()
	// Nothing is sent where only the timeouts changed, which are Terraform's own.
	if !reflect.DeepEqual(wanted, held) {
		if _, err := r.session.client.UpdateRole(ctx, id, wanted); err != nil {
			resp.Diagnostics.Append(r.writeFailure(ctx, "Updating role failed", fmt.Sprintf("Updating the role %s in the tenant %s.", state.label(),
				plan.tenant().label()), err))
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(id))...)
	resp.Diagnostics.Append(tenantMeant(config.tenant(), plan.tenant()).keep(ctx, resp.Private)...)
}

func (r *tenantRoleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state tenantRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, tenantRoleTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if r.release(ctx, state, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	if err := r.session.client.DeleteRole(ctx, state.id()); err != nil {
		resp.Diagnostics.Append(failure("Deleting role failed", fmt.Sprintf("Deleting the tenant role %s.", state.label()), err))
	}
}

// release refuses to delete a role that others still hold, or takes it from them if the configuration says so.
func (r *tenantRoleResource) release(ctx context.Context, state tenantRoleModel, diags *diag.Diagnostics) {
	holders, _, err := r.session.client.RoleHolders(ctx, state.held())
	switch {
	case err != nil:
		diags.Append(failure("Holders of the role cannot be read", fmt.Sprintf("Before the tenant role %s is deleted, it was to be looked up who holds it.",
			state.label()), err))
	case len(holders) == 0:
	case !state.ForceDestroy.ValueBool():
		diags.Append(r.session.stillHeld(ctx, state, holders))
	default:
		keys := make([]uipath.AssignmentKey, len(holders))
		for i, held := range holders {
			keys[i] = held.Key
		}
		if err := r.session.client.Change(ctx, nil, keys); err != nil {
			diags.Append(failure("Deleting role failed", fmt.Sprintf("Taking the tenant role %s from those who hold it.", state.label()), err))
		}
	}
}

func (r *tenantRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := importedGUID(req.ID)
	if req.ID == "" && req.Identity != nil {
		var identity tenantRoleIdentityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		r.session.checkOrganization(identity.OrganizationID, &resp.Diagnostics)
		id = identityGUID("id", identity.ID, &resp.Diagnostics)
	}
	if id == "" && !resp.Diagnostics.HasError() {
		id = r.importNamed(ctx, req.ID, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id.String())...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(id))...)
}

// importNamed returns the id of the role of a name. Of several it is the one that this resource can manage, if there is one.
func (r *tenantRoleResource) importNamed(ctx context.Context, name string, diags *diag.Diagnostics) access.GUID {
	found, err := r.session.client.RolesNamed(ctx, name)
	switch {
	case err != nil:
		diags.Append(failure("Roles cannot be read", fmt.Sprintf("The role %q was to be found.", name), err))
		return ""
	case len(found) == 0:
		r.session.idsOfRole(ctx, name, path.Root("id"), diags)
		return ""
	}
	// The others are refused when they are read.
	return found[max(0, slices.IndexFunc(found, isCustomTenantRole))].ID
}
