package rules

import (
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// The OAuth2 scopes of which an external application needs one (contract 2.4).
var (
	scopesToReadUsers     = []string{"PM.User", "PM.User.Read"}
	scopesToWriteUsers    = []string{"PM.User", "PM.User.Write"}
	scopesToReadGroups    = []string{"PM.Group", "PM.Group.Read"}
	scopesToWriteGroups   = []string{"PM.Group", "PM.Group.Write"}
	scopesToReadRobots    = []string{"PM.RobotAccount", "PM.RobotAccount.Read"}
	scopesToWriteRobots   = []string{"PM.RobotAccount", "PM.RobotAccount.Write"}
	scopesToReadClients   = []string{"PM.OAuthApp", "PM.OAuthApp.Read"}
	scopesToWriteClients  = []string{"PM.OAuthApp", "PM.OAuthApp.Write"}
	scopesToWriteSecrets  = []string{"PM.OAuthAppSecret.Write", "PM.OAuthSecret.Write"}
	scopesToReadSettings  = []string{"PM.Setting", "PM.Setting.Read"}
	scopesToWriteSettings = []string{"PM.Setting", "PM.Setting.Write"}
	// OR.Default stands for what the application's roles in Orchestrator allow, and everybody sees all folders here.
	scopesToReadFolders = []string{"OR.Folders", "OR.Folders.Read", "OR.Default"}
)

// apiScopes returns the OAuth2 scopes below OR and PM that the vendor's OpenAPI files name, and those of contract 2.4 and 9.6, sorted.
func apiScopes() []string {
	return []string{
		"Du.Classification.Api", "Du.Digitization.Api", "Du.Extraction.Api", "Du.Validation.Api", "Ixp.ApiAccess",
		"OR.Administration", "OR.Administration.Read", "OR.Administration.Write", "OR.Assets", "OR.Assets.Read", "OR.Assets.Write", "OR.Audit",
		"OR.Audit.Read", "OR.Audit.Write", "OR.BusinessRules", "OR.BusinessRules.Read", "OR.BusinessRules.Write", "OR.Default", "OR.Execution",
		"OR.Execution.Read", "OR.Execution.Write", "OR.Folders", "OR.Folders.Read", "OR.Folders.Write", "OR.Jobs", "OR.Jobs.Read",
		"OR.Jobs.Write", "OR.License", "OR.License.Read", "OR.License.Write", "OR.Machines", "OR.Machines.Read", "OR.Machines.Write",
		"OR.Monitoring", "OR.Monitoring.Read", "OR.Monitoring.Write", "OR.Queues", "OR.Queues.Read", "OR.Queues.Write", "OR.Robots",
		"OR.Robots.Read", "OR.Robots.Write", "OR.Settings", "OR.Settings.Read", "OR.Settings.Write", "OR.Tasks", "OR.Tasks.Read",
		"OR.Tasks.Write", "OR.TestDataQueues", "OR.TestDataQueues.Read", "OR.TestDataQueues.Write", "OR.TestSetExecutions",
		"OR.TestSetExecutions.Read", "OR.TestSetExecutions.Write", "OR.TestSetSchedules", "OR.TestSetSchedules.Read",
		"OR.TestSetSchedules.Write", "OR.TestSets", "OR.TestSets.Read", "OR.TestSets.Write", "OR.Users", "OR.Users.Read", "OR.Users.Write",
		"OR.Webhooks", "OR.Webhooks.Read", "OR.Webhooks.Write", "PM.Directory", "PM.Group", "PM.Group.Read", "PM.Group.Write", "PM.OAuthApp",
		"PM.OAuthApp.Read", "PM.OAuthApp.Write", "PM.OAuthAppSecret.Write", "PM.RobotAccount", "PM.RobotAccount.Read", "PM.RobotAccount.Write",
		"PM.Setting", "PM.Setting.Read", "PM.Setting.Write", "PM.User", "PM.User.Read", "PM.User.Write", "PM.UserLoginAttempt",
		"PM.UserLoginAttempt.Read", "TM.Projects", "TM.Projects.Read",
	}
}

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
