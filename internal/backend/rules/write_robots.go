package rules

import (
	"cmp"
	"context"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// maxRobotName is the longest name of a robot account in characters. The platform's own limit is not public.
const maxRobotName = 128

// RobotInput is what a caller says of a robot account.
type RobotInput struct {
	// ID is the account to change, or the id that a new one gets. It may be empty for a new one.
	ID access.GUID
	// Organization is nil if it was not said.
	Organization *access.GUID
	// Name is nil if it was not said. It never changes.
	Name *string
	// DisplayName is nil if it was not said.
	DisplayName *string
	Join, Leave []access.GUID
}

// CreateRobot creates a robot account.
func (s *Session) CreateRobot(ctx context.Context, in RobotInput) (RobotAccount, error) {
	r := model.Robot{Name: deref(in.Name), DisplayName: cmp.Or(deref(in.DisplayName), deref(in.Name)), CreatedOn: s.now()}
	if in.Organization == nil {
		in.Organization = new(access.GUID)
	}
	if err := s.checkRobot(ctx, r, in, model.CheckName("robot account", r.Name, maxRobotName)); err != nil {
		return RobotAccount{}, err
	}
	other, taken, err := s.tx.RobotNamed(ctx, r.Name)
	if err != nil {
		return RobotAccount{}, err
	}
	if taken {
		return RobotAccount{}, refuse(Conflict, "A robot account named %q exists already, with the id %s.", other.Name, other.ID)
	}
	if r.ID, err = s.newID(ctx, in.ID); err != nil {
		return RobotAccount{}, err
	}
	return s.putRobot(ctx, r, in)
}

// UpdateRobot changes the display name of a robot account and the groups that it is in. What was not said stays.
func (s *Session) UpdateRobot(ctx context.Context, in RobotInput) (RobotAccount, error) {
	if err := s.administers(scopesToWriteRobots); err != nil {
		return RobotAccount{}, err
	}
	r, err := existing(s.tx.Robot(ctx, in.ID))
	if err != nil {
		return RobotAccount{}, err
	}
	renamed := ""
	if in.Name != nil && *in.Name != r.Name {
		renamed = "The name of a robot account cannot change: leave it out."
	}
	set(&r.DisplayName, in.DisplayName)
	r.DisplayName = cmp.Or(r.DisplayName, r.Name)
	if err := s.checkRobot(ctx, r, in, renamed); err != nil {
		return RobotAccount{}, err
	}
	return s.putRobot(ctx, r, in)
}

// checkRobot refuses callers who may not write robot accounts, and a robot account for what is wrong with its name and the rest.
func (s *Session) checkRobot(ctx context.Context, r model.Robot, in RobotInput, name string) error {
	if err := s.administers(scopesToWriteRobots); err != nil {
		return err
	}
	if in.Organization != nil {
		if err := s.checkOrganization(*in.Organization); err != nil {
			return err
		}
	}
	groups, err := s.groupsFault(ctx, slices.Concat(in.Join, in.Leave))
	if err != nil {
		return err
	}
	return invalid(violationsOf(map[model.Part]string{
		model.PartName: name, model.PartDisplayName: textFault("display name", r.DisplayName), model.PartGroups: groups,
	}))
}

func (s *Session) putRobot(ctx context.Context, r model.Robot, in RobotInput) (RobotAccount, error) {
	if err := s.checkJoins(ctx, in.Join...); err != nil {
		return RobotAccount{}, err
	}
	if err := s.tx.PutRobot(ctx, r); err != nil {
		return RobotAccount{}, err
	}
	if err := s.move(ctx, r.ID, in.Join, in.Leave); err != nil {
		return RobotAccount{}, err
	}
	groups, err := s.tx.DirectGroups(ctx)
	return RobotAccount{r, groups[r.ID]}, err
}

// DeleteRobots deletes robot accounts as [Session.DeleteRobot] does, all of them or none.
func (s *Session) DeleteRobots(ctx context.Context, ids []access.GUID) error {
	if err := s.administers(scopesToWriteRobots); err != nil {
		return err
	}
	return deleteAll(ctx, ids, s.DeleteRobot)
}

// DeleteRobot deletes a robot account. It leaves all groups, and what is assigned to it stays assigned.
func (s *Session) DeleteRobot(ctx context.Context, id access.GUID) error {
	if err := s.administers(scopesToWriteRobots); err != nil {
		return err
	}
	if _, err := existing(s.tx.Robot(ctx, id)); err != nil {
		return err
	}
	return s.tx.DeleteRobot(ctx, id)
}
