data "uipath_folder" "invoices" {
  name = "Finance/Invoices"
}

# The key of a folder gives its name.
data "uipath_folder" "of_a_key" {
  key = "4a000000-0000-4000-8000-000000000003"
}

output "scope" {
  value = data.uipath_folder.invoices.scope_name
}
