package model

// Part is a part of what a caller asks for, whatever the API calls it on the wire.
type Part int

// The parts of a role, a group, an account, a role assignment and a question about effective access.
const (
	PartID Part = iota
	PartName
	PartDescription
	PartOrganization
	PartScopeType
	PartTenant
	PartService
	PartPermissions
	PartScope
	PartFolder
	PartPrincipal
	PartPrincipalType
	PartMembers
	PartDisplayName
	PartEmail
	PartGroups
	PartScopes
	PartConfidential
	PartRedirect
	PartExpiry
	PartKey
	PartType
	PartRoles
)

// Violation is one thing that is wrong with one part of what a caller asks for, or of what a seed says.
type Violation struct {
	Part Part
	// Index is the place, from 0, of the role assignment at fault among those to add.
	Index int
	// Message is a sentence.
	Message string
	// Permission is the permission at fault where the part is [PartPermissions].
	Permission string
}
