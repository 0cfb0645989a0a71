package rules

import (
	"context"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// RobotAccount is a robot account and the groups that it is in itself.
type RobotAccount struct {
	model.Robot

	GroupIDs []access.GUID
}

// Robots returns a page of the robot accounts.
func (s *Session) Robots(ctx context.Context, q AccountQuery[RobotAccount]) (Page[RobotAccount], error) {
	if err := s.administers(scopesToReadRobots); err != nil {
		return Page[RobotAccount]{}, err
	}
	robots, err := s.tx.Robots(ctx)
	if err != nil {
		return Page[RobotAccount]{}, err
	}
	groups, err := s.tx.DirectGroups(ctx)
	var found []RobotAccount
	for _, r := range robots {
		if matches(q.SearchTerm, r.Name, r.DisplayName) {
			found = append(found, RobotAccount{r, groups[r.ID]})
		}
	}
	q.Order.sort(found, func(r RobotAccount) access.GUID { return r.ID })
	return cut(found, q.Paging), err
}

// Robot returns one robot account.
func (s *Session) Robot(ctx context.Context, id access.GUID) (RobotAccount, error) {
	if err := s.administers(scopesToReadRobots); err != nil {
		return RobotAccount{}, err
	}
	r, err := existing(s.tx.Robot(ctx, id))
	if err != nil {
		return RobotAccount{}, err
	}
	groups, err := s.tx.DirectGroups(ctx)
	return RobotAccount{r, groups[id]}, err
}
