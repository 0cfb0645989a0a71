package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says how much a finding matters.
type Severity string

// The severities, from the one that matters most.
const (
	High   Severity = "high"
	Medium Severity = "medium"
	Low    Severity = "low"
)

var severities = []Severity{High, Medium, Low}

// Finding is something in a plan that a reviewer should see.
type Finding struct {
	// Name is one of [FindingNames] and does not change from one release to the next.
	Name     string   `json:"name"`
	Severity Severity `json:"severity"`
	// Subject says what it is about, such as "grace@acme.example -> Tenant Administrator @ Production".
	Subject []Name `json:"subject"`
	// Reason says why it matters. It holds no names from the plan.
	Reason  string `json:"reason"`
	Address string `json:"address,omitempty"`
	// Accepted says why and until when the finding is accepted, where it is.
	Accepted *Acceptance `json:"accepted,omitempty"`
}

// The names of the findings.
const (
	findingAdministrator     = "administrator"
	findingOrganizationWide  = "organization-wide"
	findingApplication       = "external-application-broad"
	findingDirect            = "direct-grant"
	findingWidened           = "role-widened"
	findingDeleted           = "role-deleted"
	findingLastAdministrator = "last-administrator"
	findingOwnGrant          = "own-grant-removed"
	findingNoEffect          = "no-effect"
	findingUnknown           = "unknown-grant"
	findingInvitation        = "invitation-pending"
)

// findingKinds are the findings with what each is about, as the help and the guide list them.
var findingKinds = []struct {
	name     string
	severity Severity
	about    string
}{
	{findingLastAdministrator, High, "No organization administrator is left, as far as can be seen. With -expand the whole organization is looked at."},
	{findingOwnGrant, High, "The plan takes a role away from the credentials that run it."},
	{findingAdministrator, High, "Somebody gets a role of administrators. Medium for those of one service, or of a custom role by its name."},
	{findingOrganizationWide, High, "Somebody gets a role in the whole organization."},
	{findingApplication, High, "An external application gets a role of administrators, or one in the whole organization."},
	{findingWidened, Medium, "A role grants more than before. High if a group or several principals hold it."},
	{findingDeleted, Medium, "A role is deleted, or made anew under another id. High if others lose it too."},
	{findingNoEffect, Medium, "A grant does nothing at its scope."},
	{findingInvitation, Medium, "Somebody who has not accepted the invitation gets a role. Needs -expand."},
	{findingUnknown, Medium, "The plan does not know who gets what."},
	{findingDirect, Low, "A user gets a role directly. The vendor advises groups."},
}

// FindingNames are the names that there are, the most severe first.
func FindingNames() []string {
	var names []string
	for _, kind := range findingKinds {
		names = append(names, kind.name)
	}
	return names
}

// severityOf is the usual severity of a finding.
func severityOf(name string) Severity {
	for _, kind := range findingKinds {
		if kind.name == name {
			return kind.severity
		}
	}
	return High
}

const (
	typeUser        = "User"
	typeGroup       = "Group"
	typeApplication = "ExternalApplication"

	organizationAdministrator = "Organization Administrator"
	// accessAdministratorID is the only id of a role that a public source shows.
	accessAdministratorID = "587d79d6-85de-4ee7-819b-1eb19b85009b"
)

// Known is what is known besides the plan.
type Known struct {
	// Callers are the ids of those who run the plan.
	Callers []string
	// Administrators says whether somebody outside of the plan is an organization administrator; nil where nobody could be asked.
	Administrators *bool
	// Invited are the ids, in lower case, of users who have not accepted the invitation.
	Invited map[string]bool
}

// Find looks for what stands out.
func (r *Review) Find(known Known) {
	for _, row := range r.Rows {
		switch row.Verb {
		case Gains, Changes:
			if row.Reason == "" {
				r.findInGain(row)
				r.findInvited(row, known)
			}
		case Loses:
			if row.own || isCaller(known.Callers, row.Principal.ID) {
				r.found(findingOwnGrant, row, "These credentials lose it, and with it maybe the right to undo this change.")
			}
		case Keeps:
			if row.idle && row.Reason == Imported {
				r.found(findingNoEffect, row, "The service that owns the role does not look at this scope.")
			}
		}
	}
	r.findInRoles()
	r.findLastAdministrator(known)
	r.sortFindings()
}

// found adds a finding about a row.
func (r *Review) found(name string, row Row, reason string) {
	r.foundAs(severityOf(name), name, row, reason)
}

func (r *Review) foundAs(severity Severity, name string, row Row, reason string) {
	r.Findings = append(r.Findings, Finding{
		Name: name, Severity: severity, Subject: []Name{row.Principal, row.Role, row.Scope}, Reason: reason, Address: row.Address,
	})
}

// findInGain judges what somebody gets.
func (r *Review) findInGain(row Row) {
	administrator, everywhere := isAdministrator(row.Role), isOrganizationWide(row.Scope)
	if administrator {
		severity, reason := administration(row.Role)
		r.foundAs(severity, findingAdministrator, row, reason)
	}
	if everywhere {
		r.found(findingOrganizationWide, row, "It holds in the whole organization, in every tenant.")
	}
	if row.PrincipalType == typeApplication && (administrator || everywhere) {
		r.found(findingApplication, row, "Whoever has its secret can do all this, without a second factor.")
	}
	// A permission of Task Mining is one grant, however many projects it is for.
	one := func(f Finding) bool { return f.Name == findingDirect && f.Address == row.Address }
	if row.PrincipalType == typeUser && !slices.ContainsFunc(r.Findings, one) {
		r.found(findingDirect, row, "The vendor advises groups: what a person has stays when the person moves on.")
	}
	if row.idle {
		r.found(findingNoEffect, row, "The service that owns the role does not look at this scope.")
	}
	if !decided(row.Principal) || !decided(row.Role) || !decided(row.Scope) {
		r.found(findingUnknown, row, "It is known only after apply. Review it again when it is, or give it as text.")
	}
}

// isCaller reports whether an id is one of the callers'.
func isCaller(callers []string, id string) bool {
	return id != "" && slices.ContainsFunc(callers, func(caller string) bool { return strings.EqualFold(caller, id) })
}

func (r *Review) findInvited(row Row, known Known) {
	if known.Invited[strings.ToLower(row.Principal.ID)] {
		r.found(findingInvitation, row, "The invitation is not accepted: whoever has it in the end gets the role.")
	}
}

// decided reports whether a plan tells what is meant, to a reviewer.
func decided(n Name) bool { return n.known() || !n.Unknown }

func isAdministrator(role Name) bool {
	if strings.EqualFold(role.ID, accessAdministratorID) {
		return true
	}
	words := strings.FieldsFunc(strings.ToLower(role.value()), func(c rune) bool { return c < 'a' || c > 'z' })
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.Contains([]string{"admin", "admins", "administrator", "administrators"}, word)
	})
}

// administration says how much a role of administrators matters, and why.
func administration(role Name) (Severity, string) {
	switch {
	case role.value() == organizationAdministrator:
		return High, "It can do everything in the organization."
	case role.value() == "Tenant Administrator":
		return High, "It manages all access in the tenant."
	case role.value() == "Access Administrator" || strings.EqualFold(role.ID, accessAdministratorID):
		return High, "It gives any role to anybody, itself included."
	case role.value() == "Task Mining Admin":
		return Medium, "It sets up projects and members of Task Mining and sees all of its data."
	}
	return Medium, "By its name it is a role of administrators."
}

// isOrganizationWide reports whether a scope is the organization, or a service of it.
func isOrganizationWide(scope Name) bool {
	if scope.ID != "" {
		return !strings.HasPrefix(strings.ToLower(scope.ID), "/tenant/")
	}
	return strings.HasPrefix(scope.value(), "/")
}

// several is from how many holders on a wider role counts for many.
const several = 3

// findInRoles judges what happens to roles.
func (r *Review) findInRoles() {
	for _, change := range r.Roles {
		finding := Finding{Subject: []Name{change.Role, change.Tenant}, Address: change.Address}
		group := slices.ContainsFunc(change.Holders, func(row Row) bool { return row.PrincipalType == typeGroup })
		switch {
		case change.What == roleChanged && (len(change.Added) > 0 || change.Hidden):
			finding.Name = findingWidened
			finding.Severity = severityOf(finding.Name)
			if group || len(change.Holders) >= several {
				finding.Severity = High
			}
			finding.Reason = widenedReason(change, group)
		case change.What == roleDeleted || change.What == roleAnew:
			finding.Name = findingDeleted
			finding.Severity = severityOf(finding.Name)
			if change.Forced || len(change.Holders) > 0 {
				finding.Severity = High
			}
			finding.Reason = deletedReason(change)
		default:
			continue
		}
		r.Findings = append(r.Findings, finding)
	}
}

func deletedReason(change RoleChange) string {
	reason := ""
	if change.What == roleAnew {
		reason = "It gets another id. "
	}
	if change.Forced {
		return reason + "With force_destroy everybody else who holds the role loses it too."
	}
	return reason + "Terraform refuses it while others hold the role."
}

func widenedReason(change RoleChange, group bool) string {
	more := "It grants more"
	if change.Hidden {
		more = "It may grant more, which the plan does not show,"
	}
	reason := fmt.Sprintf("%s to everybody who holds it: %s", more, change.holderCount())
	if group {
		reason += ", a group among them"
	}
	return reason + "."
}

// count writes a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// findLastAdministrator looks whether somebody is left who can do everything.
func (r *Review) findLastAdministrator(known Known) {
	isAdmin := func(role, scope Name) bool {
		return role.value() == organizationAdministrator && isOrganizationWide(scope)
	}
	if known.Administrators != nil && *known.Administrators ||
		slices.ContainsFunc(r.held, func(g grant) bool { return isAdmin(g.role, g.scope) }) {
		return
	}
	reason := "No other organization administrator is known to this plan. Somebody outside of it may be one, which it does not tell."
	if known.Administrators != nil {
		reason = "Nobody else is organization administrator: nobody could manage the organization afterwards."
	}
	for _, row := range r.Rows {
		if row.Verb == Loses && isAdmin(row.Role, row.Scope) {
			r.found(findingLastAdministrator, row, reason)
		}
	}
}

func (r *Review) sortFindings() {
	names := FindingNames()
	slices.SortFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity)),
			cmp.Compare(slices.Index(names, a.Name), slices.Index(names, b.Name)),
			slices.CompareFunc(a.Subject, b.Subject, Name.order), cmp.Compare(a.Address, b.Address),
		)
	})
}
