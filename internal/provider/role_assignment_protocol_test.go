package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

func TestRoleAssignmentList(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	production := "/tenant/" + tenant(t, client, acctest.Production).ID.String()
	p := configured(t, b)
	at := func(scope string, below bool, further map[string]tftypes.Value) map[string]tftypes.Value {
		query := map[string]tftypes.Value{"scope": text(scope), "include_below": tftypes.NewValue(tftypes.Bool, below)}
		maps.Copy(query, further)
		return query
	}
	direct, diagnostics := p.list("uipath_role_assignment", at(production, false, nil), 0, false)
	p.noErrors(diagnostics)
	if names := displayNames(direct); !slices.Contains(names, "grace.hopper@acme.example -> Tenant Administrator @ Production") ||
		slices.ContainsFunc(names, func(name string) bool { return !strings.HasSuffix(name, "@ Production") }) {
		t.Errorf("Production alone has %q", names)
	}
	below, diagnostics := p.list("uipath_role_assignment", at(production, true, nil), 0, false)
	p.noErrors(diagnostics)
	if names := displayNames(below); len(names) <= len(direct) ||
		!slices.Contains(names, "barbara.liskov@acme.example -> Document Project Lead @ Production / Document Understanding") {
		t.Errorf("Production and what is below it has %q", names)
	}
	limited, diagnostics := p.list("uipath_role_assignment", at("/", true, nil), 2, false)
	p.noErrors(diagnostics)
	if len(limited) != 2 {
		t.Errorf("a limit of 2 gave %q", displayNames(limited))
	}
	ofGrace, diagnostics := p.list("uipath_role_assignment", at("/", true, map[string]tftypes.Value{"principal_id": text(strings.ToUpper(grace))}), 0, true)
	p.noErrors(diagnostics)
	if len(ofGrace) != 1 {
		t.Fatalf("Grace holds %q", displayNames(ofGrace))
	}
	values := p.strings(p.schema.ResourceSchemas["uipath_role_assignment"].ValueType(), ofGrace[0].resource)
	if values["principal_id"] != grace || values["scope"] != production || values["principal_type"] != "User" || values["principal_name"] != "grace.hopper@acme.example" {
		t.Errorf("the included resource is %v", values)
	}
	_, diagnostics = p.list("uipath_role_assignment", at("production", false, nil), 0, false)
	if len(diagnostics) != 1 || diagnostics[0].Summary != "Invalid scope" {
		t.Errorf("a scope that is none gave %v", diagnostics)
	}
}

// TestRoleAssignmentIdentity imports by identity, and finds the identity again after reading.
func TestRoleAssignmentIdentity(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	client := b.Client(t)
	production := "/tenant/" + tenant(t, client, acctest.Production).ID.String()
	roles, err := client.Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	administrator := roles[slices.IndexFunc(roles, func(r uipath.Role) bool { return r.Name == "Tenant Administrator" })].ID
	p := configured(t, b)
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"organization_id": tftypes.String, "scope": tftypes.String, "role_id": tftypes.String, "principal_id": tftypes.String,
	}}
	identity := func(organization any, role, principal, scope string) *tfprotov6.ResourceIdentityData {
		return &tfprotov6.ResourceIdentityData{IdentityData: p.dynamic(kind, tftypes.NewValue(kind, map[string]tftypes.Value{
			"organization_id": tftypes.NewValue(tftypes.String, organization),
			"scope":           text(scope), "role_id": text(role), "principal_id": text(principal),
		}))}
	}
	imported, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
		TypeName: "uipath_role_assignment", Identity: identity(nil, strings.ToUpper(administrator.String()), strings.ToUpper(grace), strings.ToUpper(production)),
	})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(imported.Diagnostics)
	read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: "uipath_role_assignment", CurrentState: imported.ImportedResources[0].State, CurrentIdentity: imported.ImportedResources[0].Identity,
	})
	if err != nil {
		t.Fatal(err)
	}
	p.noErrors(read.Diagnostics)
	values := p.strings(kind, read.NewIdentity.IdentityData)
	want := map[string]string{
		"organization_id": client.Organization().ID.String(), "scope": production, "role_id": administrator.String(), "principal_id": grace,
	}
	if !maps.Equal(values, want) {
		t.Errorf("identity is %v, want %v", values, want)
	}
	for name, wrong := range map[string]*tfprotov6.ResourceIdentityData{
		"another organization": identity(nobody, administrator.String(), grace, production),
		"no scope":             identity(nil, administrator.String(), grace, "production"),
		"no GUID":              identity(nil, "Tenant Administrator", grace, production),
	} {
		refused, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: "uipath_role_assignment", Identity: wrong})
		if err != nil {
			t.Fatal(err)
		}
		if len(refused.Diagnostics) != 1 || refused.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityError {
			t.Errorf("%s: diagnostics are %v", name, refused.Diagnostics)
		}
	}
}

// TestInertAssignmentIsWarnedOf refreshes an assignment that does nothing, and one that does something.
func TestInertAssignmentIsWarnedOf(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{Seed: []byte(reviewSeed)})
	p := configured(t, b)
	block := p.schema.ResourceSchemas["uipath_role_assignment"].Block
	const jose, operations = "3a000000-0000-4000-8000-000000000004", "3d000000-0000-4000-8000-000000000001"
	for _, test := range []struct {
		role, principal, kind, scope string
		want                         []string
	}{
		{operations, jose, "User", productionPath + "/orchestrator", []string{"does nothing", "Operations @ Production / Orchestrator", "the role needs the scope \"Production\" (" + productionPath + ")"}},
		{goneRole, jose, "User", "/tenant/" + staging, []string{"does nothing", "its role is gone"}},
		{operations, "3b000000-0000-4000-8000-000000000001", "Group", productionPath, nil},
	} {
		read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: "uipath_role_assignment", CurrentState: p.object(block, map[string]tftypes.Value{
				"role_id": text(test.role), "principal_id": text(test.principal), "principal_type": text(test.kind), "scope": text(test.scope),
			}),
		})
		if err != nil {
			t.Fatal(err)
		}
		p.noErrors(read.Diagnostics)
		var warned []string
		for _, d := range read.Diagnostics {
			warned = append(warned, d.Summary+": "+d.Detail)
		}
		if (len(warned) == 1) != (test.want != nil) {
			t.Errorf("at %s: %q", test.scope, warned)
		}
		for _, want := range test.want {
			if !strings.HasPrefix(warned[0], "Role assignment without effect: ") || !strings.Contains(warned[0], want) {
				t.Errorf("at %s: %q does not say %q", test.scope, warned[0], want)
			}
		}
	}
}
