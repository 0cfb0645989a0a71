package rules

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// What users, groups, robot accounts and external applications have in common.

const (
	// maxAccountText is the longest name, email or description of an account in characters. The platform's own limits are not public.
	maxAccountText = 256
	// MaxAccounts is how many accounts or groups a caller may name or create at a time.
	MaxAccounts = 5000
)

// deleteAll deletes one after the other. An id that is named twice counts once.
func deleteAll(ctx context.Context, ids []access.GUID, remove func(context.Context, access.GUID) error) error {
	for _, id := range model.SortedUnique(slices.Clone(ids)) {
		if err := remove(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// checkOrganization refuses a body that names another organization than the caller's.
func (s *Session) checkOrganization(id access.GUID) error {
	if id == s.organization.ID {
		return nil
	}
	return invalid([]model.Violation{violationf(model.PartOrganization, "The value '%s' is not valid.", id)})
}

// newID returns the id that a caller chose for an account, or a new one where it chose none. It refuses one that somebody has.
func (s *Session) newID(ctx context.Context, chosen access.GUID) (access.GUID, error) {
	if chosen == "" || chosen == access.ZeroGUID {
		return s.freeID(func(id access.GUID) (bool, error) {
			_, taken, err := s.holderOf(ctx, id)
			return taken, err
		})
	}
	holder, taken, err := s.holderOf(ctx, chosen)
	if err == nil && taken {
		err = refuse(Conflict, "The id %s belongs to %s already.", chosen, holder)
	}
	return chosen, err
}

// holderOf names the account or group that has an id.
func (s *Session) holderOf(ctx context.Context, id access.GUID) (name string, taken bool, err error) {
	principals, err := s.tx.PrincipalsWithIDs(ctx, []access.GUID{id})
	if err != nil {
		return "", false, err
	}
	if p, ok := principals[id]; ok {
		return p.DisplayName, true, nil
	}
	// Applications that are not confidential are no principals.
	a, taken, err := s.tx.Application(ctx, id)
	return a.Name, taken, err
}

// groupsFault says which of some ids is no group that accounts can be put into or taken out of. It returns "" if all are, and refuses
// groups that are kept in the external directory.
func (s *Session) groupsFault(ctx context.Context, ids []access.GUID) (string, error) {
	for _, id := range ids {
		g, ok, err := s.tx.Group(ctx, id)
		switch {
		case err != nil:
			return "", err
		case !ok:
			return fmt.Sprintf("The value '%s' is not the id of a group.", id), nil
		case g.Source == access.SourceDirectory:
			return "", refuseOutsideGroup(g.Name, g.ID)
		}
	}
	return "", nil
}

// move puts an account into groups and takes it out of others.
func (s *Session) move(ctx context.Context, id access.GUID, join, leave []access.GUID) error {
	if err := s.tx.Leave(ctx, id, leave); err != nil {
		return err
	}
	return s.tx.Join(ctx, id, join)
}

// textFault says what is wrong with a text that people read. It returns "" for a good one, which may be empty.
func textFault(what, text string) string {
	switch length := utf8.RuneCountInString(text); {
	case length > maxAccountText:
		return fmt.Sprintf("The %s has %d characters; at most %d are allowed.", what, length, maxAccountText)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return fmt.Sprintf("The %s contains control characters.", what)
	}
	return ""
}

// IsEmail reports whether a text has the form of an email address: one @ with something on both sides, and no blank.
func IsEmail(text string) bool {
	local, domain, ok := strings.Cut(text, "@")
	return ok && local != "" && domain != "" && !strings.Contains(domain, "@") && textFault("email", text) == "" &&
		!strings.ContainsFunc(text, unicode.IsSpace)
}
