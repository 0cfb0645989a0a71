# Who has access to Document Understanding of a tenant: through assignments there, in its projects and above it, and through groups.
data "uipath_role_assignments" "documents" {
  scope_name               = "Production / Document Understanding"
  include_inherited        = true
  include_below            = true
  expand_group_memberships = true
}

output "who_has_access" {
  value = [
    for a in data.uipath_role_assignments.documents.assignments :
    "${a.principal_name}: ${a.role_name} at ${a.scope_with_display_names}"
    if a.effective == true
  ]
}
