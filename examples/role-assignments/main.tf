# Roles for groups, a user, a robot account and an external application, at every level.
#
# It runs on the reference backend inside the provider and needs no account, no server and no secret.
#
#   terraform init && terraform apply
#
# Groups are the recommended assignee. Give a single account its own role for finer control only.

terraform {
  required_version = ">= 1.8"

  required_providers {
    uipath = {
      source = "accessascode/uipath"
    }
  }
}

provider "uipath" {
  tenant            = "Production"
  reference_backend = { data_file = "uipath.db" }
}

data "uipath_tenant" "production" {
  name = "Production"
}

locals {
  tenant = "/tenant/${data.uipath_tenant.production.id}"

  # Folders and projects have no data source yet. The portal shows their ids in the address bar.
  invoices_folder  = "4a000000-0000-4000-8000-000000000002"
  invoices_project = "4b000000-0000-4000-8000-000000000001"
  mail_project     = "4b0000000000000a"

  # A role (with its service, if several services have a role of this name), a principal with its type, and the scope.
  assignments = {
    audit_organization = { role = "Audit Viewer", service = null, principal = "Document Reviewers", type = "Group", scope = "/" }
    run_production     = { role = "Tenant Administrator", service = null, principal = "Test Engineering", type = "Group", scope = local.tenant }
    audit_production   = { role = "Automation Auditor", service = null, principal = "access-review", type = "ExternalApplication", scope = local.tenant }
    lead_documents     = { role = "DU Developer", service = null, principal = "Katherine Johnson", type = "User", scope = "${local.tenant}/documentunderstanding" }
    run_invoices       = { role = "Administrator", service = "Orchestrator", principal = "Invoice Robot", type = "Robot", scope = "${local.tenant}/orchestrator/folder/${local.invoices_folder}" }
    annotate_invoices  = { role = "Data Annotator", service = null, principal = "Invoice Processing", type = "Group", scope = "${local.tenant}/documentunderstanding/projects/${local.invoices_project}" }
    analyse_mail       = { role = "IXP Analyst", service = null, principal = "Invoice Processing", type = "Group", scope = "${local.tenant}/reinfer/project/${local.mail_project}" }
  }
}

data "uipath_role" "this" {
  for_each = local.assignments
  name     = each.value.role
  service  = each.value.service
}

data "uipath_principal" "this" {
  for_each = local.assignments
  name     = each.value.principal
  type     = each.value.type
}

resource "uipath_role_assignment" "this" {
  for_each       = local.assignments
  role_id        = data.uipath_role.this[each.key].id
  principal_id   = data.uipath_principal.this[each.key].id
  principal_type = each.value.type
  scope          = each.value.scope
}

output "who_has_access" {
  description = "The assignments in words."
  value       = sort([for assignment in uipath_role_assignment.this : assignment.name])
}
