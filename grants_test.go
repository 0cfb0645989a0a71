package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"
)

// listGrants is the command `grants file`: it writes the roles and role assignments of the running backend into a file, sorted, without
// what is different each time that they are made: ids, and who made them when.
func listGrants(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: grants file")
	}
	takeSnapshot(ts, false, args)
	var lines []string
	documents := yaml.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	for {
		var document struct{ Roles, Assignments []map[string]any }
		err := documents.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		ts.Check(err)
		for _, one := range slices.Concat(document.Roles, document.Assignments) {
			for _, changing := range []string{"id", "createdBy", "createdOn", "updatedBy", "updatedOn"} {
				delete(one, changing)
			}
			var line bytes.Buffer
			ts.Check(json.NewEncoder(&line).Encode(one))
			lines = append(lines, line.String())
		}
	}
	slices.Sort(lines)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Join(lines, "")), 0o600))
}
