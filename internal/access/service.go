package access

import (
	"slices"
	"strings"
)

// Authoring says whether an administrator may create roles that a service owns.
type Authoring int

const (
	// AuthoringOpen services let administrators create roles of their own.
	AuthoringOpen Authoring = iota
	// AuthoringByService services bring their roles along. Their permissions can still be granted by a multi-service role.
	AuthoringByService
	// AuthoringByPlatform services belong to the platform itself.
	AuthoringByPlatform
)

// Service is a UiPath service as the owner of roles, permissions and scopes.
type Service struct {
	// Slug is the segment of the service in a scope path and the value of the serviceName filter: lower case.
	Slug string
	// Name is the spelling that the API uses in ownerServiceName.
	Name string
	// DisplayName is what people are shown.
	DisplayName string
	// Namespace is the first part of the service's permission names.
	Namespace string
	// Authoring says who may create roles that this service owns.
	Authoring Authoring
}

// MultiService owns the roles that combine permissions of several services. It has no path segment of its own: its roles are
// assigned at a path without a service.
var MultiService = Service{
	Slug: "centralizedaccess", Name: "CentralizedAccess", DisplayName: "Multi-service", Namespace: "CENTRALIZEDACCESS",
}

// services is the static table; contract sections 3.7 and 5.3. No endpoint lists it.
var services = []Service{
	{"apps", "Apps", "Apps", "APPS", AuthoringOpen},
	{"audit", "Audit", "Audit", "AUDIT", AuthoringByPlatform},
	{"authz", "AuthZ", "Authorization", "AUTHZ", AuthoringByPlatform},
	{"automationops", "AutomationOps", "AutomationOps", "AUTOMATIONOPS", AuthoringByService},
	{"casemanagement", "CaseManagement", "Maestro", "CASEMANAGEMENT", AuthoringByService},
	{"communicationsmining", "CommunicationsMining", "Communications Mining", "COMMUNICATIONSMINING", AuthoringOpen},
	{"cx", "CX", "CX", "CX", AuthoringOpen},
	{"dataservice", "DataService", "Data Fabric", "DATASERVICE", AuthoringByService},
	{"documentunderstanding", "DocumentUnderstanding", "Document Understanding", "DOCUMENTUNDERSTANDING", AuthoringOpen},
	{"governedinference", "GovernedInference", "Governed Inference", "GOVERNEDINFERENCE", AuthoringOpen},
	{"identity", "Identity", "Identity", "IDENTITY", AuthoringByPlatform},
	{"insights", "Insights", "Insights", "INSIGHTS", AuthoringByService},
	{"licensing", "Licensing", "Licensing", "LICENSING", AuthoringByPlatform},
	{"oms", "OMS", "Organization Management", "OMS", AuthoringByPlatform},
	{"orchestrator", "Orchestrator", "Orchestrator", "ORCHESTRATOR", AuthoringByService},
	{"platform", "Platform", "Platform", "PLATFORM", AuthoringByPlatform},
	{"processmining", "ProcessMining", "Process Mining", "PROCESSMINING", AuthoringByService},
	{"reinfer", "Reinfer", "IXP", "REINFER", AuthoringOpen},
	{"relay", "Relay", "Relay", "RELAY", AuthoringOpen},
	{"studio", "Studio", "Studio Web", "STUDIO", AuthoringOpen},
	{"taskmining", "TaskMining", "Task Mining", "TASKMINING", AuthoringByService},
	{"testmanager", "TestManager", "Test Manager", "TESTMANAGER", AuthoringByService},
}

// Services returns the services that can own roles, by slug. [MultiService] is not among them.
func Services() []Service { return slices.Clone(services) }

// FindService finds a service by slug, API name or display name, in any case: people write IXP where the API says Reinfer.
// [MultiService] is found too.
func FindService(name string) (Service, bool) {
	matches := func(s Service) bool {
		return strings.EqualFold(name, s.Slug) || strings.EqualFold(name, s.Name) || strings.EqualFold(name, s.DisplayName)
	}
	if matches(MultiService) {
		return MultiService, true
	}
	if i := slices.IndexFunc(services, matches); i >= 0 {
		return services[i], true
	}
	return Service{}, false
}

// ServicesWithProjects returns the services whose roles can be assigned at projects, as the vendor's page on role assignments lists
// them.
func ServicesWithProjects() []Service {
	return slices.DeleteFunc(Services(), func(s Service) bool { return !s.HasProjects() })
}

// HasProjects reports whether the service is one of [ServicesWithProjects].
func (s Service) HasProjects() bool {
	return slices.Contains([]string{"documentunderstanding", "reinfer", "taskmining", "testmanager"}, s.Slug)
}

// ServiceDisplayName returns what people are shown for a service, and the name itself where the table lacks it.
func ServiceDisplayName(name string) string {
	if s, ok := FindService(name); ok {
		return s.DisplayName
	}
	return name
}
