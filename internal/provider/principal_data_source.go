package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*principalDataSource)(nil)

func newPrincipalDataSource() datasource.DataSource {
	return &principalDataSource{configuredDataSource{typeName: "principal"}}
}

type principalDataSource struct{ configuredDataSource }

type principalModel struct {
	Name               types.String `tfsdk:"name"`
	Type               types.String `tfsdk:"type"`
	IgnoreMissing      types.Bool   `tfsdk:"ignore_missing"`
	ID                 types.String `tfsdk:"id"`
	DisplayName        types.String `tfsdk:"display_name"`
	Email              types.String `tfsdk:"email"`
	Source             types.String `tfsdk:"source"`
	Active             types.Bool   `tfsdk:"active"`
	InvitationAccepted types.Bool   `tfsdk:"invitation_accepted"`
}

func (d *principalDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds a user, group, robot account or external application of the organization by its name. If none or several " +
			"match, the error lists candidates.",
		Attributes: map[string]schema.Attribute{
			"name": nameAttribute("Display name, or e-mail of a user. Letter case does not matter."),
			"type": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "`User`, `Group`, `Robot` or `ExternalApplication`. By default all types are searched.",
				Validators:          []validator.String{principalTypeRule},
			},
			"ignore_missing": switchAttribute("Whether a name that nobody has is no error, so that a configuration outlives people who leave: " +
				"all that is computed is null then; `false` by default."),
			"id":                  computedString("GUID of the principal."),
			"display_name":        computedString("The name that people are shown."),
			"email":               computedString("E-mail of a user, null for all others."),
			"source":              computedString("Where the account comes from, such as `local`."),
			"active":              computedBool("Whether the account can be used."),
			"invitation_accepted": computedBool("Whether a user has accepted the invitation."),
		},
	}
}

func (d *principalDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model principalModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	kinds := access.PrincipalTypes()
	if !model.Type.IsNull() {
		kinds = []access.PrincipalType{access.PrincipalType(model.Type.ValueString())}
	}
	name := model.Name.ValueString()
	var matches []uipath.Principal
	var names []string
	for _, kind := range kinds {
		principals, err := d.session.client.Principals(ctx, kind)
		if err != nil {
			resp.Diagnostics.Append(failure("Directory cannot be read", fmt.Sprintf("Looking for %q among principals of type %s.", name, kind), err))
			return
		}
		for _, principal := range principals {
			names = append(names, principal.Name)
			if strings.EqualFold(principal.Name, name) || principal.Email != "" && strings.EqualFold(principal.Email, name) {
				matches = append(matches, principal)
			}
		}
	}
	if len(matches) == 0 && model.IgnoreMissing.ValueBool() {
		resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
		return
	}
	if len(matches) != 1 {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Principal not found by its name", explainPrincipals(name, matches, names))
		return
	}
	principal := matches[0]
	model.ID, model.Type = types.StringValue(principal.ID.String()), types.StringValue(string(principal.Type))
	model.DisplayName, model.Email = types.StringValue(principal.Name), optionalString(principal.Email)
	model.Source = optionalString(principal.Source)
	model.Active, model.InvitationAccepted = types.BoolValue(principal.Active), types.BoolValue(principal.InvitationAccepted)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// explainPrincipals lists what the name may have meant.
func explainPrincipals(name string, matches []uipath.Principal, names []string) string {
	if len(matches) == 0 {
		return sentences(fmt.Sprintf("No principal has the name or e-mail %q.", name), access.DidYouMean(name, names))
	}
	return ambiguous(fmt.Sprintf("principals have the name or e-mail %q", name), matches, func(p uipath.Principal) string {
		return fmt.Sprintf("%s: %s, %s", label(p.Name, p.ID), p.Type, p.Email)
	}, "Set type, or give the e-mail, to tell them apart.")
}
