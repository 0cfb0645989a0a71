package provider

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// NewWaiting is [New] with a way to wait of the test's own.
func NewWaiting(wait func(context.Context, time.Duration) error) func() provider.Provider {
	return func() provider.Provider {
		return &uipathProvider{version: "test", getenv: os.Getenv, clock: time.Now, wait: wait}
	}
}

// Scopes finds scopes by their names, and names them, as the provider does.
type Scopes struct{ session *session }

// NewScopes looks folders and projects up where resolve says so.
func NewScopes(client *uipath.Client, resolve bool) Scopes {
	return Scopes{&session{client: client, resolveFolders: resolve, resolveProjects: resolve}}
}

// Name is what scope_name shows.
func (s Scopes) Name(ctx context.Context, scope access.Scope) (string, error) {
	return s.session.scopeName(ctx, scope)
}

// Named is what scope_name stands for.
func (s Scopes) Named(ctx context.Context, text string) (access.Scope, error) {
	return s.session.scopeNamed(ctx, text)
}

// RefusedScopeName is what the schema says against a text of scope_name, "" where it says nothing.
func RefusedScopeName(text string) string { return scopeNameRule.objection(text) }
