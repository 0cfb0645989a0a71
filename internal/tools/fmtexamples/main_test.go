package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	crooked  = "a   = 1\nlonger=2\n"
	straight = "a      = 1\nlonger = 2\n"
)

func TestRun(t *testing.T) {
	t.Parallel()

	files := map[string]struct{ was, want string }{
		"main.tf":                      {crooked, straight},
		"values.tfvars":                {crooked, straight},
		"sub/list.tfquery.hcl":         {crooked, straight},
		"good.tf":                      {straight, straight},
		"import.sh":                    {crooked, crooked},
		"other.hcl":                    {crooked, crooked},
		".terraform/modules/theirs.tf": {crooked, crooked},
	}
	dir := t.TempDir()
	for name, file := range files {
		write(t, filepath.Join(dir, name), file.was)
	}
	listed := strings.Join([]string{
		filepath.Join(dir, "main.tf"), filepath.Join(dir, "sub", "list.tfquery.hcl"), filepath.Join(dir, "values.tfvars"), "",
	}, "\n")

	var out bytes.Buffer
	if err := run([]string{dir}, true, &out); !errors.Is(err, errUnformatted) {
		t.Fatalf("check: got error %v, want %v", err, errUnformatted)
	}
	if out.String() != listed {
		t.Errorf("check listed\n%swant\n%s", &out, listed)
	}
	for name, file := range files {
		if got := read(t, filepath.Join(dir, name)); got != file.was {
			t.Errorf("check changed %s to %q", name, got)
		}
	}

	out.Reset()
	if err := run([]string{dir}, false, &out); err != nil {
		t.Fatalf("format: %v", err)
	}
	if out.String() != listed {
		t.Errorf("formatting listed\n%swant\n%s", &out, listed)
	}
	for name, file := range files {
		if got := read(t, filepath.Join(dir, name)); got != file.want {
			t.Errorf("%s: got %q, want %q", name, got, file.want)
		}
	}

	out.Reset()
	if err := run([]string{dir}, true, &out); err != nil || out.Len() > 0 {
		t.Errorf("check after formatting: got error %v and %q, want neither", err, &out)
	}
}

func TestRunRefusesWhatDoesNotParse(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "broken.tf")
	write(t, path, "a  =\nresource {{\n")

	err := run([]string{filepath.Dir(path)}, false, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "broken.tf:1") {
		t.Errorf("got error %v, want one that names broken.tf and line 1", err)
	}
	if got := read(t, path); got != "a  =\nresource {{\n" {
		t.Errorf("the file was changed to %q", got)
	}
}

func TestRunRefusesMissingDirectories(t *testing.T) {
	t.Parallel()

	if err := run(nil, true, &bytes.Buffer{}); err == nil {
		t.Error("no directory: got no error")
	}
	if err := run([]string{filepath.Join(t.TempDir(), "missing")}, true, &bytes.Buffer{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing directory: got error %v, want %v", err, os.ErrNotExist)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
