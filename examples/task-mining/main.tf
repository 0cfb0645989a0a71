# A Task Mining study for a team: who records, who reviews, who administers, and what each of them needs in AI Center.
#
# Task Mining keeps its data in AI Center, so each of its permissions needs a tenant role that grants the matching
# permissions there. Terraform creates the roles first, then their assignments, then the Task Mining permissions.
# (No public source gives the names of the AI Center permissions. The names that the function returns are the provider's own.)
#
# It runs on the reference backend inside the provider and needs no account, no server and no secret.
#
#   terraform init && terraform apply
#
# To use an organization, or a backend in another terminal (terraform-provider-uipath backend), set UIPATH_URI,
# UIPATH_ORGANIZATION, UIPATH_CLIENT_ID and UIPATH_CLIENT_SECRET in the environment:
#
#   terraform apply -var embedded=false

terraform {
  required_version = ">= 1.8"

  required_providers {
    uipath = {
      source = "accessascode/uipath"
    }
  }
}

variable "embedded" {
  description = "Run the reference backend inside the provider, with its data in uipath.db. False: use what the environment names."
  type        = bool
  default     = true
}

variable "team" {
  description = "Who takes part in the study: groups by name, users by e-mail. Projects, by id, are for those who record."

  type = map(object({
    permission = string
    projects   = optional(set(string))
  }))

  default = {
    "grace.hopper@acme.example" = { permission = "Admin" }
    "Document Reviewers"        = { permission = "Process SME" }
    "Invoice Processing"        = { permission = "User" }
  }
}

provider "uipath" {
  tenant            = "Production"
  reference_backend = var.embedded ? { data_file = "uipath.db" } : null
}

# One role for each permission that somebody has.
resource "uipath_tenant_role" "ai_center" {
  for_each    = toset([for member in var.team : member.permission])
  name        = "AI Center for Task Mining ${each.key}"
  description = "What a Task Mining ${each.key} needs of AI Center."
  permissions = provider::uipath::task_mining_ai_center_permissions(each.key)
}

resource "uipath_role_assignment" "ai_center" {
  for_each       = var.team
  role_name      = uipath_tenant_role.ai_center[each.value.permission].name
  principal_name = each.key
  scope_name     = uipath_tenant_role.ai_center[each.value.permission].tenant_name
}

resource "uipath_task_mining_permission" "team" {
  for_each       = var.team
  principal_name = each.key
  permission     = each.value.permission
  project_ids    = each.value.projects

  # The provider checks just before it gives a permission, so nobody gets one that would not work.
  require_ai_center_permissions = true
  depends_on                    = [uipath_role_assignment.ai_center]
}

data "uipath_task_mining_permissions" "users" {
  depends_on = [uipath_task_mining_permission.team]
}

output "who_may_do_what" {
  description = "The users of Task Mining: name, permission, number of projects, and the group it comes through."

  value = join("\n", concat(
    [format("%-28s %-12s %-10s %s", "WHO", "PERMISSION", "PROJECTS", "THROUGH")],
    [
      for user in data.uipath_task_mining_permissions.users.permissions : format("%-28s %-12s %-10s %s",
        user.principal_name,
        user.permission,
        user.permission == "User" ? (user.project_ids == null ? "not told" : length(user.project_ids)) : "every",
        user.through_group_name == null ? "its own" : user.through_group_name,
      )
    ],
    [""], # ends the last line
  ))
}

output "rights" {
  description = "What each of them may do, in words."
  value       = { for permission in uipath_task_mining_permission.team : permission.name => permission.rights }
}
