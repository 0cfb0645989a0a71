package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var update = flag.Bool("update", false, "write the golden document anew")

const golden = "testdata/schemas.json"

// TestDocument compares the document of a provider that uses every construct of the framework with the golden one, which
// was compared with what Terraform prints for that provider.
func TestDocument(t *testing.T) {
	t.Parallel()

	const address = "registry.terraform.io/example/sample"
	schemas, err := document(t.Context(), address, providerserver.NewProtocol6(sampleProvider{})())
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(schemas, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')

	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the document differs from %s (-want +got); go test -update writes it anew:\n%s", golden, diff)
	}

	// What reads the document does so with this type.
	var read tfjson.ProviderSchemas
	if err := json.Unmarshal(got, &read); err != nil {
		t.Errorf("the document cannot be read back: %v", err)
	}
	if read.Schemas[address] == nil {
		t.Errorf("the document read back lacks %s", address)
	}
}

func TestRunPrintsTheProvider(t *testing.T) {
	t.Parallel()

	var out bytes.Buffer
	if err := run(t.Context(), "uipath", &out); err != nil {
		t.Fatal(err)
	}
	var schemas tfjson.ProviderSchemas
	if err := json.Unmarshal(out.Bytes(), &schemas); err != nil {
		t.Fatal(err)
	}
	provider := schemas.Schemas["uipath"]
	if provider == nil {
		t.Fatalf("the document holds no provider uipath: %s", &out)
	}
	if provider.ResourceSchemas["uipath_tenant_role"] == nil {
		t.Error("the document lacks the resource uipath_tenant_role")
	}
	if provider.ResourceIdentitySchemas["uipath_tenant_role"] == nil {
		t.Error("the document lacks the identity of uipath_tenant_role")
	}
}

// brokenServer answers the requests for schemas with what a test gives it.
type brokenServer struct {
	tfprotov6.ProviderServer

	schemas       *tfprotov6.GetProviderSchemaResponse
	schemasErr    error
	identities    *tfprotov6.GetResourceIdentitySchemasResponse
	identitiesErr error
}

func (s brokenServer) GetProviderSchema(
	context.Context, *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	return s.schemas, s.schemasErr
}

func (s brokenServer) GetResourceIdentitySchemas(
	context.Context, *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return s.identities, s.identitiesErr
}

func TestDocumentRefuses(t *testing.T) {
	t.Parallel()

	resource := func(block *tfprotov6.SchemaBlock) *tfprotov6.GetProviderSchemaResponse {
		return &tfprotov6.GetProviderSchemaResponse{
			ResourceSchemas: map[string]*tfprotov6.Schema{"sample_thing": {Block: block}},
		}
	}
	attribute := func(a tfprotov6.SchemaAttribute) *tfprotov6.GetProviderSchemaResponse {
		a.Name = "color"
		return resource(&tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{&a}})
	}
	diagnostics := []*tfprotov6.Diagnostic{
		{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: "Harmless"},
		{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Schema is wrong", Detail: "no name"},
	}
	function := func(f tfprotov6.Function) *tfprotov6.GetProviderSchemaResponse {
		return &tfprotov6.GetProviderSchemaResponse{Functions: map[string]*tfprotov6.Function{"shout": &f}}
	}

	tests := map[string]struct {
		server brokenServer
		want   string
	}{
		"an error":          {brokenServer{schemasErr: errors.New("gone")}, "asking for the schemas: gone"},
		"an identity error": {brokenServer{identitiesErr: errors.New("gone")}, "asking for the identity schemas: gone"},
		"a diagnostic": {
			brokenServer{schemas: &tfprotov6.GetProviderSchemaResponse{Diagnostics: diagnostics}}, "Schema is wrong: no name",
		},
		"an identity diagnostic": {
			brokenServer{identities: &tfprotov6.GetResourceIdentitySchemasResponse{Diagnostics: diagnostics}}, "Schema is wrong",
		},
		"no type": {brokenServer{schemas: attribute(tfprotov6.SchemaAttribute{})}, "resource sample_thing.color: no type"},
		"no element type": {
			brokenServer{schemas: attribute(tfprotov6.SchemaAttribute{Type: tftypes.Set{}})}, "resource sample_thing.color: no type",
		},
		"a kind of description": {
			brokenServer{schemas: attribute(tfprotov6.SchemaAttribute{Type: tftypes.String, DescriptionKind: 7})},
			"resource sample_thing.color: UNKNOWN is no kind of description",
		},
		"no nesting of an attribute": {
			brokenServer{schemas: attribute(tfprotov6.SchemaAttribute{NestedType: &tfprotov6.SchemaObject{}})},
			"resource sample_thing.color: INVALID is no nesting mode",
		},
		"no nesting of a block": {
			brokenServer{schemas: resource(&tfprotov6.SchemaBlock{BlockTypes: []*tfprotov6.SchemaNestedBlock{{TypeName: "size"}}})},
			"resource sample_thing.size: INVALID is no nesting mode",
		},
		"a negative version": {
			brokenServer{schemas: &tfprotov6.GetProviderSchemaResponse{Provider: &tfprotov6.Schema{Version: -1}}},
			"provider: -1 is not a version",
		},
		"no return type": {brokenServer{schemas: function(tfprotov6.Function{})}, "function shout: no return type"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			if test.server.schemas == nil {
				test.server.schemas = &tfprotov6.GetProviderSchemaResponse{}
			}
			if test.server.identities == nil {
				test.server.identities = &tfprotov6.GetResourceIdentitySchemasResponse{}
			}
			_, err := document(t.Context(), "sample", test.server)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

// TestTypes holds the types that the framework cannot produce, beside those it can.
func TestTypes(t *testing.T) {
	t.Parallel()

	tests := map[string]tftypes.Type{
		`"string"`:               tftypes.String,
		`"number"`:               tftypes.Number,
		`"bool"`:                 tftypes.Bool,
		`"dynamic"`:              tftypes.DynamicPseudoType,
		`["list","string"]`:      tftypes.List{ElementType: tftypes.String},
		`["set",["map","bool"]]`: tftypes.Set{ElementType: tftypes.Map{ElementType: tftypes.Bool}},
		`["tuple",["string",["list","number"]]]`: tftypes.Tuple{
			ElementTypes: []tftypes.Type{tftypes.String, tftypes.List{ElementType: tftypes.Number}},
		},
		`["object",{"a":"string","b":"bool"},["b"]]`: tftypes.Object{
			AttributeTypes:     map[string]tftypes.Type{"a": tftypes.String, "b": tftypes.Bool},
			OptionalAttributes: map[string]struct{}{"b": {}},
		},
	}
	for want, typ := range tests {
		t.Run(want, func(t *testing.T) {
			t.Parallel()

			var c converter
			got, err := c.typ("here", typ).MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != want {
				t.Errorf("got %s, want %s", got, want)
			}
			if len(c.errs) > 0 {
				t.Errorf("got errors %v, want none", c.errs)
			}
		})
	}
}
