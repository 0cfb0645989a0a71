package taskmining

import (
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// Holding is what a principal holds of Task Mining's roles in a tenant. Its level is the strongest that it holds at the service.
type Holding struct {
	Permission
	// PrincipalName is "" where the assignments do not tell it.
	PrincipalName string
	// Extra are assignments that are not part of the permission.
	Extra []uipath.Assignment

	all []uipath.Assignment
}

// Exists reports whether the principal holds anything.
func (h Holding) Exists() bool { return len(h.all) > 0 }

// Is reports whether the principal holds a permission, whole and nothing else.
func (h Holding) Is(p Permission) bool {
	return h.Exists() && len(h.Extra) == 0 && h.Level == p.Level && slices.Equal(slices.Sorted(slices.Values(p.Projects)), h.Projects)
}

func (h Holding) keys() []uipath.AssignmentKey {
	keys := make([]uipath.AssignmentKey, len(h.all))
	for i, a := range h.all {
		keys[i] = a.Key
	}
	return keys
}

// holding tells the permission from what a principal holds. Roles that carry none are left out.
func (r roles) holding(key Key, held []uipath.Assignment) Holding {
	h := Holding{Permission: Permission{Key: key}}
	levels := map[access.GUID]access.TaskMiningPermission{}
	for level, id := range r {
		levels[id] = level
	}
	for _, a := range held {
		level := levels[a.Key.RoleID]
		if level == "" {
			continue
		}
		h.all, h.PrincipalType, h.PrincipalName = append(h.all, a), a.PrincipalType, a.PrincipalName
		if a.Key.Scope.Kind() == access.ScopeService && level.StrongerThan(h.Level) {
			h.Level = level
		}
	}
	records := h.Level == "" || h.Level == access.TaskMiningUser
	for _, a := range h.all {
		level, project := levels[a.Key.RoleID], a.Key.Scope.Container()
		switch {
		case project == "" && level == h.Level:
		case project != "" && level == access.TaskMiningUser && records:
			h.Projects = append(h.Projects, project)
		default:
			h.Extra = append(h.Extra, a)
		}
	}
	slices.Sort(h.Projects)
	return h
}
