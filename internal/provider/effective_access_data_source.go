package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*effectiveAccessDataSource)(nil)

func newEffectiveAccessDataSource() datasource.DataSource {
	return &effectiveAccessDataSource{configuredDataSource{typeName: "effective_access"}}
}

type effectiveAccessDataSource struct{ configuredDataSource }

type effectiveAccessModel struct {
	PrincipalID   canonicalString       `tfsdk:"principal_id"`
	PrincipalType types.String          `tfsdk:"principal_type"`
	TenantID      canonicalString       `tfsdk:"tenant_id"`
	TenantName    types.String          `tfsdk:"tenant_name"`
	PrincipalName types.String          `tfsdk:"principal_name"`
	Grants        []effectiveGrantModel `tfsdk:"grants"`
	Permissions   types.Set             `tfsdk:"permissions"`
}

type effectiveGrantModel struct {
	RoleID           types.String `tfsdk:"role_id"`
	RoleName         types.String `tfsdk:"role_name"`
	RoleType         types.String `tfsdk:"role_type"`
	ServiceName      types.String `tfsdk:"service_name"`
	Scope            types.String `tfsdk:"scope"`
	ScopeName        types.String `tfsdk:"scope_name"`
	ThroughGroupID   types.String `tfsdk:"through_group_id"`
	ThroughGroupName types.String `tfsdk:"through_group_name"`
	GrantedOn        types.String `tfsdk:"granted_on"`
	Permissions      types.Set    `tfsdk:"permissions"`
}

func (d *effectiveAccessDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "What a user or a group can do in a tenant, and through which grant: its own, or one of a group that it is in, " +
			"directly or through other groups. The server decides which grants count, and leaves out those without effect.\n\nThe caller needs the " +
			"right to read role assignments in the tenant.",
		Attributes: map[string]schema.Attribute{
			"principal_id": schema.StringAttribute{
				Optional: true, Computed: true, CustomType: guidForm.attributeType(),
				MarkdownDescription: "GUID of the user or group. Give this or `principal_name`.",
				Validators:          []validator.String{guidRule},
			},
			"principal_name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "E-mail, user name or unique display name of a user, or the name of a group.",
				Validators:          []validator.String{nameRule},
			},
			"principal_type": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "`User` or `Group`. The directory tells it; it is needed to tell equal names apart, and if the provider's " +
					"`resolve_principals` is `false`.",
				Validators: []validator.String{stringvalidator.OneOf(string(access.PrincipalUser), string(access.PrincipalGroup))},
			},
			"tenant_id":   tenantIDAttribute(),
			"tenant_name": tenantNameAttribute(),
			"grants": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The grants, sorted by scope, name of the role, and group.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"role_id":            computedString("GUID of the role."),
					"role_name":          computedString("Name of the role."),
					"role_type":          computedString("`BuiltIn`, `Platform` or `Custom`."),
					"service_name":       computedString("Service that owns the role, by its display name."),
					"scope":              computedString("Path where it was granted."),
					"scope_name":         computedString("The scope with names in place of ids."),
					"through_group_id":   computedString("GUID of the group that holds the grant; null for the principal's own."),
					"through_group_name": computedString("Name of that group. Null also if the provider's `resolve_principals` is `false`."),
					"granted_on":         computedString("Time of the grant in RFC 3339, if the server tells it."),
					"permissions":        computedStrings("What the role grants; null for a role that these credentials may not see."),
				}},
			},
			"permissions": computedStrings("Names of all permissions that the grants give together, as far as these credentials see the roles. Each " +
				"counts at the scope of its grant and below."),
		},
	}
}

func (d *effectiveAccessDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model effectiveAccessModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	at := d.session.settleTenant(ctx, "The effective access", pair{model.TenantID, model.TenantName}, nil, nil, &resp.Diagnostics)
	holder := pair{model.PrincipalID, model.PrincipalName}
	needOne(holder, "principal", "principal_id", "principal_name", &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	found := d.holders(access.PrincipalType(model.PrincipalType.ValueString())).settle(ctx, holder, nil, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	model.TenantID, model.TenantName = at.id, at.name
	model.PrincipalID, model.PrincipalName = found.id, found.name
	model.PrincipalType = plannedType(model.PrincipalType, found, nil, types.StringNull())
	tenant := model.TenantID.guid(path.Root("tenant_id"), &resp.Diagnostics)
	id, t := model.PrincipalID.guid(path.Root("principal_id"), &resp.Diagnostics), access.PrincipalType(model.PrincipalType.ValueString())
	roles, err := d.session.client.EffectiveAccess(ctx, tenant, id, t)
	if err != nil {
		resp.Diagnostics.Append(failure("Reading effective access failed", fmt.Sprintf("Reading what %s can do in the tenant %s.",
			found.label(), at.label()), err))
		return
	}
	d.fill(ctx, &model, id, roles, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// holders finds whom the question is about. The server has the last word on an id of a known type that the directory lacks.
func (d *effectiveAccessDataSource) holders(kind access.PrincipalType) naming[uipath.Principal] {
	naming := d.session.principalNaming(kind)
	if kind != "" {
		naming.byID = func(ctx context.Context, text string, diags *diag.Diagnostics) *named[uipath.Principal] {
			id := access.GUID(guidForm.spell(text))
			if held, _ := d.session.heldPrincipal(ctx, id, kind, "", diags); held != nil {
				return held
			}
			return unresolvedPrincipal(id, kind)
		}
	}
	return naming
}

// fill turns the roles that the server tells into grants, and adds what the roles grant.
func (d *effectiveAccessDataSource) fill(
	ctx context.Context, model *effectiveAccessModel, principal access.GUID, roles []uipath.EffectiveRole, diags *diag.Diagnostics,
) {
	all := []string{}
	model.Grants = []effectiveGrantModel{}
	for _, role := range roles {
		permissions := types.SetNull(types.StringType)
		granted, err := d.granted(ctx, role.RoleID)
		switch {
		case err == nil:
			permissions = stringSet(ctx, granted, diags)
			all = append(all, granted...)
		case !errors.Is(err, uipath.ErrNotFound) && !errors.Is(err, uipath.ErrForbidden):
			diags.Append(failure("Reading role failed", fmt.Sprintf("Reading the role %s.", label(role.RoleName, role.RoleID)), err))
			return
		}
		for _, grant := range role.Grants {
			shown := effectiveGrantModel{
				RoleID: types.StringValue(role.RoleID.String()), RoleName: optionalString(role.RoleName), RoleType: optionalString(role.RoleType),
				ServiceName: optionalString(role.Service), Scope: types.StringValue(grant.Scope.String()),
				ScopeName: d.session.shownScope(ctx, grant.Scope), Permissions: permissions,
			}
			if !grant.CreatedOn.IsZero() {
				shown.GrantedOn = types.StringValue(grant.CreatedOn.Format(time.RFC3339))
			}
			if group := grant.PrincipalID; group != principal {
				shown.ThroughGroupID = types.StringValue(group.String())
				if held, _ := d.session.heldPrincipal(ctx, group, access.PrincipalGroup, "", diags); held != nil {
					shown.ThroughGroupName = types.StringValue(held.name)
				}
			}
			model.Grants = append(model.Grants, shown)
		}
	}
	slices.SortFunc(model.Grants, func(a, b effectiveGrantModel) int {
		return cmp.Or(strings.Compare(a.Scope.ValueString(), b.Scope.ValueString()), strings.Compare(a.RoleName.ValueString(), b.RoleName.ValueString()),
			strings.Compare(a.ThroughGroupName.ValueString(), b.ThroughGroupName.ValueString()),
			strings.Compare(a.RoleID.ValueString(), b.RoleID.ValueString()), strings.Compare(a.ThroughGroupID.ValueString(), b.ThroughGroupID.ValueString()))
	})
	slices.Sort(all)
	model.Permissions = stringSet(ctx, slices.Compact(all), diags)
}

// granted is what a role grants. The organization administrator's grants everything there is, and lists less (contract 3.8).
func (d *effectiveAccessDataSource) granted(ctx context.Context, roleID access.GUID) ([]string, error) {
	role, err := d.session.client.Role(ctx, roleID)
	if err != nil || !role.GrantsEverything() {
		return role.Permissions, err
	}
	catalogue, err := d.session.client.Permissions(ctx, uipath.PermissionFilter{})
	if err != nil {
		return nil, err
	}
	// It is sorted by name.
	return slices.Compact(namesOf(catalogue, func(p uipath.Permission) string { return p.Name })), nil
}
