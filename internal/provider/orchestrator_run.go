package provider

import (
	"sync"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// orchestratorRun is what a run has read of the roles of Orchestrator that it manages.
type orchestratorRun struct {
	mu   sync.Mutex
	read map[orchestratorRoleKey]bool
}

type orchestratorRoleKey struct {
	tenant access.GUID
	number int32
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
