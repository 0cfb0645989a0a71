package main

import (
	"fmt"
	"math"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// converter turns schemas of protocol 6 into those of the document. It collects what it cannot say, each with the
// place it stands at, so that one run shows all of it.
type converter struct {
	errs []error
}

func (c *converter) failf(where, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s: %s", where, fmt.Sprintf(format, args...)))
}

func (c *converter) schema(where string, s *tfprotov6.Schema) *tfjson.Schema {
	if s == nil {
		return nil
	}
	return &tfjson.Schema{Version: c.count(where, s.Version), Block: c.block(where, s.Block)}
}

func (c *converter) block(where string, b *tfprotov6.SchemaBlock) *tfjson.SchemaBlock {
	if b == nil {
		return &tfjson.SchemaBlock{DescriptionKind: tfjson.SchemaDescriptionKindPlain}
	}

	blocks := make(map[string]*tfjson.SchemaBlockType, len(b.BlockTypes))
	for _, nested := range b.BlockTypes {
		at := where + "." + nested.TypeName
		blocks[nested.TypeName] = &tfjson.SchemaBlockType{
			NestingMode: c.nesting(at, nested.Nesting),
			Block:       c.block(at, nested.Block),
			MinItems:    c.count(at, nested.MinItems),
			MaxItems:    c.count(at, nested.MaxItems),
		}
	}

	return &tfjson.SchemaBlock{
		Attributes:      c.attributes(where, b.Attributes),
		NestedBlocks:    blocks,
		Description:     b.Description,
		DescriptionKind: c.descriptionKind(where, b.DescriptionKind),
		Deprecated:      b.Deprecated,
	}
}

func (c *converter) attributes(where string, attributes []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	converted := make(map[string]*tfjson.SchemaAttribute, len(attributes))
	for _, a := range attributes {
		converted[a.Name] = c.attribute(where+"."+a.Name, a)
	}
	return converted
}

func (c *converter) attribute(where string, a *tfprotov6.SchemaAttribute) *tfjson.SchemaAttribute {
	converted := &tfjson.SchemaAttribute{
		Description:     a.Description,
		DescriptionKind: c.descriptionKind(where, a.DescriptionKind),
		Deprecated:      a.Deprecated,
		Required:        a.Required,
		Optional:        a.Optional,
		Computed:        a.Computed,
		Sensitive:       a.Sensitive,
		WriteOnly:       a.WriteOnly,
	}
	if a.NestedType == nil {
		converted.AttributeType = c.typ(where, a.Type)
		return converted
	}
	converted.AttributeNestedType = &tfjson.SchemaNestedAttributeType{
		Attributes:  c.attributes(where, a.NestedType.Attributes),
		NestingMode: c.nesting(where, a.NestedType.Nesting),
	}
	return converted
}

func (c *converter) action(where string, a *tfprotov6.ActionSchema) *tfjson.ActionSchema {
	if a == nil || a.Schema == nil {
		return &tfjson.ActionSchema{}
	}
	return &tfjson.ActionSchema{Block: c.block(where, a.Schema.Block)}
}

func (c *converter) identity(where string, s *tfprotov6.ResourceIdentitySchema) *tfjson.IdentitySchema {
	attributes := make(map[string]*tfjson.IdentityAttribute, len(s.IdentityAttributes))
	for _, a := range s.IdentityAttributes {
		attributes[a.Name] = &tfjson.IdentityAttribute{
			IdentityType:      c.typ(where+"."+a.Name, a.Type),
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return &tfjson.IdentitySchema{Version: c.count(where, s.Version), Attributes: attributes}
}

func (c *converter) function(where string, f *tfprotov6.Function) *tfjson.FunctionSignature {
	converted := &tfjson.FunctionSignature{
		Description:        f.Description,
		Summary:            f.Summary,
		DeprecationMessage: f.DeprecationMessage,
		ReturnType:         cty.DynamicPseudoType,
	}
	if f.Return == nil {
		c.failf(where, "no return type")
	} else {
		converted.ReturnType = c.typ(where+" return value", f.Return.Type)
	}
	for _, p := range f.Parameters {
		converted.Parameters = append(converted.Parameters, c.parameter(where, p))
	}
	if f.VariadicParameter != nil {
		converted.VariadicParameter = c.parameter(where, f.VariadicParameter)
	}
	return converted
}

func (c *converter) parameter(where string, p *tfprotov6.FunctionParameter) *tfjson.FunctionParameter {
	return &tfjson.FunctionParameter{
		Name:        p.Name,
		Description: p.Description,
		IsNullable:  p.AllowNullValue,
		Type:        c.typ(where+" parameter "+p.Name, p.Type),
	}
}

// typ converts a type. The document must hold one everywhere, so what has none becomes the dynamic type, with an error.
func (c *converter) typ(where string, t tftypes.Type) cty.Type {
	switch t := t.(type) {
	case tftypes.List:
		return cty.List(c.typ(where, t.ElementType))
	case tftypes.Set:
		return cty.Set(c.typ(where, t.ElementType))
	case tftypes.Map:
		return cty.Map(c.typ(where, t.ElementType))
	case tftypes.Tuple:
		elements := make([]cty.Type, 0, len(t.ElementTypes))
		for _, element := range t.ElementTypes {
			elements = append(elements, c.typ(where, element))
		}
		return cty.Tuple(elements)
	case tftypes.Object:
		attributes := make(map[string]cty.Type, len(t.AttributeTypes))
		for name, attribute := range t.AttributeTypes {
			attributes[name] = c.typ(where+"."+name, attribute)
		}
		optional := make([]string, 0, len(t.OptionalAttributes))
		for name := range t.OptionalAttributes {
			optional = append(optional, name)
		}
		return cty.ObjectWithOptionalAttrs(attributes, optional)
	case nil:
		c.failf(where, "no type")
		return cty.DynamicPseudoType
	}

	switch {
	case t.Equal(tftypes.String):
		return cty.String
	case t.Equal(tftypes.Number):
		return cty.Number
	case t.Equal(tftypes.Bool):
		return cty.Bool
	case t.Equal(tftypes.DynamicPseudoType):
		return cty.DynamicPseudoType
	default:
		c.failf(where, "the type %s has no counterpart in the document", t)
		return cty.DynamicPseudoType
	}
}

func (c *converter) descriptionKind(where string, k tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	return tfjson.SchemaDescriptionKind(c.word(where, "kind of description", k))
}

func (c *converter) nesting(where string, mode fmt.Stringer) tfjson.SchemaNestingMode {
	return tfjson.SchemaNestingMode(c.word(where, "nesting mode", mode))
}

// word is a member of an enumeration of the protocol. The document has the same words in small letters.
func (c *converter) word(where, enumeration string, member fmt.Stringer) string {
	switch word := member.String(); word {
	case "UNKNOWN", "INVALID":
		c.failf(where, "%s is no %s", word, enumeration)
		return ""
	default:
		return strings.ToLower(word)
	}
}

// count is a number that the protocol signs and the document does not.
func (c *converter) count(where string, n int64) uint64 {
	if n < 0 || n > math.MaxInt32 {
		c.failf(where, "%d is not a version or a count", n)
		return 0
	}
	return uint64(n)
}
