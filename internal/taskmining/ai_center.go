package taskmining

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// ErrGroupsNotRead says that nobody looked into the groups, because they were not to be read.
var ErrGroupsNotRead = errors.New("groups were not looked into")

// MissingAICenter is what a principal lacks of the AI Center permissions that a Task Mining permission needs.
type MissingAICenter struct {
	// Permissions are their names, sorted.
	Permissions []string
	// Unknown says why it cannot be told what is missing, such as [ErrGroupsNotRead]; nil where it can.
	Unknown error
}

// MissingAICenter tells which AI Center permissions a principal holds neither itself nor through a group.
func (p *Permissions) MissingAICenter(ctx context.Context, key Key, level access.TaskMiningPermission) (MissingAICenter, error) {
	missing := MissingAICenter{Permissions: level.AICenterPermissions()}
	err := p.subtractHeld(ctx, key, &missing)
	switch {
	case len(missing.Permissions) == 0:
		return MissingAICenter{}, nil
	case errors.Is(err, uipath.ErrForbidden):
		missing.Unknown = err
	case err != nil:
		return MissingAICenter{}, err
	}
	return missing, nil
}

// subtractHeld looks at the groups last: hardly any has to be read where the principal itself holds what it needs.
func (p *Permissions) subtractHeld(ctx context.Context, key Key, missing *MissingAICenter) error {
	at, err := access.ServiceScope(key.Tenant, "orchestrator")
	if err != nil {
		return err
	}
	own, err := p.client.Holding(ctx, at, key.Principal)
	if err != nil {
		return err
	}
	if err := p.subtract(ctx, missing, own, func(uipath.Assignment) (bool, error) { return true, nil }); err != nil || len(missing.Permissions) == 0 {
		return err
	}
	groups, err := p.client.GroupHoldings(ctx, at)
	if err != nil {
		return err
	}
	return p.subtract(ctx, missing, groups, func(a uipath.Assignment) (bool, error) { return p.inGroup(ctx, key.Principal, a, missing) })
}

// subtract takes away what assignments give, as long as something is missing. It asks counts only of those that would help.
func (p *Permissions) subtract(
	ctx context.Context, missing *MissingAICenter, held []uipath.Assignment, counts func(uipath.Assignment) (bool, error),
) error {
	for _, a := range held {
		if len(missing.Permissions) == 0 {
			return nil
		}
		role, err := p.client.Role(ctx, a.Key.RoleID)
		if errors.Is(err, uipath.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(slices.Clone(missing.Permissions), role.Grants)
		if len(left) == len(missing.Permissions) || !a.HasEffect(role) {
			continue
		}
		switch counted, err := counts(a); {
		case err != nil:
			return err
		case counted:
			missing.Permissions = left
		}
	}
	return nil
}

// inGroup reports whether a principal is in the group that holds an assignment, and notes where this cannot be told.
func (p *Permissions) inGroup(ctx context.Context, principal access.GUID, a uipath.Assignment, missing *MissingAICenter) (bool, error) {
	if !p.readGroups {
		missing.Unknown = ErrGroupsNotRead
		return false, nil
	}
	group := a.Key.PrincipalID
	members, err := p.client.GroupMembers(ctx, group)
	if errors.Is(err, uipath.ErrNotFound) {
		// A group that has a name is there, in a directory that cannot be read.
		if a.PrincipalName != "" {
			missing.Unknown = fmt.Errorf("the group %q (%s), which holds some of them, belongs to an external directory, whose members cannot be read",
				a.PrincipalName, group)
		}
		return false, nil
	}
	_, in := members[principal]
	return in, err
}
