package review

import (
	"encoding/json"
	"slices"
)

// gathered is what the resources of a plan give, sorted by what happens to it.
type gathered struct {
	// lost and gained may have the same grant in both.
	lost, gained []change
	// kept is held before and after.
	kept    []change
	roles   []roleChange
	secrets secrets
}

// change is a grant with why it is among those that it is among.
type change struct {
	grant
	reason Reason
}

// roleChange is a role before and after, nil where it is not there.
type roleChange struct {
	before, after *tenantRole
	imported      bool
	// replaced says that the role is deleted and made anew, with another id.
	replaced bool
	// forgotten says that the role stays and is no longer managed.
	forgotten bool
}

// gather sorts what the resources of this provider give.
func gather(file planFile) *gathered {
	p := &gathered{secrets: secrets{}}
	seen := map[string]bool{}
	for _, resource := range file.ResourceChanges {
		if resource.ours() {
			seen[resource.Address] = true
			p.add(resource)
		}
	}
	p.addState(file.PriorState.Values.RootModule, seen)
	return p
}

// add sorts one change of a resource.
func (p *gathered) add(resource resourceChange) {
	change := resource.Change
	before, existed := readAttributes(change.Before, nil, change.BeforeSensitive)
	after, exists := readAttributes(change.After, change.AfterUnknown, change.AfterSensitive)
	if existed {
		p.secrets.collect(before)
	}
	if exists {
		p.secrets.collect(after)
	}
	if resource.Type == typeTenantRole {
		p.addRole(resource, before, after)
		return
	}
	var was, willBe []grant
	if existed {
		was = readGrants(resource.Type, resource.Address, before)
	}
	if exists {
		willBe = readGrants(resource.Type, resource.Address, after)
	}
	creates, deletes, updates := resource.has("create"), resource.has("delete"), resource.has("update")
	switch {
	case updates:
		reason := NamedAnew
		if resource.imports() {
			reason = Imported
		}
		p.lost, p.gained = extend(p.lost, was, ""), extend(p.gained, willBe, reason)
	case creates && deletes:
		p.lost, p.gained = extend(p.lost, was, ""), extend(p.gained, willBe, MadeAnew)
	case creates:
		p.gained = extend(p.gained, willBe, MadeAnew)
		if resource.has("forget") {
			p.kept = extend(p.kept, was, Forgotten)
		}
	case deletes:
		p.lost = extend(p.lost, was, "")
	case resource.has("forget"):
		p.kept = extend(p.kept, was, Forgotten)
	case resource.imports():
		p.kept = extend(p.kept, willBe, Imported)
	default:
		p.kept = extend(p.kept, was, "")
	}
}

func extend(changes []change, grants []grant, reason Reason) []change {
	for _, g := range grants {
		changes = append(changes, change{g, reason})
	}
	return changes
}

// addRole sorts a change of a role.
func (p *gathered) addRole(resource resourceChange, before, after attributes) {
	c := roleChange{
		imported:  resource.imports(),
		replaced:  resource.has("create") && resource.has("delete"),
		forgotten: resource.has("forget"),
	}
	if before.values != nil {
		role := readRole(resource.Address, before)
		c.before = &role
	}
	if after.values != nil {
		role := readRole(resource.Address, after)
		c.after = &role
	}
	p.roles = append(p.roles, c)
}

// addState adds what stands in the state and is no part of the plan, such as with -target.
func (p *gathered) addState(module stateModule, seen map[string]bool) {
	for _, resource := range module.Resources {
		a, ok := readAttributes(resource.Values, json.RawMessage("null"), resource.Sensitive)
		if !ok || !resource.ours() || seen[resource.Address] {
			continue
		}
		p.secrets.collect(a)
		p.kept = extend(p.kept, readGrants(resource.Type, resource.Address, a), "")
	}
	for _, child := range module.ChildModules {
		p.addState(child, seen)
	}
}

// match finds what is lost and gained again, and makes rows of the rest.
func (p *gathered) match(r *Review) {
	lost := map[string][]change{}
	for _, l := range p.lost {
		lost[l.place()] = append(lost[l.place()], l)
	}
	var gained []change
	for _, g := range p.gained {
		rest := lost[g.place()]
		i := slices.IndexFunc(rest, func(l change) bool { return l.grant.same(g.grant) })
		if i < 0 {
			gained = append(gained, g)
			continue
		}
		if was := rest[i].grant; g.reason == NamedAnew && was.role.Text == g.role.Text &&
			was.principal.Text == g.principal.Text && was.scope.Text == g.scope.Text {
			// Something else about the resource changes, such as its timeouts.
			g.reason = ""
		}
		// What the state knows of it is more than what a plan knows of something new.
		if g.role.ID == "" {
			g.role.ID = rest[i].role.ID
		}
		p.kept = append(p.kept, g)
		lost[g.place()] = slices.Delete(rest, i, i+1)
	}
	for _, g := range gained {
		row := g.row(Gains)
		rest := lost[g.place()]
		i := slices.IndexFunc(rest, func(l change) bool { return g.level && l.level && l.scope.same(g.scope) })
		if i >= 0 {
			row.Verb, row.Before = Changes, &rest[i].role
			lost[g.place()] = slices.Delete(slices.Clone(rest), i, i+1)
		}
		r.Rows = append(r.Rows, row)
		r.held = append(r.held, g.grant)
	}
	for _, rest := range lost {
		for _, l := range rest {
			r.Rows = append(r.Rows, l.row(Loses))
		}
	}
	for _, k := range p.kept {
		if k.reason != "" {
			row := k.row(Keeps)
			row.Reason = k.reason
			r.Rows = append(r.Rows, row)
		}
		r.held = append(r.held, k.grant)
	}
}

func (g grant) row(verb Verb) Row {
	return Row{
		Verb: verb, Principal: g.principal, PrincipalType: g.kind, Role: g.role, Scope: g.scope, Address: g.address, idle: g.idle,
	}
}
