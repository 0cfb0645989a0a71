package rules

import (
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// The OAuth2 scopes of which an external application needs one (contract 2.4).
var (
	scopesToReadUsers   = []string{"PM.User", "PM.User.Read"}
	scopesToWriteUsers  = []string{"PM.User", "PM.User.Write"}
	scopesToReadGroups  = []string{"PM.Group", "PM.Group.Read"}
	scopesToWriteGroups = []string{"PM.Group", "PM.Group.Write"}
	scopesToReadRobots  = []string{"PM.RobotAccount", "PM.RobotAccount.Read"}
	scopesToReadClients = []string{"PM.OAuthApp", "PM.OAuthApp.Read"}
	// OR.Default stands for what the application's roles in Orchestrator allow, and everybody sees all folders here.
	scopesToReadFolders = []string{"OR.Folders", "OR.Folders.Read", "OR.Default"}
)

// hasScope refuses an external application whose token has none of the given OAuth2 scopes.
func (s *Session) hasScope(oneOf []string) error {
	granted := func(scope string) bool { return slices.Contains(s.oauthScopes, scope) }
	if s.callerType != access.PrincipalExternalApplication || slices.ContainsFunc(oneOf, granted) {
		return nil
	}
	// The text is the platform's own (contract 2.2), with its blank at the end.
	return refuse(ScopeMissing, "Scope(s) '%s' is(are) invalid. Expect to have '%s'. ", strings.Join(s.oauthScopes, " "), strings.Join(oneOf, "' or '"))
}

// administers refuses callers who may not look after the accounts of the organization: external applications without the scope, and
// users who are not organization administrators (contract 2.5).
func (s *Session) administers(scopes []string) error {
	if err := s.hasScope(scopes); err != nil || s.callerType == access.PrincipalExternalApplication {
		return err
	}
	if !s.isOrganizationAdministrator() {
		return refuse(Forbidden, "Only organization administrators, and external applications with the scope %s, may use this.",
			strings.Join(scopes, " or "))
	}
	return nil
}
