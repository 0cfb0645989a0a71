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

locals {
  # A role, a principal and a scope, by their names. The service tells roles of one name apart where the scope does not.
  assignments = {
    audit_organization = { role = "Audit Viewer", principal = "Document Reviewers", scope = "/" }
    run_production     = { role = "Tenant Administrator", principal = "Test Engineering", scope = "Production" }
    audit_production   = { role = "Automation Auditor", principal = "access-review", scope = "Production" }
    lead_documents     = { role = "DU Developer", principal = "katherine.johnson@acme.example", scope = "Production / Document Understanding" }
    run_invoices       = { role = "Administrator", principal = "invoice-robot", scope = "Production / Orchestrator / Finance/Invoices" }
    annotate_invoices  = { role = "Data Annotator", principal = "Invoice Processing", scope = "Production / Document Understanding / Invoices" }
    analyse_mail       = { role = "IXP Analyst", principal = "Invoice Processing", scope = "Production / IXP / Supplier Mail" }
  }
}

resource "uipath_role_assignment" "this" {
  for_each       = local.assignments
  role_name      = each.value.role
  principal_name = each.value.principal
  scope_name     = each.value.scope
}

output "who_has_access" {
  description = "The assignments in words."
  value       = sort([for assignment in uipath_role_assignment.this : assignment.name])
}
