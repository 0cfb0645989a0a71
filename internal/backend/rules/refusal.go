// Package rules decides: who is calling, who may do what, and what a role may be. A refusal is a typed error that says what
// was wrong.
//
// What belongs here is the platform's behavior. How a refusal looks on the wire belongs in httpapi, how data is kept in
// store.
package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Kind says why something was refused.
type Kind int

// The kinds of refusals.
const (
	// Invalid input is wrong whoever sends it.
	Invalid Kind = iota
	// Unauthenticated callers carry no valid token.
	Unauthenticated
	// Forbidden is what this caller may not do, or nobody may.
	Forbidden
	// ScopeMissing is what the token's OAuth2 scopes do not cover.
	ScopeMissing
	// NotFound is what does not exist.
	NotFound
	// Conflict is what exists already.
	Conflict
)

// maxViolations bounds how much that is wrong one refusal names.
const maxViolations = 20

// RefusedError is the error of everything that is refused.
type RefusedError struct {
	Kind Kind
	// Message says what was wrong and what to do. It is empty where the refusal is Invalid.
	Message string
	// Violations say what was wrong with the input where the refusal is Invalid.
	Violations []model.Violation
}

// Error implements error.
func (r *RefusedError) Error() string {
	if r.Kind != Invalid {
		return r.Message
	}
	messages := make([]string, len(r.Violations))
	for i, v := range r.Violations {
		messages[i] = v.Message
	}
	return strings.Join(messages, " ")
}

func refuse(kind Kind, format string, args ...any) error {
	return &RefusedError{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// invalid refuses an input with the given violations. It returns nil if there are none.
func invalid(violations []model.Violation) error {
	if len(violations) == 0 {
		return nil
	}
	return &RefusedError{Kind: Invalid, Violations: violations}
}

func violationf(part model.Part, format string, args ...any) model.Violation {
	return model.Violation{Part: part, Message: fmt.Sprintf(format, args...)}
}

// violationsOf returns a violation for each part that has a fault, in the order of the parts.
func violationsOf(faults map[model.Part]string) []model.Violation {
	var violations []model.Violation
	for _, part := range slices.Sorted(maps.Keys(faults)) {
		if faults[part] != "" {
			violations = append(violations, model.Violation{Part: part, Message: faults[part]})
		}
	}
	return violations
}

// existing passes on what a look-up by id found, and refuses what does not exist.
func existing[T any](one T, ok bool, err error) (T, error) {
	if err == nil && !ok {
		err = refuse(NotFound, "The entity was not found.")
	}
	return one, err
}

// RejectedError refuses to write users. It has an envelope of its own (contract 7.2-15).
type RejectedError struct{ Rejections []Rejection }

// Rejection is one reason why users cannot be written.
type Rejection struct{ Code, Description string }

// Error implements error.
func (e *RejectedError) Error() string {
	texts := make([]string, len(e.Rejections))
	for i, r := range e.Rejections {
		texts[i] = r.Description
	}
	return strings.Join(texts, " ")
}

// rejected refuses for some reasons. It returns nil if there are none.
func rejected(reasons []Rejection) error {
	if len(reasons) == 0 {
		return nil
	}
	return &RejectedError{reasons[:min(len(reasons), maxViolations)]}
}

func rejectionf(code, format string, args ...any) Rejection {
	return Rejection{code, fmt.Sprintf(format, args...)}
}

// UnknownPrincipalsError refuses principals that the organization does not have. It has an envelope of its own (contract 4.3).
type UnknownPrincipalsError struct {
	IDs []access.GUID
	// Outside names those of them that the external directory has, and says what to do. It is empty if there are none.
	Outside string
}

// Error implements error, in the platform's words.
func (e *UnknownPrincipalsError) Error() string {
	return "Cannot resolve users=[" + joined(e.IDs, ",") + "] in CIS"
}

// onlyOutside refuses accounts that only the external directory has.
func onlyOutside(accounts ...model.Principal) error {
	refused := &UnknownPrincipalsError{}
	names := make([]string, len(accounts))
	for i, p := range accounts {
		refused.IDs, names[i] = append(refused.IDs, p.ID), p.String()
	}
	refused.Outside = "The external directory has " + strings.Join(names, ", ") +
		", but accounts of the external directory must be added first: this organization does not provision them automatically."
	return refused
}

func joined(ids []access.GUID, separator string) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return strings.Join(texts, separator)
}
