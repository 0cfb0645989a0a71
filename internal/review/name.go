package review

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// Name is how something is shown, and the id behind it.
type Name struct {
	// Text is the name, "" where there is none to show.
	Text string `json:"name,omitempty"`
	// ID is the GUID, or the path of a scope; "" where the plan does not know it.
	ID string `json:"id,omitempty"`
	// Unknown says that the name is known only after apply.
	Unknown bool `json:"unknown,omitempty"`
	// Sensitive says that the plan marks the name as sensitive, so that it is not shown.
	Sensitive bool `json:"sensitive,omitempty"`
	// Twin says that another id in the review has the same name, so that both are shown with their ids.
	Twin bool `json:"twin,omitempty"`

	// secret is a sensitive name, which is compared and never shown.
	secret string
}

// value is the name that is compared: also one that is not shown.
func (n Name) value() string { return cmp.Or(n.secret, n.Text) }

// known reports whether it can be told what is meant.
func (n Name) known() bool { return n.ID != "" || n.value() != "" }

// same reports whether both are certainly the same thing. Ids decide where both have one.
func (n Name) same(other Name) bool {
	if n.ID != "" && other.ID != "" {
		return strings.EqualFold(n.ID, other.ID)
	}
	return n.value() != "" && n.value() == other.value()
}

// order compares what is shown.
func (n Name) order(other Name) int {
	return cmp.Or(cmp.Compare(n.Text, other.Text), cmp.Compare(n.ID, other.ID))
}

// attributes are the values of a resource, with what is unknown and what is sensitive.
type attributes struct {
	values, unknown, sensitive map[string]any
	// hidden says that all of the resource is sensitive.
	hidden bool
}

// readAttributes reads an object of a plan. It reports false where there is none.
func readAttributes(values, unknown, sensitive json.RawMessage) (attributes, bool) {
	var a attributes
	if json.Unmarshal(values, &a.values) != nil {
		return attributes{}, false
	}
	// Neither is an object where all or nothing is marked.
	_ = json.Unmarshal(unknown, &a.unknown)
	if json.Unmarshal(sensitive, &a.sensitive) != nil {
		a.hidden = json.Unmarshal(sensitive, new(bool)) == nil && string(sensitive) == "true"
	}
	return a, a.values != nil
}

// marked reports whether an attribute is marked, itself or in a part.
func marked(marks map[string]any, attribute string) bool { return anyMark(marks[attribute]) }

func anyMark(mark any) bool {
	switch mark := mark.(type) {
	case bool:
		return mark
	case []any:
		return slices.ContainsFunc(mark, anyMark)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(mark)), anyMark)
	}
	return false
}

func (a attributes) isSensitive(attribute string) bool {
	return a.hidden || marked(a.sensitive, attribute)
}

func (a attributes) text(attribute string) string {
	text, _ := a.values[attribute].(string)
	return text
}

// texts returns the members of a list or set of strings, and whether they can be shown: they are known, and not sensitive.
func (a attributes) texts(attribute string) (members []string, shown bool) {
	list, _ := a.values[attribute].([]any)
	for _, member := range list {
		if text, ok := member.(string); ok {
			members = append(members, text)
		}
	}
	return members, !a.isSensitive(attribute) && !marked(a.unknown, attribute)
}

// name reads the name and the id that stand in two attributes.
func (a attributes) name(nameAttribute, idAttribute string) Name {
	n := Name{Text: a.text(nameAttribute)}
	if !a.isSensitive(idAttribute) {
		n.ID = a.text(idAttribute)
	}
	n.Unknown = n.Text == "" && marked(a.unknown, nameAttribute)
	if a.isSensitive(nameAttribute) || n.Text == "" && a.isSensitive(idAttribute) {
		n.secret, n.Text, n.Sensitive = cmp.Or(n.Text, a.text(idAttribute)), "", true
	}
	return n
}

// secrets collects the texts that are sensitive somewhere in a plan, so that they are shown nowhere.
type secrets map[string]bool

func (s secrets) collect(a attributes) {
	for attribute := range a.values {
		if !a.isSensitive(attribute) {
			continue
		}
		members, _ := a.texts(attribute)
		for _, text := range append(members, a.text(attribute)) {
			if text != "" {
				s[text] = true
			}
		}
	}
}

// hide takes a name out of sight if it is sensitive elsewhere.
func (s secrets) hide(n *Name) {
	if s[n.Text] {
		n.secret, n.Text, n.Sensitive = n.Text, "", true
	}
	if s[n.ID] {
		n.secret, n.ID, n.Sensitive = cmp.Or(n.secret, n.ID), "", true
	}
}
