terraform {
  required_version = ">= 1.8"

  required_providers {
    uipath = {
      source = "accessascode/uipath"
    }
  }
}

# All other settings come from the environment, so that no secret is written down:
#
#   UIPATH_ORGANIZATION    name or GUID of the organization
#   UIPATH_CLIENT_ID       an external application with confidential scopes ...
#   UIPATH_CLIENT_SECRET   ... and its secret
#
# UIPATH_PAT, a personal access token, replaces the last two. UIPATH_URI is needed only if the platform is not at
# https://cloud.uipath.com.
provider "uipath" {
  tenant = "Production"
}
