package review

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxPlan bounds the file of a plan, in bytes. A plan of ten thousand grants has about 40 MiB.
const maxPlan = 512 << 20

// knownFormat is the major version of Terraform's plan representation that is read. Minor versions only add members.
const knownFormat = "1."

// providerSuffix ends the address of this provider on whatever registry or mirror it was found.
const providerSuffix = "accessascode/uipath"

// planFile is what `terraform show -json` prints of a plan, as far as it is read.
type planFile struct {
	FormatVersion   *string          `json:"format_version"`
	PlannedValues   json.RawMessage  `json:"planned_values"`
	ResourceChanges []resourceChange `json:"resource_changes"`
	PriorState      struct {
		Values struct {
			RootModule stateModule `json:"root_module"`
		} `json:"values"`
	} `json:"prior_state"`
	Errored  bool  `json:"errored"`
	Complete *bool `json:"complete"`
}

type resourceChange struct {
	resourceAddress
	Change struct {
		Actions         []string        `json:"actions"`
		Before          json.RawMessage `json:"before"`
		After           json.RawMessage `json:"after"`
		AfterUnknown    json.RawMessage `json:"after_unknown"`
		BeforeSensitive json.RawMessage `json:"before_sensitive"`
		AfterSensitive  json.RawMessage `json:"after_sensitive"`
		Importing       json.RawMessage `json:"importing"`
	} `json:"change"`
}

type resourceAddress struct {
	Address      string `json:"address"`
	Mode         string `json:"mode"`
	Type         string `json:"type"`
	ProviderName string `json:"provider_name"`
}

type stateModule struct {
	Resources []struct {
		resourceAddress
		Values    json.RawMessage `json:"values"`
		Sensitive json.RawMessage `json:"sensitive_values"`
	} `json:"resources"`
	ChildModules []stateModule `json:"child_modules"`
}

// ours reports whether the resource is managed by this provider.
func (a resourceAddress) ours() bool {
	return a.Mode == "managed" && (a.ProviderName == providerSuffix || strings.HasSuffix(a.ProviderName, "/"+providerSuffix))
}

// has reports whether an action is among those of the change.
func (c resourceChange) has(action string) bool { return slices.Contains(c.Change.Actions, action) }

// imports reports whether the change takes over what exists.
func (c resourceChange) imports() bool {
	return len(c.Change.Importing) > 0 && !bytes.Equal(c.Change.Importing, []byte("null"))
}

// readPlan reads a plan and says what is wrong where the text is none.
func readPlan(from io.Reader, limit int64) (planFile, error) {
	const instead = "give the output of terraform show -json PLANFILE"
	content, err := io.ReadAll(io.LimitReader(from, limit+1))
	switch {
	case err != nil:
		return planFile{}, err
	case int64(len(content)) > limit:
		return planFile{}, fmt.Errorf("the plan is larger than %d MiB", limit>>20)
	case len(bytes.TrimSpace(content)) == 0:
		return planFile{}, errors.New("the plan is empty: " + instead)
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return planFile{}, errors.New("this is a saved plan, which only Terraform reads: " + instead)
	}
	var read planFile
	if err := json.Unmarshal(content, &read); err != nil {
		if bytes.Contains(content, []byte(`"@level"`)) {
			return planFile{}, errors.New("this is the log that terraform plan -json prints: " + instead)
		}
		// What the decoder says may repeat a part of the file, so only the place is told.
		if at, ok := errors.AsType[*json.SyntaxError](err); ok {
			return planFile{}, fmt.Errorf("the plan is not JSON at byte %d: %s", at.Offset, instead)
		}
		return planFile{}, errors.New("the JSON is not that of a plan: " + instead)
	}
	switch {
	case read.FormatVersion == nil && bytes.Contains(content, []byte(`"@level"`)):
		return planFile{}, errors.New("this is the log that terraform plan -json prints: " + instead)
	case read.FormatVersion == nil:
		return planFile{}, errors.New("the JSON has no format_version: " + instead)
	case !strings.HasPrefix(*read.FormatVersion, knownFormat):
		return planFile{}, fmt.Errorf("the plan has format_version %.20q; this version reads 1.x", *read.FormatVersion)
	case read.PlannedValues == nil && read.ResourceChanges == nil:
		return planFile{}, errors.New("the JSON is that of a state, not of a plan: " + instead)
	}
	return read, nil
}
