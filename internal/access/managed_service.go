package access

import (
	"fmt"
	"slices"
	"strings"
)

// RoleMakers says who may create roles for a service.
type RoleMakers string

const (
	// MadeInOrchestrator roles are created by administrators of Orchestrator, in Orchestrator of each tenant.
	MadeInOrchestrator RoleMakers = "Orchestrator"
	// MadeInPlatform roles are created by administrators, for the service alone or for several services.
	MadeInPlatform RoleMakers = "Platform"
	// MadeByService roles come with the service. What it grants can still be part of a multi-service role.
	MadeByService RoleMakers = "Service"
	// MakersUnknown is that no public source tells it.
	MakersUnknown RoleMakers = "Unknown"
)

// Containers are the smallest scopes of a service.
type Containers string

// The kinds of containers; "" is that there are none.
const (
	NoContainers Containers = ""
	Folders      Containers = "folders"
	Projects     Containers = "projects"
)

// OrganizationRoles is from where the roles of Task Mining are managed, which is no service.
const OrganizationRoles = "organization-level roles"

// ManagedService is something whose roles are managed somewhere, as the vendor's page on role assignments lists it: a service, or what
// belongs to one.
type ManagedService struct {
	// Name is what people call it.
	Name string
	// PartOf is the service that it belongs to, "" for a service.
	PartOf string
	// ManagedFrom is the service where its roles are managed, by its display name, or [OrganizationRoles].
	ManagedFrom string
	Containers  Containers
	// Makers says who may create roles for it.
	Makers RoleMakers
}

// managedServices is the table of the vendor's page, in its order. A part stands after its service.
var managedServices = []ManagedService{
	{"Orchestrator", "", "Orchestrator", Folders, MadeInOrchestrator},
	{"Action Center", "Orchestrator", "Orchestrator", Folders, MadeInOrchestrator},
	{"Processes", "Orchestrator", "Orchestrator", Folders, MadeInOrchestrator},
	{"Context Grounding", "Orchestrator", "Orchestrator", Folders, MadeInOrchestrator},
	{"Solutions", "Orchestrator", "Orchestrator", Folders, MadeInOrchestrator},
	{"Integration Service", "Orchestrator", "Orchestrator", Folders, MadeInOrchestrator},
	{"Maestro", "Orchestrator", "Orchestrator", Folders, MadeInOrchestrator},
	{"Actions", "", "Orchestrator", NoContainers, MadeInOrchestrator},
	{"AI Center", "", "Orchestrator", NoContainers, MadeInOrchestrator},
	{"Apps", "", "Orchestrator", NoContainers, MadeInOrchestrator},
	{"Automation Hub", "", "Automation Hub", NoContainers, MakersUnknown},
	{"Automation Store", "Automation Hub", "Automation Hub", NoContainers, MakersUnknown},
	{"AutomationOps", "", "AutomationOps", NoContainers, MadeByService},
	{"Data Fabric", "", "Data Fabric", NoContainers, MadeByService},
	{"Document Understanding", "", "Document Understanding", Projects, MadeInPlatform},
	{"Insights", "", "Insights", NoContainers, MadeByService},
	{"IXP", "", "IXP", Projects, MadeInPlatform},
	{"Communications Mining", "IXP", "IXP", Projects, MadeInPlatform},
	{"Process Mining", "", "Process Mining", NoContainers, MadeByService},
	{"Studio Web", "", "Studio Web", NoContainers, MadeInPlatform},
	{"Agents", "Studio Web", "Studio Web", NoContainers, MadeInPlatform},
	{"Task Mining", "", OrganizationRoles, Projects, MadeByService},
	{"Test Manager", "", "Test Manager", Projects, MadeByService},
}

// ManagedServices returns the services of the vendor's page, each before what belongs to it.
func ManagedServices() []ManagedService { return slices.Clone(managedServices) }

// FindManagedService finds a service, or what belongs to one, by the name that people call it by, in any case. The API's own names are found
// too where the page has the service: Reinfer is IXP.
func FindManagedService(name string) (ManagedService, bool) {
	find := func(name string) int {
		return slices.IndexFunc(managedServices, func(m ManagedService) bool { return strings.EqualFold(m.Name, name) })
	}
	i := find(name)
	if known, ok := FindService(name); i < 0 && ok {
		i = find(known.DisplayName)
	}
	if i < 0 {
		return ManagedService{}, false
	}
	return managedServices[i], true
}

// Elsewhere reports whether the roles are managed from somewhere else than the service of this name.
func (m ManagedService) Elsewhere() bool { return m.ManagedFrom != m.Name }

// Parts returns the names of what belongs to the service, in the page's order.
func (m ManagedService) Parts() []string {
	var parts []string
	for _, other := range managedServices {
		if other.PartOf == m.Name {
			parts = append(parts, other.Name)
		}
	}
	return parts
}

// String says where the roles are managed, as the end of a message: "AI Center is managed from Orchestrator".
func (m ManagedService) String() string {
	if m.PartOf != "" {
		return fmt.Sprintf("%s belongs to %s and is managed from %s", m.Name, m.PartOf, m.ManagedFrom)
	}
	return fmt.Sprintf("%s is managed from %s", m.Name, m.ManagedFrom)
}
