package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*foldersDataSource)(nil)

func newFoldersDataSource() datasource.DataSource {
	return &foldersDataSource{configuredDataSource{typeName: "folders"}}
}

type foldersDataSource struct{ configuredDataSource }

type foldersModel struct {
	TenantID   canonicalString              `tfsdk:"tenant_id"`
	TenantName types.String                 `tfsdk:"tenant_name"`
	Folders    map[string]listedFolderModel `tfsdk:"folders"`
}

type listedFolderModel struct {
	Key       types.String `tfsdk:"key"`
	Name      types.String `tfsdk:"name"`
	Scope     types.String `tfsdk:"scope"`
	ScopeName types.String `tfsdk:"scope_name"`
}

func (d *foldersDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The folders of Orchestrator in a tenant by name, such as for `for_each`. They are read once in a run.\n\nThe caller " +
			"needs the right to read folders, and finds those that it sees.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":   tenantIDAttribute(),
			"tenant_name": tenantNameAttribute(),
			"folders": schema.MapNestedAttribute{
				Computed: true,
				MarkdownDescription: "The folders by their names, with those of the folders above, such as `Finance/Invoices`. If several have one name, " +
					"each is there as `NAME (KEY)`.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"key":        computedString("Key of the folder."),
					"name":       computedString("Name of the folder, with those of the folders above."),
					"scope":      computedString("Scope of the folder as a path."),
					"scope_name": computedString("The scope in names, for the `scope_name` of a `uipath_role_assignment`."),
				}},
			},
		},
	}
}

func (d *foldersDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model foldersModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	at := d.session.settleTenant(ctx, "The list of folders", pair{model.TenantID, model.TenantName}, nil, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	model.TenantID, model.TenantName = at.id, at.name
	tenant := at.id.guid(path.Root("tenant_id"), &resp.Diagnostics)
	folders, err := d.session.client.Folders(ctx, tenant)
	if err != nil {
		resp.Diagnostics.Append(failure("Reading folders failed", fmt.Sprintf("The folders of the tenant %s were to be read.", at.label()), err))
		return
	}
	key := func(f uipath.Folder) string { return f.Key }
	model.Folders = byName(folders, func(f uipath.Folder) string { return f.Name }, key, key, func(f uipath.Folder) listedFolderModel {
		shown := listedFolderModel{Key: types.StringValue(f.Key), Name: types.StringValue(f.Name)}
		// A key that no scope can have has none.
		if scope, err := access.FolderScope(tenant, f.Key); err == nil {
			shown.Scope, shown.ScopeName = types.StringValue(scope.String()), d.session.shownScope(ctx, scope)
		}
		return shown
	})
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
