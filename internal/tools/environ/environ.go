// Package environ prepares the environment of the programs that the tools start.
package environ

import "strings"

// Without returns the settings of environment, each NAME=value, whose names begin with none of the prefixes.
// A Terraform that is started so does not see how the person at the keyboard has configured theirs.
func Without(environment []string, prefixes ...string) []string {
	kept := make([]string, 0, len(environment))
	for _, setting := range environment {
		if !hasAnyPrefix(setting, prefixes) {
			kept = append(kept, setting)
		}
	}
	return kept
}

func hasAnyPrefix(s string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}
