package organization

import (
	"errors"
	"fmt"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// wordSetting puts a wrong setting into the words of the environment, where the settings come from.
func wordSetting(err error) error {
	wrong, ok := errors.AsType[*uipath.SettingError](err)
	if !ok {
		return err
	}
	text := ""
	switch wrong.Problem {
	case rest.CredentialsMissing:
		text = "there is nothing to sign in with: set UIPATH_CLIENT_ID and UIPATH_CLIENT_SECRET, or UIPATH_PAT"
	case rest.ClientIDMissing:
		text = "there is a client secret and no client id: set UIPATH_CLIENT_ID"
	case rest.ClientSecretMissing:
		text = "there is no secret for the client id: set UIPATH_CLIENT_SECRET"
	case rest.AccessTokenMalformed, rest.AccessTokenRefused:
		text = "the server does not take the token in UIPATH_PAT"
	case rest.CredentialsRefused:
		text = "the server does not take UIPATH_CLIENT_ID and UIPATH_CLIENT_SECRET"
	case rest.BaseURLUnreadable, rest.BaseURLWithCredentials, rest.BaseURLNotHTTPS, rest.BaseURLWithPath, rest.BaseURLWithQuery, rest.BaseURLUnencrypted:
		text = "UIPATH_URI is no address that is used: give scheme and host, such as " + rest.DefaultBaseURL
	case rest.OrganizationMalformed, rest.OrganizationNotFound, rest.OrganizationUnknown, rest.OrganizationUnresolved, rest.OrganizationContradicts,
		rest.OrganizationWithoutID, rest.OrganizationUnconfirmed:
		text = "the organization is not found: check UIPATH_ORGANIZATION"
	case rest.TenantsForbidden:
		text = "the credentials may not list the tenants of the organization"
	default:
		return err
	}
	if wrong.Err != nil {
		return fmt.Errorf("%s: %w", text, wrong.Err)
	}
	return errors.New(text)
}
