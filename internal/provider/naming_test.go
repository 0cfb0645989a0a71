package provider

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Ids of roles in the tests of names.
const (
	firstID  = "a1000000-0000-4000-8000-000000000001"
	secondID = "a1000000-0000-4000-8000-000000000002"
	madeID   = "a1000000-0000-4000-8000-000000000003"
)

// absent and unknown stand for null and for what is not known yet where a test writes a pair.
const (
	absent  = "(null)"
	unknown = "(unknown)"
)

// pairOf is a pair as a test writes it.
func pairOf(id, name string) pair {
	p := pair{guidForm.value(id), types.StringValue(name)}
	switch id {
	case absent:
		p.id = guidForm.null()
	case unknown:
		p.id = guidForm.unknown()
	}
	switch name {
	case absent:
		p.name = types.StringNull()
	case unknown:
		p.name = types.StringUnknown()
	}
	return p
}

// written is the pair as a test writes it.
func (p pair) written() [2]string {
	parts := [2]string{p.id.ValueString(), p.name.ValueString()}
	for i, value := range []interface{ IsNull() bool }{p.id, p.name} {
		if value.IsNull() {
			parts[i] = absent
		}
	}
	for i, value := range []interface{ IsUnknown() bool }{p.id, p.name} {
		if value.IsUnknown() {
			parts[i] = unknown
		}
	}
	return parts
}

// register is a kind of objects in which names are looked up. Its names are compared without letter case.
type register struct {
	// names are those of the objects that exist, by id.
	names map[string]string
	// made is the id of the object of a name that this run makes, "" where it is still to be made.
	made map[string]string
	// asked are the look-ups so far.
	asked []string
}

func (r *register) object(id, name string) *named[string] {
	return &named[string]{id: id, name: name, value: name, answersTo: func(text string) bool { return strings.EqualFold(text, name) }}
}

func (r *register) naming() naming[string] {
	n := naming[string]{
		what: "role", idAttribute: "role_id", nameAttribute: "role_name", form: guidForm,
		byID: func(_ context.Context, id string, diags *diag.Diagnostics) *named[string] {
			r.asked = append(r.asked, "id "+id)
			if name, ok := r.names[guidForm.spell(id)]; ok {
				return r.object(guidForm.spell(id), name)
			}
			diags.AddError("Role not found", id)
			return nil
		},
		byName: func(_ context.Context, name string, diags *diag.Diagnostics) *named[string] {
			r.asked = append(r.asked, "name "+name)
			if id, ok := r.made[name]; ok {
				return r.object(id, name)
			}
			for _, id := range slices.Sorted(maps.Keys(r.names)) {
				if strings.EqualFold(r.names[id], name) {
					return r.object(id, r.names[id])
				}
			}
			diags.AddError("Role not found by its name", name)
			return nil
		},
	}
	if r.made != nil {
		n.madeAnew = func(name string) *named[string] {
			if id, ok := r.made[name]; ok {
				return r.object(id, name)
			}
			return nil
		}
	}
	return n
}

// settling is one way to write a pair, and what is planned of it.
type settling struct {
	config pair
	prior  *pair
	meant  []string
	names  map[string]string
	made   map[string]string
	want   [2]string
	// object is the id of the object that the plan is about, absent where it was not looked up.
	object string
	asked  []string
	// says are parts of the only diagnostic, a warning unless refused. Without any there must be none.
	says    []string
	refused bool
}

func (s settling) try(t *testing.T) {
	t.Helper()
	r := &register{names: s.names, made: s.made}
	var diags diag.Diagnostics
	got := r.naming().settle(t.Context(), s.config, s.prior, s.meant, &diags)
	if got.written() != s.want {
		t.Errorf("planned %q, want %q", got.written(), s.want)
	}
	object := absent
	if got.object != nil {
		object = got.object.id
	}
	if object != s.object {
		t.Errorf("the object is %q, want %q", object, s.object)
	}
	if diff := cmp.Diff(s.asked, r.asked); diff != "" {
		t.Errorf("it looked up something else:\n%s", diff)
	}
	if len(s.says) == 0 && len(diags) == 0 {
		return
	}
	if len(s.says) == 0 || len(diags) != 1 || diags.HasError() != s.refused {
		t.Fatalf("diagnostics are %v, want one that says %q", diags, s.says)
	}
	for _, part := range s.says {
		if text := diags[0].Summary() + ": " + diags[0].Detail(); !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}

// TestSettleNew plans pairs of resources that are to be created.
func TestSettleNew(t *testing.T) {
	t.Parallel()
	there := map[string]string{firstID: "Readers", secondID: "Writers"}
	upper := strings.ToUpper(firstID)
	for name, test := range map[string]settling{
		"id": {
			config: pairOf(firstID, absent), want: [2]string{firstID, "Readers"}, object: firstID, asked: []string{"id " + firstID},
		},
		"id in another spelling": {
			config: pairOf(upper, absent), want: [2]string{upper, "Readers"}, object: firstID, asked: []string{"id " + upper},
		},
		"id of an object without a name": {
			config: pairOf(madeID, absent), names: map[string]string{madeID: ""}, want: [2]string{madeID, absent}, object: madeID,
			asked: []string{"id " + madeID},
		},
		"id and its name": {
			config: pairOf(firstID, "Readers"), want: [2]string{firstID, "Readers"}, object: firstID, asked: []string{"id " + firstID},
		},
		"id and its name in another spelling": {
			config: pairOf(firstID, "READERS"), want: [2]string{firstID, "READERS"}, object: firstID, asked: []string{"id " + firstID},
		},
		"id and a name that is not known yet": {
			config: pairOf(firstID, unknown), want: [2]string{firstID, unknown}, object: firstID, asked: []string{"id " + firstID},
		},
		"id and the name of another": {
			config: pairOf(firstID, "Writers"), want: [2]string{firstID, "Writers"}, object: firstID, asked: []string{"id " + firstID}, refused: true,
			says: []string{"Id and name of different objects", `role_id = "` + firstID + `"`, `the role "Readers"`, `role_name says "Writers"`},
		},
		"id of nothing": {
			config: pairOf(madeID, absent), want: [2]string{madeID, absent}, object: absent, asked: []string{"id " + madeID}, refused: true,
			says: []string{"Role not found"},
		},
		"unknown id":                   {config: pairOf(unknown, absent), want: [2]string{unknown, unknown}, object: absent},
		"unknown id and name":          {config: pairOf(unknown, unknown), want: [2]string{unknown, unknown}, object: absent},
		"name beside an unknown id":    {config: pairOf(unknown, "Anything"), want: [2]string{unknown, "Anything"}, object: absent},
		"name that is not known yet":   {config: pairOf(absent, unknown), want: [2]string{unknown, unknown}, object: absent},
		"unknown id, and name of some": {config: pairOf(unknown, "Writers"), want: [2]string{unknown, "Writers"}, object: absent},
		"name": {
			config: pairOf(absent, "Writers"), want: [2]string{secondID, "Writers"}, object: secondID, asked: []string{"name Writers"},
		},
		"name in another spelling": {
			config: pairOf(absent, "writers"), want: [2]string{secondID, "writers"}, object: secondID, asked: []string{"name writers"},
		},
		"name of nothing": {
			config: pairOf(absent, "Auditors"), want: [2]string{unknown, "Auditors"}, object: absent, asked: []string{"name Auditors"}, refused: true,
			says: []string{"Role not found by its name"},
		},
		"name that is to be made": {
			config: pairOf(absent, "Auditors"), made: map[string]string{"Auditors": ""}, want: [2]string{unknown, "Auditors"}, object: "",
			asked: []string{"name Auditors"},
		},
		"name that was made": {
			config: pairOf(absent, "Auditors"), made: map[string]string{"Auditors": madeID}, want: [2]string{madeID, "Auditors"}, object: madeID,
			asked: []string{"name Auditors"},
		},
		"name that is to be made hides that of another": {
			config: pairOf(absent, "Readers"), made: map[string]string{"Readers": ""}, want: [2]string{unknown, "Readers"}, object: "",
			asked: []string{"name Readers"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.names == nil {
				test.names = there
			}
			test.try(t)
		})
	}
}

// TestSettleByID plans pairs whose id is given, of resources that exist and stand for the first object.
func TestSettleByID(t *testing.T) {
	t.Parallel()
	prior := pairOf(firstID, "Readers")
	upper := strings.ToUpper(firstID)
	renamed := map[string]string{firstID: "Auditors", secondID: "Writers"}
	for name, test := range map[string]settling{
		// What has not changed is not looked up.
		"the same":                        {config: pairOf(firstID, absent), want: [2]string{firstID, "Readers"}, object: absent},
		"the same in another spelling":    {config: pairOf(upper, absent), want: [2]string{firstID, "Readers"}, object: absent},
		"the same with its name":          {config: pairOf(firstID, "Readers"), want: [2]string{firstID, "Readers"}, object: absent},
		"the same with an unknown name":   {config: pairOf(firstID, unknown), want: [2]string{firstID, unknown}, object: absent},
		"an id that is not known yet":     {config: pairOf(unknown, absent), want: [2]string{unknown, unknown}, object: absent},
		"an unknown id beside its name":   {config: pairOf(unknown, "Readers"), want: [2]string{unknown, "Readers"}, object: absent},
		"an unknown id beside a new name": {config: pairOf(unknown, "Auditors"), want: [2]string{unknown, "Auditors"}, object: absent},
		"the same with its new name": {
			config: pairOf(upper, "Auditors"), names: renamed, want: [2]string{firstID, "Auditors"}, object: firstID, asked: []string{"id " + firstID},
		},
		// A name that is wrong is no error where the object exists: an error would stand in the way of a destroy too.
		"the same with a name of nothing": {
			config: pairOf(firstID, "Auditors"), want: [2]string{firstID, "Readers"}, object: firstID, asked: []string{"id " + firstID, "name Auditors"},
			says: []string{"Name out of date", `role_name = "Auditors" stands for the role ` + firstID, `called "Readers" now`, `Write role_name = "Readers"`},
		},
		"the same with the name of another": {
			config: pairOf(firstID, "Writers"), names: renamed, want: [2]string{firstID, "Readers"}, object: firstID,
			asked: []string{"id " + firstID, "name Writers"},
			says:  []string{`called "Auditors" now`, `Another role is called "Writers" now`, `write role_id = "` + secondID + `"`},
		},
		"gone, with another name": {
			config: pairOf(firstID, "Auditors"), names: map[string]string{}, want: [2]string{firstID, "Readers"}, object: absent,
			asked: []string{"id " + firstID, "name Auditors"}, says: []string{`stands for the role "Readers" (` + firstID + `), which is gone`},
		},
		// Terraform refuses a plan that drops what is written, unless it keeps what the state has.
		"gone, with a name where the state has none": {
			config: pairOf(firstID, "Auditors"), prior: new(pairOf(firstID, absent)), names: map[string]string{}, want: [2]string{firstID, "Auditors"},
			object: absent, asked: []string{"id " + firstID, "name Auditors"}, says: []string{`stands for the role ` + firstID + `, which is gone`},
		},
		"gone, with its name": {config: pairOf(firstID, "Readers"), names: map[string]string{}, want: [2]string{firstID, "Readers"}, object: absent},
		"another": {
			config: pairOf(secondID, absent), want: [2]string{secondID, "Writers"}, object: secondID, asked: []string{"id " + secondID},
		},
		"another with its name": {
			config: pairOf(secondID, "Writers"), want: [2]string{secondID, "Writers"}, object: secondID, asked: []string{"id " + secondID},
		},
		"another with an unknown name": {
			config: pairOf(secondID, unknown), want: [2]string{secondID, unknown}, object: secondID, asked: []string{"id " + secondID},
		},
		"another with the old name": {
			config: pairOf(secondID, "Readers"), want: [2]string{secondID, "Readers"}, object: secondID, asked: []string{"id " + secondID}, refused: true,
			says: []string{"Id and name of different objects", `the role "Writers"`, `role_name says "Readers"`},
		},
		"another that is not there": {
			config: pairOf(madeID, absent), want: [2]string{madeID, absent}, object: absent, asked: []string{"id " + madeID}, refused: true,
			says: []string{"Role not found"},
		},
		// The id decides, whatever this run makes of the name.
		"the same, and the run makes another of its name": {
			config: pairOf(firstID, "Readers"), made: map[string]string{"Readers": ""}, want: [2]string{firstID, "Readers"}, object: absent,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.prior == nil {
				test.prior = &prior
			}
			if test.names == nil {
				test.names = map[string]string{firstID: "Readers", secondID: "Writers"}
			}
			test.try(t)
		})
	}
}

// TestSettleUnchangedName plans names that stood for the first object before, whatever has happened to it since. Its author wrote "Readers";
// shown is what the state calls it now.
func TestSettleUnchangedName(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		settling
		shown string
	}{
		// What the state shows is not looked up.
		"still so":                    {shown: "Readers", settling: settling{want: [2]string{firstID, "Readers"}, object: absent}},
		"still so, but renamed since": {shown: "Readers", settling: settling{names: map[string]string{firstID: "Auditors"}, want: [2]string{firstID, "Readers"}, object: absent}},
		"still so, but gone since":    {shown: "Readers", settling: settling{names: map[string]string{}, want: [2]string{firstID, "Readers"}, object: absent}},
		"still so, but taken since": {shown: "Readers", settling: settling{
			names: map[string]string{firstID: "Auditors", secondID: "Readers"}, want: [2]string{firstID, "Readers"}, object: absent,
		}},
		"renamed": {shown: "Auditors", settling: settling{
			names: map[string]string{firstID: "Auditors"}, want: [2]string{firstID, "Auditors"}, object: firstID,
			asked: []string{"id " + firstID, "name Readers"},
			says: []string{
				"Name out of date", `role_name = "Readers" stands for the role ` + firstID, `called "Auditors" now`, "It stays the same role",
				`Write role_name = "Auditors"`,
			},
		}},
		"renamed, and the name taken by another": {shown: "Auditors", settling: settling{
			names: map[string]string{firstID: "Auditors", secondID: "Readers"}, want: [2]string{firstID, "Auditors"}, object: firstID,
			asked: []string{"id " + firstID, "name Readers"},
			says: []string{
				`called "Auditors" now`, `Write role_name = "Auditors"`, `Another role is called "Readers" now`, `write role_id = "` + secondID + `"`,
			},
		}},
		"renamed back since": {shown: "Auditors", settling: settling{
			names: map[string]string{firstID: "Readers"}, want: [2]string{firstID, "Readers"}, object: firstID, asked: []string{"id " + firstID},
		}},
		"shown in another spelling": {shown: "READERS", settling: settling{
			names: map[string]string{firstID: "READERS"}, want: [2]string{firstID, "Readers"}, object: firstID, asked: []string{"id " + firstID},
		}},
		"renamed, and gone since": {shown: "Auditors", settling: settling{
			names: map[string]string{}, want: [2]string{firstID, "Auditors"}, object: absent, asked: []string{"id " + firstID, "name Readers"},
			says: []string{`role_name = "Readers" stands for the role "Auditors" (` + firstID + `), which is gone`},
		}},
		"without a name now": {shown: absent, settling: settling{
			names: map[string]string{firstID: ""}, want: [2]string{firstID, "Readers"}, object: firstID, asked: []string{"id " + firstID, "name Readers"},
			says: []string{`role_name = "Readers" stands for the role ` + firstID},
		}},
		"renamed, gone since, and the name taken": {shown: "Auditors", settling: settling{
			names: map[string]string{secondID: "Readers"}, want: [2]string{firstID, "Auditors"}, object: absent,
			asked: []string{"id " + firstID, "name Readers"}, says: []string{"which is gone", `Another role is called "Readers" now`, secondID},
		}},
		// What this run makes anew takes its grants with it.
		"to be made anew": {shown: "Readers", settling: settling{
			made: map[string]string{"Readers": ""}, want: [2]string{unknown, "Readers"}, object: "",
		}},
		"made anew": {shown: "Readers", settling: settling{
			made: map[string]string{"Readers": madeID}, want: [2]string{madeID, "Readers"}, object: madeID,
		}},
		"renamed, and made anew": {shown: "Auditors", settling: settling{
			made: map[string]string{"Readers": ""}, want: [2]string{unknown, "Readers"}, object: "",
		}},
		"made by this run already": {shown: "Readers", settling: settling{
			made: map[string]string{"Readers": strings.ToUpper(firstID)}, want: [2]string{firstID, "Readers"}, object: absent,
		}},
		"another made": {shown: "Readers", settling: settling{
			made: map[string]string{"Writers": ""}, want: [2]string{firstID, "Readers"}, object: absent,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			prior := pairOf(firstID, test.shown)
			test.config, test.prior, test.meant = pairOf(absent, "Readers"), &prior, []string{"Readers"}
			if test.names == nil {
				test.names = map[string]string{firstID: "Readers"}
			}
			test.try(t)
		})
	}
}

// TestSettleChangedName plans another name for a resource that stands for the first object.
func TestSettleChangedName(t *testing.T) {
	t.Parallel()
	prior := pairOf(firstID, "Readers")
	for name, test := range map[string]settling{
		"the object's new name": {
			config: pairOf(absent, "Auditors"), names: map[string]string{firstID: "Auditors"}, want: [2]string{firstID, "Auditors"}, object: firstID,
			asked: []string{"name Auditors"},
		},
		"the object's name in another spelling": {
			config: pairOf(absent, "readers"), want: [2]string{firstID, "readers"}, object: firstID, asked: []string{"name readers"},
		},
		"another object": {
			config: pairOf(absent, "Writers"), want: [2]string{secondID, "Writers"}, object: secondID, asked: []string{"name Writers"},
		},
		"nothing": {
			config: pairOf(absent, "Auditors"), want: [2]string{unknown, "Auditors"}, object: absent, asked: []string{"name Auditors"}, refused: true,
			says: []string{"Role not found by its name"},
		},
		"an object that this run makes": {
			config: pairOf(absent, "Auditors"), made: map[string]string{"Auditors": ""}, want: [2]string{unknown, "Auditors"}, object: "",
			asked: []string{"name Auditors"},
		},
		"an object that this run has made": {
			config: pairOf(absent, "Auditors"), made: map[string]string{"Auditors": madeID}, want: [2]string{madeID, "Auditors"}, object: madeID,
			asked: []string{"name Auditors"},
		},
		// Terraform cannot know whether it ends the same.
		"a name that is not known yet": {config: pairOf(absent, unknown), want: [2]string{unknown, unknown}, object: absent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.prior, test.meant = &prior, []string{"Readers"}
			if test.names == nil {
				test.names = map[string]string{firstID: "Readers", secondID: "Writers"}
			}
			test.try(t)
		})
	}
}

// TestSettleUndecidedState looks the name up where the state does not say what it stands for.
func TestSettleUndecidedState(t *testing.T) {
	t.Parallel()
	for _, prior := range []pair{pairOf(absent, "Readers"), pairOf(unknown, "Readers")} {
		settling{
			config: pairOf(absent, "Readers"), prior: &prior, meant: []string{"Readers"}, names: map[string]string{firstID: "Readers"},
			want: [2]string{firstID, "Readers"}, object: firstID, asked: []string{"name Readers"},
		}.try(t)
	}
}
