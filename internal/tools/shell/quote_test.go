package shell_test

import (
	"os/exec"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/shell"
)

func TestQuote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"/home/a/build": "/home/a/build", "": "''", "/my files/a": "'/my files/a'", "it's": `'it'\''s'`, "$HOME": "'$HOME'", "a\nb": "'a\nb'",
	} {
		if got := shell.Quote(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
		sh, err := exec.LookPath("sh")
		if err != nil {
			t.Skip("needs a POSIX shell")
		}
		if out, err := exec.CommandContext(t.Context(), sh, "-c", "printf %s "+shell.Quote(text)).Output(); err != nil || string(out) != text {
			t.Errorf("%q: the shell reads %q, %v", text, out, err)
		}
	}
}
