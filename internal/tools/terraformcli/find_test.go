package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
)

func TestFind(t *testing.T) {
	t.Parallel()

	noVersion := errors.New("exit status 1")
	noNetwork := errors.New("no such host")
	tests := map[string]struct {
		onPath     string // version; "" for none on PATH
		versionErr error
		installErr error
		want       string
		wantErr    []string
	}{
		"new enough":                {onPath: "1.11.4", want: "path"},
		"exactly the oldest":        {onPath: "1.8.0", want: "path"},
		"a candidate of the oldest": {onPath: "1.8.0-rc1", want: "path"},
		"too old":                   {onPath: "1.7.5", want: "fetched"},
		"does not run":              {onPath: "1.11.4", versionErr: noVersion, want: "fetched"},
		"none":                      {want: "fetched"},
		"none, offline": {
			installErr: noNetwork,
			wantErr: []string{
				"Terraform CLI of version 1.8.0 or newer", "none on PATH", "no such host",
				"https://developer.hashicorp.com/terraform/install",
			},
		},
		"too old, offline": {
			onPath: "1.7.5", installErr: noNetwork, wantErr: []string{"path is version 1.7.5", "no such host"},
		},
		"does not run, offline": {
			onPath: "1.11.4", versionErr: noVersion, installErr: noNetwork, wantErr: []string{"path does not tell its version", "exit status 1"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			f := finder{
				lookPath: func(string) (string, error) {
					if test.onPath == "" {
						return "", exec.ErrNotFound
					}
					return "path", nil
				},
				version: func(context.Context, string) (*version.Version, error) {
					if test.versionErr != nil {
						return nil, test.versionErr
					}
					return version.NewVersion(test.onPath)
				},
				install:  func(context.Context, io.Writer) (string, error) { return "fetched", test.installErr },
				progress: &bytes.Buffer{},
			}
			got, err := f.find(t.Context())

			if test.wantErr == nil && (err != nil || got != test.want) {
				t.Errorf("got %q and error %v, want %q", got, err, test.want)
			}
			for _, want := range test.wantErr {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got error %v, want one with %q", err, want)
				}
			}
		})
	}
}
