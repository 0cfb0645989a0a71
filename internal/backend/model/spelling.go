package model

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Tick is the resolution of the platform's timestamps, 100 nanoseconds.
const Tick = 100 * time.Nanosecond

// MaxNumber is the greatest number that something may have: every client reads it exactly.
const MaxNumber = 1 << 52

const (
	timeLayout = "2006-01-02T15:04:05.0000000"
	trimmable  = 2
)

var idNamespace = uuid.MustParse("6f1d2b7c-54a8-4e0b-9f4e-2c1a7d3e5b90")

// FormatTime spells a time as the platform does (contract 3.2): UTC with the offset +00:00 and five to seven fractional
// digits, trailing zeros trimmed.
func FormatTime(t time.Time) string { return FormatAccountTime(t) + "+00:00" }

// FormatAccountTime spells a time as the identity service does (contract 7.2-4): like [FormatTime], without an offset.
func FormatAccountTime(t time.Time) string {
	s := t.UTC().Format(timeLayout)
	for range trimmable {
		s = strings.TrimSuffix(s, "0")
	}
	return s
}

// DerivedNumber is the number of something for which none was given: from 1, and always the same for the same id.
func DerivedNumber(id access.GUID) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return int64(h.Sum32()>>1) + 1
}

// DerivedID is the id of something for which none was given: always the same for the same kind and names, whatever their
// case. It is a version 5 UUID.
func DerivedID(kind string, names ...string) access.GUID {
	name := strings.ToLower(kind + ":" + strings.Join(names, ":"))
	return access.GUID(uuid.NewSHA1(idNamespace, []byte(name)).String())
}

// HashSecret returns the form in which a client secret or a token is kept: its SHA-256 in hexadecimal digits.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// FolderPaths returns the fully qualified names of folders by id, such as Finance/Invoices. A folder stands after the one that
// it is in.
func FolderPaths(folders []Folder) map[access.GUID]string {
	paths := make(map[access.GUID]string, len(folders))
	for _, f := range folders {
		paths[f.ID] = f.Name
		if above, ok := paths[f.ParentID]; ok {
			paths[f.ID] = above + "/" + f.Name
		}
	}
	return paths
}

// SortedUnique sorts values and returns each once. It uses the slice that it is given.
func SortedUnique[T cmp.Ordered](values []T) []T {
	slices.Sort(values)
	return slices.Compact(values)
}
