package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
)

// release is one release of the Terraform CLI that can be fetched. Its checksum is compared with the published list and
// the list's signature with HashiCorp's public key.
type release struct {
	version   *version.Version
	directory string // holds one directory per version
	baseURL   string // "" is https://releases.hashicorp.com

	publicKey string       // armored; "" is HashiCorp's, which the library carries
	client    *http.Client // nil is the library's, which repeats failed requests
}

// install returns the path of the CLI, after fetching it unless an earlier call has. A download that fails half way
// leaves nothing at that path.
func (r release) install(ctx context.Context, progress io.Writer) (string, error) {
	directory, err := filepath.Abs(r.directory)
	if err != nil {
		return "", err
	}
	home := filepath.Join(directory, r.version.String())
	path := filepath.Join(home, product.Terraform.BinaryName())
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}

	if r.baseURL != "" {
		if u, err := url.Parse(r.baseURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return "", fmt.Errorf("the base URL %q is not an http or https URL", r.baseURL)
		}
	}
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return "", err
	}
	unpacked, err := os.MkdirTemp(directory, "fetching-*")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(unpacked) //nolint:errcheck // What stays behind is in the build directory and is not used.

	fmt.Fprintf(progress, "fetching Terraform %s into %s\n", r.version, home)
	source := releases.ExactVersion{
		Product:          product.Terraform,
		Version:          r.version,
		InstallDir:       unpacked,
		ApiBaseURL:       strings.TrimSuffix(r.baseURL, "/"),
		ArmoredPublicKey: r.publicKey,
		HTTPClient:       r.client,
	}
	if err := source.Validate(); err != nil {
		return "", err
	}
	if _, err := source.Install(ctx); errors.Is(err, fs.ErrNotExist) {
		// The library (0.10.0) loses the error of its download and then misses the program.
		return "", fmt.Errorf("the archive was refused: it is incomplete or has not the published checksum (%w)", err)
	} else if err != nil {
		return "", err
	}

	if err := os.Rename(unpacked, home); err != nil {
		// Another process may have come first; what it put there was verified in the same way.
		if _, statErr := os.Stat(path); statErr != nil {
			return "", err
		}
	}
	return path, nil
}
