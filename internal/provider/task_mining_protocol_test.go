package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const miningType = "uipath_task_mining_permission"

var miningIdentityType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"organization_id": tftypes.String, "tenant_id": tftypes.String, "principal_id": tftypes.String,
}}

// miningIdentity is an identity; organization nil is without one.
func (p protocol) miningIdentity(organization any, tenantID, principalID string) *tfprotov6.ResourceIdentityData {
	return &tfprotov6.ResourceIdentityData{IdentityData: p.dynamic(miningIdentityType, tftypes.NewValue(miningIdentityType, map[string]tftypes.Value{
		"organization_id": tftypes.NewValue(tftypes.String, organization), "tenant_id": text(tenantID), "principal_id": text(principalID),
	}))}
}

// expectMiningIdentity expects the canonical identity of a principal's permission in Production.
func (p protocol) expectMiningIdentity(got *tfprotov6.ResourceIdentityData, organization, principal string) {
	p.t.Helper()
	if got == nil {
		p.t.Fatal("there is no identity")
	}
	want := map[string]string{"organization_id": organization, "tenant_id": productionID, "principal_id": principal}
	if values := p.strings(miningIdentityType, got.IdentityData); !maps.Equal(values, want) {
		p.t.Errorf("identity is %v, want %v", values, want)
	}
}

// held is a permission as Terraform keeps it between two runs.
type held struct {
	state    *tfprotov6.DynamicValue
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// absent is a permission that Terraform has not created yet.
func (p protocol) absent() held {
	kind := p.schema.ResourceSchemas[miningType].ValueType()
	return held{state: p.dynamic(kind, tftypes.NewValue(kind, nil))}
}

// planned plans a configuration; proposed is what Terraform makes of it and the prior state.
func (p protocol) planned(prior held, config, proposed *tfprotov6.DynamicValue) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	plan, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: miningType, Config: config, ProposedNewState: proposed, PriorState: prior.state, PriorPrivate: prior.private, PriorIdentity: prior.identity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.noErrors(plan.Diagnostics)
	return plan
}

// applied plans and applies a configuration.
func (p protocol) applied(prior held, config, proposed *tfprotov6.DynamicValue) held {
	p.t.Helper()
	plan := p.planned(prior, config, proposed)
	done, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: miningType, Config: config, PriorState: prior.state, PlannedState: plan.PlannedState, PlannedPrivate: plan.PlannedPrivate,
		PlannedIdentity: plan.PlannedIdentity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.noErrors(done.Diagnostics)
	return held{done.NewState, done.Private, done.NewIdentity}
}

// refreshed reads what Terraform keeps, as it is on the server now.
func (p protocol) refreshed(kept held) held {
	p.t.Helper()
	read, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: miningType, CurrentState: kept.state, Private: kept.private, CurrentIdentity: kept.identity,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.noErrors(read.Diagnostics)
	return held{read.NewState, read.Private, read.NewIdentity}
}

// changed is the state with other values of some attributes.
func (p protocol) changed(kept held, values map[string]tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	kind := p.schema.ResourceSchemas[miningType].ValueType()
	attributes := p.attributes(kind, kept.state)
	maps.Copy(attributes, values)
	return p.dynamic(kind, tftypes.NewValue(kind, attributes))
}

func (p protocol) isNull(state *tfprotov6.DynamicValue) bool {
	p.t.Helper()
	value, err := state.Unmarshal(p.schema.ResourceSchemas[miningType].ValueType())
	if err != nil {
		p.t.Fatal(err)
	}
	return value.IsNull()
}

// TestTaskMiningPermissionIdentity follows the identity from the creation to the end, through spellings that are not canonical.
func TestTaskMiningPermissionIdentity(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	organization := b.Client(t).Organization().ID.String()
	p := configured(t, b)
	block := p.schema.ResourceSchemas[miningType].Block
	no := tftypes.NewValue(tftypes.Bool, false)
	config := map[string]tftypes.Value{
		"principal_id": text(strings.ToUpper(edsger)), "principal_type": text("User"), "permission": text("User"), "project_ids": texts(payables),
		"tenant_id": text(strings.ToUpper(productionID)), "require_ai_center_permissions": no,
	}
	created := p.applied(p.absent(), p.object(block, config), p.object(block, config))
	p.expectMiningIdentity(created.identity, organization, edsger)

	// A state that an older CLI wrote has no identity; reading gives it one.
	read := p.refreshed(held{state: created.state, private: created.private})
	p.expectMiningIdentity(read.identity, organization, edsger)

	config = with(with(config, "permission", text("Admin")), "project_ids", tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, nil))
	// Nor has the state of an older CLI one where it is changed without having been read.
	updated := p.applied(held{state: read.state, private: read.private}, p.object(block, config), p.changed(read, map[string]tftypes.Value{
		"permission": config["permission"], "project_ids": config["project_ids"],
	}))
	p.expectMiningIdentity(updated.identity, organization, edsger)
	m := newMiner(t, b)
	if got := m.held(edsger); !slices.Equal(got, []string{"Admin"}) {
		t.Errorf("Edsger holds %q", got)
	}

	// A permission that is gone is removed without a complaint about its identity.
	if err := b.Client(t).Unassign(t.Context(), m.key(edsger, access.TaskMiningAdmin, "")); err != nil {
		t.Fatal(err)
	}
	for name, identity := range map[string]*tfprotov6.ResourceIdentityData{"with identity": updated.identity, "without identity": nil} {
		again := configured(t, b)
		if gone := again.refreshed(held{updated.state, updated.private, identity}); !again.isNull(gone.state) {
			t.Errorf("%s: the permission that is gone was read", name)
		}
	}
}

func TestTaskMiningPermissionImportByIdentity(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	organization := b.Client(t).Organization().ID.String()
	newMiner(t, b).grants(edsger, access.PrincipalUser, access.TaskMiningUser, payables)
	p := configured(t, b)
	for name, identity := range map[string]*tfprotov6.ResourceIdentityData{
		"whole":                    p.miningIdentity(organization, productionID, edsger),
		"without the organization": p.miningIdentity(nil, productionID, edsger),
		"in upper case":            p.miningIdentity(strings.ToUpper(organization), strings.ToUpper(productionID), strings.ToUpper(edsger)),
	} {
		imported, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: miningType, Identity: identity})
		if err != nil {
			t.Fatal(err)
		}
		p.noErrors(imported.Diagnostics)
		if len(imported.ImportedResources) != 1 {
			t.Fatalf("%s: %d resources were imported", name, len(imported.ImportedResources))
		}
		one := imported.ImportedResources[0]
		p.expectMiningIdentity(one.Identity, organization, edsger)
		read := p.refreshed(held{one.State, one.Private, one.Identity})
		p.expectMiningIdentity(read.identity, organization, edsger)
		values := p.strings(p.schema.ResourceSchemas[miningType].ValueType(), read.state)
		if values["permission"] != "User" || values["name"] != "edsger.dijkstra@acme.example -> Task Mining User @ Production" {
			t.Errorf("%s: imported %v", name, values)
		}
	}
	for want, identity := range map[string]*tfprotov6.ResourceIdentityData{
		"Resource of another organization: .*" + nobody: p.miningIdentity(nobody, productionID, edsger),
		"Invalid import id: .*Edsger":                   p.miningIdentity(organization, productionID, "Edsger"),
		"Tenant not found: .*" + nobody:                 p.miningIdentity(organization, nobody, edsger),
	} {
		imported, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: miningType, Identity: identity})
		if err != nil {
			t.Fatal(err)
		}
		refused(t, imported.Diagnostics, want)
	}
}

func TestTaskMiningPermissionList(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	organization := b.Client(t).Organization().ID.String()
	none, diagnostics := configured(t, b).list(miningType, nil, 0, false)
	p := configured(t, b)
	p.noErrors(diagnostics)
	if len(none) != 0 {
		t.Errorf("before the study there are %q", displayNames(none))
	}
	studied(t, b)
	p = configured(t, b)
	// In the order of the principals' ids.
	want := []string{
		"grace.hopper@acme.example -> Task Mining Admin @ Production", "katherine.johnson@acme.example -> Task Mining Process SME @ Production",
		"edsger.dijkstra@acme.example -> Task Mining User @ Production", "Process Discovery -> Task Mining User @ Production",
	}
	all, diagnostics := p.list(miningType, nil, 0, false)
	// Ada has a project and no permission at the service: no configuration could say that.
	warned(t, diagnostics, "Task Mining permissions left out: .*1 of projects without a permission at the service")
	if diff := cmp.Diff(want, displayNames(all)); diff != "" {
		t.Errorf("listed others:\n%s", diff)
	}
	for i, principal := range []string{grace, katherine, edsger, processes} {
		p.expectMiningIdentity(all[i].identity, organization, principal)
		if all[i].resource != nil {
			t.Error("the resource is included without having been asked for")
		}
	}
	limited, diagnostics := p.list(miningType, nil, 2, false)
	warned(t, diagnostics, "Task Mining permissions left out: ", "List is not complete: The query finds 4, and its limit lets 2 through")
	if !slices.Equal(displayNames(limited), want[:2]) {
		t.Errorf("a limit of 2 gave %q", displayNames(limited))
	}
	ofStaging, diagnostics := p.list(miningType, map[string]tftypes.Value{"tenant_id": text(staging)}, 0, false)
	p.noErrors(diagnostics)
	if len(ofStaging) != 0 {
		t.Errorf("Staging has %q", displayNames(ofStaging))
	}
	whole, diagnostics := p.list(miningType, map[string]tftypes.Value{"tenant_id": text(strings.ToUpper(productionID))}, 0, true)
	p.noErrors(diagnostics)
	if len(whole) != len(want) {
		t.Fatalf("the tenant in upper case has %q", displayNames(whole))
	}
	attributes := p.attributes(p.schema.ResourceSchemas[miningType].ValueType(), whole[2].resource)
	for name, want := range map[string]string{
		"tenant_id": productionID, "principal_id": edsger, "principal_type": "User", "permission": "User", "tenant_name": "Production",
		"require_ai_center_permissions": "false",
	} {
		if got := plain(t, attributes[name]); got != want {
			t.Errorf("the included resource has the %s %q, want %q", name, got, want)
		}
	}
	if got := sortedTexts(t, attributes["project_ids"]); !slices.Equal(got, []string{payables, customers}) {
		t.Errorf("the included resource has the projects %q", got)
	}
	if got := sortedTexts(t, attributes["missing_ai_center_permissions"]); !slices.Equal(got, access.TaskMiningUser.AICenterPermissions()) {
		t.Errorf("the included resource lacks %q", got)
	}
}

func TestTaskMiningPermissionListRefused(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	p := configured(t, b)
	_, diagnostics := p.list(miningType, map[string]tftypes.Value{"tenant_id": text(nobody)}, 0, false)
	refused(t, diagnostics, "Tenant not found: .*"+nobody)
	_, diagnostics = configuredWith(t, b, map[string]tftypes.Value{"tenant": tftypes.NewValue(tftypes.String, nil)}).list(miningType, nil, 0, false)
	refused(t, diagnostics, "No tenant: The list of Task Mining permissions belongs to no tenant")
	_, diagnostics = configuredAs(t, b, "alan.turing@acme.example", unresolved).list(miningType, nil, 0, false)
	refused(t, diagnostics, `Reading Task Mining permissions failed: .*"Production" .*not authorized`)
}

// TestTaskMiningPermissionGeneratedConfiguration imports each permission that a list shows, lets the provider write its configuration
// as `terraform query -generate-config-out` does, and plans that: there is nothing to change.
func TestTaskMiningPermissionGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	m := newMiner(t, b)
	m.grants(grace, access.PrincipalUser, access.TaskMiningAdmin)
	m.grants(katherine, access.PrincipalUser, access.TaskMiningProcessSME)
	m.grants(edsger, access.PrincipalUser, access.TaskMiningUser, payables, customers)
	m.grants(processes, access.PrincipalGroup, access.TaskMiningUser)
	p := configured(t, b)
	kind := p.schema.ResourceSchemas[miningType].ValueType()
	listed, diagnostics := p.list(miningType, nil, 0, true)
	p.noErrors(diagnostics)
	if len(listed) != 4 {
		t.Fatalf("listed %q", displayNames(listed))
	}
	for _, one := range listed {
		imported, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: miningType, Identity: one.identity})
		if err != nil {
			t.Fatal(err)
		}
		p.noErrors(imported.Diagnostics)
		read := p.refreshed(held{
			state: imported.ImportedResources[0].State, private: imported.ImportedResources[0].Private, identity: imported.ImportedResources[0].Identity,
		})
		prior, err := read.state.Unmarshal(kind)
		if err != nil {
			t.Fatal(err)
		}
		included, err := one.resource.Unmarshal(kind)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(included.String(), prior.String()); diff != "" {
			t.Errorf("%s: the list and the import differ:\n%s", one.displayName, diff)
		}
		generated, err := p.server.GenerateResourceConfig(t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: miningType, State: one.resource})
		if err != nil {
			t.Fatal(err)
		}
		p.noErrors(generated.Diagnostics)
		validated, err := p.server.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: miningType, Config: generated.Config})
		if err != nil {
			t.Fatal(err)
		}
		p.noErrors(validated.Diagnostics)
		plan := p.planned(read, generated.Config, read.state)
		planned, err := plan.PlannedState.Unmarshal(kind)
		if err != nil {
			t.Fatal(err)
		}
		if !planned.Equal(prior) || len(plan.RequiresReplace) > 0 {
			t.Errorf("%s: planning the generated configuration changes %s to %s", one.displayName, prior, planned)
		}
	}
}

// TestAnotherTenantReplacesTaskMiningPermission plans a permission in another tenant: it is made anew there, whether the resource or the
// provider names the tenant.
func TestAnotherTenantReplacesTaskMiningPermission(t *testing.T) {
	t.Parallel()
	b := acctest.NewBackend(t, backend.Options{})
	p := configured(t, b)
	block := p.schema.ResourceSchemas[miningType].Block
	config := map[string]tftypes.Value{
		"principal_id": text(edsger), "principal_type": text("User"), "permission": text("User"), "require_ai_center_permissions": tftypes.NewValue(tftypes.Bool, false),
	}
	created := p.applied(p.absent(), p.object(block, config), p.object(block, config))
	replaced := func(p protocol, tenant string) bool {
		planned := with(config, "tenant_id", tftypes.NewValue(tftypes.String, nil))
		proposed := p.changed(created, nil)
		if tenant != "" {
			planned = with(config, "tenant_id", text(tenant))
			proposed = p.changed(created, map[string]tftypes.Value{"tenant_id": text(tenant)})
		}
		for _, path := range p.planned(created, p.object(block, planned), proposed).RequiresReplace {
			if path.String() == `AttributeName("tenant_id")` {
				return true
			}
		}
		return false
	}
	inStaging := configuredWith(t, b, map[string]tftypes.Value{"tenant": text(acctest.Staging)})
	for name, test := range map[string]struct {
		p      protocol
		tenant string
		want   bool
	}{
		"the same":                         {p, productionID, false},
		"in another spelling":              {p, strings.ToUpper(productionID), false},
		"by the provider":                  {p, "", false},
		"another":                          {p, staging, true},
		"another provider's":               {inStaging, "", true},
		"the same with another provider's": {inStaging, productionID, false},
	} {
		if got := replaced(test.p, test.tenant); got != test.want {
			t.Errorf("%s: replaced %t", name, got)
		}
	}
}
