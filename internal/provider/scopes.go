package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// checkScopeTenant refuses a scope in a tenant that does not exist.
func (s *session) checkScopeTenant(ctx context.Context, scope access.Scope, diags *diag.Diagnostics) {
	id := scope.TenantID()
	if id == "" {
		return
	}
	if _, err := s.client.Tenant(ctx, string(id)); err != nil {
		diags.Append(attributeFailure(path.Root("scope"), "Tenant not found", fmt.Sprintf("The scope %q lies in no known tenant.", scope), err))
	}
}

// scopeName is a scope with names in place of ids, as far as there are any.
func (s *session) scopeName(ctx context.Context, scope access.Scope) string {
	name := s.client.Organization().Name
	if id := scope.TenantID(); id != "" {
		name = s.tenantName(ctx, id)
	}
	if slug := scope.ServiceSlug(); slug != "" {
		name += " / " + access.ServiceDisplayName(slug)
	}
	switch scope.Kind() {
	case access.ScopeProject:
		name += " / project " + scope.Container()
	case access.ScopeFolder:
		folder, err := s.client.Folder(ctx, scope.TenantID(), scope.Container())
		if err != nil {
			folder.Name = scope.Container()
		}
		name += " / " + folder.Name
	default:
	}
	return name
}
