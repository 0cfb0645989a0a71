// Package organization asks an organization what a plan does not tell a review.
//
// What belongs here is signing in as the environment says, and the questions of a review.
package organization

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/review"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

const (
	maxRetries     = 4
	requestTimeout = 30 * time.Second
	tokenLifetime  = time.Hour
)

// organization answers a review.
type organization struct {
	client  *uipath.Client
	callers []string
}

// Connect signs in to the organization that the environment names, with the variables of the provider. With a data file it asks the
// reference backend in this process instead, as the file's default caller.
func Connect(ctx context.Context, getenv func(string) string, dataFile string) (review.Organization, error) {
	config := uipath.Config{
		ResolveTenants: true,
		Connection:     uipath.Connection{MaxRetries: maxRetries, RequestTimeout: requestTimeout, UserAgent: "terraform-provider-uipath review"},
	}
	var err error
	if dataFile != "" {
		err = embed(ctx, dataFile, &config)
	} else {
		err = readEnvironment(getenv, &config)
	}
	if err != nil {
		return nil, err
	}
	client, err := uipath.New(ctx, config)
	if err != nil {
		return nil, wordSetting(err)
	}
	o := &organization{client: client}
	if config.ClientID != "" {
		o.callers = []string{config.ClientID}
	}
	return o, nil
}

// readEnvironment reads where to sign in and as whom. Nothing of it comes from a plan.
func readEnvironment(getenv func(string) string, config *uipath.Config) error {
	config.BaseURL, config.Organization = getenv("UIPATH_URI"), getenv("UIPATH_ORGANIZATION")
	config.ClientID, config.ClientSecret = getenv("UIPATH_CLIENT_ID"), getenv("UIPATH_CLIENT_SECRET")
	config.AccessToken = getenv("UIPATH_PAT")
	if config.AccessToken != "" && config.ClientID+config.ClientSecret != "" {
		return errors.New("the environment has both UIPATH_PAT and UIPATH_CLIENT_ID or UIPATH_CLIENT_SECRET: they are two ways to sign in, unset one")
	}
	sandbox := getenv("UIPATH_SANDBOX")
	if sandbox != "" && !strings.EqualFold(strings.TrimRight(config.BaseURL, "/"), strings.TrimRight(sandbox, "/")) {
		return fmt.Errorf("UIPATH_SANDBOX allows %s only, and UIPATH_URI leads elsewhere", sandbox)
	}
	return nil
}

// embed opens the reference backend in this process. The process ends before anybody could close it.
func embed(ctx context.Context, dataFile string, config *uipath.Config) error {
	if _, err := os.Stat(dataFile); err != nil {
		return fmt.Errorf("reference backend: %w", err)
	}
	b, err := backend.Open(ctx, backend.Options{DataFile: dataFile, TokenLifetime: tokenLifetime})
	if err != nil {
		return fmt.Errorf("reference backend: %w", err)
	}
	if config.AccessToken, err = b.Token(ctx, ""); err != nil {
		return fmt.Errorf("reference backend: %w", err)
	}
	if config.Organization, _, err = b.Organization(ctx); err != nil {
		return fmt.Errorf("reference backend: %w", err)
	}
	config.BaseURL = backend.InMemoryURL
	config.Transport, _ = b.Transport()
	return nil
}

// Callers implements [review.Organization].
func (o *organization) Callers() []string { return o.callers }

// Refused implements [review.Organization].
func (o *organization) Refused(err error) bool {
	return errors.Is(err, uipath.ErrForbidden) || errors.Is(err, uipath.ErrNotFound)
}

// Held implements [review.Organization].
func (o *organization) Held(ctx context.Context) ([]review.Holding, error) {
	all, err := o.client.Assignments(ctx, access.Organization, uipath.Reach{Below: true})
	if err != nil {
		return nil, err
	}
	var held []review.Holding
	for _, a := range all {
		role := a.RoleName
		if a.Key.Scope.ServiceSlug() == "taskmining" {
			// A review calls the permissions of Task Mining so, whose resource does not tell the ids of the roles.
			role = "Task Mining " + role
		}
		held = append(held, review.Holding{
			Principal:     review.Name{Text: cmp.Or(a.PrincipalEmail, a.PrincipalName), ID: a.Key.PrincipalID.String()},
			PrincipalType: string(a.PrincipalType),
			Role:          review.Name{Text: role, ID: a.Key.RoleID.String()},
			Scope:         review.Name{Text: o.scopeName(ctx, a.Key.Scope), ID: a.Key.Scope.String()},
		})
	}
	return held, nil
}

// scopeName writes a scope in words; folders and projects by their ids.
func (o *organization) scopeName(ctx context.Context, scope access.Scope) string {
	var parts []string
	if id := scope.TenantID(); id != "" {
		name := id.String()
		if tenant, err := o.client.Tenant(ctx, name); err == nil {
			name = tenant.Name
		}
		parts = append(parts, name)
	} else {
		parts = append(parts, "/")
	}
	if service := scope.ServiceSlug(); service != "" {
		parts = append(parts, access.ServiceDisplayName(service))
	}
	if container := scope.Container(); container != "" {
		parts = append(parts, container)
	}
	if parts[0] == "/" {
		return strings.TrimSpace("/ " + strings.Join(parts[1:], " / "))
	}
	return strings.Join(parts, " / ")
}

// Members implements [review.Organization].
func (o *organization) Members(ctx context.Context, group string) ([]review.Member, error) {
	id, err := access.ParseGUID(group)
	if err != nil {
		return nil, err
	}
	found, err := o.client.GroupMembers(ctx, id)
	if err != nil {
		return nil, err
	}
	var members []review.Member
	for id, kind := range found {
		if kind != access.PrincipalGroup {
			members = append(members, review.Member{ID: id.String(), Person: kind == access.PrincipalUser})
		}
	}
	return members, nil
}

// Invited implements [review.Organization].
func (o *organization) Invited(ctx context.Context, user string) (bool, error) {
	id, err := access.ParseGUID(user)
	if err != nil {
		return false, err
	}
	found, err := o.client.Principal(ctx, id, access.PrincipalUser)
	return err == nil && !found.InvitationAccepted, err
}
