package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// spelling says which strings mean the same thing: those with the same canonical form. A value keeps the spelling that its
// author chose; only a change of meaning is a difference.
type spelling struct {
	name      string
	canonical func(string) string
}

var (
	guidSpelling    = &spelling{"GUID", access.CanonicalGUID}
	serviceSpelling = &spelling{"service", func(s string) string {
		if service, ok := access.FindService(s); ok {
			return service.Slug
		}
		return s
	}}
	scopeSpelling = &spelling{"scope", func(s string) string {
		if scope, err := access.ParseScope(s); err == nil {
			return scope.String()
		}
		return s
	}}
)

func (s *spelling) same(a, b string) bool { return s.canonical(a) == s.canonical(b) }

var (
	_ basetypes.StringTypable                    = spelledType{}
	_ basetypes.StringValuableWithSemanticEquals = spelledValue{}
	_ planmodifier.String                        = keepSpelling{}
)

// spelledType is the attribute type of strings that are compared by meaning.
type spelledType struct {
	basetypes.StringType
	spelling *spelling
}

func (t spelledType) String() string { return "provider.spelledType[" + t.spelling.name + "]" }

func (t spelledType) Equal(o attr.Type) bool {
	other, ok := o.(spelledType)
	return ok && t.spelling == other.spelling
}

func (t spelledType) ValueType(context.Context) attr.Value { return spelledValue{spelling: t.spelling} }

func (t spelledType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return spelledValue{in, t.spelling}, nil
}

func (t spelledType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("a %s is a string, not %T", t.spelling.name, value)
	}
	return spelledValue{text, t.spelling}, nil
}

// spelledValue is a string that is compared by meaning.
type spelledValue struct {
	basetypes.StringValue
	spelling *spelling
}

func newSpelled(s *spelling, text string) spelledValue {
	return spelledValue{basetypes.NewStringValue(text), s}
}

func nullSpelled(s *spelling) spelledValue { return spelledValue{basetypes.NewStringNull(), s} }

func unknownSpelled(s *spelling) spelledValue { return spelledValue{basetypes.NewStringUnknown(), s} }

func (v spelledValue) Type(context.Context) attr.Type { return spelledType{spelling: v.spelling} }

// Equal compares to the letter, as the framework asks of it; meaning is compared by [spelledValue.StringSemanticEquals].
func (v spelledValue) Equal(o attr.Value) bool {
	other, ok := o.(spelledValue)
	return ok && v.StringValue.Equal(other.StringValue)
}

func (v spelledValue) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	o, ok := other.(spelledValue)
	return ok && v.spelling.same(v.ValueString(), o.ValueString()), nil
}

// sameMeaning reports whether both are known, or both null, and mean the same.
func (v spelledValue) sameMeaning(other spelledValue) bool {
	if v.IsUnknown() || other.IsUnknown() || v.IsNull() != other.IsNull() {
		return false
	}
	return v.spelling.same(v.ValueString(), other.ValueString())
}

// keepSpelling plans the prior spelling where only the spelling changed. It stands before RequiresReplace, which compares to
// the letter.
type keepSpelling struct{ spelling *spelling }

func (m keepSpelling) Description(context.Context) string {
	return "Another spelling of the same " + m.spelling.name + " is no change."
}

func (m keepSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (m keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if m.spelling.same(req.StateValue.ValueString(), req.PlanValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}
