package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// TestRefreshedName holds that the author's text stays while it names the object, and the last known name of an object that is gone.
func TestRefreshedName(t *testing.T) {
	t.Parallel()
	r := &register{}
	for _, test := range []struct {
		state string
		found *named[string]
		want  string
	}{
		{absent, r.object(firstID, "Readers"), "Readers"}, {"readers", r.object(firstID, "Readers"), "readers"},
		{"Writers", r.object(firstID, "Readers"), "Readers"}, {"Writers", r.object(firstID, ""), absent}, {"Writers", nil, "Writers"}, {absent, nil, absent},
	} {
		if got := refreshed(pairOf(firstID, test.state), test.found).written(); got != [2]string{firstID, test.want} {
			t.Errorf("%s became %q, want %q", test.state, got, test.want)
		}
	}
}

// TestPairChanges holds that what is not known yet may be another object, and that a name changes nothing.
func TestPairChanges(t *testing.T) {
	t.Parallel()
	state := pairOf(firstID, "Readers")
	for _, test := range []struct {
		pair pair
		want bool
	}{
		{state, false}, {pairOf(strings.ToUpper(firstID), "Auditors"), false}, {pairOf(firstID, unknown), false}, {pairOf(secondID, "Readers"), true},
		{pairOf(unknown, "Readers"), true},
	} {
		if got := test.pair.changes(state); got != test.want {
			t.Errorf("%q changes it: %t", test.pair.written(), got)
		}
	}
}

func TestPairText(t *testing.T) {
	t.Parallel()
	upper := strings.ToUpper(firstID)
	for _, test := range []struct {
		pair        pair
		text, label string
		known       bool
	}{
		{pairOf(firstID, "Readers"), "Readers", `"Readers" (` + firstID + ")", true}, {pairOf(upper, absent), firstID, firstID, true},
		{pairOf(unknown, "Readers"), "Readers", `"Readers"`, true}, {pairOf(firstID, unknown), "", firstID, false}, {pairOf(unknown, absent), "", `""`, false},
		{pairOf(unknown, unknown), "", `""`, false},
	} {
		if text, known := test.pair.text(); text != test.text || known != test.known {
			t.Errorf("%q reads %q, %t", test.pair.written(), text, known)
		}
		if got := test.pair.label(); got != test.label {
			t.Errorf("the label of %q is %s, want %s", test.pair.written(), got, test.label)
		}
	}
}

func TestNeedOne(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pair    pair
		refused bool
	}{
		{pairOf(absent, absent), true}, {pairOf(firstID, absent), false}, {pairOf(absent, "Readers"), false}, {pairOf(unknown, absent), false},
		{pairOf(absent, unknown), false}, {pairOf(firstID, "Readers"), false},
	} {
		var diags diag.Diagnostics
		needOne(test.pair, "role", "role_id", "role_name", &diags)
		if diags.HasError() != test.refused {
			t.Errorf("%q: %v", test.pair.written(), diags)
		}
	}
}
