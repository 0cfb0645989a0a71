package access

import "strings"

// AssignmentType says who made a role assignment, whatever made the role (contract 4.2).
type AssignmentType string

const (
	// AssignmentBuiltIn assignments were made by the platform. They count wherever they stand and cannot be removed.
	AssignmentBuiltIn AssignmentType = "BuiltIn"
	// AssignmentCustom assignments were made by an administrator.
	AssignmentCustom AssignmentType = "Custom"
)

// ReadAssignmentType reads a type in any case; a word that is none of the known ones is kept.
func ReadAssignmentType(word string) AssignmentType {
	for _, known := range []AssignmentType{AssignmentBuiltIn, AssignmentCustom} {
		if strings.EqualFold(word, string(known)) {
			return known
		}
	}
	return AssignmentType(word)
}
