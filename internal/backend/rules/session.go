package rules

import (
	"context"
	"slices"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// Rules are the platform's rules with what they depend on.
type Rules struct {
	Catalogue *catalogue.Catalogue
	// Now is the clock.
	Now func() time.Time
	// NewID makes the ids of what is created.
	NewID func() access.GUID
	// TokenLifetime is how long an access token is valid.
	TokenLifetime time.Duration
	// Strict refuses what no public source shows to work.
	Strict bool
}

// Session is one caller in one transaction.
type Session struct {
	*Rules

	tx           *store.Tx
	organization model.Organization
	callerID     access.GUID
	callerType   access.PrincipalType
	callerName   string
	told         []string
	// oauthScopes are those of an external application's token.
	oauthScopes []string
	grants      []grant
}

// grant is a role that the caller holds somewhere, itself or through a group, and that has an effect there.
type grant struct {
	role  model.Role
	scope access.Scope
}

// session loads what the caller may do.
func (r *Rules) session(ctx context.Context, tx *store.Tx, id access.GUID, callerType access.PrincipalType) (*Session, error) {
	s := &Session{Rules: r, tx: tx, callerID: id, callerType: callerType}
	var err error
	if s.organization, err = tx.Organization(ctx); err != nil {
		return nil, err
	}
	held, err := s.heldBy(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, a := range held {
		role, ok := r.Catalogue.Role(a.RoleID)
		if !ok {
			if role, ok, err = tx.Role(ctx, a.RoleID); err != nil {
				return nil, err
			}
		}
		if ok && effective(role, a) {
			s.grants = append(s.grants, grant{role, a.Scope})
		}
	}
	return s, nil
}

// heldBy returns the assignments of a principal and of the groups that it is in, directly or through other groups.
func (s *Session) heldBy(ctx context.Context, id access.GUID) ([]model.Assignment, error) {
	groups, err := s.tx.GroupsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.tx.AssignmentsHeld(ctx, store.AssignmentFilter{}, model.SortedUnique(append(groups, id)))
}

// OrganizationID is the id of the organization that the caller is in.
func (s *Session) OrganizationID() access.GUID { return s.organization.ID }

// OrganizationName is the name of the organization that the caller is in.
func (s *Session) OrganizationName() string { return s.organization.Name }

// effective reports whether an assignment has an effect. What the platform assigned itself always has one, and so has what was assigned in
// Orchestrator.
func effective(role model.Role, a model.Assignment) bool {
	return a.Type == access.AssignmentBuiltIn || role.OfOrchestrator || access.HasEffect(role.Shape, role.Service, role.TenantID, a.Scope)
}

// provisions reports whether an account that only the external directory has is added on the first occasion.
func (s *Session) provisions() bool {
	return s.organization.ExternalDirectory && s.organization.AutoProvisioning
}

// now is the time in the platform's resolution.
func (s *Session) now() time.Time { return s.Now().UTC().Truncate(model.Tick) }

// stamp says that the caller makes something now.
func (s *Session) stamp() model.Stamp {
	now := s.now()
	return model.Stamp{CreatedBy: s.callerID, CreatedOn: now, UpdatedBy: s.callerID, UpdatedOn: now}
}

// freeID returns a new id that is not taken: an id source that begins anew with each process repeats ids that a file has already.
func (s *Session) freeID(taken func(access.GUID) (bool, error)) (access.GUID, error) {
	for {
		id := s.NewID()
		if used, err := taken(id); err != nil || !used {
			return id, err
		}
	}
}

// isOrganizationAdministrator reports whether the caller holds the role that grants everything, at the organization.
func (s *Session) isOrganizationAdministrator() bool {
	return slices.ContainsFunc(s.grants, func(g grant) bool {
		return catalogue.IsOrganizationAdministrator(g.role.ID) && g.scope == access.Organization
	})
}
