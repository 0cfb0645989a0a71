package usage_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/bench/usage"
)

func TestTakeAddsWhatWasAppended(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "usage")
	for _, p := range []usage.Process{{CPU: time.Second, PeakBytes: 10}, {CPU: 2 * time.Second, PeakBytes: 30}, {CPU: time.Millisecond, PeakBytes: 20}} {
		if err := p.Append(file); err != nil {
			t.Fatal(err)
		}
	}
	got, err := usage.Take(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(usage.Process{CPU: 3001 * time.Millisecond, PeakBytes: 30}, got); diff != "" {
		t.Errorf("Take (-want +got):\n%s", diff)
	}
	if got, err := usage.Take(file); err != nil || got != (usage.Process{}) {
		t.Errorf("taken again: got %v, %v; want nothing", got, err)
	}
}

func TestTakeRefusesAnythingElse(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "usage")
	if err := os.WriteFile(file, []byte("{\"CPU\":1}\nnonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := usage.Take(file); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got error %v, want one that names line 2", err)
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), "go", "version")
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	if got := usage.Of(cmd.ProcessState); got.CPU <= 0 || got.PeakBytes < 1<<20 {
		t.Errorf("go version took %v of processor time and %d bytes", got.CPU, got.PeakBytes)
	}
}
