package main

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

func TestRun(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		args       []string
		serveErr   error
		wantCode   int
		wantServed string // "", "plugin" or "debugger"
		wantStdout string
		wantStderr string
	}{
		"plugin":            {wantServed: "plugin"},
		"debugger":          {args: []string{"-debug"}, wantServed: "debugger"},
		"plugin fails":      {serveErr: errors.New("no listener"), wantCode: 1, wantServed: "plugin", wantStderr: "no listener"},
		"version":           {args: []string{"-version"}, wantStdout: "terraform-provider-uipath dev"},
		"help":              {args: []string{"-h"}, wantStdout: "terraform-provider-uipath backend"},
		"backend help":      {args: []string{"backend", "-h"}, wantStdout: "-listen"},
		"backend wrong":     {args: []string{"backend", "-wrong"}, wantCode: 1, wantStderr: "-wrong"},
		"adopt":             {args: []string{"adopt", "-conflicts"}, wantStderr: "nothing exists already"},
		"adopt help":        {args: []string{"adopt", "-h"}, wantStdout: "-hcl"},
		"adopt wrong":       {args: []string{"adopt", "plan.json"}, wantCode: 1, wantStderr: "-conflicts"},
		"review":            {args: []string{"review"}, wantCode: 1, wantStderr: "the plan is empty"},
		"review help":       {args: []string{"review", "-h"}, wantStdout: "-fail-on"},
		"review wrong":      {args: []string{"review", "-wrong"}, wantCode: 1, wantStderr: "-wrong"},
		"unknown command":   {args: []string{"backends"}, wantCode: 1, wantStderr: `unknown command "backends"`},
		"unknown flag":      {args: []string{"-wrong"}, wantCode: 1, wantStderr: "-wrong"},
		"flag then command": {args: []string{"-debug", "backend"}, wantCode: 1, wantStderr: `unknown command "backend"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			served := ""
			serve := func(_ context.Context, debug bool) error {
				served = "plugin"
				if debug {
					served = "debugger"
				}
				return test.serveErr
			}
			var stdout, stderr bytes.Buffer
			code := run(t.Context(), test.args, backend.Process{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr}, serve)

			if code != test.wantCode {
				t.Errorf("got exit code %d, want %d", code, test.wantCode)
			}
			if served != test.wantServed {
				t.Errorf("served %q, want %q", served, test.wantServed)
			}
			check(t, "standard output", stdout.String(), test.wantStdout)
			check(t, "standard error", stderr.String(), test.wantStderr)
		})
	}
}

// check wants the part in got, or nothing where there is none; and one line where something is wrong.
func check(t *testing.T, where, got, part string) {
	t.Helper()
	if part == "" && got != "" || !strings.Contains(got, part) {
		t.Errorf("%s is %q, want %q in it", where, got, part)
	}
	if where == "standard error" && strings.Count(got, "\n") > 1 {
		t.Errorf("%s has more than one line: %q", where, got)
	}
}

func TestSilence(t *testing.T) {
	t.Parallel()
	off := map[string]string{"TF_LOG_SDK": "off", "TF_LOG_PROVIDER_UIPATH": "off"}
	for name, test := range map[string]struct {
		environ []string
		want    map[string]string
	}{
		"nothing":         {nil, off},
		"all":             {[]string{"TF_LOG=trace"}, map[string]string{}},
		"this provider":   {[]string{"TF_LOG_PROVIDER_UIPATH=debug"}, map[string]string{}},
		"something else":  {[]string{"TF_CLI_ARGS=-no-color", "XTF_LOG=trace"}, off},
		"emptied by hand": {[]string{"TF_LOG="}, off},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := map[string]string{}
			err := silence(test.environ, func(name, value string) error { got[name] = value; return nil })
			if err != nil || !maps.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
		})
	}
	refused := errors.New("refused")
	if err := silence(nil, func(string, string) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
}
