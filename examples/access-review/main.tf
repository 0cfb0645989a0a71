# An access review: who is an administrator, which grants are left over, and the file for the auditor.
#
# It runs on the reference backend inside the provider and needs no account, no server and no secret.
#
#   terraform init && terraform apply
#   terraform output -raw role_assignments > role-assignments.csv
#   terraform test                        # for a pipeline: fails if a check fails

terraform {
  required_version = ">= 1.8"

  required_providers {
    uipath = {
      source = "accessascode/uipath"
    }
  }
}

provider "uipath" {
  reference_backend = { data_file = "uipath.db" }
}

variable "administrators" {
  type        = set(string)
  description = "Who is expected to administer the organization or one of its tenants."
  default     = ["Ada Lovelace", "Grace Hopper", "Alan Turing", "terraform", "terraform-production"]
}

# Every assignment in the organization.
data "uipath_role_assignments" "all" {
  scope_name    = "/"
  include_below = true
}

# The same with the members of groups, which shows who really has access.
data "uipath_role_assignments" "people" {
  scope_name               = "/"
  include_below            = true
  expand_group_memberships = true
}

locals {
  administrator_roles = ["Organization Administrator", "Access Administrator", "Tenant Administrator"]

  # A group is shown by its members.
  administrations = [
    for a in data.uipath_role_assignments.people.assignments : a
    if contains(local.administrator_roles, coalesce(a.role_name, "-")) && a.security_principal_type != "Group"
  ]
  unexpected = [
    for a in local.administrations :
    "${a.principal_name} is ${a.role_name} at ${a.scope_with_display_names}${a.inherited_from_group_name == null ? "" : " through ${a.inherited_from_group_name}"}"
    if !contains(var.administrators, a.principal_name)
  ]

  # Grants whose principal, role, folder or project is gone. Null means that nobody can tell.
  orphaned = [
    for a in data.uipath_role_assignments.all.assignments :
    "${a.principal_name} -> ${coalesce(a.role_name, a.role_id)} @ ${a.scope_with_display_names}: ${join(", ", compact([
      a.principal_exists == false ? "the principal is gone" : "",
      a.role_exists == false ? "the role is gone" : "",
      a.scope_exists == false ? "the place is gone" : "",
    ]))}"
    if contains([a.principal_exists, a.role_exists, a.scope_exists], false)
  ]

  # Grants that do nothing, because the role's owner and the scope do not match.
  without_effect = [
    for a in data.uipath_role_assignments.all.assignments :
    "${a.principal_name} -> ${a.role_name} @ ${a.scope_with_display_names}"
    if a.effective == false && a.role_exists
  ]
}

check "administrators" {
  assert {
    condition     = length(local.unexpected) == 0
    error_message = "Unexpected administrators:\n${join("\n", local.unexpected)}"
  }
}

check "nothing_left_over" {
  assert {
    condition     = length(local.orphaned) == 0
    error_message = "Role assignments of what is gone:\n${join("\n", local.orphaned)}"
  }

  assert {
    condition     = length(local.without_effect) == 0
    error_message = "Role assignments without effect:\n${join("\n", local.without_effect)}"
  }
}

output "administrators" {
  description = "Who administers what, and through which group."
  value = sort([
    for a in local.administrations :
    "${a.principal_name}: ${a.role_name} at ${a.scope_with_display_names}${a.inherited_from_group_name == null ? "" : " through ${a.inherited_from_group_name}"}"
  ])
}

output "orphaned" {
  description = "Role assignments of what is gone."
  value       = local.orphaned
}

output "without_effect" {
  description = "Role assignments that do nothing."
  value       = local.without_effect
}

output "role_assignments" {
  description = "The vendor's own file, one line for each role assignment."
  value       = data.uipath_role_assignments.all.csv
  sensitive   = true # keeps the file out of plans and logs; terraform output -raw writes it
}
