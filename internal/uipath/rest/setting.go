package rest

import "fmt"

// Problem is what can be wrong with the settings. The client says which it is; whoever reads the settings words it, because only
// they know what a setting is called.
type Problem int

// The problems. Value and Other are fields of [SettingError].
const (
	// BaseURLUnreadable is text that is no address. It is not repeated, because it may hold a password.
	BaseURLUnreadable Problem = iota + 1
	// BaseURLWithCredentials holds a user name or a password.
	BaseURLWithCredentials
	// BaseURLNotHTTPS is Value, which is no https address.
	BaseURLNotHTTPS
	// BaseURLWithPath is Value, which has a path.
	BaseURLWithPath
	// BaseURLWithQuery is Value, which has a query or a fragment.
	BaseURLWithQuery
	// BaseURLUnencrypted is Value, which is plain http to another machine.
	BaseURLUnencrypted

	// CredentialsMissing is that there is nothing to sign in with.
	CredentialsMissing
	// CredentialsContradict is an access token beside client credentials.
	CredentialsContradict
	// ClientIDMissing is a secret without client id.
	ClientIDMissing
	// ClientSecretMissing is the client id Value without secret.
	ClientSecretMissing
	// AccessTokenMalformed is a token with a character that no token has.
	AccessTokenMalformed
	// AccessTokenRefused is a token that the server does not take.
	AccessTokenRefused
	// CredentialsRefused are client credentials, with the client id Value, that the server does not take.
	CredentialsRefused
	// ClientNotConfidential is the application Value, which may not use client credentials.
	ClientNotConfidential
	// ScopesRefused are the scopes Other, one of which the application Value may not use.
	ScopesRefused
	// ScopesMissing is the application Value, which has no scopes.
	ScopesMissing

	// ServerUntrusted is the server Value, whose certificate is not trusted.
	ServerUntrusted
	// HostUnknown is the host Value, which does not exist.
	HostUnknown
	// ServerSilent is the server Value, which does not answer.
	ServerSilent
	// ServerForeign is the server Value, which does not answer as the vendor's does.
	ServerForeign
	// TokenNotIssued is the server Value, which answers a request for a token without one.
	TokenNotIssued

	// OrganizationMalformed is Value, which is neither the name nor the GUID of an organization.
	OrganizationMalformed
	// OrganizationNotFound is Value, which the server Other does not know.
	OrganizationNotFound
	// OrganizationUnknown is that nothing tells the organization: neither the settings nor an opaque token.
	OrganizationUnknown
	// OrganizationUnresolved is that nothing tells the organization's GUID, and it is not to be looked up.
	OrganizationUnresolved
	// OrganizationContradicts is Value, whose GUID is not Other, that of the credentials' organization.
	OrganizationContradicts
	// OrganizationWithoutID is Value, whose GUID the portal does not tell.
	OrganizationWithoutID
	// OrganizationUnconfirmed is Value, of which these credentials cannot find out whether they belong to it.
	OrganizationUnconfirmed

	// TenantNotGUID is Value, which is a name where names are not looked up.
	TenantNotGUID
	// TenantNotFound is Value, which the organization Other does not have.
	TenantNotFound
	// TenantsForbidden is that the credentials may not list the tenants of the organization Value.
	TenantsForbidden

	// RetriesNegative is a negative number of repetitions, and TimeoutNegative a negative time; Value is the number or the time.
	RetriesNegative
	TimeoutNegative
)

// SettingError is a wrong setting. It holds no secret.
type SettingError struct {
	Problem Problem
	// Value and Other are what the problem is about; see each.
	Value, Other string
	// Err is what happened, if anything did.
	Err error
}

// Error says what happened, for logs. Whoever shows it to people words the problem.
func (e *SettingError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return fmt.Sprintf("setting %q is wrong (problem %d)", e.Value, e.Problem)
}

// Unwrap returns what happened.
func (e *SettingError) Unwrap() error { return e.Err }
