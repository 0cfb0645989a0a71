package access

import (
	"slices"
	"strings"
	"testing"
)

func TestTaskMiningPermissions(t *testing.T) {
	t.Parallel()
	all := TaskMiningPermissions()
	if want := []TaskMiningPermission{TaskMiningUser, TaskMiningProcessSME, TaskMiningAdmin}; !slices.Equal(all, want) {
		t.Fatalf("the permissions are %q, want %q", all, want)
	}
	for i, stronger := range all {
		for j, weaker := range all {
			if got := stronger.StrongerThan(weaker); got != (i > j) {
				t.Errorf("%s is stronger than %s: %t", stronger, weaker, got)
			}
		}
		if !stronger.StrongerThan("") {
			t.Errorf("%s is not stronger than none", stronger)
		}
	}
}

func TestParseTaskMiningPermission(t *testing.T) {
	t.Parallel()
	for _, want := range TaskMiningPermissions() {
		if got, err := ParseTaskMiningPermission(string(want)); err != nil || got != want {
			t.Errorf("%q is read as %q: %v", want, got, err)
		}
	}
	for s, near := range map[string]string{
		"user": `Did you mean "User"?`, "ADMIN": `Did you mean "Admin"?`, "ProcessSME": `Did you mean "Process SME"?`, "Users": `Did you mean "User"?`,
		"Recorder": "", "": "",
	} {
		got, err := ParseTaskMiningPermission(s)
		switch {
		case err == nil:
			t.Errorf("%q is read as %q", s, got)
		case !strings.Contains(err.Error(), "there are User, Process SME, Admin"):
			t.Errorf("the error for %q does not list the permissions: %v", s, err)
		case near == "" && strings.Contains(err.Error(), "Did you mean"), !strings.Contains(err.Error(), near):
			t.Errorf("the error for %q is %v, want %s", s, err, near)
		}
	}
}

// TestTaskMiningAICenterPermissions compares with the table on the vendor's page about the users of Task Mining.
func TestTaskMiningAICenterPermissions(t *testing.T) {
	t.Parallel()
	for permission, want := range map[TaskMiningPermission][]string{
		TaskMiningUser:       {"ORCHESTRATOR.MLPACKAGES.VIEW"},
		TaskMiningProcessSME: {"ORCHESTRATOR.MLLOGS.VIEW", "ORCHESTRATOR.MLPACKAGES.VIEW", "ORCHESTRATOR.MLSKILLS.VIEW"},
		TaskMiningAdmin: {
			"ORCHESTRATOR.MLLOGS.VIEW", "ORCHESTRATOR.MLPACKAGES.CREATE", "ORCHESTRATOR.MLPACKAGES.DELETE", "ORCHESTRATOR.MLPACKAGES.EDIT",
			"ORCHESTRATOR.MLPACKAGES.VIEW", "ORCHESTRATOR.MLSKILLS.VIEW",
		},
	} {
		got := permission.AICenterPermissions()
		if !slices.Equal(got, want) {
			t.Errorf("%s needs %q, want %q", permission, got, want)
		}
		got[0] = "changed"
		if again := permission.AICenterPermissions(); !slices.Equal(again, want) {
			t.Errorf("a caller changed what %s needs to %q", permission, again)
		}
	}
}

func TestTaskMiningRights(t *testing.T) {
	t.Parallel()
	for permission, want := range map[TaskMiningPermission]string{
		TaskMiningUser: "Record", TaskMiningProcessSME: "Edit tasks, steps and actions in the visualizer", TaskMiningAdmin: "Invite users to projects",
	} {
		got := permission.Rights()
		if !slices.Contains(got, want) || slices.Contains(got, "") {
			t.Errorf("the rights of %s are %q, want %q among them", permission, got, want)
		}
		got[0] = "changed"
		if slices.Contains(permission.Rights(), "changed") {
			t.Errorf("a caller changed the rights of %s", permission)
		}
	}
}
