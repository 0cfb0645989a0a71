// Command schema prints the schemas of the provider as the JSON document that `terraform providers schema -json` prints.
//
// It asks the provider in process: Terraform prints list resources from 1.14 on only, and the CLI on PATH may be older.
// A newer one cannot be had as a Go tool, because `go install` refuses a go.mod that replaces modules, as Terraform's does.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/accessascode/terraform-provider-uipath/internal/provider"
)

func main() {
	address := flag.String("address", "registry.terraform.io/accessascode/uipath",
		"the key of the provider in the document; tfplugindocs finds a provider of this namespace only by its short name, uipath")
	flag.Parse()

	if err := run(context.Background(), *address, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, address string, out io.Writer) error {
	schemas, err := document(ctx, address, providerserver.NewProtocol6(provider.New("dev")())())
	if err != nil {
		return err
	}

	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	return enc.Encode(schemas)
}
