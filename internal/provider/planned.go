package provider

import (
	"slices"
	"sync"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// planned is what this run does to roles and assignments, so that a name can be looked up among the names as they will be when the run is over.
// Terraform plans a role before what refers to it.
type planned struct {
	mu sync.Mutex
	// made are the roles that this run has created, and coming those that it will create, which have no id yet.
	made, coming []plannedRole
	// read are the roles of this run's resources, as far as they were refreshed.
	read map[access.GUID]bool
	// granted are the assignments that this run has made.
	granted map[uipath.AssignmentKey]bool
	// leaving are the assignments that this run is to remove.
	leaving map[uipath.AssignmentKey]bool
	// names are those that the roles of this run's resources will have.
	names map[access.GUID]string
}

// plannedRole is a role as this run makes it.
type plannedRole struct {
	uipath.Role
	// vague says that its tenant or its service is not known yet.
	vague bool
}

// willCreate notes a role that is to be created.
func (p *planned) willCreate(role plannedRole) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.coming = append(p.coming, role)
}

// creates reports whether this run makes any role.
func (p *planned) creates() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.made)+len(p.coming) > 0
}

// hasCreated notes a role that was created.
func (p *planned) hasCreated(role uipath.Role) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made = append(p.made, plannedRole{Role: role})
}

// willName notes the name that a role keeps or gets.
func (p *planned) willName(id access.GUID, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.names == nil {
		p.names = map[access.GUID]string{}
	}
	p.names[id] = name
}

// hasRead notes that a role is that of a resource.
func (p *planned) hasRead(id access.GUID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.read == nil {
		p.read = map[access.GUID]bool{}
	}
	p.read[id] = true
}

func (p *planned) isRead(id access.GUID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, named := p.names[id]
	return named || p.read[id]
}

// willRemove notes an assignment that is to be removed.
func (p *planned) willRemove(key uipath.AssignmentKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.leaving == nil {
		p.leaving = map[uipath.AssignmentKey]bool{}
	}
	p.leaving[key] = true
}

func (p *planned) removes(key uipath.AssignmentKey) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.leaving[key]
}

// hasGranted notes an assignment that was made.
func (p *planned) hasGranted(key uipath.AssignmentKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.granted == nil {
		p.granted = map[uipath.AssignmentKey]bool{}
	}
	p.granted[key] = true
}

func (p *planned) grants(key uipath.AssignmentKey) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.granted[key]
}

// created returns the roles of a name that this run has created, or else those that it will create.
func (p *planned) created(name string) []plannedRole {
	p.mu.Lock()
	defer p.mu.Unlock()
	other := func(role plannedRole) bool { return role.Name != name }
	if made := slices.DeleteFunc(slices.Clone(p.made), other); len(made) > 0 {
		return made
	}
	return slices.DeleteFunc(slices.Clone(p.coming), other)
}

// withName returns a role with the name that it will have.
func (p *planned) withName(role uipath.Role) uipath.Role {
	p.mu.Lock()
	defer p.mu.Unlock()
	if name, ok := p.names[role.ID]; ok {
		role.Name = name
	}
	return role
}
