# The tenant roles that Task Mining needs.
#
# Task Mining keeps its data in AI Center, so each of its three permissions (Admin, Process SME, User) needs
# a tenant role that grants the matching AI Center permissions. This configuration creates those three roles.
# (No public source gives the names of these permissions. The names below are the reference backend's own.)
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

provider "uipath" {
  tenant            = "Production"
  reference_backend = var.embedded ? { data_file = "uipath.db" } : null
}

resource "uipath_tenant_role" "task_mining_admin" {
  name        = "Task Mining Admin"
  description = "AI Center permissions of a Task Mining Admin: runs the pipeline, reviews its results."

  permissions = [
    "ORCHESTRATOR.MLLOGS.VIEW",
    "ORCHESTRATOR.MLPACKAGES.CREATE",
    "ORCHESTRATOR.MLPACKAGES.DELETE",
    "ORCHESTRATOR.MLPACKAGES.EDIT",
    "ORCHESTRATOR.MLPACKAGES.VIEW",
    "ORCHESTRATOR.MLSKILLS.VIEW",
  ]
}

resource "uipath_tenant_role" "task_mining_process_sme" {
  name        = "Task Mining Process SME"
  description = "AI Center permissions of a Task Mining Process SME: reads what the pipeline found."

  permissions = [
    "ORCHESTRATOR.MLLOGS.VIEW",
    "ORCHESTRATOR.MLPACKAGES.VIEW",
    "ORCHESTRATOR.MLSKILLS.VIEW",
  ]
}

resource "uipath_tenant_role" "task_mining_user" {
  name        = "Task Mining User"
  description = "AI Center permissions of a Task Mining User: records."

  permissions = ["ORCHESTRATOR.MLPACKAGES.VIEW"]
}

output "roles" {
  description = "The roles by name: their ids, and the tenant they belong to."

  value = {
    for role in [
      uipath_tenant_role.task_mining_admin,
      uipath_tenant_role.task_mining_process_sme,
      uipath_tenant_role.task_mining_user,
    ] : role.name => { id = role.id, tenant = role.tenant_name }
  }
}
