package access

import (
	"fmt"
	"regexp"
	"strings"
)

// GUID identifies an object of the vendor's: an organization, a tenant, a principal, a role or an assignment. It is written
// 8-4-4-4-12 in lower case, because the server's own spelling varies between endpoints. The zero value is no GUID.
//
// A text becomes one by [ParseGUID] or [OptionalGUID], where it enters the program; a conversion is for constants only.
type GUID string

// ZeroGUID is what the server writes in a role that is bound to no tenant (contract 3.1-9). Effective access and the export have a null
// there (contract 6-7, 4.6-8).
const ZeroGUID GUID = "00000000-0000-0000-0000-000000000000"

var guidPattern = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// ParseGUID reads a GUID in either case. Braces, URNs and bare digits are refused: the server accepts none of them in a path.
func ParseGUID(text string) (GUID, error) {
	if canonical := strings.ToLower(text); guidPattern.MatchString(canonical) {
		return GUID(canonical), nil
	}
	return "", fmt.Errorf("%q is not a GUID", text)
}

// OptionalGUID reads an id that need not be there. Anything but a GUID, and [ZeroGUID], is none.
func OptionalGUID(text string) GUID {
	if id, err := ParseGUID(text); err == nil && id != ZeroGUID {
		return id
	}
	return ""
}

// String returns the canonical spelling, or "" for no GUID.
func (g GUID) String() string { return string(g) }
