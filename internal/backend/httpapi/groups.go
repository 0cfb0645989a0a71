package httpapi

import (
	"math"
	"net/http"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

const (
	groupBuiltIn = 0
	groupCustom  = 1
)

// groupBody is a group (contract 7.3). Times are null, because the backend keeps none of groups.
type groupBody struct {
	ID                   access.GUID  `json:"id"`
	Name                 string       `json:"name"`
	DisplayName          string       `json:"displayName"`
	Type                 int          `json:"type"`
	CreationTime         *string      `json:"creationTime"`
	LastModificationTime *string      `json:"lastModificationTime"`
	Members              []entityBody `json:"members"`
	MappedRole           *string      `json:"mappedRole"`
	Scope                *string      `json:"scope"`
}

func newGroupBody(g model.Group, members []rules.Entity) groupBody {
	b := groupBody{ID: g.ID, Name: g.Name, DisplayName: g.Name, Type: groupCustom, Members: newEntityBodies(members)}
	if g.BuiltIn {
		b.Type = groupBuiltIn
	}
	return b
}

// memberBody is a member of a group as the paged list shows it.
type memberBody struct {
	ID   access.GUID `json:"id"`
	Type int         `json:"type"`
}

func newMemberBody(e rules.Entity) memberBody {
	code := accountUser
	switch {
	case e.Kind == access.PrincipalGroup:
		code = accountDirectoryGroup
	case e.Kind == access.PrincipalRobot:
		code = accountRobot
	case e.Kind == access.PrincipalExternalApplication:
		code = accountApplication
	case e.Source == access.SourceDirectory:
		code = accountDirectoryUser
	}
	return memberBody{e.ID, code}
}

// listGroups lists the groups without their members, as the platform does.
func (a *API) listGroups(r *http.Request) (reply, error) {
	return readDirectory(a, r, func(s *rules.Session) ([]groupBody, error) {
		if err := a.query(r).err(); err != nil {
			return nil, err
		}
		groups, err := s.Groups(r.Context())
		out := make([]groupBody, len(groups))
		for i, g := range groups {
			out[i] = newGroupBody(g, nil)
		}
		return out, err
	})
}

func (a *API) getGroup(r *http.Request) (reply, error) {
	return readDirectory(a, r, func(s *rules.Session) (groupBody, error) {
		if err := a.query(r).err(); err != nil {
			return groupBody{}, err
		}
		g, err := s.Group(r.Context(), r.PathValue("id"))
		return newGroupBody(g.Group, g.Entities), err
	})
}

func (a *API) listMembers(r *http.Request) (reply, error) {
	return readDirectory(a, r, func(s *rules.Session) (pageBody[memberBody], error) {
		q := a.query(r, "top", "skip")
		top, skip := q.number("top", defaultAccounts, maxTop), q.number("skip", 0, math.MaxInt32)
		if err := q.err(); err != nil {
			return pageBody[memberBody]{}, err
		}
		g, err := s.Group(r.Context(), r.PathValue("id"))
		from := min(skip, len(g.Entities))
		page := rules.AccountPage[rules.Entity]{Total: len(g.Entities), Results: g.Entities[from:min(from+top, len(g.Entities))]}
		return newPageBody(page, newMemberBody), err
	})
}

func (a *API) createGroup(r *http.Request) (reply, error) {
	out, err := a.changeGroup(r, []rules.Field{rules.FieldMembers}, func(s *rules.Session, in rules.GroupInput) (rules.GroupDetails, error) {
		return s.CreateGroup(r.Context(), in)
	})
	out.status = http.StatusCreated
	return out, err
}

func (a *API) updateGroup(r *http.Request) (reply, error) {
	lists := []rules.Field{rules.FieldMembersToAdd, rules.FieldMembersToDrop}
	return a.changeGroup(r, lists, func(s *rules.Session, in rules.GroupInput) (rules.GroupDetails, error) {
		return s.UpdateGroup(r.Context(), r.PathValue("p"), in)
	})
}

// changeGroup reads a group from the body, with the ids to add in the first of the lists and those to remove in the second,
// and answers with what f makes of it.
func (a *API) changeGroup(
	r *http.Request, lists []rules.Field, f func(*rules.Session, rules.GroupInput) (rules.GroupDetails, error),
) (reply, error) {
	text, err := readBody(r)
	if err != nil {
		return reply{}, err
	}
	var out groupBody
	err = a.change(r, func(s *rules.Session) error {
		if err := a.query(r).err(); err != nil {
			return err
		}
		known := []string{string(rules.FieldPartition), string(rules.FieldID), string(rules.FieldGroupName)}
		for _, list := range lists {
			known = append(known, string(list))
		}
		b, err := a.body(r, text, known...)
		if err != nil {
			return err
		}
		in := rules.GroupInput{
			Partition: member[string](b, string(rules.FieldPartition)), ID: member[string](b, string(rules.FieldID)),
			Name: member[string](b, string(rules.FieldGroupName)),
		}
		for i, list := range lists {
			ids := member[[]string](b, string(list))
			switch {
			case ids == nil:
			case i == 0:
				in.Add = *ids
			default:
				in.Drop = *ids
			}
		}
		if err := b.err(); err != nil {
			return err
		}
		g, err := f(s, in)
		out = newGroupBody(g.Group, g.Entities)
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(out)
}

func (a *API) deleteGroup(r *http.Request) (reply, error) {
	err := a.change(r, func(s *rules.Session) error {
		if err := partition(r, s); err != nil {
			return err
		}
		if err := a.query(r).err(); err != nil {
			return err
		}
		return s.DeleteGroup(r.Context(), r.PathValue("id"))
	})
	return reply{status: http.StatusNoContent}, err
}
