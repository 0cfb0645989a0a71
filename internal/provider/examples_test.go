package provider_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// TestAccExamples applies what the documentation shows of each type, and plans it again without a change. Destroying it leaves nothing
// behind.
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
			before := snapshot(t, b)
			resource.Test(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps:                    []resource.TestStep{{Config: b.Config(t, "", string(body))}},
			})
			if diff := cmp.Diff(before, snapshot(t, b)); diff != "" {
				t.Errorf("destroy leaves something behind (-before +after):\n%s", diff)
			}
		})
	}
}

// snapshot is what a backend holds.
func snapshot(t *testing.T, b *acctest.Backend) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL+"/_reference/snapshot", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v", answer.Status, err)
	}
	return string(text)
}
