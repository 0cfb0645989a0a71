// Package uipath is the client of UiPath's access management: organization and tenants, roles, role assignments and who they are
// for, and the catalogue of permissions.
//
// What belongs here is what must be known to speak with the server: paths and wire types, what a run shares of what it has read, and
// how writes are batched and their outcomes found out. What holds for every request is in package rest below; what Terraform makes
// of it is above. The wire types are this package's own, so that a mistake of the reference backend is not a mistake of the client
// too.
//
// One [Client] serves one provider configuration and may be used by many goroutines. Nothing is kept at package level.
package uipath
