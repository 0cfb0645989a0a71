# The users of Task Mining in the provider's tenant.
data "uipath_task_mining_permissions" "production" {}

output "task_mining_users" {
  value = [
    for user in data.uipath_task_mining_permissions.production.permissions :
    "${user.principal_name}: ${user.permission}${user.through_group_name == null ? "" : " through ${user.through_group_name}"}"
  ]
}
