# People who left are no error.
data "uipath_principals" "reviewers" {
  names          = ["grace.hopper@acme.example", "alan.turing@acme.example", "somebody.who.left@acme.example"]
  type           = "User"
  ignore_missing = true
}

# The keys are the names above, for the for_each of a resource.
output "reviewers" {
  value = { for name, person in data.uipath_principals.reviewers.principals : name => person.display_name }
}

output "who_left" {
  value = data.uipath_principals.reviewers.missing
}

# All groups.
data "uipath_principals" "groups" {
  type = "Group"
}

output "groups" {
  value = keys(data.uipath_principals.groups.principals)
}
