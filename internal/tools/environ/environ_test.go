package environ_test

import (
	"slices"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/environ"
)

func TestWithout(t *testing.T) {
	t.Parallel()

	environment := []string{"PATH=/bin", "TF_LOG=TRACE", "TFLINT=1", "UIPATH_PAT=x", "HOME=/TF_home"}

	got := environ.Without(environment, "TF_", "UIPATH_")
	if want := []string{"PATH=/bin", "TFLINT=1", "HOME=/TF_home"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := environ.Without(environment); !slices.Equal(got, environment) {
		t.Errorf("without prefixes: got %q, want all of it", got)
	}
}
