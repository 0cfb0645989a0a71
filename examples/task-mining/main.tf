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
  description = "Who takes part in the study: groups, or single users, by name. Projects are for those who record."

  type = map(object({
    type       = string
    permission = string
    projects   = optional(set(string))
  }))

  default = {
    "Grace Hopper"       = { type = "User", permission = "Admin" }
    "Document Reviewers" = { type = "Group", permission = "Process SME" }
    "Invoice Processing" = { type = "Group", permission = "User", projects = ["4b000000-0000-4000-8000-000000000003"] }
  }
}

provider "uipath" {
  tenant            = "Production"
  reference_backend = var.embedded ? { data_file = "uipath.db" } : null
}

data "uipath_principal" "team" {
  for_each = var.team
  name     = each.key
  type     = each.value.type
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
  role_id        = uipath_tenant_role.ai_center[each.value.permission].id
  principal_id   = data.uipath_principal.team[each.key].id
  principal_type = each.value.type
  scope          = provider::uipath::tenant_scope(uipath_tenant_role.ai_center[each.value.permission].tenant)
}

resource "uipath_task_mining_permission" "team" {
  for_each       = var.team
  principal_id   = data.uipath_principal.team[each.key].id
  principal_type = each.value.type
  permission     = each.value.permission
  projects       = each.value.projects

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
        user.permission == "User" ? length(user.projects) : "every",
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
