package provider

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*roleAssignmentsDataSource)(nil)

func newRoleAssignmentsDataSource() datasource.DataSource { return &roleAssignmentsDataSource{} }

type roleAssignmentsDataSource struct{ configuredDataSource }

type roleAssignmentsModel struct {
	Scope                  canonicalString `tfsdk:"scope"`
	IncludeInherited       types.Bool   `tfsdk:"include_inherited"`
	IncludeBelow           types.Bool   `tfsdk:"include_below"`
	ExpandGroupMemberships types.Bool   `tfsdk:"expand_group_memberships"`
	PrincipalID            types.String `tfsdk:"principal_id"`
	RoleIDs                types.Set    `tfsdk:"role_ids"`
	Service                types.String `tfsdk:"service"`
	RoleType               types.String `tfsdk:"role_type"`
	AssignmentType         types.String `tfsdk:"assignment_type"`
	EscapeFormulas         types.Bool   `tfsdk:"escape_formulas"`
	Source                 types.String `tfsdk:"source"`
	Assignments            types.List   `tfsdk:"assignments"`
	CSV                    types.String `tfsdk:"csv"`
}

// exportAttributes are the columns of the export as attributes of a row.
var exportAttributes = [...]struct{ name, description string }{
	access.ExportID:                     {"id", "GUID of the assignment."},
	access.ExportRoleName:               {"role_name", "Name of the role, null for one that is gone."},
	access.ExportRoleID:                 {"role_id", "GUID of the role."},
	access.ExportRoleDescription:        {"role_description", "What the role is for."},
	access.ExportRoleType:               {"role_type", "Who made the role: `BuiltIn`, `Platform` or `Custom`."},
	access.ExportRoleAssignmentType:     {"role_assignment_type", "Who made the assignment: `BuiltIn` (the platform) or `Custom` (a person)."},
	access.ExportScope:                  {"scope", "Path of the scope, with ids."},
	access.ExportScopeWithDisplayNames:  {"scope_with_display_names", "Path of the scope, with names as far as there are any."},
	access.ExportServiceName:            {"service_name", "Service that owns the role, by its display name."},
	access.ExportSecurityPrincipalID:    {"security_principal_id", "GUID of who holds the role."},
	access.ExportSecurityPrincipalType:  {"security_principal_type", "`User`, `Group`, `Robot` or `ExternalApplication`."},
	access.ExportSecurityPrincipalEmail: {"security_principal_email", "E-mail of a user, null for all others."},
	access.ExportSecurityPrincipalDisplayName: {
		"security_principal_display_name", "Display name; null for users of an external directory. `principal_name` is always there.",
	},
	access.ExportInheritedFromGroupName: {"inherited_from_group_name", "Group that holds the assignment, where this is the row of a member."},
	access.ExportInheritedFromGroupID:   {"inherited_from_group_id", "GUID of that group."},
	access.ExportTenantName:             {"tenant_name", "Name of the tenant, null at organization level."},
	access.ExportOrganizationName:       {"organization_name", "Name of the organization."},
	access.ExportOrganizationID:         {"organization_id", "GUID of the organization."},
	access.ExportTenantID:               {"tenant_id", "GUID of the tenant, null at organization level."},
	access.ExportCreatedBy:              {"created_by", "GUID of who made the assignment."},
	access.ExportCreatedByDisplayName:   {"created_by_display_name", "Name of who made the assignment."},
	access.ExportCreatedOn:              {"created_on", "When the assignment was made, in RFC 3339."},
	access.ExportFolderName:             {"folder_name", "Name of the folder, with those that it is in; null elsewhere."},
	access.ExportFolderKey:              {"folder_key", "Key of the folder, null elsewhere."},
	access.ExportProjectID:              {"project_id", "Id of the project, null elsewhere."},
}

// reviewAttributes are those that no column has.
var reviewAttributes = map[string]schema.Attribute{
	"principal_name": schema.StringAttribute{
		Computed: true, MarkdownDescription: "Who holds the role: display name, else e-mail, else name in the directory, else id. Never blank.",
	},
	"inherited": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it comes from a wider scope than the one that is asked for."},
	"mutable": schema.BoolAttribute{
		Computed: true,
		MarkdownDescription: "Whether it can be removed at the scope that is asked for. What is inherited is removed where it was made, what the " +
			"platform made nowhere, and what a member has through a group at the group.",
	},
	"effective": schema.BoolAttribute{
		Computed: true,
		MarkdownDescription: "Whether the role does anything at this scope. `false` where it does not fit the role's owner service, or the role is gone; " +
			"null where these credentials may not see the role.",
	},
	"principal_exists": schema.BoolAttribute{
		Computed: true,
		MarkdownDescription: "`false` where neither the assignments nor the directory know the principal any more. Null where the directory was not " +
			"asked, with the provider's `resolve_principals = false`.",
	},
	"role_exists": schema.BoolAttribute{Computed: true, MarkdownDescription: "`false` where the role is gone."},
	"scope_exists": schema.BoolAttribute{
		Computed: true,
		MarkdownDescription: "`false` where tenant, folder or project is gone. Null where nobody can tell, such as for a project when `source` is " +
			"`listing`.",
	},
}

func (d *roleAssignmentsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_role_assignments"
}

func (d *roleAssignmentsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	rowAttributes := maps.Clone(reviewAttributes)
	for _, attribute := range exportAttributes {
		rowAttributes[attribute.name] = schema.StringAttribute{Computed: true, MarkdownDescription: attribute.description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who has which role where, and why: the assignments at a scope, above it and below it, with every column of the export that " +
			"administrators download, and that file itself.\n\n" +
			"The rows come from the export, one request whatever their number. It is closed to external applications: for them, and for everybody " +
			"else who is refused, the same rows are built from the listing, in which ten principals are a request. `source` says which. The listing " +
			"knows no names of projects, so that `scope_with_display_names` has their ids and `scope_exists` is null for them; it does not " +
			"look into groups of an external directory; and below a scope it lists for who may list the whole organization only.",
		Attributes: map[string]schema.Attribute{
			"scope": schema.StringAttribute{
				Required: true, CustomType: scopeForm.attributeType(),
				MarkdownDescription: "Where to look: `/` for the organization, `/tenant/{id}`, `/tenant/{id}/{service}`, " +
					"`/tenant/{id}/orchestrator/folder/{key}` or `/tenant/{id}/{service}/project/{id}`.",
				Validators: []validator.String{scopeRule},
			},
			"include_inherited": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Also what was assigned above the scope and holds there; `false` by default.",
			},
			"include_below": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "Also everything below the scope; `false` by default. At `/` that is the whole organization.",
			},
			"expand_group_memberships": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "One further row for each member of a group that holds a role, directly or through other groups, naming the group that " +
					"holds it; `false` by default.",
			},
			"principal_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only those of this principal. With `expand_group_memberships` also what it has through groups.",
				Validators:          []validator.String{guidRule},
			},
			"role_ids": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Only those of these roles.",
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(guidRule)},
			},
			"service": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Only those of roles that this service owns, such as `Task Mining` or `IXP`, wherever they are assigned; " +
					"`CentralizedAccess` for multi-service roles.",
				Validators: []validator.String{knownServiceRule},
			},
			"role_type": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only those of roles of this type: `BuiltIn`, `Platform` or `Custom`.",
				Validators: []validator.String{stringvalidator.OneOf(
					string(access.RoleBuiltIn), string(access.RolePlatform), string(access.RoleCustom))},
			},
			"assignment_type": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "Only those made by the platform (`BuiltIn`) or by people (`Custom`).",
				Validators:          []validator.String{stringvalidator.OneOf(string(access.RoleBuiltIn), string(access.RoleCustom))},
			},
			"escape_formulas": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether cells of `csv` that a spreadsheet would run as a formula (those that begin with `=`, `+`, `-`, `@`, a tab or a " +
					"carriage return) get an apostrophe before them; `false` by default, which leaves the file as the vendor wrote it. Set it for a file " +
					"that people open: everybody can choose a display name.",
			},
			"source": schema.StringAttribute{Computed: true, MarkdownDescription: "Where the rows come from: `export` or `listing`."},
			"assignments": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The assignments, sorted by scope, name of the principal, and name of the role.",
				NestedObject:        schema.NestedAttributeObject{Attributes: rowAttributes},
			},
			"csv": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The rows as CSV, with the columns of the export. When `source` is `export`, these are the file's own lines in its own " +
					"order: at `/` with `include_below` and no filter it is the file, byte for byte. When it is `listing`, they are lines of the same " +
					"form in the order of `assignments`.",
			},
		},
	}
}

func (d *roleAssignmentsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model roleAssignmentsModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	scope, err := access.ParseScope(model.Scope.ValueString())
	if err != nil {
		resp.Diagnostics.Append(attributeFailure(path.Root("scope"), "Invalid scope", "Reading role assignments.", err))
		return
	}
	if id := scope.TenantID(); id != "" {
		if _, err := d.session.client.Tenant(ctx, string(id)); err != nil {
			resp.Diagnostics.Append(attributeFailure(path.Root("scope"), "Tenant not found",
				fmt.Sprintf("The scope %q lies in no tenant that is known.", scope), err))
			return
		}
	}
	keep, diags := model.filter(ctx)
	resp.Diagnostics.Append(diags...)
	found, diags := d.session.reviewAssignments(ctx, reviewWanted{
		scope: scope, expandGroups: model.ExpandGroupMemberships.ValueBool(),
		reach: uipath.Reach{Above: model.IncludeInherited.ValueBool(), Below: model.IncludeBelow.ValueBool()},
	})
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	rows := slices.DeleteFunc(found.rows, func(row reviewRow) bool { return !keep(row) })
	model.Source = types.StringValue(found.source)
	if found.source == sourceListing {
		found.sort(rows)
	}
	model.CSV = types.StringValue(found.file(rows, model.EscapeFormulas.ValueBool()))
	found.sort(rows)
	model.Assignments, diags = d.session.rowValues(found, rows, scope)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// filter returns what the configuration keeps.
func (m roleAssignmentsModel) filter(ctx context.Context) (func(reviewRow) bool, diag.Diagnostics) {
	var roleIDs []string
	diags := m.RoleIDs.ElementsAs(ctx, &roleIDs, false)
	same := func(filter types.String, cell string) bool {
		return filter.IsNull() || strings.EqualFold(filter.ValueString(), cell)
	}
	return func(row reviewRow) bool {
		cell := row.ExportRow
		return same(m.PrincipalID, cell[access.ExportSecurityPrincipalID]) &&
			same(m.RoleType, cell[access.ExportRoleType]) &&
			same(m.AssignmentType, cell[access.ExportRoleAssignmentType]) &&
			(m.Service.IsNull() || serviceForm.same(m.Service.ValueString(), cell[access.ExportServiceName])) &&
			(m.RoleIDs.IsNull() || slices.ContainsFunc(roleIDs, func(id string) bool { return guidForm.same(id, cell[access.ExportRoleID]) }))
	}, diags
}

// sort brings rows into the order that people read, which depends on nothing else than what the rows say.
func (r *review) sort(rows []reviewRow) {
	slices.SortStableFunc(rows, func(a, b reviewRow) int {
		return cmp.Or(
			strings.Compare(a.ExportRow[access.ExportScope], b.ExportRow[access.ExportScope]),
			strings.Compare(r.principalName(a), r.principalName(b)),
			strings.Compare(a.ExportRow[access.ExportRoleName], b.ExportRow[access.ExportRoleName]),
			strings.Compare(a.ExportRow[access.ExportSecurityPrincipalID], b.ExportRow[access.ExportSecurityPrincipalID]),
			strings.Compare(a.ExportRow[access.ExportRoleID], b.ExportRow[access.ExportRoleID]),
			strings.Compare(a.ExportRow[access.ExportInheritedFromGroupID], b.ExportRow[access.ExportInheritedFromGroupID]),
		)
	})
}

// rowTypes are the attribute types of a row.
func rowTypes() map[string]attr.Type {
	kinds := map[string]attr.Type{}
	for name, attribute := range reviewAttributes {
		kinds[name] = attribute.GetType()
	}
	for _, attribute := range exportAttributes {
		kinds[attribute.name] = types.StringType
	}
	return kinds
}

// rowValues turns rows into what Terraform keeps.
func (s *session) rowValues(found *review, rows []reviewRow, scope access.Scope) (types.List, diag.Diagnostics) {
	kinds := rowTypes()
	values := make([]attr.Value, len(rows))
	var diags diag.Diagnostics
	for i, row := range rows {
		attributes := make(map[string]attr.Value, len(kinds))
		for column, attribute := range exportAttributes {
			attributes[attribute.name] = optionalString(row.ExportRow[column])
		}
		if known, err := access.ParseRoleType(row.ExportRow[access.ExportRoleType]); err == nil {
			attributes["role_type"] = types.StringValue(string(known))
		}
		attributes["principal_name"] = types.StringValue(found.principalName(row))
		attributes["inherited"] = types.BoolValue(reviewWanted{scope: scope}.inherits(row))
		attributes["mutable"] = types.BoolValue(row.mutable)
		attributes["effective"] = found.effective(row)
		attributes["principal_exists"] = s.principalExists(found, row)
		attributes["role_exists"] = types.BoolValue(found.roleExists(row))
		attributes["scope_exists"] = row.scopeExists
		value, more := types.ObjectValue(kinds, attributes)
		diags.Append(more...)
		values[i] = value
	}
	list, more := types.ListValue(types.ObjectType{AttrTypes: kinds}, values)
	diags.Append(more...)
	return list, diags
}
