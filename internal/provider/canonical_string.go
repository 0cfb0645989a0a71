package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// canonicalForm says which strings mean the same: those whose canonical spelling is the same. A value keeps the spelling that its
// author chose; only a change of meaning is a difference.
type canonicalForm struct {
	name  string
	spell func(string) string
}

var (
	guidForm    = &canonicalForm{"GUID", strings.ToLower}
	serviceForm = &canonicalForm{"service", func(s string) string {
		if service, ok := access.FindService(s); ok {
			return service.Slug
		}
		return s
	}}
	scopeForm = &canonicalForm{"scope", func(s string) string {
		if scope, err := access.ParseScope(s); err == nil {
			return scope.String()
		}
		return s
	}}
)

func (f *canonicalForm) same(a, b string) bool { return f.spell(a) == f.spell(b) }

func (f *canonicalForm) attributeType() canonicalStringType { return canonicalStringType{form: f} }

func (f *canonicalForm) value(text string) canonicalString {
	return canonicalString{basetypes.NewStringValue(text), f}
}

func (f *canonicalForm) null() canonicalString { return canonicalString{basetypes.NewStringNull(), f} }

func (f *canonicalForm) unknown() canonicalString {
	return canonicalString{basetypes.NewStringUnknown(), f}
}

var (
	_ basetypes.StringTypable                    = canonicalStringType{}
	_ basetypes.StringValuableWithSemanticEquals = canonicalString{}
	_ planmodifier.String                        = keepSpelling{}
)

// canonicalStringType is the attribute type of [canonicalString].
type canonicalStringType struct {
	basetypes.StringType
	form *canonicalForm
}

func (t canonicalStringType) String() string {
	return "provider.canonicalStringType[" + t.form.name + "]"
}

func (t canonicalStringType) Equal(o attr.Type) bool {
	other, ok := o.(canonicalStringType)
	return ok && t.form == other.form
}

func (t canonicalStringType) ValueType(context.Context) attr.Value { return t.form.null() }

func (t canonicalStringType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return canonicalString{in, t.form}, nil
}

func (t canonicalStringType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	text, ok := value.(basetypes.StringValue)
	if err == nil && !ok {
		err = fmt.Errorf("a %s is a string, not %T", t.form.name, value)
	}
	return canonicalString{text, t.form}, err
}

// canonicalString is a string that is compared by its meaning.
type canonicalString struct {
	basetypes.StringValue
	form *canonicalForm
}

func (v canonicalString) Type(context.Context) attr.Type { return v.form.attributeType() }

// Equal compares letter by letter, as the framework expects; [canonicalString.StringSemanticEquals] compares the meaning.
func (v canonicalString) Equal(o attr.Value) bool {
	other, ok := o.(canonicalString)
	return ok && v.StringValue.Equal(other.StringValue)
}

func (v canonicalString) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	o, ok := other.(canonicalString)
	return ok && v.form.same(v.ValueString(), o.ValueString()), nil
}

// sameMeaning reports whether both are known, or both null, and mean the same.
func (v canonicalString) sameMeaning(other canonicalString) bool {
	if v.IsUnknown() || other.IsUnknown() || v.IsNull() != other.IsNull() {
		return false
	}
	return v.form.same(v.ValueString(), other.ValueString())
}

// guid reads the value of the attribute at a path. The schema has validated it, so that an error is rare.
func (v canonicalString) guid(at path.Path, diags *diag.Diagnostics) access.GUID {
	id, err := access.ParseGUID(v.ValueString())
	if err != nil {
		diags.AddAttributeError(at, guidRule.title, err.Error())
	}
	return id
}

// scope is [canonicalString.guid] for a scope.
func (v canonicalString) scope(at path.Path, diags *diag.Diagnostics) access.Scope {
	scope, err := access.ParseScope(v.ValueString())
	if err != nil {
		diags.AddAttributeError(at, scopeRule.title, err.Error())
	}
	return scope
}

// keepSpelling plans the prior spelling where only the spelling changed. It must come before RequiresReplace, which compares letter by
// letter.
type keepSpelling struct{ form *canonicalForm }

func (m keepSpelling) Description(context.Context) string {
	return "Another spelling of the same " + m.form.name + " is no change."
}

func (m keepSpelling) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (m keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	if m.form.same(req.StateValue.ValueString(), req.PlanValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}
