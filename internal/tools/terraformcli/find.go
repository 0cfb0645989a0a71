package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/hashicorp/go-version"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/environ"
)

// finder decides which Terraform CLI is taken.
type finder struct {
	lookPath func(program string) (path string, err error)
	version  func(ctx context.Context, path string) (*version.Version, error)
	install  func(ctx context.Context, progress io.Writer) (path string, err error)
	progress io.Writer
}

// find returns the path of a Terraform CLI that is not older than the oldest one supported.
func (f finder) find(ctx context.Context) (string, error) {
	reason := "there is none on PATH"
	if path, err := f.lookPath("terraform"); err == nil {
		found, err := f.version(ctx, path)
		switch {
		case err != nil:
			reason = fmt.Sprintf("%s does not tell its version (%v)", path, err)
		case found.Core().LessThan(oldest):
			reason = fmt.Sprintf("%s is version %s", path, found)
		default:
			return path, nil
		}
	}

	path, err := f.install(ctx, f.progress)
	if err != nil {
		return "", fmt.Errorf("no Terraform CLI of version %s or newer: %s, and fetching one failed (%w); "+
			"install one from https://developer.hashicorp.com/terraform/install and put it on PATH", oldest, reason, err)
	}
	return path, nil
}

// installedVersion asks the Terraform CLI at path for its version.
func installedVersion(ctx context.Context, path string) (*version.Version, error) {
	cmd := exec.CommandContext(ctx, path, "version", "-json")
	cmd.Env = append(environ.Without(os.Environ(), "TF_"), "CHECKPOINT_DISABLE=1")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("terraform version: %w", err)
	}

	var answer struct {
		Version string `json:"terraform_version"`
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		return nil, fmt.Errorf("terraform version: %w", err)
	}
	return version.NewVersion(answer.Version)
}
