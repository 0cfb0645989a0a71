// Package uipath is the HTTP client for the access management of UiPath: authentication, organization and tenants, roles,
// role assignments and who they are for, and the permission catalog.
//
// What belongs here is what must be known to speak with the server: its paths and wire types, which requests may be repeated,
// how it pages and how it refuses. What Terraform makes of it does not. The wire types are this package's own, so that a
// mistake of the reference backend is not a mistake of the client too. Contract sections named in comments are those of the
// project's notes on the vendor's API.
//
// One [Client] serves one provider configuration and may be used by many goroutines. Nothing is kept at package level.
package uipath
