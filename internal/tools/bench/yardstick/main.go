// Command yardstick is a provider that does nothing: its resources have the attributes of ours, and it reads and writes nothing
// but what Terraform hands it. No provider of the same framework can be faster.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

const address = "registry.terraform.io/accessascode/yardstick"

func main() {
	err := providerserver.Serve(context.Background(), newYardstick, providerserver.ServeOpts{Address: address})
	if err != nil {
		fmt.Fprintln(os.Stderr, "yardstick:", err)
		os.Exit(1)
	}
}

type yardstick struct{}

func newYardstick() provider.Provider { return yardstick{} }

func (yardstick) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "yardstick"
}

func (yardstick) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (yardstick) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (yardstick) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (yardstick) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newRoleAssignment, newTaskMiningPermission, newTenantRole}
}
