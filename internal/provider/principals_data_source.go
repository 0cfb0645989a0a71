package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*principalsDataSource)(nil)

func newPrincipalsDataSource() datasource.DataSource {
	return &principalsDataSource{configuredDataSource{typeName: "principals"}}
}

type principalsDataSource struct{ configuredDataSource }

type principalsModel struct {
	Names         types.Set                       `tfsdk:"names"`
	Type          types.String                    `tfsdk:"type"`
	IgnoreMissing types.Bool                      `tfsdk:"ignore_missing"`
	Principals    map[string]listedPrincipalModel `tfsdk:"principals"`
	Missing       types.Set                       `tfsdk:"missing"`
}

type listedPrincipalModel struct {
	ID                 types.String `tfsdk:"id"`
	Type               types.String `tfsdk:"type"`
	Name               types.String `tfsdk:"name"`
	DisplayName        types.String `tfsdk:"display_name"`
	Email              types.String `tfsdk:"email"`
	Source             types.String `tfsdk:"source"`
	Active             types.Bool   `tfsdk:"active"`
	InvitationAccepted types.Bool   `tfsdk:"invitation_accepted"`
}

func newListedPrincipal(p uipath.Principal) listedPrincipalModel {
	return listedPrincipalModel{
		ID: types.StringValue(p.ID.String()), Type: types.StringValue(string(p.Type)), Name: types.StringValue(p.UniqueName),
		DisplayName: types.StringValue(p.Name), Email: optionalString(p.Email), Source: optionalString(p.Source),
		Active: types.BoolValue(p.Active), InvitationAccepted: types.BoolValue(p.InvitationAccepted),
	}
}

func (d *principalsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Users, groups, robot accounts and external applications of the organization by name, such as for `for_each`: those that " +
			"`names` has, or all. Each type is read once in a run.\n\nThe caller needs the right to list them: an external application has the scope of " +
			"identity, and a user is an organization administrator. Other callers may give `names`. Then the directory is asked for those, twenty at a " +
			"time; this is faster with `type`.",
		Attributes: map[string]schema.Attribute{
			"names": schema.SetAttribute{
				Optional: true, ElementType: types.StringType, Validators: []validator.Set{setvalidator.ValueStringsAre(plainTextRule)},
				MarkdownDescription: "Whom to find: a user by e-mail or user name in any letter case, or by a display name that nobody shares; a group, a " +
					"robot account or an external application by its name. All by default.",
			},
			"type": filterAttribute(principalTypeRule, "Only principals of this type: `User`, `Group`, `Robot` or `ExternalApplication`. All types by "+
				"default."),
			"ignore_missing": schema.BoolAttribute{
				Optional:            true,
				MarkdownDescription: "Leave out names that nobody has, such as of people who left. By default they are an error.",
			},
			"principals": schema.MapNestedAttribute{
				Computed: true,
				MarkdownDescription: "The principals by what `names` says. Without `names`, by `name`; if several have one name, each is there as `NAME " +
					"(TYPE)`, or as `NAME (ID)` if the type is the same too.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":   computedString("GUID of the principal."),
					"type": computedString("`User`, `Group`, `Robot` or `ExternalApplication`."),
					"name": computedString("What `principal_name` of a resource takes: the e-mail of a user, or else the user name; " +
						"the name of all others."),
					"display_name":        computedString("The name that people are shown."),
					"email":               computedString("E-mail of a user, null for all others."),
					"source":              computedString("Where the account comes from, such as `local`."),
					"active":              computedBool("Whether the account can be used. True if the directory does not tell."),
					"invitation_accepted": computedBool("Whether a user has accepted the invitation. True if the directory does not tell."),
				}},
			},
			"missing": computedStrings("Those of `names` that nobody has, with `ignore_missing`."),
		},
	}
}

func (d *principalsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model principalsModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	missing := []string{}
	if model.Names.IsNull() {
		model.Principals = d.everybody(ctx, access.PrincipalType(model.Type.ValueString()), &resp.Diagnostics)
	} else {
		missing = d.find(ctx, &model, &resp.Diagnostics)
	}
	model.Missing = stringSet(ctx, missing, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// everybody returns all principals of a type, or of all types where it is "".
func (d *principalsDataSource) everybody(ctx context.Context, kind access.PrincipalType, diags *diag.Diagnostics) map[string]listedPrincipalModel {
	kinds := []access.PrincipalType{kind}
	if kind == "" {
		kinds = access.PrincipalTypes()
	}
	var all []uipath.Principal
	for _, k := range kinds {
		list, err := d.session.client.Principals(ctx, k)
		if err != nil {
			diags.Append(failure("Directory cannot be read", fmt.Sprintf("All principals of type %s were to be listed. Give names to find some of them "+
				"without the right to list.", k), err))
			return nil
		}
		all = append(all, list...)
	}
	return byName(all, func(p uipath.Principal) string { return p.UniqueName }, func(p uipath.Principal) string { return string(p.Type) },
		func(p uipath.Principal) string { return p.ID.String() }, newListedPrincipal)
}

// find fills in the principals that have the names, and returns the names that nobody has and that may be missing.
func (d *principalsDataSource) find(ctx context.Context, model *principalsModel, diags *diag.Diagnostics) []string {
	names := slices.Sorted(slices.Values(knownStrings(model.Names)))
	found, failed := d.session.client.PrincipalsNamed(ctx, names, access.PrincipalType(model.Type.ValueString()))
	model.Principals = make(map[string]listedPrincipalModel, len(found))
	for name, principal := range found {
		model.Principals[name] = newListedPrincipal(principal)
	}
	missing := []string{}
	for _, name := range names {
		err := failed[name]
		_, nobody := errors.AsType[*uipath.NotFoundError](err)
		attempted := fmt.Sprintf("%q was looked up in the directory.", name)
		switch {
		case err == nil:
		case nobody && model.IgnoreMissing.ValueBool():
			missing = append(missing, name)
		case errors.Is(err, uipath.ErrForbidden):
			// It is the same for all others.
			diags.Append(attributeFailure(path.Root("names"), "Directory cannot be read", attempted, err))
			return missing
		default:
			if nobody {
				attempted += " With ignore_missing = true names that nobody has are left out."
			}
			at := path.Root("names").AtSetValue(types.StringValue(name))
			diags.Append(attributeFailure(at, "Principal not found by its name", attempted, err))
		}
	}
	return missing
}
