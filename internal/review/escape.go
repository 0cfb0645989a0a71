package review

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxShown is how many characters of a name are shown.
const maxShown = 200

// printable makes what a name must not do visible: line breaks, terminal escapes, and characters that cannot be seen or that turn
// the direction of text around. They are written as ⟨U+202E⟩.
func printable(text string) string {
	var b strings.Builder
	n := 0
	for i, c := range text {
		if n == maxShown {
			fmt.Fprintf(&b, "… (%d characters)", utf8.RuneCountInString(text))
			break
		}
		n++
		_, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, "⟨0x%02X⟩", text[i])
		case unicode.IsPrint(c):
			b.WriteRune(c)
		default:
			fmt.Fprintf(&b, "⟨U+%04X⟩", c)
		}
	}
	return b.String()
}

const (
	unknownText   = "(known after apply)"
	sensitiveText = "(sensitive)"
	nothingText   = "(not told)"
)

// shown returns what is shown of a name, and whether it is a text of the plan and not one of ours.
func (n Name) shown() (text string, foreign bool) {
	switch {
	case n.Text != "" && n.Twin:
		return n.Text + " " + n.ID, true
	case n.Text != "":
		return n.Text, true
	case n.Sensitive:
		return sensitiveText, false
	case n.ID != "":
		return n.ID, true
	case n.Unknown:
		return unknownText, false
	}
	return nothingText, false
}

// plainName writes a name for a terminal.
func plainName(n Name) string {
	text, _ := n.shown()
	return printable(text)
}

// markdownName writes a name for Markdown.
func markdownName(n Name) string {
	text, foreign := n.shown()
	if !foreign {
		return "*" + text + "*"
	}
	return markdownCode(text)
}

// markdownCode writes a text as code, in which neither Markdown nor HTML, mentions, links and references mean anything, also in a
// table. What could end a code span or a cell is written as HTML with every character as an entity, which cannot be markup.
func markdownCode(text string) string {
	text = printable(text)
	if text != "" && text == strings.TrimSpace(text) && !strings.ContainsAny(text, "`|\\<>&") {
		return "`" + text + "`"
	}
	var b strings.Builder
	b.WriteString("<code>")
	for _, c := range text {
		switch {
		case c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c)):
			b.WriteRune(c)
		case strings.ContainsRune("@:.", c):
			// An address is linked also where it is spelled in entities, unless something stands in it.
			fmt.Fprintf(&b, "&#%d;<!-- -->", c)
		default:
			fmt.Fprintf(&b, "&#%d;", c)
		}
	}
	b.WriteString("</code>")
	return b.String()
}
