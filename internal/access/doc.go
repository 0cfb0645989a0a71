// Package access is the vocabulary of access management in UiPath: the services and what owns a role, scope paths,
// role types and shapes, permission names, GUIDs.
//
// It does no I/O and imports nothing of this module. Client and server both speak in its words, so what belongs here is
// what both must agree on and what no request can change; wire types do not.
package access
