package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// roleNaming finds roles as they will be when the run is over. Of several roles with one name it takes the one of the service, and then the
// one that has an effect at the scope, which is no scope where it is not known yet.
func (s *session) roleNaming(service canonicalString, at access.Scope) naming[plannedRole] {
	byName := func(ctx context.Context, name string, diags *diag.Diagnostics) *named[plannedRole] {
		return s.roleNamed(ctx, name, service, at, diags)
	}
	return naming[plannedRole]{
		what: "role", idAttribute: "role_id", nameAttribute: "role_name", form: guidForm, byName: byName, byID: s.roleWithID,
		madeAnew: func(name string) *named[plannedRole] {
			if made := chooseRoles(s.planned.created(name), service, at); len(made) == 1 {
				return namedRole(made[0])
			}
			return nil
		},
	}
}

func namedRole(role plannedRole) *named[plannedRole] {
	return &named[plannedRole]{
		id: role.ID.String(), name: role.Name, value: role,
		answersTo: func(text string) bool { return text == role.Name },
	}
}

// roleWithID reads a role by its id. A name that this run gives it counts already.
func (s *session) roleWithID(ctx context.Context, id string, diags *diag.Diagnostics) *named[plannedRole] {
	role, err := s.client.Role(ctx, access.GUID(guidForm.spell(id)))
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		diags.AddAttributeError(path.Root("role_id"), "Role not found", fmt.Sprintf("No role that these credentials may see has the id %s. A role "+
			"can be given by its name too: role_name.", id))
		return nil
	case err != nil:
		diags.Append(attributeFailure(path.Root("role_id"), "Role cannot be read", fmt.Sprintf("The role %s was to be read.", id), err))
		return nil
	}
	return namedRole(plannedRole{Role: s.planned.withName(role)})
}

// roleNamed finds the role of a name, among the roles as they will be when the run is over.
func (s *session) roleNamed(
	ctx context.Context, name string, service canonicalString, at access.Scope, diags *diag.Diagnostics,
) *named[plannedRole] {
	all, err := s.client.Roles(ctx)
	if err != nil {
		diags.Append(attributeFailure(path.Root("role_name"), "Roles cannot be read", fmt.Sprintf("The role %q was to be found.", name), err))
		return nil
	}
	for i := range all {
		all[i] = s.planned.withName(all[i])
	}
	there := s.planned.created(name)
	if len(there) == 0 {
		for _, role := range all {
			if role.Name == name {
				there = append(there, plannedRole{Role: role})
			}
		}
	}
	matches := chooseRoles(there, service, at)
	if len(matches) == 1 {
		return namedRole(matches[0])
	}
	if len(matches) > 1 && (at == access.Scope{} || service.IsUnknown()) {
		// Which of them is meant is known when the scope is.
		return namedRole(plannedRole{Role: uipath.Role{Name: name}, vague: true})
	}
	diags.AddAttributeError(path.Root("role_name"), "Role not found by its name", s.explainRoles(ctx, name, service, matches, all))
	return nil
}

// chooseRoles narrows roles of one name down: to those of a service, and then, as long as several are left, to those that have an effect at
// a scope.
func chooseRoles(roles []plannedRole, service canonicalString, at access.Scope) []plannedRole {
	if !service.IsNull() && !service.IsUnknown() {
		roles = slices.DeleteFunc(roles, func(r plannedRole) bool { return !serviceForm.same(r.Service, service.ValueString()) })
	}
	if len(roles) > 1 {
		fitting := slices.DeleteFunc(slices.Clone(roles), func(r plannedRole) bool { return r.vague || !r.HasEffect(at) })
		if len(fitting) > 0 {
			return fitting
		}
	}
	return roles
}

// takeNameFromResource is what to do about a role that the same run makes and that nothing refers to.
const takeNameFromResource = "If this configuration creates or renames the role, take the name from its resource, so that Terraform knows " +
	"the order:\n\n  role_name = uipath_tenant_role.LABEL.name"

// explainRoles says why a name stands for no role or for several.
func (s *session) explainRoles(ctx context.Context, name string, service canonicalString, matches []plannedRole, all []uipath.Role) string {
	of := ""
	if !service.IsNull() {
		of = " of " + access.ServiceDisplayName(service.ValueString())
	}
	if len(matches) == 0 {
		if elsewhere := s.rolesElsewhere(ctx, name, all); elsewhere != "" {
			return sentences(fmt.Sprintf("No role%s is called %q.", of, name), elsewhere)
		}
		return paragraphs(
			sentences(fmt.Sprintf("No role%s that these credentials may see is called %q; letter case counts.", of, name),
				access.DidYouMean(name, namesOf(all, func(r uipath.Role) string { return r.Name }))),
			takeNameFromResource)
	}
	return ambiguous(fmt.Sprintf("roles%s are called %q", of, name), matches, func(r plannedRole) string {
		return label(r.Name, r.ID) + ": " + s.roleKind(ctx, r.Role)
	}, "Set service to tell them apart, or give role_id.")
}

// rolesElsewhere says which roles of other services have a name, "" where none has.
func (s *session) rolesElsewhere(ctx context.Context, name string, all []uipath.Role) string {
	var kinds []string
	for _, role := range all {
		if role.Name == name {
			kinds = append(kinds, s.roleKind(ctx, role))
		}
	}
	if len(kinds) == 0 {
		return ""
	}
	return fmt.Sprintf("%q is %s. Leave service out, or give that of the role.", name, strings.Join(kinds, ", and "))
}

// idsOfRole returns the ids of all roles of a name, and adds an error where there is none.
func (s *session) idsOfRole(ctx context.Context, name string, at path.Path, diags *diag.Diagnostics) []string {
	found, err := s.client.RolesNamed(ctx, name)
	if err != nil {
		diags.Append(attributeFailure(at, "Roles cannot be read", fmt.Sprintf("The role %q was to be found.", name), err))
		return nil
	}
	if len(found) == 0 {
		all, _ := s.client.Roles(ctx)
		diags.AddAttributeError(at, "Role not found by its name", sentences(
			fmt.Sprintf("No role that these credentials may see is called %q; letter case counts.", name),
			access.DidYouMean(name, namesOf(all, func(r uipath.Role) string { return r.Name }))))
	}
	return namesOf(found, func(r uipath.Role) string { return r.ID.String() })
}
