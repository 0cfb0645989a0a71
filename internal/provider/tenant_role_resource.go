package provider

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
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

func newTenantRoleResource() resource.Resource { return &tenantRoleResource{} }

type tenantRoleResource struct{ configuredResource }

// tenantRoleTimeout bounds each operation unless the configuration says otherwise.
const tenantRoleTimeout = 5 * time.Minute

type tenantRoleModel struct {
	ID           types.String   `tfsdk:"id"`
	Name         types.String   `tfsdk:"name"`
	Description  types.String   `tfsdk:"description"`
	Tenant       canonicalString   `tfsdk:"tenant"`
	TenantName   types.String   `tfsdk:"tenant_name"`
	Service      canonicalString   `tfsdk:"service"`
	OwnerService types.String   `tfsdk:"owner_service"`
	Type         types.String   `tfsdk:"type"`
	Permissions  types.Set      `tfsdk:"permissions"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

// spec is the whole role as the configuration wants it.
func (m tenantRoleModel) spec(ctx context.Context) (uipath.RoleSpec, diag.Diagnostics) {
	spec := uipath.RoleSpec{
		Name:        m.Name.ValueString(),
		Description: m.Description.ValueString(),
		Shape:       access.ShapeTenant,
		TenantID:    access.CanonicalGUID(m.Tenant.ValueString()),
	}
	if service, ok := access.FindService(m.Service.ValueString()); ok {
		spec.Service = service.Name
	}
	diags := m.Permissions.ElementsAs(ctx, &spec.Permissions, false)
	slices.Sort(spec.Permissions)
	return spec, diags
}

// fill takes over what the server holds.
func (m *tenantRoleModel) fill(ctx context.Context, role uipath.Role, tenantName string) diag.Diagnostics {
	m.ID = types.StringValue(role.ID)
	m.Name = types.StringValue(role.Name)
	m.Description = types.StringValue(role.Description)
	m.Tenant = guidForm.value(role.TenantID)
	m.TenantName = types.StringValue(tenantName)
	m.Service = serviceForm.null()
	if service, _ := access.FindService(role.Service); service != access.MultiService {
		m.Service = serviceForm.value(access.ServiceDisplayName(role.Service))
	}
	m.OwnerService = types.StringValue(role.Service)
	m.Type = types.StringValue(string(role.Type))
	permissions, diags := types.SetValueFrom(ctx, types.StringType, role.Permissions)
	m.Permissions = permissions
	return diags
}

type tenantRoleIdentityModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	ID             types.String `tfsdk:"id"`
}

func (r *tenantRoleResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_tenant_role"
}

func (r *tenantRoleResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A custom role of one tenant: a named set of permissions that can be assigned there.\n\n" +
			"Built-in and platform roles, and roles that belong to the organization or to a project, are read with the data source `uipath_role`.\n\n" +
			"-> No public source gives the names of the AI Center permissions that Task Mining needs. Those shown here, `ORCHESTRATOR.MLLOGS.VIEW` and " +
			"its like, are the reference backend's own; `uipath_permissions` lists what your organization calls them.",
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
				MarkdownDescription: "What the role is for; `Managed by Terraform` by default. UiPath demands one.",
				Validators:          []validator.String{plainTextRule},
			},
			"tenant": schema.StringAttribute{
				Optional: true, Computed: true, CustomType: guidForm.attributeType(),
				MarkdownDescription: "GUID of the tenant that the role belongs to; the provider's `tenant` by default. A change replaces the role.",
				Validators:          []validator.String{guidRule},
				PlanModifiers:       []planmodifier.String{keepSpelling{guidForm}},
			},
			"tenant_name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Name of the tenant.",
			},
			"service": schema.StringAttribute{
				Optional: true, CustomType: serviceForm.attributeType(),
				MarkdownDescription: "Service that owns the role, such as `Document Understanding` or `IXP`. Without one the role is a multi-service " +
					"role, which can grant permissions of every service. A change replaces the role.",
				Validators: []validator.String{roleServiceRule},
				PlanModifiers: []planmodifier.String{
					keepSpelling{serviceForm},
					stringplanmodifier.RequiresReplace(),
				},
			},
			"owner_service": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The owner as the API spells it: `CentralizedAccess` for a multi-service role, `Reinfer` for IXP.",
			},
			"type": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "Type of the role: always `Custom`.",
			},
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
			"organization_id": identityschema.StringAttribute{OptionalForImport: true, Description: "GUID of the organization; the provider's by default."},
			"id":              identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the role."},
		},
	}
}

func (r *tenantRoleResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.session == nil {
		return
	}
	var config, plan tenantRoleModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var state *tenantRoleModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	var diags diag.Diagnostics
	plan.Tenant, plan.TenantName, diags = r.session.chosenTenant(ctx, config.Tenant, plan.Tenant, fmt.Sprintf("The role %q", plan.Name.ValueString()))
	resp.Diagnostics.Append(diags...)
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

// ownerService returns the API's name of what will own the role.
func ownerService(service canonicalString) types.String {
	if service.IsUnknown() {
		return types.StringUnknown()
	}
	if s, ok := access.FindService(service.ValueString()); ok {
		return types.StringValue(s.Name)
	}
	return types.StringValue(access.MultiService.Name)
}

func (r *tenantRoleResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan tenantRoleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, tenantRoleTimeout)
	resp.Diagnostics.Append(diags...)
	spec, diags := plan.spec(ctx)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	role, err := r.session.client.CreateRole(ctx, spec)
	if err != nil {
		resp.Diagnostics.Append(r.createFailure(ctx, plan, err))
		return
	}
	plan.ID = types.StringValue(role.ID)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, role.ID)...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
}

func (r *tenantRoleResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state tenantRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Read(ctx, tenantRoleTimeout)
	resp.Diagnostics.Append(diags...)
	written, diags := writtenAt(ctx, req.Private)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	id := state.ID.ValueString()
	var role uipath.Role
	err := r.session.untilVisible(ctx, written, func(ctx context.Context) (err error) {
		role, err = r.session.client.Role(ctx, id)
		return err
	})
	if errors.Is(err, uipath.ErrNotFound) {
		if resp.Identity.Raw.IsFullyNull() {
			resp.Diagnostics.Append(r.identify(ctx, resp.Identity, id)...)
		}
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		resp.Diagnostics.Append(failure("Reading role failed", fmt.Sprintf("Reading the tenant role %s.", label(state.Name.ValueString(), id)), err))
		return
	}
	if !isCustomTenantRole(role) {
		resp.Diagnostics.AddError("Not a custom tenant role", fmt.Sprintf("The role %s is %s. A uipath_tenant_role manages custom roles of one "+
			"tenant only; read this one with the data source uipath_role.", label(role.Name, role.ID), r.session.roleKind(ctx, role)))
		return
	}
	resp.Diagnostics.Append(state.fill(ctx, role, r.session.tenantName(ctx, role.TenantID))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, role.ID)...)
}

func (r *tenantRoleResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state tenantRoleModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, tenantRoleTimeout)
	resp.Diagnostics.Append(diags...)
	wanted, diags := plan.spec(ctx)
	resp.Diagnostics.Append(diags...)
	held, diags := state.spec(ctx)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	id := state.ID.ValueString()
	// Nothing is sent where only the timeouts changed, which are Terraform's own.
	if !reflect.DeepEqual(wanted, held) {
		if _, err := r.session.client.UpdateRole(ctx, id, wanted); err != nil {
			resp.Diagnostics.Append(r.writeFailure(ctx, "Updating role failed",
				fmt.Sprintf("Updating the role %s in the tenant %s.", label(state.Name.ValueString(), id),
					label(plan.TenantName.ValueString(), plan.Tenant.ValueString())), err))
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, id)...)
}

func (r *tenantRoleResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state tenantRoleModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, tenantRoleTimeout)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := r.session.client.DeleteRole(ctx, state.ID.ValueString()); err != nil {
		resp.Diagnostics.Append(failure("Deleting role failed",
			fmt.Sprintf("Deleting the tenant role %s.", label(state.Name.ValueString(), state.ID.ValueString())), err))
	}
}

func (r *tenantRoleResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := req.ID
	if req.ID == "" && req.Identity != nil {
		var identity tenantRoleIdentityModel
		if resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...); resp.Diagnostics.HasError() {
			return
		}
		if resp.Diagnostics.Append(r.session.sameOrganization(identity.OrganizationID)...); resp.Diagnostics.HasError() {
			return
		}
		id = identity.ID.ValueString()
	}
	if !access.IsGUID(id) {
		resp.Diagnostics.AddError("Invalid import id", fmt.Sprintf("%q is not the GUID of a role, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301. "+
			"The data source uipath_role finds a role by its name.", id))
		return
	}
	id = access.CanonicalGUID(id)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, id)...)
}

// isCustomTenantRole reports whether this resource can manage the role.
func isCustomTenantRole(role uipath.Role) bool {
	return role.Type == access.RoleCustom && role.Shape == access.ShapeTenant
}

func (r *tenantRoleResource) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, id string) diag.Diagnostics {
	return identity.Set(ctx, tenantRoleIdentityModel{
		OrganizationID: types.StringValue(r.session.client.Organization().ID),
		ID:             types.StringValue(access.CanonicalGUID(id)),
	})
}
