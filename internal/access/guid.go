package access

import (
	"regexp"
	"strings"
)

// ZeroGUID is what the server writes where a role is bound to no tenant: it never sends null there.
const ZeroGUID = "00000000-0000-0000-0000-000000000000"

var guidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// IsGUID reports whether s is a GUID in its usual spelling, 8-4-4-4-12 hexadecimal digits in either case.
// Braces, URNs and bare digits are refused: the server accepts none of them in a path.
func IsGUID(s string) bool { return guidPattern.MatchString(s) }

// CanonicalGUID returns the one spelling of a GUID that this module stores and compares, which is lower case.
// The server's own spelling varies between endpoints.
func CanonicalGUID(s string) string { return strings.ToLower(s) }
