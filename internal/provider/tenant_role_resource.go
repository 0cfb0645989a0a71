package provider

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
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
				Validators:          []validator.String{plainTextRule},
			},
			"description": schema.StringAttribute{
				Optional: true, Computed: true,
				Default:             stringdefault.StaticString("Managed by Terraform"),
				MarkdownDescription: "What the role is for; `Managed by Terraform` by default. UiPath requires one.",
				Validators:          []validator.String{plainTextRule},
			},
			"tenant":      owningTenant("GUID of the tenant that the role belongs to; the provider's `tenant` by default. A change replaces the role."),
			"tenant_name": shownString("Name of the tenant."),
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
	if req.Plan.Raw.IsNull() || r.session == nil {
		return
	}
	config, plan, state := readPlanning[tenantRoleModel](ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	what := fmt.Sprintf("The role %q", plan.Name.ValueString())
	plan.Tenant, plan.TenantName = r.session.chosenTenant(ctx, config.Tenant, plan.Tenant, what, &resp.Diagnostics)
	plan.OwnerService, plan.Type = ownerService(plan.Service), types.StringValue(string(access.RoleCustom))
	if state != nil {
		if plan.Tenant.sameMeaning(state.Tenant) {
			plan.Tenant, plan.TenantName = state.Tenant, state.TenantName
		} else {
			resp.RequiresReplace.Append(path.Root("tenant"))
		}
		if plan.Service.sameMeaning(state.Service) {
			plan.OwnerService, plan.Type = state.OwnerService, state.Type
		}
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	if !resp.Plan.Raw.Equal(req.State.Raw) && r.session.validatePermissions {
		resp.Diagnostics.Append(r.session.checkTenantRolePermissions(ctx, plan)...)
	}
}

func (r *tenantRoleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan tenantRoleModel
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
	plan.ID = types.StringValue(role.ID.String())
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(role.ID))...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
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
	state.fill(ctx, role, r.session.tenantName(ctx, role.TenantID), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(role.ID))...)
}

func (r *tenantRoleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state tenantRoleModel
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
				label(plan.TenantName.ValueString(), plan.Tenant.ValueString())), err))
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(id))...)
}

func (r *tenantRoleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state tenantRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, tenantRoleTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.session.client.DeleteRole(ctx, state.id()); err != nil {
		resp.Diagnostics.Append(failure("Deleting role failed", fmt.Sprintf("Deleting the tenant role %s.", state.label()), err))
	}
}

func (r *tenantRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	text := req.ID
	if req.ID == "" && req.Identity != nil {
		var identity tenantRoleIdentityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		r.session.checkOrganization(identity.OrganizationID, &resp.Diagnostics)
		text = identity.ID.ValueString()
	}
	id, err := access.ParseGUID(text)
	if err != nil {
		resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf("%q is not the GUID of a role, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301. "+
			"The data source uipath_role finds a role by its name.", text))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id.String())...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(id))...)
}
