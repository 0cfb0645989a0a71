package main

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsimple"
)

func TestRun(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	binary := filepath.Join(dir, "provider")
	// A path that HCL would read as a template if it were not escaped.
	mirror := filepath.Join(dir, `mirror ${a}"b"`)
	config := filepath.Join(dir, "terraform.tfrc")

	for _, number := range []string{"0.9.0", "0.1.0"} {
		if err := os.WriteFile(binary, []byte("built as "+number), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := run(binary, mirror, config, number, &out); err != nil {
			t.Fatalf("version %s: %v", number, err)
		}
		if want := "export TF_CLI_CONFIG_FILE=" + config; !strings.Contains(out.String(), want) {
			t.Errorf("version %s: the advice %q lacks %q", number, &out, want)
		}
	}

	versions := filepath.Join(mirror, "registry.terraform.io", "accessascode", "uipath")
	entries, err := os.ReadDir(versions)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != "0.1.0" {
		t.Errorf("the mirror holds %v, want only the version installed last, 0.1.0", entries)
	}

	platform := runtime.GOOS + "_" + runtime.GOARCH
	installed := filepath.Join(versions, "0.1.0", platform, "terraform-provider-uipath_v0.1.0")
	text, err := os.ReadFile(installed)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != "built as 0.1.0" {
		t.Errorf("the mirror holds %q", text)
	}
	info, err := os.Stat(installed)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm()&0o111 == 0 {
		t.Errorf("the installed provider has mode %v, which Terraform cannot execute", info.Mode())
	}

	checkConfiguration(t, config, mirror)
}

func checkConfiguration(t *testing.T, path, mirror string) {
	t.Helper()

	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	type source struct {
		Path    string   `hcl:"path,optional"`
		Include []string `hcl:"include,optional"`
		Exclude []string `hcl:"exclude,optional"`
	}
	var config struct {
		Installation struct {
			Mirror source `hcl:"filesystem_mirror,block"`
			Direct source `hcl:"direct,block"`
		} `hcl:"provider_installation,block"`
	}
	if err := hclsimple.Decode("terraform.hcl", text, nil, &config); err != nil {
		t.Fatal(err)
	}

	from, rest := config.Installation.Mirror, config.Installation.Direct
	if from.Path != mirror {
		t.Errorf("the mirror is at %q, want %q", from.Path, mirror)
	}
	if len(from.Include) != 1 || from.Include[0] != address {
		t.Errorf("the mirror serves %q, want only %q", from.Include, address)
	}
	if len(rest.Exclude) != 1 || rest.Exclude[0] != address {
		t.Errorf("the registry may serve all but %q, want all but %q", rest.Exclude, address)
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	config := filepath.Join(dir, "terraform.tfrc")
	tests := map[string]struct {
		binary, mirror, config, version string
		want                            string
	}{
		"no binary":         {"", dir, config, "1.0.0", "must all be given"},
		"missing binary":    {filepath.Join(dir, "missing"), dir, config, "1.0.0", "missing"},
		"no mirror":         {"x", "", config, "1.0.0", "must all be given"},
		"no config":         {"x", dir, "", "1.0.0", "must all be given"},
		"no version":        {"x", dir, config, "", "-version"},
		"version with path": {"x", dir, config, "1.0.0/../..", "-version"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			err := run(test.binary, test.mirror, test.config, test.version, &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}
