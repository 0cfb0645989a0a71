data "uipath_principal" "grace" {
  name = "grace.hopper@acme.example"
}

# A user and a group may share a name, so the type tells which one is meant.
data "uipath_principal" "administrators" {
  name = "Administrators"
  type = "Group"
}

output "grace_id" {
  value = data.uipath_principal.grace.id
}
