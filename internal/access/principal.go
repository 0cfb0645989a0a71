package access

import (
	"fmt"
	"strings"
)

// PrincipalType says what kind of principal holds a role (contract 4.3).
type PrincipalType string

const (
	// PrincipalUser is a person, of the organization or of an external directory.
	PrincipalUser PrincipalType = "User"
	// PrincipalGroup is a group.
	PrincipalGroup PrincipalType = "Group"
	// PrincipalRobot is a robot account.
	PrincipalRobot PrincipalType = "Robot"
	// PrincipalExternalApplication is an OAuth2 client.
	PrincipalExternalApplication PrincipalType = "ExternalApplication"
)

// PrincipalTypes returns the types there are.
func PrincipalTypes() []PrincipalType {
	return []PrincipalType{PrincipalUser, PrincipalGroup, PrincipalRobot, PrincipalExternalApplication}
}

// ParsePrincipalType reads a principal type in any case.
func ParsePrincipalType(s string) (PrincipalType, error) {
	for _, t := range PrincipalTypes() {
		if strings.EqualFold(s, string(t)) {
			return t, nil
		}
	}
	return "", fmt.Errorf("unknown principal type %q: want User, Group, Robot or ExternalApplication", s)
}

// PrincipalSource says which directory an account comes from (contract 7.2).
type PrincipalSource string

const (
	// SourceLocal is the organization's own directory.
	SourceLocal PrincipalSource = "local"
	// SourceLinkedLocal is a local account that is linked to one of an external directory.
	SourceLinkedLocal PrincipalSource = "linkedLocal"
	// SourceDirectory is an external directory.
	SourceDirectory PrincipalSource = "directory"
)
