package access

import (
	"fmt"
	"slices"
	"strings"
)

// TaskMiningPermission is what somebody may do in Task Mining. The service carries each as a built-in role of the same name.
type TaskMiningPermission string

// The permissions, from the weakest to the strongest.
const (
	TaskMiningUser       TaskMiningPermission = "User"
	TaskMiningProcessSME TaskMiningPermission = "Process SME"
	TaskMiningAdmin      TaskMiningPermission = "Admin"
)

// TaskMiningService is the API name of the service.
const TaskMiningService = "TaskMining"

type taskMiningGrant struct {
	permission TaskMiningPermission
	rights     []string
	aiCenter   []string
}

// taskMiningGrants is what each permission comes with, from the weakest to the strongest. The rights are those of the vendor's page on
// Task Mining users, which also gives the AI Center permissions by their display names; their names in the catalogue are this
// project's own, because no public source tells them.
var taskMiningGrants = []taskMiningGrant{
	{
		TaskMiningUser,
		[]string{
			"See Task Mining in the left rail, besides what every automation user sees",
			"Install the desktop app",
			"Record",
		},
		[]string{"ORCHESTRATOR.MLPACKAGES.VIEW"},
	},
	{
		TaskMiningProcessSME,
		[]string{
			"See the projects, without renaming, archiving or editing them",
			"Review the discovery results of every project",
			"Edit tasks, steps and actions in the visualizer",
		},
		[]string{"ORCHESTRATOR.MLLOGS.VIEW", "ORCHESTRATOR.MLPACKAGES.VIEW", "ORCHESTRATOR.MLSKILLS.VIEW"},
	},
	{
		TaskMiningAdmin,
		[]string{
			"Create and configure projects",
			"Invite users to projects",
			"Monitor the recording of every project",
			"Start the machine-learning pipeline in AI Center",
			"Review the results of every project",
			"Add members as Admin, Process SME and User",
		},
		[]string{
			"ORCHESTRATOR.MLLOGS.VIEW", "ORCHESTRATOR.MLPACKAGES.CREATE", "ORCHESTRATOR.MLPACKAGES.DELETE", "ORCHESTRATOR.MLPACKAGES.EDIT",
			"ORCHESTRATOR.MLPACKAGES.VIEW", "ORCHESTRATOR.MLSKILLS.VIEW",
		},
	},
}

// TaskMiningPermissions returns the permissions there are, from the weakest to the strongest.
func TaskMiningPermissions() []TaskMiningPermission {
	permissions := make([]TaskMiningPermission, len(taskMiningGrants))
	for i, g := range taskMiningGrants {
		permissions[i] = g.permission
	}
	return permissions
}

// ParseTaskMiningPermission reads the name of a permission, which is spelled as the service spells it. The error lists the names.
func ParseTaskMiningPermission(s string) (TaskMiningPermission, error) {
	p := TaskMiningPermission(s)
	if p.rank() >= 0 {
		return p, nil
	}
	names := make([]string, len(taskMiningGrants))
	for i, g := range taskMiningGrants {
		names[i] = string(g.permission)
	}
	err := fmt.Errorf("%q is not a Task Mining permission: there are %s", s, strings.Join(names, ", "))
	if near := DidYouMean(s, names); near != "" {
		err = fmt.Errorf("%w. %s", err, near)
	}
	return "", err
}

// Rights returns what the permission lets somebody do, in words: nothing, where it is none of those there are.
func (p TaskMiningPermission) Rights() []string { return slices.Clone(p.grant().rights) }

// AICenterPermissions returns the permissions that a tenant role must grant besides, sorted: Task Mining keeps its data in AI
// Center. Their names are this project's own.
func (p TaskMiningPermission) AICenterPermissions() []string { return slices.Clone(p.grant().aiCenter) }

func (p TaskMiningPermission) grant() taskMiningGrant {
	if rank := p.rank(); rank >= 0 {
		return taskMiningGrants[rank]
	}
	return taskMiningGrant{}
}

// StrongerThan compares two permissions.
func (p TaskMiningPermission) StrongerThan(other TaskMiningPermission) bool {
	return p.rank() > other.rank()
}

// rank is the permission's place among all, negative for what is none.
func (p TaskMiningPermission) rank() int {
	return slices.IndexFunc(taskMiningGrants, func(g taskMiningGrant) bool { return g.permission == p })
}
