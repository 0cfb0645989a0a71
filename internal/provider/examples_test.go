package provider_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// TestAccExamples applies what the documentation shows of each type, and plans it again without a change.
func TestAccExamples(t *testing.T) {
	t.Parallel()
	var examples []string
	for _, pattern := range []string{"resources/*/resource.tf", "data-sources/*/data-source.tf", "functions/*/function.tf"} {
		found, err := filepath.Glob(filepath.Join("..", "..", "examples", pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no example matches %s: %v", pattern, err)
		}
		examples = append(examples, found...)
	}
	for _, example := range examples {
		t.Run(filepath.Base(filepath.Dir(example)), func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(example)
			if err != nil {
				t.Fatal(err)
			}
			b := acctest.NewBackend(t, backend.Options{})
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				CheckDestroy:             rolesDestroyed(b.Client(t)),
				Steps:                    []resource.TestStep{{Config: b.Config(t, "", string(body))}},
			})
		})
	}
}
