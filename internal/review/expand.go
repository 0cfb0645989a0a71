package review

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Organization answers what a plan does not tell.
type Organization interface {
	// Callers are the ids of those whose credentials these are.
	Callers() []string
	// Held returns what is assigned in the organization. An error that says [Refused] is no failure.
	Held(ctx context.Context) ([]Holding, error)
	// Members returns who is in a group, directly or through other groups, without these.
	Members(ctx context.Context, group string) ([]Member, error)
	// Invited reports whether a user has not accepted the invitation.
	Invited(ctx context.Context, user string) (bool, error)
	// Refused reports whether an error says that the credentials may not read something, or that it is not there.
	Refused(err error) bool
}

// Holding is what somebody holds now.
type Holding struct {
	Principal     Name
	PrincipalType string
	Role, Scope   Name
}

// Member is who is in a group.
type Member struct {
	ID string
	// Person says that it is a user, neither a robot account nor an external application.
	Person bool
}

// Through says who has something through a group.
type Through struct {
	// People are users, Others robot accounts and external applications.
	People int `json:"people"`
	Others int `json:"others,omitempty"`
	// New are those of the people who do not hold the same role at the same scope already; only for what is gained.
	New int `json:"new,omitempty"`
	// Invited are those of the people who have not accepted the invitation.
	Invited int `json:"invited,omitempty"`
}

// expansion is a review that is being expanded.
type expansion struct {
	*Review
	asked Organization
	held  []Holding
	known Known
}

// Expand asks an organization for what the plan does not tell: who is in groups, who else holds a role that changes, and whether an
// administrator is left. What the credentials may not read is told by a note.
func (r *Review) Expand(ctx context.Context, asked Organization) (Known, error) {
	e := &expansion{Review: r, asked: asked, known: Known{Callers: asked.Callers(), Invited: map[string]bool{}}}
	var err error
	if e.held, err = asked.Held(ctx); asked.Refused(err) {
		r.Notes = append(r.Notes, "These credentials may not list the role assignments of the organization, so holders outside of the plan are not known.")
	} else if err != nil {
		return Known{}, err
	} else {
		e.addHolders()
		if err := e.findAdministrators(ctx); err != nil {
			return Known{}, err
		}
	}
	for i := range r.Rows {
		if err := e.expandRow(ctx, &r.Rows[i]); err != nil {
			return Known{}, err
		}
	}
	r.settle()
	return e.known, nil
}

// addHolders adds those who hold a role that changes or goes, and of whom the plan does not know.
func (e *expansion) addHolders() {
	for i := range e.Roles {
		change := &e.Roles[i]
		if change.Role.ID == "" || !slices.Contains([]string{roleChanged, roleDeleted, roleAnew}, change.What) || change.replaced {
			continue
		}
		verb, reason := Loses, RoleDeleted
		if change.What == roleChanged {
			verb, reason = changedVerb(*change), RoleChanges
		}
		if change.Hidden {
			verb = Changes
		}
		for _, holding := range e.held {
			g := grant{principal: holding.Principal, role: holding.Role, scope: holding.Scope, kind: holding.PrincipalType}
			if !holding.Role.same(change.Role) || e.tells(g) {
				continue
			}
			row := g.row(verb)
			row.Reason = reason
			row.Outside = true
			change.Holders = append(change.Holders, row)
			e.Rows = append(e.Rows, row)
		}
	}
}

// tells reports whether the plan says something about a grant.
func (e *expansion) tells(g grant) bool {
	return slices.ContainsFunc(e.Review.held, g.same) || e.loses(g)
}

func (e *expansion) loses(g grant) bool {
	return slices.ContainsFunc(e.Rows, func(row Row) bool {
		return row.Verb == Loses && g.same(grant{principal: row.Principal, role: row.Role, scope: row.Scope})
	})
}

// findAdministrators looks for an organization administrator who stays. A group without people is none.
func (e *expansion) findAdministrators(ctx context.Context) error {
	stays := false
	for _, holding := range e.held {
		g := grant{principal: holding.Principal, role: holding.Role, scope: holding.Scope}
		if stays || holding.Role.value() != organizationAdministrator || !isOrganizationWide(holding.Scope) || e.loses(g) {
			continue
		}
		stays = true
		if holding.PrincipalType == typeGroup {
			members, err := e.asked.Members(ctx, holding.Principal.ID)
			if err != nil && !e.asked.Refused(err) {
				return err
			}
			stays = err != nil || slices.ContainsFunc(members, func(m Member) bool { return m.Person })
		}
	}
	e.known.Administrators = &stays
	return nil
}

// expandRow says who has something through a group, and whether a user has accepted the invitation.
func (e *expansion) expandRow(ctx context.Context, row *Row) error {
	if row.Principal.ID == "" || row.Verb == Keeps {
		return nil
	}
	if row.PrincipalType == typeUser {
		invited, err := e.invited(ctx, row.Principal.ID)
		if invited && row.Verb != Loses {
			e.known.Invited[strings.ToLower(row.Principal.ID)] = true
		}
		return err
	}
	if row.PrincipalType != typeGroup {
		return nil
	}
	members, err := e.asked.Members(ctx, row.Principal.ID)
	if e.asked.Refused(err) {
		e.note("The members of a group could not be read: these credentials may not, or the group is gone.")
		return nil
	} else if err != nil {
		return err
	}
	already := map[string]bool{}
	if row.Verb == Gains && row.Reason == "" {
		if already, err = e.holdersOf(ctx, *row); err != nil {
			return err
		}
	}
	row.Through = &Through{}
	for _, member := range members {
		row.own = row.own || isCaller(e.known.Callers, member.ID)
		if !member.Person {
			row.Through.Others++
			continue
		}
		row.Through.People++
		if row.Verb == Gains && row.Reason == "" && !already[strings.ToLower(member.ID)] {
			row.Through.New++
		}
		invited, err := e.invited(ctx, member.ID)
		if err != nil {
			return err
		}
		if invited {
			row.Through.Invited++
		}
	}
	return nil
}

func (e *expansion) invited(ctx context.Context, user string) (bool, error) {
	invited, err := e.asked.Invited(ctx, user)
	if e.asked.Refused(err) {
		e.note("Some users could not be read, so it is not known whether they have accepted the invitation.")
		return false, nil
	}
	return invited, err
}

// holdersOf are the ids of those who hold the role of a row at its scope already, directly or through a group.
func (e *expansion) holdersOf(ctx context.Context, row Row) (map[string]bool, error) {
	found := map[string]bool{}
	for _, holding := range e.held {
		if !holding.Role.same(row.Role) || !holding.Scope.same(row.Scope) {
			continue
		}
		found[strings.ToLower(holding.Principal.ID)] = true
		if holding.PrincipalType != typeGroup {
			continue
		}
		members, err := e.asked.Members(ctx, holding.Principal.ID)
		if err != nil && !e.asked.Refused(err) {
			return nil, err
		}
		for _, member := range members {
			found[strings.ToLower(member.ID)] = true
		}
	}
	return found, nil
}

func (r *Review) note(text string) {
	if !slices.Contains(r.Notes, text) {
		r.Notes = append(r.Notes, text)
	}
}

// String writes it as the end of a line, such as "14 people, 3 of them new".
func (t Through) String() string {
	text := fmt.Sprintf("%d people", t.People)
	if t.People == 1 {
		text = "1 person"
	}
	if t.New > 0 {
		text += fmt.Sprintf(", %d of them new", t.New)
	}
	if t.Invited > 0 {
		text += fmt.Sprintf(", %d not yet members", t.Invited)
	}
	if t.Others > 0 {
		text += fmt.Sprintf(", and %d that are no people", t.Others)
	}
	return text
}
