package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
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

func newRoleAssignmentResource() resource.Resource { return &roleAssignmentResource{} }

type roleAssignmentResource struct{ configuredResource }

// roleAssignmentTimeout bounds each operation unless the configuration says otherwise.
const roleAssignmentTimeout = 10 * time.Minute

type roleAssignmentModel struct {
	ID            types.String   `tfsdk:"id"`
	RoleID        canonicalString   `tfsdk:"role_id"`
	PrincipalID   canonicalString   `tfsdk:"principal_id"`
	PrincipalType types.String   `tfsdk:"principal_type"`
	Scope         canonicalString   `tfsdk:"scope"`
	Name          types.String   `tfsdk:"name"`
	RoleName      types.String   `tfsdk:"role_name"`
	PrincipalName types.String   `tfsdk:"principal_name"`
	ScopeName     types.String   `tfsdk:"scope_name"`
	Effective     types.Bool     `tfsdk:"effective"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
}

// known reports whether all that identifies the assignment is known.
func (m roleAssignmentModel) known() bool {
	return !m.RoleID.IsUnknown() && !m.PrincipalID.IsUnknown() && !m.PrincipalType.IsUnknown() && !m.Scope.IsUnknown()
}

// key returns the triple, which the schema has validated.
func (m roleAssignmentModel) key() (uipath.AssignmentKey, error) {
	scope, err := access.ParseScope(m.Scope.ValueString())
	return uipath.AssignmentKey{
		RoleID:      access.CanonicalGUID(m.RoleID.ValueString()),
		PrincipalID: access.CanonicalGUID(m.PrincipalID.ValueString()),
		Scope:       scope,
	}, err
}

// assignmentID is the canonical spelling of the triple: it is the assignment.
func assignmentID(key uipath.AssignmentKey) string {
	return strings.Join([]string{key.Scope.String(), key.RoleID, key.PrincipalID}, "|")
}

// sameTriple reports whether both are the same assignment, in whatever spelling.
func (m roleAssignmentModel) sameTriple(other roleAssignmentModel) bool {
	return m.RoleID.sameMeaning(other.RoleID) && m.PrincipalID.sameMeaning(other.PrincipalID) && m.Scope.sameMeaning(other.Scope) &&
		m.PrincipalType.Equal(other.PrincipalType)
}

// fill takes over what the server holds.
func (m *roleAssignmentModel) fill(found uipath.Assignment) {
	m.ID = types.StringValue(assignmentID(found.Key))
	m.RoleID, m.PrincipalID = guidForm.value(found.Key.RoleID), guidForm.value(found.Key.PrincipalID)
	m.Scope = scopeForm.value(found.Key.Scope.String())
	m.PrincipalType = types.StringValue(string(found.PrincipalType))
}

// show takes over what there is to see of an assignment.
func (m *roleAssignmentModel) show(shown shownAssignment) {
	m.Name, m.RoleName, m.ScopeName = types.StringValue(shown.name), types.StringValue(shown.role), types.StringValue(shown.scope)
	m.PrincipalName = types.StringNull()
	if shown.principal != "" {
		m.PrincipalName = types.StringValue(shown.principal)
	}
	m.Effective = types.BoolValue(shown.effective)
}

type roleAssignmentIdentityModel struct {
	OrganizationID types.String `tfsdk:"organization_id"`
	Scope          types.String `tfsdk:"scope"`
	RoleID         types.String `tfsdk:"role_id"`
	PrincipalID    types.String `tfsdk:"principal_id"`
}

func (r *roleAssignmentResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_role_assignment"
}

func (r *roleAssignmentResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	guid := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			Required: true, CustomType: guidForm.attributeType(),
			MarkdownDescription: description,
			Validators:          []validator.String{guidRule},
			PlanModifiers:       []planmodifier.String{keepSpelling{guidForm}, stringplanmodifier.RequiresReplace()},
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who has which role where: one role, for one principal, at one scope. It manages that one assignment and leaves all " +
			"others alone.\n\n" +
			"An assignment that exists already is never adopted silently: the plan fails and offers an `import` block.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "`{scope}|{role_id}|{principal_id}`, in canonical spelling: the three are the assignment.",
			},
			"role_id":      guid("GUID of the role. The data source `uipath_role` finds it by name. A change replaces the assignment."),
			"principal_id": guid("GUID of who gets the role. The data source `uipath_principal` finds it by name. A change replaces the assignment."),
			"principal_type": schema.StringAttribute{
				Required:            true,
				MarkdownDescription: "`User`, `Group`, `Robot` (a robot account) or `ExternalApplication`. A change replaces the assignment.",
				Validators:          []validator.String{principalTypeRule},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
			},
			"scope": schema.StringAttribute{
				Required: true, CustomType: scopeForm.attributeType(),
				MarkdownDescription: "Where the role applies: `/`, `/tenant/{id}`, `/tenant/{id}/{service}`, `/tenant/{id}/orchestrator/folder/{key}` or " +
					"`/tenant/{id}/{service}/project/{id}`. Letter case does not matter. A multi-service role is assigned at a path without a service, any other " +
					"at its own service's. A change replaces the assignment.",
				Validators:    []validator.String{scopeRule},
				PlanModifiers: []planmodifier.String{keepSpelling{scopeForm}, stringplanmodifier.RequiresReplace()},
			},
			"name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The assignment in words, such as `Grace Hopper -> Tenant Administrator @ Production`.",
			},
			"role_name": schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the role."},
			"principal_name": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "Display name of the principal, else its e-mail or directory name; its id where the directory does not know it. " +
					"Null where the provider's `resolve_principals` is `false`.",
			},
			"scope_name": schema.StringAttribute{
				Computed:            true,
				MarkdownDescription: "The scope with names in place of ids, such as `Production / Task Mining`.",
			},
			"effective": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "Whether the role does anything at this scope. `false` only for an assignment that was made elsewhere, at a scope " +
					"that does not fit the role's owner service.",
			},
			"timeouts": timeoutsAttribute(ctx, "the assignment", roleAssignmentTimeout),
		},
	}
}

func (r *roleAssignmentResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"organization_id": identityschema.StringAttribute{OptionalForImport: true, Description: "GUID of the organization; the provider's by default."},
			"scope":           identityschema.StringAttribute{RequiredForImport: true, Description: "Path of the scope."},
			"role_id":         identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the role."},
			"principal_id":    identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the principal."},
		},
	}
}

func (r *roleAssignmentResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() || r.session == nil {
		return
	}
	var plan roleAssignmentModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	var state *roleAssignmentModel
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	}
	prior, diags := priorOwned(ctx, req.Private)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	if state != nil {
		// A replacement is planned again as a creation, which then knows that the triple in its way is its own.
		resp.Diagnostics.Append(keepOwned(ctx, resp.Private, state.ID.ValueString())...)
	}
	switch {
	case state != nil && plan.sameTriple(*state):
		plan.ID, plan.Name, plan.RoleName, plan.PrincipalName = state.ID, state.Name, state.RoleName, state.PrincipalName
		plan.ScopeName, plan.Effective = state.ScopeName, state.Effective
	case !plan.known():
		plan.ID, plan.Name, plan.RoleName, plan.PrincipalName = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
		plan.ScopeName, plan.Effective = types.StringUnknown(), types.BoolUnknown()
	default:
		resp.Diagnostics.Append(r.planNew(ctx, &plan, prior)...)
	}
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// planNew checks an assignment that is to be made, and shows it by its names.
func (r *roleAssignmentResource) planNew(ctx context.Context, plan *roleAssignmentModel, prior string) diag.Diagnostics {
	key, err := plan.key()
	if err != nil {
		return diag.Diagnostics{attributeFailure(path.Root("scope"), "Invalid scope", "Planning a role assignment.", err)}
	}
	plan.ID = types.StringValue(assignmentID(key))
	shown, diags := r.session.checkAssignment(ctx, key, access.PrincipalType(plan.PrincipalType.ValueString()))
	if diags.HasError() {
		return diags
	}
	plan.show(shown)
	if plan.ID.ValueString() == prior {
		return diags
	}
	existing, found, err := r.session.client.ListedAssignment(ctx, key)
	switch {
	case err != nil:
		diags.Append(failure("Reading role assignments failed", "Looking whether this exists already: "+shown.describe(key), err))
	case found:
		diags.Append(assignmentExists(shown, key, existing))
	}
	return diags
}

func (r *roleAssignmentResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan roleAssignmentModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, roleAssignmentTimeout)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	key, err := plan.key()
	if err != nil {
		resp.Diagnostics.Append(attributeFailure(path.Root("scope"), "Invalid scope", "Creating a role assignment.", err))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	shown := plan.shown()
	if err := r.session.client.Assign(ctx, uipath.Grant{Key: key, PrincipalType: access.PrincipalType(plan.PrincipalType.ValueString())}); err != nil {
		resp.Diagnostics.Append(createAssignmentFailure(shown, key, err))
		return
	}
	plan.ID = types.StringValue(assignmentID(key))
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, key)...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, plan.ID.ValueString())...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
}

func (r *roleAssignmentResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state roleAssignmentModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Read(ctx, roleAssignmentTimeout)
	resp.Diagnostics.Append(diags...)
	written, diags := writtenAt(ctx, req.Private)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	key, err := state.key()
	if err != nil {
		resp.Diagnostics.Append(failure("Reading role assignment failed", "Reading the role assignment "+state.ID.ValueString()+".", err))
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	var found uipath.Assignment
	look := r.session.client.Assignment
	err = r.session.untilVisible(ctx, written, func(ctx context.Context) (err error) {
		found, err = look(ctx, key)
		look = r.session.client.RefreshedAssignment // The shared listing would give the same answer again.
		return err
	})
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		if resp.Identity.Raw.IsFullyNull() {
			resp.Diagnostics.Append(r.identify(ctx, resp.Identity, key)...)
		}
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(failure("Reading role assignment failed", "Reading "+state.shown().describe(key), err))
		return
	}
	shown, diags := r.session.showAssignment(ctx, key, found)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	state.fill(found)
	state.show(shown)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, key)...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, state.ID.ValueString())...)
}

// Update has nothing to send: whatever makes another assignment replaces this one, and timeouts are Terraform's own.
func (r *roleAssignmentResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan roleAssignmentModel
	if resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...); resp.Diagnostics.HasError() {
		return
	}
	key, err := plan.key()
	if err != nil {
		resp.Diagnostics.Append(failure("Updating role assignment failed", "Updating the role assignment "+plan.ID.ValueString()+".", err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, key)...)
}

func (r *roleAssignmentResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state roleAssignmentModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, roleAssignmentTimeout)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	key, err := state.key()
	if err == nil {
		err = r.session.client.Unassign(ctx, key)
	}
	if err != nil {
		resp.Diagnostics.Append(deleteAssignmentFailure(state.shown(), key, err))
	}
}

func (r *roleAssignmentResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	key, diags := r.importKey(ctx, req)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), assignmentID(key))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("scope"), key.Scope.String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("role_id"), key.RoleID)...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("principal_id"), key.PrincipalID)...)
	resp.Diagnostics.Append(r.identify(ctx, resp.Identity, key)...)
}

// importKey reads the triple, the GUID that the export shows, or that GUID with the scope it stands at.
func (r *roleAssignmentResource) importKey(ctx context.Context, req resource.ImportStateRequest) (uipath.AssignmentKey, diag.Diagnostics) {
	var diags diag.Diagnostics
	parts := strings.Split(req.ID, "|")
	if req.ID == "" && req.Identity != nil {
		var identity roleAssignmentIdentityModel
		diags.Append(req.Identity.Get(ctx, &identity)...)
		diags.Append(r.session.sameOrganization(identity.OrganizationID)...)
		parts = []string{identity.Scope.ValueString(), identity.RoleID.ValueString(), identity.PrincipalID.ValueString()}
	}
	under := access.Organization
	if len(parts) > 1 {
		var err error
		if under, err = access.ParseScope(parts[0]); err != nil {
			diags.AddError("Invalid import id", err.Error())
			return uipath.AssignmentKey{}, diags
		}
		parts = parts[1:]
	}
	for _, part := range parts {
		if len(parts) > 2 || !access.IsGUID(part) {
			diags.AddError("Invalid import id", fmt.Sprintf("%q is none of the forms \"{scope}|{role_id}|{principal_id}\", \"{scope}|{id}\" and "+
				"\"{id}\", where id is the GUID of the assignment as the export shows it.", req.ID))
			return uipath.AssignmentKey{}, diags
		}
	}
	if len(parts) == 2 {
		return uipath.AssignmentKey{RoleID: access.CanonicalGUID(parts[0]), PrincipalID: access.CanonicalGUID(parts[1]), Scope: under}, diags
	}
	found, err := r.session.client.AssignmentByID(ctx, access.CanonicalGUID(parts[0]), under)
	if err != nil {
		diags.Append(failure("Role assignment not found", fmt.Sprintf("Looking for the role assignment %s at %s and below. Who may not list "+
			"that gives the scope too, as \"{scope}|{id}\".", parts[0], under), err))
	}
	return found.Key, diags
}

func (r *roleAssignmentResource) identify(ctx context.Context, identity *tfsdk.ResourceIdentity, key uipath.AssignmentKey) diag.Diagnostics {
	return identity.Set(ctx, roleAssignmentIdentityModel{
		OrganizationID: types.StringValue(r.session.client.Organization().ID),
		Scope:          types.StringValue(key.Scope.String()),
		RoleID:         types.StringValue(key.RoleID),
		PrincipalID:    types.StringValue(key.PrincipalID),
	})
}
