package model

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// WithSuggestion returns the sentence that says that a name is unknown, followed by the candidates that were probably meant, if any.
func WithSuggestion(sentence, name string, candidates []string) string {
	return strings.TrimSpace(sentence + " " + access.DidYouMean(name, candidates))
}

// CheckName says what is wrong with the name of a role or a group, which has at most so many characters. It returns "" for a good name.
func CheckName(what, name string, most int) string {
	switch length := utf8.RuneCountInString(name); {
	case strings.TrimSpace(name) == "":
		return fmt.Sprintf("The name of the %s is required.", what)
	case length > most:
		return fmt.Sprintf("The name %q has %d characters; at most %d are allowed.", name, length, most)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Sprintf("The name %q contains control characters.", name)
	}
	return ""
}
