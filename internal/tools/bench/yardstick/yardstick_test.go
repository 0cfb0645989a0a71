package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/accessascode/terraform-provider-uipath/internal/provider"
)

// attribute is what of an attribute costs time.
type attribute struct {
	Type                         string
	Required, Optional, Computed bool
}

// TestYardstickHasOurAttributes fails where an attribute of ours was added or changed and the yardstick's was not.
func TestYardstickHasOurAttributes(t *testing.T) {
	t.Parallel()
	ours, theirs := schemas(t, provider.New("test")()), schemas(t, newYardstick())
	for _, name := range []string{"role_assignment", "task_mining_permission", "tenant_role"} {
		want, got := attributes(t, ours["uipath_"+name]), attributes(t, theirs["yardstick_"+name])
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("attributes of %s (-ours +the yardstick's):\n%s", name, diff)
		}
	}
}

func schemas(t *testing.T, p frameworkprovider.Provider) map[string]*tfprotov6.Schema {
	t.Helper()
	server, err := providerserver.NewProtocol6WithError(p)()
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	return resp.ResourceSchemas
}

func attributes(t *testing.T, schema *tfprotov6.Schema) map[string]attribute {
	t.Helper()
	if schema == nil {
		t.Fatal("there is no such resource")
	}
	all := map[string]attribute{}
	for _, a := range schema.Block.Attributes {
		all[a.Name] = attribute{a.ValueType().String(), a.Required, a.Optional, a.Computed}
	}
	return all
}
