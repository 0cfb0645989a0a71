package review

import (
	"slices"
)

// The words of [RoleChange.What].
const (
	roleAnew     = "made anew"
	roleChanged  = "changed"
	roleDeleted  = "deleted"
	roleImported = "imported"
	roleNew      = "new"
	roleRenamed  = "renamed"
)

// changeRoles tells what happens to roles, and to those who hold them all the while.
func (p *gathered) changeRoles(r *Review) {
	for _, c := range p.roles {
		switch {
		case c.forgotten || c.before == nil && c.after == nil:
		case c.after == nil:
			p.deleteRole(c, r)
		case c.before == nil:
			change := newRoleChange(roleNew, c.after)
			change.Added, change.Hidden = c.after.permissions, !c.after.shown
			if !c.after.shown {
				change.Added = nil
			}
			r.Roles = append(r.Roles, change)
		default:
			p.changeRole(c, r)
		}
	}
}

func newRoleChange(what string, role *tenantRole) RoleChange {
	return RoleChange{What: what, Role: role.name, Tenant: role.tenant, Address: role.address}
}

// deleteRole takes the role from those whose grants the plan leaves alone: they go with it.
func (p *gathered) deleteRole(c roleChange, r *Review) {
	change := newRoleChange(roleDeleted, c.before)
	change.Removed, change.Hidden, change.Forced = c.before.permissions, !c.before.shown, c.before.forceDestroy
	if change.Hidden {
		change.Removed = nil
	}
	for _, holder := range p.holders(c.before.name) {
		row := holder.row(Loses)
		row.Reason = RoleDeleted
		r.Rows = append(r.Rows, row)
		change.Holders = append(change.Holders, row)
	}
	r.Roles = append(r.Roles, change)
}

// changeRole compares the role before and after.
func (p *gathered) changeRole(c roleChange, r *Review) {
	change := newRoleChange(roleChanged, c.after)
	change.Role.ID = c.before.name.ID
	if !c.before.name.same(c.after.name) || c.before.name.value() != c.after.name.value() {
		before := c.before.name
		change.Before = &before
	}
	change.Added = without(c.after.permissions, c.before.permissions)
	change.Removed = without(c.before.permissions, c.after.permissions)
	shown := c.before.shown && c.after.shown
	if change.replaced = c.replaced; c.replaced {
		p.replaceRole(c, change, r)
	}
	switch {
	case len(change.Added) > 0 || len(change.Removed) > 0 || !shown && c.after.permissions == nil:
	case c.replaced:
		return
	case change.Before != nil:
		change.What = roleRenamed
		r.Roles = append(r.Roles, change)
		return
	case c.imported:
		change.What = roleImported
		r.Roles = append(r.Roles, change)
		return
	default:
		return
	}
	verb := changedVerb(change)
	if !shown {
		change.Added, change.Removed, change.Hidden, verb = nil, nil, true, Changes
	}
	for _, holder := range p.holders(c.before.name) {
		if c.replaced && holder.reason != MadeAnew {
			continue
		}
		row := holder.row(verb)
		row.Reason = RoleChanges
		r.Rows = append(r.Rows, row)
		change.Holders = append(change.Holders, row)
	}
	r.Roles = append(r.Roles, change)
}

// replaceRole takes the old role from those whose grants are not made anew with it.
func (p *gathered) replaceRole(c roleChange, change RoleChange, r *Review) {
	anew := RoleChange{
		What: roleAnew, Role: change.Role, Before: change.Before, Tenant: change.Tenant, Forced: c.before.forceDestroy, Address: change.Address,
	}
	for _, holder := range p.holders(c.before.name) {
		if holder.reason == MadeAnew {
			continue
		}
		row := holder.row(Loses)
		row.Reason = RoleDeleted
		r.Rows = append(r.Rows, row)
		anew.Holders = append(anew.Holders, row)
	}
	r.Roles = append(r.Roles, anew)
}

func changedVerb(change RoleChange) Verb {
	switch {
	case len(change.Removed) == 0:
		return Gains
	case len(change.Added) == 0:
		return Loses
	}
	return Changes
}

// holders are those who hold a role before and after.
func (p *gathered) holders(role Name) []change {
	var found []change
	for _, k := range p.kept {
		if k.role.same(role) {
			found = append(found, k)
		}
	}
	return found
}

// without returns the members of a list that another one lacks, sorted.
func without(list, other []string) []string {
	var rest []string
	for _, member := range list {
		if !slices.Contains(other, member) {
			rest = append(rest, member)
		}
	}
	slices.Sort(rest)
	return rest
}

// notes says what about the plan is not as usual.
func (p *gathered) notes(file planFile, r *Review) {
	if file.Errored {
		r.Notes = append(r.Notes, "Terraform could not finish this plan, so it may lack changes.")
	} else if file.Complete != nil && !*file.Complete {
		r.Notes = append(r.Notes, "The plan leaves changes to a later one, because of -target or because something is unknown.")
	}
}
