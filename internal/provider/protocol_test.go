package provider_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// protocol drives the provider as Terraform does, for what the installed CLI may be too old for: identity (1.12) and list
// resources (1.14).
type protocol struct {
	t      testing.TB
	server tfprotov6.ProviderServer
	schema *tfprotov6.GetProviderSchemaResponse
}

// configured returns a provider that acts as the organization administrator in the tenant Production.
func configured(t testing.TB, b *acctest.Backend) protocol {
	t.Helper()
	return configuredWith(t, b, nil)
}

// configuredWith is [configured] with further settings.
func configuredWith(t testing.TB, b *acctest.Backend, further map[string]tftypes.Value) protocol {
	t.Helper()
	server, err := acctest.Factories()["uipath"]()
	if err != nil {
		t.Fatal(err)
	}
	return configuredServer(t, b, server, further)
}

// configuredServer configures a provider as [configuredWith] does.
func configuredServer(t testing.TB, b *acctest.Backend, server tfprotov6.ProviderServer, further map[string]tftypes.Value) protocol {
	t.Helper()
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	p := protocol{t, server, schema}
	p.noErrors(schema.Diagnostics)
	token, err := b.Token(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]tftypes.Value{
		"base_url": text(b.URL), "access_token": text(token), "tenant": text(acctest.Production), "visibility_timeout": text("0s"),
	}
	maps.Copy(settings, further)
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0", Config: p.object(schema.Provider.Block, settings),
	})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(resp.Diagnostics)
	return p
}

func text(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func texts(s ...string) tftypes.Value {
	values := make([]tftypes.Value, len(s))
	for i := range s {
		values[i] = text(s[i])
	}
	return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, values)
}

func (p protocol) noErrors(diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			p.t.Fatalf("%s: %s", d.Summary, d.Detail)
		}
	}
}

// object is a value of the block with all but the given attributes null.
func (p protocol) object(block *tfprotov6.SchemaBlock, attributes map[string]tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	kind, ok := block.ValueType().(tftypes.Object)
	if !ok {
		p.t.Fatalf("a block of type %s", block.ValueType())
	}
	values := make(map[string]tftypes.Value, len(kind.AttributeTypes))
	for name, attributeType := range kind.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, nil)
		if value, given := attributes[name]; given {
			values[name] = value
		}
	}
	return p.dynamic(kind, tftypes.NewValue(kind, values))
}

func (p protocol) dynamic(kind tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	dynamic, err := tfprotov6.NewDynamicValue(kind, value)
	if err != nil {
		p.t.Fatal(err)
	}
	return &dynamic
}

var roleIdentityType = tftypes.Object{
	AttributeTypes:     map[string]tftypes.Type{"organization_id": tftypes.String, "id": tftypes.String},
	OptionalAttributes: map[string]struct{}{"organization_id": {}},
}

func (p protocol) identity(organization, id any) *tfprotov6.ResourceIdentityData {
	kind := tftypes.Object{AttributeTypes: roleIdentityType.AttributeTypes}
	return &tfprotov6.ResourceIdentityData{IdentityData: p.dynamic(kind, tftypes.NewValue(kind, map[string]tftypes.Value{
		"organization_id": tftypes.NewValue(tftypes.String, organization), "id": tftypes.NewValue(tftypes.String, id),
	}))}
}

func (p protocol) strings(kind tftypes.Type, dynamic *tfprotov6.DynamicValue) map[string]string {
	p.t.Helper()
	value, err := dynamic.Unmarshal(kind)
	if err != nil {
		p.t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		p.t.Fatal(err)
	}
	found := map[string]string{}
	for name, attribute := range attributes {
		var s string
		if attribute.IsKnown() && !attribute.IsNull() && attribute.Type().Is(tftypes.String) && attribute.As(&s) == nil {
			found[name] = s
		}
	}
	return found
}

func (p protocol) expectIdentity(got *tfprotov6.ResourceIdentityData, organization, id string) {
	p.t.Helper()
	if got == nil {
		p.t.Fatal("there is no identity")
	}
	values := p.strings(tftypes.Object{AttributeTypes: roleIdentityType.AttributeTypes}, got.IdentityData)
	if values["organization_id"] != organization || values["id"] != id {
		p.t.Errorf("identity is %v, want role %s of organization %s", values, id, organization)
	}
}

func newRole(t testing.TB, client *uipath.Client, name, tenantName string) uipath.Role {
	t.Helper()
	created, err := client.CreateRole(t.Context(), uipath.RoleSpec{
		Name: name, Description: "Made by hand.", Shape: access.ShapeTenant, TenantID: tenant(t, client, tenantName).ID,
		Permissions: []string{"ORCHESTRATOR.MLLOGS.VIEW"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return created
}

func TestTenantRoleIdentity(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	organization := b.Client(t).Organization().ID.String()
	p := configured(t, b)
	block := p.schema.ResourceSchemas["uipath_tenant_role"].Block
	config := p.object(block, map[string]tftypes.Value{"name": text("Reviewer"), "permissions": texts("ORCHESTRATOR.MLLOGS.VIEW")})

	plan, err := p.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "uipath_tenant_role", Config: config, ProposedNewState: config, PriorState: p.dynamic(block.ValueType(), tftypes.NewValue(block.ValueType(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(plan.Diagnostics)
	created, err := p.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "uipath_tenant_role", Config: config, PlannedState: plan.PlannedState, PlannedPrivate: plan.PlannedPrivate,
		PriorState: p.dynamic(block.ValueType(), tftypes.NewValue(block.ValueType(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(created.Diagnostics)
	id := p.strings(block.ValueType(), created.NewState)["id"]
	p.expectIdentity(created.NewIdentity, organization, id)

	// A state that an older CLI wrote has no identity; reading gives it one.
	read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: "uipath_tenant_role", CurrentState: created.NewState, Private: created.Private,
	})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(read.Diagnostics)
	p.expectIdentity(read.NewIdentity, organization, id)

	// An object that is gone is removed without a complaint about its identity.
	if err := b.Client(t).DeleteRole(t.Context(), access.GUID(id)); err != nil {
		t.Fatal(err)
	}
	for name, identity := range map[string]*tfprotov6.ResourceIdentityData{"with identity": read.NewIdentity, "without identity": nil} {
		gone, err := configured(t, b).server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: "uipath_tenant_role", CurrentState: created.NewState, CurrentIdentity: identity, Private: created.Private,
		})
		if err != nil {
			t.Fatal(err)
		}
		p.noErrors(gone.Diagnostics)
		if value, err := gone.NewState.Unmarshal(block.ValueType()); err != nil || !value.IsNull() {
			t.Errorf("%s: the role that is gone reads as %s, %v", name, value, err)
		}
	}
}

func TestTenantRoleImportByIdentity(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	organization := client.Organization().ID.String()
	existing := newRole(t, client, "Reviewer", acctest.Production)
	p := configured(t, b)
	for name, identity := range map[string]*tfprotov6.ResourceIdentityData{
		"whole":                    p.identity(organization, existing.ID.String()),
		"without the organization": p.identity(nil, existing.ID.String()),
	} {
		imported, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "uipath_tenant_role", Identity: identity})
		if err != nil {
			t.Fatal(err)
		}
		p.noErrors(imported.Diagnostics)
		if len(imported.ImportedResources) != 1 {
			t.Fatalf("%s: %d resources were imported", name, len(imported.ImportedResources))
		}
		p.expectIdentity(imported.ImportedResources[0].Identity, organization, existing.ID.String())
	}
	for name, identity := range map[string]*tfprotov6.ResourceIdentityData{
		"another organization": p.identity(nobody, existing.ID.String()),
		"no GUID":              p.identity(organization, "Reviewer"),
	} {
		imported, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "uipath_tenant_role", Identity: identity})
		if err != nil {
			t.Fatal(err)
		}
		if len(imported.Diagnostics) != 1 || imported.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityError {
			t.Errorf("%s: diagnostics are %v", name, imported.Diagnostics)
		}
	}
}

// listed is one result of a list resource.
type listed struct {
	displayName string
	identity    *tfprotov6.ResourceIdentityData
	resource    *tfprotov6.DynamicValue
}

func (p protocol) list(typeName string, query map[string]tftypes.Value, limit int64, includeResource bool) ([]listed, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	server, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		p.t.Fatal("the provider serves no list resources")
	}
	stream, err := server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: p.object(p.schema.ListResourceSchemas[typeName].Block, query),
		Limit: limit, IncludeResource: includeResource,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	var found []listed
	var diagnostics []*tfprotov6.Diagnostic
	for result := range stream.Results {
		if len(result.Diagnostics) > 0 {
			diagnostics = append(diagnostics, result.Diagnostics...)
			continue
		}
		found = append(found, listed{result.DisplayName, result.Identity, result.Resource})
	}
	return found, diagnostics
}

func displayNames(results []listed) []string {
	var names []string
	for _, result := range results {
		names = append(names, result.displayName)
	}
	return names
}

func TestTenantRoleList(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	for _, name := range []string{"Zz reviewer", "Zz auditor"} {
		newRole(t, client, name, acctest.Production)
	}
	recorder := newRole(t, client, "Zz recorder", acctest.Staging)
	p := configured(t, b)
	named := map[string]tftypes.Value{"contains": text("ZZ ")}

	all, diagnostics := p.list("uipath_tenant_role", named, 0, false)
	p.noErrors(diagnostics)
	if want := []string{"Zz auditor (Production)", "Zz recorder (Staging)", "Zz reviewer (Production)"}; !slices.Equal(displayNames(all), want) {
		t.Errorf("listed %q, want %q", displayNames(all), want)
	}
	if all[0].resource != nil {
		t.Error("the resource is included without having been asked for")
	}
	limited, diagnostics := p.list("uipath_tenant_role", named, 2, false)
	p.noErrors(diagnostics)
	if len(limited) != 2 {
		t.Errorf("a limit of 2 gave %q", displayNames(limited))
	}
	ofStaging, diagnostics := p.list("uipath_tenant_role", map[string]tftypes.Value{"contains": text("zz"), "tenant_name": text("staging")}, 0, true)
	p.noErrors(diagnostics)
	if len(ofStaging) != 1 {
		t.Fatalf("Staging has %q", displayNames(ofStaging))
	}
	p.expectIdentity(ofStaging[0].identity, client.Organization().ID.String(), recorder.ID.String())
	values := p.strings(p.schema.ResourceSchemas["uipath_tenant_role"].ValueType(), ofStaging[0].resource)
	if values["id"] != recorder.ID.String() || values["name"] != "Zz recorder" || values["tenant_name"] != "Staging" {
		t.Errorf("the included resource is %v", values)
	}
	_, diagnostics = p.list("uipath_tenant_role", map[string]tftypes.Value{"tenant_name": text("Prodution")}, 0, false)
	if len(diagnostics) != 1 || diagnostics[0].Summary != "Tenant not found" {
		t.Errorf("an unknown tenant gave %v", diagnostics)
	}
	if everything, _ := p.list("uipath_tenant_role", nil, 0, false); len(everything) < 4 || slices.Contains(displayNames(everything), "Automation Auditor (Production)") {
		t.Errorf("without a filter there are %q", displayNames(everything))
	}
}

// TestTenantRoleGeneratedConfiguration imports a role, lets the provider write its configuration as `terraform query` and
// `terraform plan -generate-config-out` do, and plans that: there is nothing to change.
func TestTenantRoleGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	existing := newRole(t, b.Client(t), "Reviewer", acctest.Production)
	p := configured(t, b)
	kind := p.schema.ResourceSchemas["uipath_tenant_role"].ValueType()
	imported, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "uipath_tenant_role", ID: existing.ID.String()})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(imported.Diagnostics)
	read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: "uipath_tenant_role", CurrentState: imported.ImportedResources[0].State, CurrentIdentity: imported.ImportedResources[0].Identity,
	})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(read.Diagnostics)
	generated, err := p.server.GenerateResourceConfig(t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: "uipath_tenant_role", State: read.NewState})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(generated.Diagnostics)
	written := p.strings(kind, generated.Config)
	if written["name"] != "Reviewer" || written["tenant_id"] != existing.TenantID.String() || written["tenant_name"] != acctest.Production || written["id"] != "" {
		t.Errorf("the generated configuration is %v", written)
	}
	validated, err := p.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: "uipath_tenant_role", Config: generated.Config})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(validated.Diagnostics)
	plan, err := p.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: "uipath_tenant_role", Config: generated.Config, PriorState: read.NewState, ProposedNewState: read.NewState, PriorPrivate: read.Private,
	})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(plan.Diagnostics)
	planned, err := plan.PlannedState.Unmarshal(kind)
	if err != nil {
		t.Fatal(err)
	}
	prior, err := read.NewState.Unmarshal(kind)
	if err != nil {
		t.Fatal(err)
	}
	if !planned.Equal(prior) || len(plan.RequiresReplace) > 0 {
		t.Errorf("planning the generated configuration changes %s to %s", prior, planned)
	}
}
