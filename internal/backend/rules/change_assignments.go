package rules

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// MaxAssignmentChanges is how many assignments one change may add and remove together. The platform's own limit is not public.
const MaxAssignmentChanges = 10_000

// AssignmentsInput is what a caller asks to change (contract 4.3): all of it is done, or nothing.
type AssignmentsInput struct {
	Add []AssignmentInput
	// Remove are the ids of assignments. What does not exist counts as removed.
	Remove []access.GUID
}

// AssignmentInput is one assignment to add.
type AssignmentInput struct {
	RoleID      access.GUID
	PrincipalID access.GUID
	// PrincipalType is what the caller says of the principal. Robot accounts may be called users (contract 4.3).
	PrincipalType access.PrincipalType
	// Scope is where the role is assigned; nil is the widest scope where it has an effect (contract 4.3).
	Scope *access.Scope
	// TenantID is empty, or the tenant that the scope is in.
	TenantID access.GUID
}

// triple is what an assignment is: there is one of each.
type triple struct {
	roleID, principalID access.GUID
	scope               access.Scope
}

func tripleOf(a model.Assignment) triple { return triple{a.RoleID, a.PrincipalID, a.Scope} }

// ChangeAssignments removes and adds role assignments. What it removes may be added anew.
func (s *Session) ChangeAssignments(ctx context.Context, in AssignmentsInput) error {
	if err := s.checkMayChangeSomewhere(ctx, in); err != nil {
		return err
	}
	added, err := s.readAdditions(ctx, in.Add)
	if err != nil {
		return err
	}
	removed, err := s.tx.Assignments(ctx, in.Remove)
	if err != nil {
		return err
	}
	if err := s.checkMayChange(ctx, added, removed); err != nil {
		return err
	}
	if err := s.checkConflicts(ctx, added, removed); err != nil {
		return err
	}
	if err := s.tellAssignments(ctx, added, removed); err != nil {
		return err
	}
	return s.keepAdministrator(ctx, func() error { return s.change(ctx, added, removed) })
}

// change does what was found to be allowed.
func (s *Session) change(ctx context.Context, added []addition, removed []model.Assignment) error {
	for _, a := range removed {
		if err := s.tx.RemoveAssignment(ctx, a.ID); err != nil {
			return err
		}
	}
	for _, a := range added {
		if err := s.assign(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// checkMayChangeSomewhere refuses callers who may change nothing anywhere, before anything is looked up for them.
func (s *Session) checkMayChangeSomewhere(ctx context.Context, in AssignmentsInput) error {
	if s.canSomewhere(deleteAssignments) {
		return nil
	}
	asked := access.Organization
	if len(in.Add) > 0 && in.Add[0].Scope != nil {
		asked = *in.Add[0].Scope
	}
	return s.requireSomewhere(ctx, createAssignments, asked)
}

// checkMayChange refuses what this caller may not change, and what nobody may.
func (s *Session) checkMayChange(ctx context.Context, added []addition, removed []model.Assignment) error {
	gives := make([]given, len(added))
	for i, a := range added {
		if err := s.require(ctx, createAssignments, a.Scope); err != nil {
			return err
		}
		gives[i] = given{a.role, a.Scope}
	}
	if err := s.checkGiven(ctx, gives); err != nil {
		return err
	}
	roles, err := s.rolesOf(ctx, removed)
	if err != nil {
		return err
	}
	for _, a := range removed {
		if err := s.require(ctx, deleteAssignments, a.Scope); err != nil {
			return err
		}
		if a.Type == access.AssignmentBuiltIn {
			return refuse(Forbidden, "The role assignment %s, of the role %s to %s at %s, was made by the platform and cannot be removed.",
				a.ID, a.RoleID, a.PrincipalID, a.Scope)
		}
		if role := roles[a.RoleID]; role.OfOrchestrator {
			return refuse(Forbidden, "The role assignment %s, of the role %q to %s at %s, was made in Orchestrator: remove it there.",
				a.ID, role.Name, a.PrincipalID, a.Scope)
		}
	}
	return nil
}

// checkConflicts refuses an assignment that exists already and is not removed, or that is to be added twice.
func (s *Session) checkConflicts(ctx context.Context, added []addition, removed []model.Assignment) error {
	held, err := s.tx.AssignmentsHeld(ctx, store.AssignmentFilter{}, principalIDs(added))
	if err != nil {
		return err
	}
	taken := make(map[triple]access.GUID, len(held))
	for _, a := range held {
		taken[tripleOf(a)] = a.ID
	}
	for _, a := range removed {
		delete(taken, tripleOf(a))
	}
	for _, a := range added {
		id, is := taken[tripleOf(a.Assignment)]
		switch {
		case is && id == "":
			return refuse(Conflict, "The role %q (%s) is to be assigned to %s at %s twice: name it once.", a.role.Name, a.RoleID, a.principal, a.Scope)
		case is:
			return refuse(Conflict, "The role %q (%s) is assigned to %s at %s already, by the role assignment %s.",
				a.role.Name, a.RoleID, a.principal, a.Scope, id)
		}
		taken[tripleOf(a.Assignment)] = ""
	}
	return nil
}

// assign adds an assignment that the caller makes now. It also adds its principal, where only the external directory has that yet.
func (s *Session) assign(ctx context.Context, a addition) error {
	if !a.principal.Added {
		if err := s.tx.AddAccount(ctx, a.PrincipalID); err != nil {
			return err
		}
	}
	var err error
	a.Type, a.Stamp = access.AssignmentCustom, s.stamp()
	a.ID, err = s.freeID(func(id access.GUID) (bool, error) {
		others, err := s.tx.Assignments(ctx, []access.GUID{id})
		return len(others) > 0, err
	})
	if err != nil {
		return err
	}
	return s.tx.AddAssignment(ctx, a.Assignment)
}
