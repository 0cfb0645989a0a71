package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var (
	_ resource.ResourceWithConfigure      = (*orchestratorGrantResource)(nil)
	_ resource.ResourceWithIdentity       = (*orchestratorGrantResource)(nil)
	_ resource.ResourceWithImportState    = (*orchestratorGrantResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*orchestratorGrantResource)(nil)
	_ resource.ResourceWithValidateConfig = (*orchestratorGrantResource)(nil)
)

func newOrchestratorGrantResource() resource.Resource {
	return &orchestratorGrantResource{configuredResource{typeName: "orchestrator_role_assignment"}}
}

// orchestratorGrantResource is one role of Orchestrator for one principal, at a tenant or at one folder.
type orchestratorGrantResource struct{ configuredResource }

func (r *orchestratorGrantResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who has which role of Orchestrator: one role that was made there or comes with it, for one principal, at a tenant " +
			"or at one " +
			"folder. It manages that one assignment and leaves all others alone.\n\nAn account that the directory has and Orchestrator does not is added to " +
			"Orchestrator, and stays there when the assignment is destroyed. Roles of the platform are assigned with `uipath_role_assignment`.\n\n" +
			"An assignment that exists already is never adopted silently: the plan fails and offers an `import` block.\n\n~> At folders every change " +
			"replaces all " +
			"roles that a principal has there, and Orchestrator has no other call. The provider reads them immediately before it writes, and again " +
			"afterwards. What somebody else changes for the same principal at the same folder between that read and the write is lost.",
		Attributes: map[string]schema.Attribute{
			"role_id": chosenID(numberForm, numberRule, "Number of the role in Orchestrator of the tenant. Give this or `role_name`, or both. Another role "+
				"replaces the assignment."),
			"role_name": chosenName(nameRule, "Name of the role, in exact letter case. Take it from the resource of a role that the same "+
				"configuration creates "+
				"or renames, as in `uipath_orchestrator_role.example.name`, so that Terraform knows the order."),
			"principal_id": chosenID(guidForm, guidRule, "GUID of the principal that gets the role. Give this or `principal_name`, or both. Another "+
				"principal "+
				"replaces the assignment."),
			"principal_name": chosenName(nameRule, "Name of the principal: the e-mail or user name of a user, in any letter case, or the exact name "+
				"of a group, "+
				"a robot account or an external application. The display name of a user is accepted if no other user has it."),
			"principal_type": schema.StringAttribute{
				Optional: true, Computed: true, Validators: []validator.String{principalTypeRule},
				MarkdownDescription: "`User`, `Group`, `Robot` (a robot account) or `ExternalApplication`. The directory tells it. It is needed to tell " +
					"equal names " +
					"apart, and with `resolve_principals = false`. A change replaces the assignment.",
			},
			"tenant_id": chosenID(guidForm, guidRule, "GUID of the tenant. Give this or `tenant_name`, or both; the provider's `tenant` by default. Another "+
				"tenant replaces the assignment."),
			"tenant_name": chosenName(plainTextRule, "Name of the tenant, in any letter case."),
			"folder_key": chosenID(guidForm, guidRule, "GUID of the folder where a folder role applies, with everything in it. Give this or "+
				"`folder_name`, or "+
				"both; neither for a tenant role. Another folder replaces the assignment."),
			"folder_name": chosenName(nameRule, "Name of the folder with the folders that it is in, such as `Finance/Invoices`, in exact letter case."),
			"name":        shownString("The assignment in words, such as `grace.hopper@acme.example -> Queue Reader @ Production / Orchestrator / Finance`."),
			"timeouts":    timeoutsAttribute(ctx, "the assignment", roleAssignmentTimeout),
		},
	}
}

func (r *orchestratorGrantResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"organization_id": organizationIdentity(),
			"tenant_id":       identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the tenant."},
			"folder_key":      identityschema.StringAttribute{OptionalForImport: true, Description: "GUID of the folder; none at the tenant."},
			"role_id":         identityschema.StringAttribute{RequiredForImport: true, Description: "Number of the role."},
			"principal_id":    identityschema.StringAttribute{RequiredForImport: true, Description: "GUID of the principal."},
		},
	}
}

func (r *orchestratorGrantResource) identity(g uipath.OrchestratorGrant) orchestratorGrantIdentityModel {
	return orchestratorGrantIdentityModel{
		OrganizationID: r.session.organizationID(), TenantID: types.StringValue(g.TenantID.String()), FolderKey: optionalString(g.FolderKey),
		RoleID: types.StringValue(fmt.Sprint(g.RoleID)), PrincipalID: types.StringValue(g.PrincipalID.String()),
	}
}

// ValidateConfig refuses a configuration that names a role or a principal in neither way.
func (r *orchestratorGrantResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	var config orchestratorGrantModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &config)...); resp.Diagnostics.HasError() {
		return
	}
	needOne(config.role(), "role", "role_id", "role_name", &resp.Diagnostics)
	needOne(config.principal(), "principal", "principal_id", "principal_name", &resp.Diagnostics)
}

func (r *orchestratorGrantResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.session == nil || req.Plan.Raw.IsNull() {
		return
	}
	prior := priorOwned(ctx, req.Private, &resp.Diagnostics)
	config, plan, state := readPlanning[orchestratorGrantModel](ctx, req, &resp.Diagnostics)
	meant := readMeantNames(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if state != nil {
		// A replacement is planned again as a creation, which then knows that the assignment in its way is its own.
		resp.Diagnostics.Append(keepOwned(ctx, resp.Private, grantID(state.grant(&resp.Diagnostics)))...)
	}
	role := r.settle(ctx, config, &plan, state, meant, &resp.Diagnostics)
	if state != nil {
		resp.RequiresReplace.Append(plan.replacing(*state)...)
	}
	if state == nil || !plan.sameGrant(*state) {
		r.checkLevel(plan, role, &resp.Diagnostics)
		r.checkNew(ctx, plan, prior, &resp.Diagnostics)
	}
	plan.showName()
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, plan)...)
	}
}

// settle plans the objects of an assignment, and returns the role if it was looked up.
func (r *orchestratorGrantResource) settle(
	ctx context.Context, config orchestratorGrantModel, plan, state *orchestratorGrantModel, meant meantNames, diags *diag.Diagnostics,
) *named[uipath.OrchestratorRole] {
	var tenant, folder, role, principal *pair
	if state != nil {
		tenant, folder, role, principal = new(state.tenant()), new(state.folder()), new(state.role()), new(state.principal())
	}
	plan.setTenant(r.session.settleTenant(ctx, "The assignment", config.tenant(), tenant, meant["tenant_name"], diags))
	if diags.HasError() {
		return nil
	}
	var at access.GUID
	if plan.tenant().known() {
		at = plan.TenantID.guid(path.Root("tenant_id"), diags)
	}
	if tenant != nil && plan.tenant().changes(*tenant) {
		// Numbers and names of another tenant are other roles and folders.
		folder, role, meant = nil, nil, meantNames{"principal_name": meant["principal_name"]}
	}
	roles, folders := r.session.orchestratorRoleNaming(at), r.session.folderNaming(at, "folder_key", "folder_name")
	settledRole := settled[uipath.OrchestratorRole]{pair: roles.undecided(config.role()).pair}
	plan.setFolder(pair{guidForm.null(), types.StringNull()})
	switch {
	case at == "" && !config.atTenant():
		plan.setFolder(folders.undecided(config.folder()).pair)
	case at != "" && !config.atTenant():
		plan.setFolder(folders.settle(ctx, config.folder(), folder, meant["folder_name"], diags).pair)
	}
	if at != "" {
		settledRole = roles.settle(ctx, config.role(), role, meant["role_name"], diags)
	}
	plan.setRole(settledRole.pair)
	if state != nil && !config.PrincipalType.IsNull() && !config.PrincipalType.Equal(state.PrincipalType) {
		principal = nil
	}
	settledPrincipal := r.session.principalNaming(access.PrincipalType(config.PrincipalType.ValueString())).
		settle(ctx, config.principal(), principal, meant["principal_name"], diags)
	plan.setPrincipal(settledPrincipal.pair)
	before := types.StringNull()
	if state != nil {
		before = state.PrincipalType
	}
	plan.PrincipalType = plannedType(config.PrincipalType, settledPrincipal, principal, before)
	return settledRole.object
}

// checkLevel refuses a tenant role at a folder, and a folder role at the tenant.
func (r *orchestratorGrantResource) checkLevel(plan orchestratorGrantModel, role *named[uipath.OrchestratorRole], diags *diag.Diagnostics) {
	switch {
	case role == nil || diags.HasError():
	case plan.atTenant() && !role.value.AtTenant():
		diags.AddAttributeError(path.Root("folder_name"), "Role needs a folder", fmt.Sprintf("The role %s of Orchestrator is a folder role: it is "+
			"assigned at a "+
			"folder and applies to everything in it. Give folder_name or folder_key.", label(role.name, role.id)))
	case !plan.atTenant() && !role.value.AtFolders():
		diags.AddAttributeError(path.Root("folder_name"), "Role does not apply to folders", fmt.Sprintf("The role %s of Orchestrator is a tenant "+
			"role: it is "+
			"assigned at the tenant. Leave out folder_name and folder_key, or take a role of the type Folder.", label(role.name, role.id)))
	}
}

// checkNew refuses an assignment that is to be made and exists already.
func (r *orchestratorGrantResource) checkNew(ctx context.Context, plan orchestratorGrantModel, prior string, diags *diag.Diagnostics) {
	if !plan.known() || diags.HasError() {
		return
	}
	g := plan.grant(diags)
	if diags.HasError() || grantID(g) == prior {
		return
	}
	there, err := r.session.client.HasOrchestratorRole(ctx, g)
	switch {
	case err != nil:
		diags.Append(failure("Reading assignments of Orchestrator failed", "Checking whether this exists already: "+plan.describe(), err))
	case there:
		diags.Append(grantExists(plan, g))
	}
}

// grantExists refuses to adopt an assignment, and offers the ways to take it over.
func grantExists(m orchestratorGrantModel, g uipath.OrchestratorGrant) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Assignment of Orchestrator already exists", paragraphs("It exists already: "+m.describe(),
		takeOver("uipath_orchestrator_role_assignment", grantID(g), "role, principal and place")))
}

func (r *orchestratorGrantResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config, plan orchestratorGrantModel
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
	g := plan.grant(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.session.client.AssignOrchestratorRole(ctx, g, plan.principalType()); err != nil {
		resp.Diagnostics.Append(createGrantFailure(plan, g, err))
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(g))...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, grantID(g))...)
	resp.Diagnostics.Append(keepWrittenAt(ctx, resp.Private, r.session.clock())...)
	resp.Diagnostics.Append(grantNamesMeant(config, plan).keep(ctx, resp.Private)...)
}

// decide finds what was not there yet when Terraform planned for the last time: a role that the same run makes and that nothing refers to.
func (r *orchestratorGrantResource) decide(
	ctx context.Context, config orchestratorGrantModel, plan *orchestratorGrantModel, diags *diag.Diagnostics,
) {
	role := r.settle(ctx, config, plan, nil, nil, diags)
	r.checkLevel(*plan, role, diags)
	plan.showName()
	if !diags.HasError() && !plan.known() {
		diags.AddAttributeError(path.Root("role_name"), "Role not created yet", fmt.Sprintf("The role %s of Orchestrator is created by this run, "+
			"but not before "+
			"its assignment. Take its name from the resource of the role, as in uipath_orchestrator_role.example.name, so that Terraform knows the order.",
			plan.RoleName))
	}
}

// createGrantFailure explains why an assignment was not made.
func createGrantFailure(m orchestratorGrantModel, g uipath.OrchestratorGrant, err error) diag.Diagnostic {
	attempted := "Assigning " + m.describe()
	if _, ok := errors.AsType[*uipath.OrchestratorGrantExistsError](err); ok {
		return grantExists(m, g)
	}
	if _, ok := errors.AsType[*uipath.OrchestratorGrantOutcomeUnknownError](err); ok {
		return diag.NewErrorDiagnostic("Assignment of Orchestrator may have been made", paragraphs(attempted, err.Error(),
			"Check whether it exists before you apply again. To take it over, import it:", importBlock("uipath_orchestrator_role_assignment", grantID(g))))
	}
	return failure("Creating assignment of Orchestrator failed", attempted, err)
}

func (r *orchestratorGrantResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state orchestratorGrantModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	written := writtenAt(ctx, req.Private, &resp.Diagnostics)
	g := state.grant(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Read, roleAssignmentTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	look := r.session.client.HasOrchestratorRole
	err := r.session.untilVisible(ctx, written, func(ctx context.Context) error {
		there, err := look(ctx, g)
		look = r.session.client.RefreshedHasOrchestratorRole // What the run shares would give the same answer again.
		if err == nil && !there {
			err = fmt.Errorf("%s: %w", g, uipath.ErrNotFound)
		}
		return err
	})
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		removeGone(ctx, resp, r.identity(g))
		return
	case err != nil:
		resp.Diagnostics.Append(failure("Reading assignment of Orchestrator failed", "Reading "+state.describe(), err))
		return
	}
	if r.refresh(ctx, &state, g, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	meant := readMeantNames(ctx, req.Private, &resp.Diagnostics)
	for attribute, object := range state.pairs() {
		meant.add(attribute, object.name.ValueString())
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(g))...)
	resp.Diagnostics.Append(keepOwned(ctx, resp.Private, grantID(g))...)
	resp.Diagnostics.Append(meant.keep(ctx, resp.Private)...)
}

// refresh takes over the names that the objects of an assignment have now, and the type of the principal after an import.
func (r *orchestratorGrantResource) refresh(ctx context.Context, m *orchestratorGrantModel, g uipath.OrchestratorGrant, diags *diag.Diagnostics) {
	m.TenantID, m.RoleID = guidForm.value(g.TenantID.String()), numberForm.value(fmt.Sprint(g.RoleID))
	m.PrincipalID = guidForm.value(g.PrincipalID.String())
	m.setTenant(refreshed(m.tenant(), r.session.heldTenant(ctx, g.TenantID)))
	m.setRole(refreshed(m.role(), r.session.heldOrchestratorRole(ctx, g.TenantID, g.RoleID, diags)))
	if g.FolderKey != "" {
		m.FolderKey = guidForm.value(g.FolderKey)
		m.setFolder(refreshed(m.folder(), r.session.heldFolder(ctx, g.TenantID, g.FolderKey)))
	}
	if m.PrincipalType.IsNull() {
		kind, err := r.session.client.OrchestratorPrincipalType(ctx, g.TenantID, g.PrincipalID)
		if err != nil {
			diags.Append(failure("Reading user of Orchestrator failed", "Reading the type of "+m.describe(), err))
			return
		}
		m.PrincipalType = types.StringValue(string(kind))
	}
	principal, _ := r.session.heldPrincipal(ctx, g.PrincipalID, m.principalType(), m.PrincipalName.ValueString(), diags)
	m.setPrincipal(refreshed(m.principal(), principal))
	m.showName()
}

// Update has nothing to send: a change of the assignment replaces it. What else changes is how the configuration names the same objects, and
// timeouts, which are Terraform's own.
func (r *orchestratorGrantResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, plan orchestratorGrantModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	g := plan.grant(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(g))...)
	resp.Diagnostics.Append(grantNamesMeant(config, plan).keep(ctx, resp.Private)...)
}

func (r *orchestratorGrantResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state orchestratorGrantModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	g := state.grant(&resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state.Timeouts.Delete, roleAssignmentTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if err := r.session.client.UnassignOrchestratorRole(ctx, g); err != nil {
		resp.Diagnostics.Append(failure("Removing assignment of Orchestrator failed", "Removing "+state.describe(), err))
	}
}

func (r *orchestratorGrantResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	g := r.importedGrant(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("tenant_id"), g.TenantID.String())...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("role_id"), fmt.Sprint(g.RoleID))...)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("principal_id"), g.PrincipalID.String())...)
	if g.FolderKey != "" {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("folder_key"), g.FolderKey)...)
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, r.identity(g))...)
}
