// Package review tells the change of access that a Terraform plan makes: who gains, loses or keeps what.
//
// What belongs here is the plan as Terraform shows it, what it means for people, what stands out in it, and how that is written. It
// asks no server: what only a server knows is handed in.
package review

import (
	"cmp"
	"io"
	"slices"
)

// Verb is what a plan does to somebody's access.
type Verb string

// The verbs, in the order in which a review shows them.
const (
	Gains   Verb = "gains"
	Changes Verb = "changes"
	Loses   Verb = "loses"
	Keeps   Verb = "keeps"
)

var verbs = []Verb{Gains, Changes, Loses, Keeps}

// Reason says why somebody's access changes where no grant of theirs does, or why it does not.
type Reason string

// The reasons. A grant that is simply made or removed has none.
const (
	RoleChanges Reason = "the role changes"
	RoleDeleted Reason = "the role is deleted"
	MadeAnew    Reason = "made anew"
	Imported    Reason = "imported"
	NamedAnew   Reason = "named anew"
	Forgotten   Reason = "no longer managed"
)

// Row is what a plan does to one grant of one principal.
type Row struct {
	Verb      Verb `json:"verb"`
	Principal Name `json:"principal"`
	// PrincipalType is User, Group, Robot or ExternalApplication, "" where the plan does not know it.
	PrincipalType string `json:"principal_type,omitempty"`
	Role          Name   `json:"role"`
	// Before is the permission of Task Mining that the new one stands in for.
	Before *Name  `json:"role_before,omitempty"`
	Scope  Name   `json:"scope"`
	Reason Reason `json:"reason,omitempty"`
	// Through says who it is that a group stands for, where an organization was asked.
	Through *Through `json:"through,omitempty"`
	// Outside says that the grant is no part of the configuration.
	Outside bool `json:"outside,omitempty"`
	// Address is that of the resource in the configuration, "" for what is outside of it.
	Address string `json:"address,omitempty"`

	idle bool
	// own says that the callers lose it through a group.
	own bool
}

// RoleChange is what a plan does to a role.
type RoleChange struct {
	// What is one of the words new, changed, made anew, deleted, renamed and imported.
	What   string `json:"what"`
	Role   Name   `json:"role"`
	Before *Name  `json:"name_before,omitempty"`
	Tenant Name   `json:"tenant"`
	// Added and Removed are permissions; those of a new role are added.
	Added   []string `json:"added,omitempty"`
	Removed []string `json:"removed,omitempty"`
	// Hidden says that permissions are not shown: they are unknown until apply, or sensitive.
	Hidden bool `json:"permissions_hidden,omitempty"`
	// Forced says that the role is deleted although others hold it.
	Forced bool `json:"forced,omitempty"`
	// Holders are those who hold the role before and after, as far as the plan knows.
	Holders []Row  `json:"known_holders,omitempty"`
	Address string `json:"address"`

	// replaced says that the role is made anew too, so that only those whose grants are made anew hold the changed one.
	replaced bool
}

// Review is the change of access that a plan makes.
type Review struct {
	FormatVersion string       `json:"format_version"`
	Findings      []Finding    `json:"findings"`
	Rows          []Row        `json:"changes"`
	Roles         []RoleChange `json:"roles"`
	// Notes say what the review could not see, and what about the plan is not as usual.
	Notes []string `json:"notes"`

	// held is what the plan knows to be held when it is applied.
	held []grant
	// hidden is what the plan marks as sensitive.
	hidden secrets
}

// formatVersion is that of the review as JSON. Minor versions only add members.
const formatVersion = "1.0"

// Read reads a plan as `terraform show -json` prints it, and tells the change of access that it makes.
func Read(from io.Reader) (*Review, error) {
	file, err := readPlan(from, maxPlan)
	if err != nil {
		return nil, err
	}
	p := gather(file)
	r := &Review{FormatVersion: formatVersion, hidden: p.secrets}
	p.match(r)
	p.changeRoles(r)
	p.notes(file, r)
	r.settle()
	return r, nil
}

// settle hides what is sensitive, marks equal names of different principals, and sorts.
func (r *Review) settle() {
	hidden := r.hidden
	rows := r.allRows()
	for _, row := range rows {
		for _, n := range []*Name{&row.Principal, &row.Role, &row.Scope, row.Before} {
			if n != nil {
				hidden.hide(n)
			}
		}
	}
	for i := range r.Roles {
		change := &r.Roles[i]
		hidden.hide(&change.Role)
		hidden.hide(&change.Tenant)
		if change.Before != nil {
			hidden.hide(change.Before)
		}
		for _, list := range []*[]string{&change.Added, &change.Removed} {
			count := len(*list)
			*list = slices.DeleteFunc(*list, func(permission string) bool { return hidden[permission] })
			change.Hidden = change.Hidden || len(*list) < count
		}
		slices.SortFunc(change.Holders, Row.order)
	}
	markTwins(rows)
	slices.SortFunc(r.Rows, Row.order)
	slices.SortFunc(r.Roles, func(a, b RoleChange) int {
		return cmp.Or(cmp.Compare(a.What, b.What), a.Role.order(b.Role), cmp.Compare(a.Address, b.Address))
	})
}

func (r *Review) allRows() []*Row {
	var rows []*Row
	for i := range r.Rows {
		rows = append(rows, &r.Rows[i])
	}
	for i := range r.Roles {
		for j := range r.Roles[i].Holders {
			rows = append(rows, &r.Roles[i].Holders[j])
		}
	}
	return rows
}

// markTwins marks the principals whose name another one has too.
func markTwins(rows []*Row) {
	ids := map[string]string{}
	twins := map[string]bool{}
	for _, row := range rows {
		name, id := row.Principal.Text, row.Principal.ID
		if name == "" || id == "" {
			continue
		}
		if other, ok := ids[name]; ok && other != id {
			twins[name] = true
		}
		ids[name] = id
	}
	for _, row := range rows {
		row.Principal.Twin = twins[row.Principal.Text]
	}
}

func (r Row) order(other Row) int {
	return cmp.Or(
		cmp.Compare(slices.Index(verbs, r.Verb), slices.Index(verbs, other.Verb)), r.Principal.order(other.Principal),
		r.Role.order(other.Role), r.Scope.order(other.Scope), cmp.Compare(r.Address, other.Address),
	)
}
