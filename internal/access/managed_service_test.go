package access

import (
	"slices"
	"strings"
	"testing"
)

func TestManagedServices(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range ManagedServices() {
		name := strings.ToLower(m.Name)
		if seen[name] {
			t.Errorf("%s stands twice", m.Name)
		}
		seen[name] = true
		if m.PartOf != "" && !seen[strings.ToLower(m.PartOf)] {
			t.Errorf("%s stands before %s, which it belongs to", m.Name, m.PartOf)
		}
		from, ok := FindManagedService(m.ManagedFrom)
		if m.ManagedFrom != OrganizationRoles && (!ok || from.Elsewhere()) {
			t.Errorf("%s is managed from %q, which is managed from %q", m.Name, m.ManagedFrom, from.ManagedFrom)
		}
		if (m.ManagedFrom == "Orchestrator") != (m.Makers == MadeInOrchestrator) {
			t.Errorf("roles of %s are made in %s", m.Name, m.Makers)
		}
	}
}

// The two tables agree on who has projects and who may create roles, except for what Orchestrator manages.
func TestManagedServicesAgreeWithServices(t *testing.T) {
	t.Parallel()
	makers := map[Authoring]RoleMakers{AuthoringOpen: MadeInPlatform, AuthoringByService: MadeByService}
	for _, m := range ManagedServices() {
		s, ok := FindService(m.Name)
		if !ok || m.PartOf != "" {
			continue
		}
		if s.HasProjects() != (m.Containers == Projects) {
			t.Errorf("%s has %q", m.Name, m.Containers)
		}
		if m.Makers != MadeInOrchestrator && m.Makers != makers[s.Authoring] {
			t.Errorf("roles of %s are made by %s", m.Name, m.Makers)
		}
	}
	for _, s := range ServicesWithProjects() {
		if m, ok := FindManagedService(s.DisplayName); !ok || m.Containers != Projects {
			t.Errorf("%s has projects, and the page says %+v", s.DisplayName, m)
		}
	}
}

func TestFindManagedService(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"AI Center": "AI Center is managed from Orchestrator", "ai center": "AI Center is managed from Orchestrator",
		"Agents": "Agents belongs to Studio Web and is managed from Studio Web", "Reinfer": "IXP is managed from IXP",
		"Integration Service": "Integration Service belongs to Orchestrator and is managed from Orchestrator",
		"taskmining":          "Task Mining is managed from organization-level roles",
	} {
		if got, ok := FindManagedService(name); !ok || got.String() != want {
			t.Errorf("%s: %q, %t, want %q", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "Excel", "Identity"} {
		if got, ok := FindManagedService(name); ok {
			t.Errorf("%q is %+v", name, got)
		}
	}
	studio, _ := FindManagedService("Studio Web")
	if !slices.Equal(studio.Parts(), []string{"Agents"}) || studio.Elsewhere() {
		t.Errorf("%+v has %v", studio, studio.Parts())
	}
	if orchestrator, _ := FindManagedService("Orchestrator"); len(orchestrator.Parts()) != 6 {
		t.Errorf("Orchestrator has %v", orchestrator.Parts())
	}
}
