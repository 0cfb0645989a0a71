package provider

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/audit"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*roleAssignmentsDataSource)(nil)

func newRoleAssignmentsDataSource() datasource.DataSource {
	return &roleAssignmentsDataSource{configuredDataSource{typeName: "role_assignments"}}
}

type roleAssignmentsDataSource struct{ configuredDataSource }

type roleAssignmentsModel struct {
	Scope                  canonicalString `tfsdk:"scope"`
	ScopeName              types.String    `tfsdk:"scope_name"`
	IncludeInherited       types.Bool      `tfsdk:"include_inherited"`
	IncludeBelow           types.Bool      `tfsdk:"include_below"`
	ExpandGroupMemberships types.Bool      `tfsdk:"expand_group_memberships"`
	PrincipalID            canonicalString `tfsdk:"principal_id"`
	PrincipalName          types.String    `tfsdk:"principal_name"`
	RoleIDs                types.Set       `tfsdk:"role_ids"`
	RoleNames              types.Set       `tfsdk:"role_names"`
	Service                types.String    `tfsdk:"service"`
	RoleType               types.String    `tfsdk:"role_type"`
	AssignmentType         types.String    `tfsdk:"assignment_type"`
	EscapeFormulas         types.Bool      `tfsdk:"escape_formulas"`
	CSVOnly                types.Bool      `tfsdk:"csv_only"`
	Source                 types.String    `tfsdk:"source"`
	Assignments            types.List      `tfsdk:"assignments"`
	CSV                    types.String    `tfsdk:"csv"`
}

// exportAttributes are the columns of the export as attributes of a row, in the order of [access.ExportRecord.Columns].
var exportAttributes = [...]struct{ name, description string }{
	{"id", "GUID of the assignment."},
	{"role_name", "Name of the role, null for one that is gone."},
	{"role_id", "GUID of the role."},
	{"role_description", "What the role is for."},
	{"role_type", "Who made the role: `BuiltIn`, `Platform` or `Custom`."},
	{"role_assignment_type", "Who made the assignment: `BuiltIn` (the platform) or `Custom` (a person)."},
	{"scope", "Path of the scope, with ids."},
	{"scope_with_display_names", "Path of the scope, with names as far as there are any."},
	{"service_name", "Service that owns the role, by its display name."},
	{"security_principal_id", "GUID of the principal that holds the role."},
	{"security_principal_type", "`User`, `Group`, `Robot` or `ExternalApplication`."},
	{"security_principal_email", "E-mail of a user, null for all others."},
	{"security_principal_display_name", "Display name; null for users of an external directory. `principal_name` is always there."},
	{"inherited_from_group_name", "Name of the group that holds the assignment, if this is the row of a member."},
	{"inherited_from_group_id", "GUID of that group."},
	{"tenant_name", "Name of the tenant, null at organization level."},
	{"organization_name", "Name of the organization."},
	{"organization_id", "GUID of the organization."},
	{"tenant_id", "GUID of the tenant, null at organization level."},
	{"created_by", "GUID of who made the assignment."},
	{"created_by_display_name", "Name of who made the assignment."},
	{"created_on", "When the assignment was made, in RFC 3339."},
	{"folder_name", "Name of the folder, after those of the folders that it is in; null elsewhere."},
	{"folder_key", "Key of the folder, null elsewhere."},
	{"project_id", "Id of the project, null elsewhere."},
}

// reportAttributes are those that no column has.
var reportAttributes = map[string]schema.Attribute{
	"principal_name": computedString("Name of the principal: display name, or else e-mail, name in the directory, or id. Never blank."),
	"inherited":      computedBool("Whether the assignment comes from a wider scope than `scope`."),
	"mutable": computedBool("Whether the assignment can be removed at `scope`. An inherited one is removed where it was made, and one that a " +
		"member has through a group at the group. What the platform made cannot be removed."),
	"effective": computedBool("Whether the role does anything at this scope. `false` if the scope does not fit the service that owns the role, or " +
		"the role is gone. Null if these credentials may not see the role."),
	"principal_exists": computedBool("`false` if neither the assignments nor the directory know the principal any more. Null if the directory was " +
		"not asked, because of the provider's `resolve_principals = false`."),
	"role_exists": computedBool("`false` if the role is gone."),
	"scope_exists": computedBool("`false` if the tenant, folder or project is gone. Null if that cannot be told, such as for a project that these " +
		"credentials may not read, or a project of Task Mining when `source` is `listing`."),
}

func rowAttributes() map[string]schema.Attribute {
	attributes := maps.Clone(reportAttributes)
	for _, column := range exportAttributes {
		attributes[column.name] = schema.StringAttribute{Computed: true, MarkdownDescription: column.description}
	}
	return attributes
}

func (d *roleAssignmentsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Who has which role where, and why: the assignments at a scope, above it and below it, with every column of the " +
			"export that administrators download, and that file itself.\n\nThe rows come from the export, which takes one request whatever their " +
			"number. External applications may not download it. For them, and for everybody else who is refused, the same rows are built from the " +
			"listing, which takes a request for every ten principals. `source` says where the rows come from. The listing has no names of " +
			"projects of Task Mining, and none of projects that the credentials may not read: `scope_with_display_names` has their ids, and `scope_exists` " +
			"is null. It does not look into groups of an external directory. Rows below a scope need the right to list the whole organization.",
		Attributes: map[string]schema.Attribute{
			"scope": schema.StringAttribute{
				Optional: true, Computed: true, CustomType: scopeForm.attributeType(),
				MarkdownDescription: "Where to look, as a path: `/` for the organization, `/tenant/{id}`, `/tenant/{id}/{service}`, " +
					"`/tenant/{id}/orchestrator/folder/{key}` or `/tenant/{id}/{service}/project/{id}`. Give this or `scope_name`; there is no default.",
				Validators: []validator.String{scopeRule},
			},
			"scope_name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Where to look, in names, such as `/`, `Production` or `Production / Task Mining`.",
				Validators:          []validator.String{scopeNameRule},
			},
			"include_inherited": switchAttribute("Whether to include what was assigned above the scope and holds there; `false` by default."),
			"include_below": switchAttribute("Whether to include everything below the scope; `false` by default. At `/` that is the whole " +
				"organization."),
			"expand_group_memberships": switchAttribute(
				"Whether each direct or indirect member of a group that holds a role gets a row of its own, which names the group; `false` by " +
					"default."),
			"principal_id": schema.StringAttribute{
				Optional: true, Computed: true, CustomType: guidForm.attributeType(),
				MarkdownDescription: "Only those of this principal. With `expand_group_memberships` also what it has through groups.",
				Validators:          []validator.String{guidRule},
			},
			"principal_name": filterAttribute(nameRule, "Only those of the principal of this name: e-mail, user name or unique display name of a "+
				"user, or the name of a group, a robot account or an external application."),
			"role_ids": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Only those of these roles, or of `role_names`.",
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(guidRule)},
			},
			"role_names": schema.SetAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "Only those of roles of these names, in exact letter case, or of `role_ids`.",
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(nameRule)},
			},
			"service": filterAttribute(knownServiceRule,
				"Only those of roles that this service owns, such as `Task Mining` or `IXP`, wherever they are assigned; "+
					"`CentralizedAccess` for multi-service roles."),
			"role_type": filterAttribute(stringvalidator.OneOf(string(access.RoleBuiltIn), string(access.RolePlatform), string(access.RoleCustom)),
				"Only those of roles of this type: `BuiltIn`, `Platform` or `Custom`."),
			"assignment_type": filterAttribute(stringvalidator.OneOf(string(access.AssignmentBuiltIn), string(access.AssignmentCustom)),
				"Only those made by the platform (`BuiltIn`) or by people (`Custom`)."),
			"escape_formulas": switchAttribute(
				"Whether cells of `csv` that a spreadsheet would run as a formula (those that begin with `=`, `+`, `-`, `@`, a tab or a " +
					"carriage return) get an apostrophe before them; `false` by default, which leaves the file as the vendor wrote it. Set it for a file " +
					"that people open: everybody can choose a display name."),
			"csv_only": switchAttribute(
				"Whether to leave out `assignments`, which is null then; `false` by default. Set it where only the file is of interest: the rows take " +
					"several times its size, in the state too."),
			"source": computedString("Where the rows come from: `export` or `listing`."),
			"assignments": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The assignments, sorted by scope, name of the principal, and name of the role. Null with `csv_only`.",
				NestedObject:        schema.NestedAttributeObject{Attributes: rowAttributes()},
			},
			"csv": computedString("The rows as CSV, with the columns of the export. When `source` is `export`, they are the file's own lines in " +
				"its own order: at `/` with `include_below` and no filter it is the file, byte for byte. When it is `listing`, they are lines of " +
				"the same form in the order of `assignments`."),
		},
	}
}

func (d *roleAssignmentsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model roleAssignmentsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	scope := d.where(ctx, &model, &resp.Diagnostics)
	wanted := d.filter(ctx, &model, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	report, err := audit.Read(ctx, d.session.client, audit.Query{
		Scope: scope, Reach: uipath.Reach{Above: model.IncludeInherited.ValueBool(), Below: model.IncludeBelow.ValueBool()},
		ExpandGroups: model.ExpandGroupMemberships.ValueBool(), ResolvePrincipals: d.session.resolvePrincipals,
		Keep: wanted, EscapeFormulas: model.EscapeFormulas.ValueBool(), CSVOnly: model.CSVOnly.ValueBool(),
	})
	if directory, ok := errors.AsType[*audit.DirectoryError](err); ok {
		resp.Diagnostics.Append(failure("Directory cannot be read", fmt.Sprintf("The names of principals of the type %s were to be read from the "+
			"directory. With resolve_principals = false the provider does not ask, and shows only what the role assignments say.",
			directory.PrincipalType), directory.Err))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(failure("Reading role assignments failed", fmt.Sprintf("Reading the role assignments at %s.", scope), err))
		return
	}
	model.Source = types.StringValue(string(report.Source))
	model.Assignments = types.ListNull(schema.NestedAttributeObject{Attributes: rowAttributes()}.Type())
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
	setLarge(ctx, "csv", func(e *msgpack.Encoder) error { return encodeText(e, report.CSV) }, &resp.Diagnostics)
	if !model.CSVOnly.ValueBool() {
		report.Sort()
		setLarge(ctx, "assignments", func(e *msgpack.Encoder) error { return encodeRows(e, report.Rows) }, &resp.Diagnostics)
	}
}

// where is the scope to look at.
func (d *roleAssignmentsDataSource) where(ctx context.Context, model *roleAssignmentsModel, diags *diag.Diagnostics) access.Scope {
	at := pair{model.Scope, model.ScopeName}
	if needOne(at, "scope", "scope", "scope_name", diags); diags.HasError() {
		return access.Scope{}
	}
	found := d.session.scopeNaming().settle(ctx, at, nil, nil, diags)
	if diags.HasError() {
		return access.Scope{}
	}
	model.Scope, model.ScopeName = found.id, found.name
	return found.object.value
}

// filter returns what the configuration keeps.
func (d *roleAssignmentsDataSource) filter(ctx context.Context, m *roleAssignmentsModel, diags *diag.Diagnostics) func(access.ExportRecord) bool {
	if !m.PrincipalName.IsNull() {
		m.PrincipalID = d.session.principalNaming("").settle(ctx, pair{m.PrincipalID, m.PrincipalName}, nil, nil, diags).id
	}
	roles := knownStrings(m.RoleIDs)
	for _, name := range knownStrings(m.RoleNames) {
		roles = append(roles, d.session.idsOfRole(ctx, name, path.Root("role_names"), diags)...)
	}
	every := m.RoleIDs.IsNull() && m.RoleNames.IsNull()
	same := func(filter types.String, cell string) bool {
		return filter.IsNull() || strings.EqualFold(filter.ValueString(), cell)
	}
	return func(row access.ExportRecord) bool {
		return same(m.PrincipalID.StringValue, row.SecurityPrincipalID) && same(m.RoleType, row.RoleType) &&
			same(m.AssignmentType, row.RoleAssignmentType) &&
			(m.Service.IsNull() || serviceForm.same(m.Service.ValueString(), row.ServiceName)) &&
			(every || slices.ContainsFunc(roles, func(id string) bool { return strings.EqualFold(id, row.RoleID) }))
	}
}

// encodeText writes a text of any length without a copy of it.
func encodeText(e *msgpack.Encoder, text *audit.Text) error {
	head := binary.BigEndian.AppendUint32([]byte{msgpcode.Str32}, uint32(text.Len())) //nolint:gosec // What is longer is not sent.
	if _, err := e.Writer().Write(head); err != nil {
		return err
	}
	for part := range text.Parts() {
		if _, err := io.WriteString(e.Writer(), part); err != nil {
			return err
		}
	}
	return nil
}

// encodeRows writes rows as Terraform takes them.
func encodeRows(e *msgpack.Encoder, rows []*audit.Row) error {
	if err := e.EncodeArrayLen(len(rows)); err != nil {
		return err
	}
	for _, row := range rows {
		if err := encodeRow(e, row); err != nil {
			return err
		}
	}
	return nil
}

func encodeRow(e *msgpack.Encoder, row *audit.Row) error {
	if err := e.EncodeMapLen(len(exportAttributes) + len(reportAttributes)); err != nil {
		return err
	}
	for i, column := range row.Columns() {
		name := exportAttributes[i].name
		switch {
		case *column == "":
			column = nil
		case name == "role_type":
			if known, err := access.ParseRoleType(*column); err == nil {
				column = new(string(known))
			}
		}
		if err := encodeAttribute(e, name, column); err != nil {
			return err
		}
	}
	return errors.Join(
		encodeAttribute(e, "principal_name", &row.PrincipalName),
		encodeAttribute(e, "inherited", &row.Inherited),
		encodeAttribute(e, "mutable", &row.Mutable),
		encodeAttribute(e, "effective", row.Effective),
		encodeAttribute(e, "principal_exists", row.PrincipalExists),
		encodeAttribute(e, "role_exists", &row.RoleExists),
		encodeAttribute(e, "scope_exists", row.ScopeExists),
	)
}

// encodeAttribute writes the name and the value of an attribute, nil for null.
func encodeAttribute[T string | bool](e *msgpack.Encoder, name string, value *T) error {
	if err := e.EncodeString(name); err != nil {
		return err
	}
	switch v := any(value).(type) {
	case *string:
		if v != nil {
			return e.EncodeString(*v)
		}
	case *bool:
		if v != nil {
			return e.EncodeBool(*v)
		}
	}
	return e.EncodeNil()
}
