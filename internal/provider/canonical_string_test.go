package provider

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const (
	lowerGUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
	upperGUID = "3F2504E0-4F89-41D3-9A0C-0305E82C3301"
)

func TestCanonicalString(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		form *canonicalForm
		a, b string
		same bool
	}{
		{guidForm, lowerGUID, upperGUID, true},
		{guidForm, lowerGUID, "3f2504e0-4f89-41d3-9a0c-0305e82c3302", false},
		{serviceForm, "IXP", "reinfer", true},
		{serviceForm, "Document Understanding", "DocumentUnderstanding", true},
		{serviceForm, "IXP", "Apps", false},
		{serviceForm, "Excel", "excel", false},
	} {
		a, b := test.form.value(test.a), test.form.value(test.b)
		same, diags := a.StringSemanticEquals(context.Background(), b)
		if diags.HasError() || same != test.same || a.sameMeaning(b) != test.same {
			t.Errorf("%s %q and %q: same %t, %v", test.form.name, test.a, test.b, same, diags)
		}
		if test.a != test.b && a.Equal(b) {
			t.Errorf("%q and %q are equal to the letter", test.a, test.b)
		}
	}
}

func TestSameMeaningOfNullAndUnknown(t *testing.T) {
	t.Parallel()
	null, unknown, known := guidForm.null(), guidForm.unknown(), guidForm.value(lowerGUID)
	if !null.sameMeaning(null) || null.sameMeaning(known) || known.sameMeaning(null) || unknown.sameMeaning(unknown) || unknown.sameMeaning(known) {
		t.Error("null means null only, and unknown means nothing yet")
	}
}

func TestCanonicalStringTypeReadsTerraformValues(t *testing.T) {
	t.Parallel()
	kind := guidForm.attributeType()
	value, err := kind.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.String, upperGUID))
	if err != nil || !value.Equal(guidForm.value(upperGUID)) || !value.Type(t.Context()).Equal(kind) {
		t.Errorf("read %v, %v", value, err)
	}
	if _, err := kind.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.Number, 1)); err == nil {
		t.Error("a number was read as a GUID")
	}
	if kind.Equal(serviceForm.attributeType()) || kind.Equal(types.StringType) {
		t.Error("types of different spellings are equal")
	}
}

func TestKeepSpelling(t *testing.T) {
	t.Parallel()
	const otherGUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3302"
	for name, test := range map[string]struct{ state, plan, want types.String }{
		"another spelling": {types.StringValue(lowerGUID), types.StringValue(upperGUID), types.StringValue(lowerGUID)},
		"another value":    {types.StringValue(lowerGUID), types.StringValue(otherGUID), types.StringValue(otherGUID)},
		"unknown":          {types.StringValue(lowerGUID), types.StringUnknown(), types.StringUnknown()},
		"removed":          {types.StringValue(lowerGUID), types.StringNull(), types.StringNull()},
		"created":          {types.StringNull(), types.StringValue(upperGUID), types.StringValue(upperGUID)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp := planmodifier.StringResponse{PlanValue: test.plan}
			keepSpelling{guidForm}.PlanModifyString(t.Context(), planmodifier.StringRequest{StateValue: test.state, PlanValue: test.plan}, &resp)
			if !resp.PlanValue.Equal(test.want) {
				t.Errorf("planned %s, want %s", resp.PlanValue, test.want)
			}
		})
	}
}
