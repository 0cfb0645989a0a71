package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

var _ datasource.DataSourceWithConfigure = (*folderDataSource)(nil)

func newFolderDataSource() datasource.DataSource {
	return &folderDataSource{configuredDataSource{typeName: "folder"}}
}

type folderDataSource struct{ configuredDataSource }

type folderModel struct {
	TenantID   canonicalString `tfsdk:"tenant_id"`
	TenantName types.String    `tfsdk:"tenant_name"`
	Key        canonicalString `tfsdk:"key"`
	Name       types.String    `tfsdk:"name"`
	Scope      types.String    `tfsdk:"scope"`
	ScopeName  types.String    `tfsdk:"scope_name"`
}

func (d *folderDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Finds a folder of Orchestrator by its name or by its key. If none matches, the error lists candidates, and says whether " +
			"another tenant has such a folder.\n\nThe caller needs the right to read folders.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":   tenantIDAttribute(),
			"tenant_name": tenantNameAttribute(),
			"key": chosenKey(containerForm, containerRule, "Key of the folder, as scope paths and the page's address in Orchestrator have it. Give this or "+
				"`name`."),
			"name":       chosenText("Name of the folder with those of the folders above it, such as `Finance/Invoices`, in exactly this letter case."),
			"scope":      computedString("Scope of the folder as a path, for the `scope` of a `uipath_role_assignment`."),
			"scope_name": computedString("The scope in names, for the `scope_name` of a `uipath_role_assignment`."),
		},
	}
}

func (d *folderDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model folderModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &model)...); resp.Diagnostics.HasError() {
		return
	}
	asked := pair{model.Key, model.Name}
	needOne(asked, "folder", "key", "name", &resp.Diagnostics)
	at := d.session.settleTenant(ctx, "The folder", pair{model.TenantID, model.TenantName}, nil, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	tenant := at.id.guid(path.Root("tenant_id"), &resp.Diagnostics)
	found := d.session.folderNaming(tenant, "key", "name").settle(ctx, asked, nil, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	model.TenantID, model.TenantName, model.Key, model.Name = at.id, at.name, found.id, found.name
	scope, err := access.FolderScope(tenant, found.id.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(path.Root("key"), containerRule.title, err.Error())
		return
	}
	model.Scope, model.ScopeName = types.StringValue(scope.String()), d.session.shownScope(ctx, scope)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// folderNaming finds folders of a tenant, by the attributes of a key and of a name.
func (s *session) folderNaming(tenant access.GUID, keyAttribute, nameAttribute string) naming[uipath.Folder] {
	named := func(attribute string, find func(context.Context, access.GUID, string) (uipath.Folder, error)) lookUp[uipath.Folder] {
		return func(ctx context.Context, text string, diags *diag.Diagnostics) *named[uipath.Folder] {
			folder, err := find(ctx, tenant, text)
			if err == nil {
				return namedPlace(folder, folder.Key, folder.Name)
			}
			in := label(s.tenantName(ctx, tenant), tenant)
			diags.Append(placeFailure(attribute, "folder", fmt.Sprintf("The folder %q of the tenant %s was to be looked up.", text, in), err,
				func() (uipath.Tenant, bool) { return s.client.FolderElsewhere(ctx, tenant, text) }))
			return nil
		}
	}
	return naming[uipath.Folder]{
		what: "folder", idAttribute: keyAttribute, nameAttribute: nameAttribute, form: containerForm,
		byID: named(keyAttribute, s.client.Folder), byName: named(nameAttribute, s.client.FolderNamed),
	}
}

// lookUp finds something by its id or by its name; see [naming].
type lookUp[T any] = func(ctx context.Context, text string, diags *diag.Diagnostics) *named[T]

// containerForm is the key of a folder, or the id of a project.
var containerForm = &canonicalForm{"key or id", guidForm.spell}

// chosenKey and chosenText let a data source find something by its id or by its name.
func chosenKey(form *canonicalForm, rule validator.String, description string) schema.StringAttribute {
	return schema.StringAttribute{
		Optional: true, Computed: true, CustomType: form.attributeType(), MarkdownDescription: description, Validators: []validator.String{rule},
	}
}

func chosenText(description string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: description, Validators: []validator.String{plainTextRule}}
}

// namedPlace is a folder or a project.
func namedPlace[T any](place T, id, name string) *named[T] {
	return &named[T]{id: id, name: name, value: place, answersTo: func(text string) bool { return text == name }}
}

// placeFailure says that a folder or project was not found, and which other tenant has one with this id.
func placeFailure(attribute, what, attempted string, err error, elsewhere func() (uipath.Tenant, bool)) diag.Diagnostic {
	title := fmt.Sprintf("Reading %ss failed", what)
	if _, missing := errors.AsType[*uipath.NotFoundError](err); missing {
		title = fmt.Sprintf("No such %s", what)
	}
	if errors.Is(err, uipath.ErrNotFound) {
		title = fmt.Sprintf("No such %s", what)
		text := sentences(attempted, "It is not there, or these credentials do not see it.")
		if other, ok := elsewhere(); ok {
			text = sentences(attempted, fmt.Sprintf("It is in the tenant %q: set tenant_name, or give the %s of this tenant.", other.Name, what))
		}
		return diag.NewAttributeErrorDiagnostic(path.Root(attribute), title, text)
	}
	return attributeFailure(path.Root(attribute), title, attempted, err)
}
