package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const roleType = "uipath_tenant_role"

// reviewers is the configuration of a role in a tenant that is named in one of the ways.
func reviewers(way, tenantID, tenantName string) map[string]tftypes.Value {
	config := map[string]tftypes.Value{"name": text("Reviewers"), "permissions": texts("ORCHESTRATOR.MLLOGS.VIEW")}
	give(way, config, "tenant_id", tenantID, "tenant_name", tenantName)
	return config
}

// TestTenantNamedAnyWay makes a role in a tenant that is named by its name, by its id and by both, moves it, and lets others rename the tenant.
func TestTenantNamedAnyWay(t *testing.T) {
	t.Parallel()
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := seeded(t, namesSeed)
			m := configured(t, b).managed(roleType)
			plan := m.plan(m.none(), reviewers(way, productionID, "Production"))
			m.expectShown(plan.planned, map[string]string{"tenant_id": productionID, "tenant_name": "Production"})
			kept := configured(t, b).managed(roleType).apply(plan)

			// Another spelling of the same is no other tenant. The provider's tenant does not count where the role names one.
			inStaging := configuredWith(t, b, map[string]tftypes.Value{"tenant": text("Staging")}).managed(roleType)
			for _, config := range []map[string]tftypes.Value{
				reviewers(way, strings.ToUpper(productionID), "production"), reviewers(way, productionID, "Production"),
			} {
				plan = inStaging.plan(kept, config)
				if len(plan.replaces) > 0 {
					t.Errorf("another spelling replaces because of %q", plan.replaces)
				}
				inStaging.expectShown(plan.planned, map[string]string{"tenant_id": productionID})
			}

			plan = m.plan(kept, reviewers(way, staging, "Staging"))
			if !slices.Equal(plan.replaces, []string{"tenant_id"}) {
				t.Errorf("another tenant replaces because of %q", plan.replaces)
			}
			m.expectShown(plan.planned, map[string]string{"tenant_id": staging, "tenant_name": "Staging"})

			// Others have renamed the tenant.
			renamed := seeded(t, strings.ReplaceAll(namesSeed, "Production", "Live"))
			made := newRole(t, renamed.Client(t), "Reviewers", "Live")
			inLive := map[string]tftypes.Value{"tenant": text("Live")}
			m = configuredWith(t, renamed, inLive).managed(roleType)
			// The role has another id on that server, and with it another identity.
			kept.identity = nil
			kept.state = m.edited(kept, map[string]tftypes.Value{"id": text(made.ID.String()), "description": text(made.Description)})
			read, diagnostics := m.refresh(kept)
			warned(t, diagnostics)
			m.expectShown(read, map[string]string{"tenant_id": productionID, "tenant_name": "Live"})
			config := with(reviewers(way, productionID, "Production"), "description", text(made.Description))
			plan = m.plan(read, config)
			if !m.noop(plan) {
				t.Errorf("it replaces because of %q, or changes to %s", plan.replaces, m.value(plan.planned.state))
			}
			if way == "by id" {
				warned(t, plan.diagnostics)
			} else {
				warned(t, plan.diagnostics, `Name out of date: tenant_name = "Production" stands for the tenant `+productionID+`.*Write tenant_name = "Live"`)
			}
			now := with(reviewers(way, productionID, "Live"), "description", text(made.Description))
			journal := renamed.Journal()["PutRole"]
			for _, prior := range []held{read, kept} {
				plan = m.plan(prior, now)
				if len(plan.replaces) > 0 {
					t.Errorf("the new name replaces because of %q", plan.replaces)
				}
				warned(t, plan.diagnostics)
				done := configuredWith(t, renamed, inLive).managed(roleType).apply(plan)
				m.unchanged(done, now)
			}
			if got := renamed.Journal()["PutRole"] - journal; got != 0 {
				t.Errorf("%d changes were sent", got)
			}
			m.destroy(read)
			if _, err := renamed.Client(t).Role(t.Context(), made.ID); err == nil {
				t.Error("the role is still there")
			}
		})
	}
}

func TestTenantNamesRefused(t *testing.T) {
	t.Parallel()
	b := seeded(t, namesSeed)
	m := configured(t, b).managed(roleType)
	for want, config := range map[string]map[string]tftypes.Value{
		`Tenant not found: The role "Reviewers" .*Did you mean "Production"`: reviewers("by name", "", "Prodution"),
		`Tenant not found: The role "Reviewers" .*` + nobody:                 reviewers("by id", nobody, ""),
		`Not a GUID: "Production"`:                                           reviewers("by id", "Production", ""),
		`Id and name of different objects: tenant_id = "` + staging + `" is the tenant "Staging", and tenant_name says "Production"`: reviewers("by both", staging, "Production"),
	} {
		refused(t, m.refusals(m.none(), config), want)
	}
	nowhere := configuredWith(t, b, map[string]tftypes.Value{"tenant": tftypes.NewValue(tftypes.String, nil)}).managed(roleType)
	refused(t, nowhere.refusals(m.none(), without(reviewers("by id", productionID, ""), "tenant_id")), "No tenant: .*Set tenant_name or tenant_id here")
	// Of a role that exists a wrong name is a warning: an error would stand in the way of a destroy.
	kept := m.apply(m.plan(m.none(), reviewers("by both", productionID, "Production")))
	plan := m.plan(kept, reviewers("by both", productionID, "Staging"))
	if !m.noop(plan) {
		t.Errorf("it replaces because of %q, or changes to %s", plan.replaces, m.value(plan.planned.state))
	}
	warned(t, plan.diagnostics, `Name out of date: tenant_name = "Staging" .*Write tenant_name = "Production"\. Another tenant is called "Staging" now.*`+staging)
}
