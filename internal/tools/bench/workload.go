package main

import (
	"fmt"
	"strings"
)

// workload is what a scenario manages: a Terraform resource of one type, many times.
type workload struct {
	// noun is the plural that the table shows.
	noun string
	// resourceType is the type without the provider's name.
	resourceType string
	// arguments are those of instance each.value.
	arguments string
}

var (
	grants = workload{noun: "grants", resourceType: "role_assignment", arguments: `
  role_id        = local.places[each.value % length(local.places)].role_id
  scope          = local.places[each.value % length(local.places)].scope
  principal_id   = format("` + personPattern + `", floor(each.value / 2))
  principal_type = "User"
`}
	tenantRoles = workload{noun: "tenant roles", resourceType: "tenant_role", arguments: `
  name        = "Benchmark ${each.key}"
  description = "Made by the benchmark."
  tenant_id   = "` + production + `"
  permissions = [
    "DOCUMENTUNDERSTANDING.PROJECTS.READ", "DOCUMENTUNDERSTANDING.PROJECTS.CREATE", "DOCUMENTUNDERSTANDING.PROJECTS.UPDATE",
    "DATASERVICE.SCHEMA.READ", "DATASERVICE.SCHEMA.CREATE", "DATASERVICE.SCHEMA.UPDATE", "DATASERVICE.SCHEMA.DELETE",
    "ORCHESTRATOR.MLLOGS.VIEW", "ORCHESTRATOR.MLPACKAGES.VIEW", "ORCHESTRATOR.MLSKILLS.VIEW",
  ]
`}
	taskMining = workload{noun: "Task Mining permissions", resourceType: "task_mining_permission", arguments: `
  principal_id   = format("` + personPattern + `", floor(each.value / 2))
  principal_type = "User"
  tenant_id      = each.value % 2 == 0 ? "` + production + `" : "` + staging + `"
  permission     = each.value % 4 == 0 ? "Admin" : "Process SME"
`}
	terraformData = workload{noun: "terraform_data", resourceType: "data", arguments: `
  input = {
    role_id        = local.places[each.value % length(local.places)].role_id
    scope          = local.places[each.value % length(local.places)].scope
    principal_id   = format("` + personPattern + `", floor(each.value / 2))
    principal_type = "User"
  }
`}
)

// side is one of the providers that are compared.
type side struct {
	// name is the provider's local name, "terraform" for the one inside the CLI.
	name string
	// program is the provider's binary, "" for the one inside the CLI.
	program string
}

// configuration is the Terraform configuration of n instances. The settings are the body of the provider block.
func (w workload) configuration(s side, n int, settings string) string {
	var c strings.Builder
	if s.program != "" {
		fmt.Fprintf(&c, "terraform {\n  required_providers {\n    %[1]s = { source = \"accessascode/%[1]s\" }\n  }\n}\n\n", s.name)
		fmt.Fprintf(&c, "provider %q {\n%s}\n\n", s.name, settings)
	}
	c.WriteString("locals {\n  places = [\n")
	for _, p := range places {
		fmt.Fprintf(&c, "    { role_id = %q, scope = %q },\n", role(p.role), p.scope)
	}
	fmt.Fprintf(&c, "  ]\n}\n\nresource \"%s_%s\" \"each\" {\n", s.name, w.resourceType)
	fmt.Fprintf(&c, "  for_each = { for i in range(%d) : format(\"%%05d\", i) => i }\n%s}\n", n, w.arguments)
	return c.String()
}

// settings is the provider block's body that leads our provider to the server.
func settings(url string) string {
	return fmt.Sprintf("  base_url      = %q\n  organization  = %q\n  client_id     = %q\n  client_secret = %q\n  tenant        = \"Production\"\n",
		url, organization, clientID, clientSecret)
}
