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
	// Kind is what the caller says of the principal. Robot accounts may be called users (contract 4.3).
	Kind access.PrincipalType
	// Scope is where the role is assigned; nil is the widest scope where it has an effect (contract 4.3).
	Scope *access.Scope
	// TenantID is empty, or the tenant that the scope stands in.
	TenantID access.GUID
}

// UnknownPrincipalsError refuses principals that the organization does not have. It has an envelope of its own (contract 4.3).
type UnknownPrincipalsError struct {
	IDs []access.GUID
	// Outside says of which of them the external directory has an account, and what to do; empty where it has none.
	Outside string
}

// Error implements error, in the platform's words.
func (e *UnknownPrincipalsError) Error() string {
	return "Cannot resolve users=[" + joined(e.IDs, ",") + "] in CIS"
}

// addition is an assignment to add, with what it is about.
type addition struct {
	model.Assignment

	role      model.Role
	principal store.Principal
}

// triple is what an assignment is: there is one of each.
type triple struct {
	roleID, principalID access.GUID
	scope               access.Scope
}

func tripleOf(a model.Assignment) triple { return triple{a.RoleID, a.PrincipalID, a.Scope} }

// ChangeAssignments removes and adds role assignments. What it removes may be added anew.
func (s *Session) ChangeAssignments(ctx context.Context, in AssignmentsInput) error {
	if err := s.mayChangeSomewhere(ctx, in); err != nil {
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
	if err := s.mayChange(ctx, added, removed); err != nil {
		return err
	}
	if err := s.free(ctx, added, removed); err != nil {
		return err
	}
	for _, a := range removed {
		if err := s.tx.RemoveAssignment(ctx, a.ID); err != nil {
			return err
		}
	}
	for _, a := range added {
		if err := s.provision(ctx, a.principal); err != nil {
			return err
		}
		if err := s.assign(ctx, a.Assignment); err != nil {
			return err
		}
	}
	return nil
}

// provision adds an account of the external directory that the organization does not have yet.
func (s *Session) provision(ctx context.Context, p store.Principal) error {
	if p.Added {
		return nil
	}
	return s.tx.AddAccount(ctx, p.ID)
}

// mayChangeSomewhere refuses callers who may change nothing anywhere, before anything is looked up for them.
func (s *Session) mayChangeSomewhere(ctx context.Context, in AssignmentsInput) error {
	if s.canSomewhere(createAssignments) || s.canSomewhere(deleteAssignments) {
		return nil
	}
	if len(in.Add) > 0 && in.Add[0].Scope != nil {
		return s.forbid(ctx, createAssignments, *in.Add[0].Scope)
	}
	return s.forbid(ctx, createAssignments, access.Organization)
}

// mayChange refuses what this caller may not change, and what nobody may.
func (s *Session) mayChange(ctx context.Context, added []addition, removed []model.Assignment) error {
	for _, a := range added {
		if !s.can(createAssignments, a.Scope) {
			return s.forbid(ctx, createAssignments, a.Scope)
		}
	}
	for _, a := range removed {
		if !s.can(deleteAssignments, a.Scope) {
			return s.forbid(ctx, deleteAssignments, a.Scope)
		}
		if a.Type == access.AssignmentBuiltIn {
			return refuse(Forbidden, "The role assignment %s, of the role %s to %s at %s, was made by the platform and cannot be removed.",
				a.ID, a.RoleID, a.PrincipalID, a.Scope)
		}
	}
	return nil
}

// free refuses an assignment that exists already and is not removed, or that is to be added twice.
func (s *Session) free(ctx context.Context, added []addition, removed []model.Assignment) error {
	var holders []access.GUID
	for _, a := range added {
		holders = append(holders, a.PrincipalID)
	}
	held, err := s.tx.AssignmentsHeld(ctx, store.AssignmentFilter{}, sortedUnique(holders))
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
			return refuse(Conflict, "The role %q (%s) is to be assigned to %s (%s) at %s twice: name it once.",
				a.role.Name, a.RoleID, a.principal.DisplayName, a.PrincipalID, a.Scope)
		case is:
			return refuse(Conflict, "The role %q (%s) is assigned to %s (%s) at %s already, by the role assignment %s.",
				a.role.Name, a.RoleID, a.principal.DisplayName, a.PrincipalID, a.Scope, id)
		}
		taken[tripleOf(a.Assignment)] = ""
	}
	return nil
}

// assign adds an assignment that the caller makes now, under an id that is free.
func (s *Session) assign(ctx context.Context, a model.Assignment) error {
	a.Type = access.AssignmentCustom
	a.CreatedBy, a.CreatedOn = s.callerID, s.Now().UTC().Truncate(model.Tick)
	a.UpdatedBy, a.UpdatedOn = a.CreatedBy, a.CreatedOn
	// An id source that starts anew with each process gives out ids again that the file has already.
	for taken := true; taken; {
		a.ID = s.NewID()
		others, err := s.tx.Assignments(ctx, []access.GUID{a.ID})
		if err != nil {
			return err
		}
		taken = len(others) > 0
	}
	return s.tx.AddAssignment(ctx, a)
}
