package provider

import (
	"slices"
	"sync"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// orchestratorRun is what a run does to the roles of Orchestrator that it manages, so that a name can be looked up among the names as they will be
// when the run is over. Terraform plans a role before what refers to it.
type orchestratorRun struct {
	mu   sync.Mutex
	read map[orchestratorRoleKey]bool
	// coming are the roles that this run will create, with their types.
	coming []comingOrchestratorRole
	// names are those that the roles of this run's resources will have.
	names map[orchestratorRoleKey]string
}

type orchestratorRoleKey struct {
	tenant access.GUID
	number int32
}

// comingOrchestratorRole is a role that has no number yet.
type comingOrchestratorRole struct {
	tenant     access.GUID
	name, kind string
}

// hasRead notes that a role is that of a resource.
func (o *orchestratorRun) hasRead(tenant access.GUID, number int32) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.read == nil {
		o.read = map[orchestratorRoleKey]bool{}
	}
	o.read[orchestratorRoleKey{tenant, number}] = true
}

func (o *orchestratorRun) isRead(tenant access.GUID, number int32) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.read[orchestratorRoleKey{tenant, number}]
}

// willCreate notes a role that is to be created.
func (o *orchestratorRun) willCreate(role comingOrchestratorRole) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.coming = append(o.coming, role)
}

// hasCreated notes that a role of a name is there now.
func (o *orchestratorRun) hasCreated(tenant access.GUID, name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.coming = slices.DeleteFunc(o.coming, func(r comingOrchestratorRole) bool { return r.tenant == tenant && r.name == name })
}

// comes returns the role of a name that this run will create.
func (o *orchestratorRun) comes(tenant access.GUID, name string) (comingOrchestratorRole, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.IndexFunc(o.coming, func(r comingOrchestratorRole) bool { return r.tenant == tenant && r.name == name })
	if i < 0 {
		return comingOrchestratorRole{}, false
	}
	return o.coming[i], true
}

// willName notes the name that a role keeps or gets.
func (o *orchestratorRun) willName(tenant access.GUID, number int32, name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.names == nil {
		o.names = map[orchestratorRoleKey]string{}
	}
	o.names[orchestratorRoleKey{tenant, number}] = name
}

// nameOf returns the name that a role will have, "" if this run does not say so.
func (o *orchestratorRun) nameOf(tenant access.GUID, number int32) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.names[orchestratorRoleKey{tenant, number}]
}
