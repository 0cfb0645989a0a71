// Package adopt writes what takes existing objects over into a Terraform state.
//
// What belongs here is the text of import blocks and resources, and the command that writes them: for the conflicts of a plan, or for what
// an organization has. It asks no server itself.
package adopt

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// maxLine bounds a line of Terraform's machine-readable output, in bytes.
const maxLine = 16 << 20

// Conflict is something that a configuration creates and that exists already.
type Conflict struct {
	// Address is that of the resource in the configuration, keys included.
	Address string
	// ID is what the object is imported by.
	ID string
	// Remark says what exists, and who made it when, in one line.
	Remark string
}

// Block is an import block of Terraform.
func Block(to, id string) string {
	return fmt.Sprintf("import {\n  to = %s\n  id = %s\n}", to, quote(id))
}

// conflicting tells the provider's errors that offer to import what exists, and the id in the block that they offer.
var (
	conflicting = regexp.MustCompile(`^(Role assignment|Task Mining permission|Role) already exists$`)
	offeredID   = regexp.MustCompile(`import \{\s+to = \S+\s+id = ("(?:[^"\\]|\\.)*")\s+\}`)
)

// message is a line of Terraform's machine-readable output, as far as it is read.
type message struct {
	Diagnostic *struct {
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
		Detail   string `json:"detail"`
		Address  string `json:"address"`
	} `json:"diagnostic"`
}

// Conflicts reads the output of `terraform plan -json` or `terraform apply -json`, and sorts what it finds by address. An
// error says in which line it is not that.
func Conflicts(output io.Reader) ([]Conflict, error) {
	lines := bufio.NewScanner(output)
	lines.Buffer(nil, maxLine)
	var found []Conflict
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var said message
		if err := json.Unmarshal(lines.Bytes(), &said); err != nil {
			return nil, fmt.Errorf("line %d is not JSON: give the output of terraform plan -json", n)
		}
		if said.Diagnostic == nil || said.Diagnostic.Severity != "error" || !conflicting.MatchString(said.Diagnostic.Summary) {
			continue
		}
		offered := offeredID.FindStringSubmatch(said.Diagnostic.Detail)
		if offered == nil {
			// The object cannot be managed by this resource.
			continue
		}
		if said.Diagnostic.Address == "" {
			return nil, fmt.Errorf("line %d names no resource: this Terraform does not tell the address of an error", n)
		}
		conflict := Conflict{Address: said.Diagnostic.Address, Remark: firstParagraph(said.Diagnostic.Detail)}
		if err := json.Unmarshal([]byte(offered[1]), &conflict.ID); err != nil {
			return nil, fmt.Errorf("line %d offers an id that cannot be read: %s", n, offered[1])
		}
		found = append(found, conflict)
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("a line is longer than %d MiB: give the output of terraform plan -json", maxLine>>20)
	} else if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b Conflict) int { return strings.Compare(a.Address, b.Address) })
	return found, nil
}

// firstParagraph returns what a text begins with, in one line.
func firstParagraph(text string) string {
	first, _, _ := strings.Cut(text, "\n\n")
	return oneLine(first)
}

// Write writes an import block for each conflict, with what exists in a comment.
func Write(w io.Writer, conflicts []Conflict) error {
	for i, c := range conflicts {
		separator := "\n"
		if i == 0 {
			separator = ""
		}
		if _, err := fmt.Fprintf(w, "%s# %s\n%s\n", separator, c.Remark, Block(c.Address, c.ID)); err != nil {
			return err
		}
	}
	return nil
}
