package store

import (
	"context"
	"fmt"
	"iter"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// assignmentsAtOnce is how many assignments are held while all of them are read.
const assignmentsAtOnce = 1000

// EveryAssignment yields all assignments by scope, principal and role. It holds a part of them at a time, so that there may be
// any number. After an error it yields no more.
func (t *Tx) EveryAssignment(ctx context.Context) iter.Seq2[model.Assignment, error] {
	part := fmt.Sprintf(" WHERE (scope, principal_id, role_id) > ($1, $2, $3) ORDER BY scope, principal_id, role_id LIMIT %d", assignmentsAtOnce)
	return func(yield func(model.Assignment, error) bool) {
		// Nothing is empty in an assignment, so all of them stand behind this.
		var scope string
		var principalID, roleID access.GUID
		for {
			some, err := t.assignments(ctx, part, scope, principalID, roleID)
			if err != nil {
				yield(model.Assignment{}, err)
				return
			}
			for _, a := range some {
				if !yield(a, nil) {
					return
				}
				scope, principalID, roleID = a.Scope.String(), a.PrincipalID, a.RoleID
			}
			if len(some) < assignmentsAtOnce {
				return
			}
		}
	}
}
