package provider

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// numberForm is a number as Orchestrator counts with it.
var numberForm = &canonicalForm{"number", func(s string) string { return s }}

var numberRule = stringRule{
	description: "the number of a role of Orchestrator",
	title:       "Not the number of a role",
	objection: func(s string) string {
		if orchestratorNumber(s) > 0 && s[0] != '0' && s[0] != '+' {
			return ""
		}
		return fmt.Sprintf("%q is not the number of a role of Orchestrator, such as 10005. A name stands in role_name, and the GUID of a role of "+
			"the platform "+
			"belongs into a uipath_role_assignment.", s)
	},
}

// orchestratorRoleNaming finds roles of Orchestrator of a tenant as they will be when the run is over.
func (s *session) orchestratorRoleNaming(tenant access.GUID) naming[uipath.OrchestratorRole] {
	return naming[uipath.OrchestratorRole]{
		what: "role of Orchestrator", idAttribute: "role_id", nameAttribute: "role_name", form: numberForm,
		byID: func(ctx context.Context, id string, diags *diag.Diagnostics) *named[uipath.OrchestratorRole] {
			role, err := s.client.OrchestratorRole(ctx, tenant, orchestratorNumber(id))
			if err != nil {
				diags.Append(attributeFailure(path.Root("role_id"), "Role of Orchestrator not found",
					fmt.Sprintf("Looking for the role %s in Orchestrator of the tenant %s.", id, s.tenantName(ctx, tenant)), err))
				return nil
			}
			return s.namedOrchestratorRole(role)
		},
		byName: func(ctx context.Context, name string, diags *diag.Diagnostics) *named[uipath.OrchestratorRole] {
			return s.orchestratorRoleNamed(ctx, tenant, name, diags)
		},
		madeAnew: func(name string) *named[uipath.OrchestratorRole] { return s.comingOrchestratorRole(tenant, name) },
	}
}

// namedOrchestratorRole is a role with the name that it will have.
func (s *session) namedOrchestratorRole(role uipath.OrchestratorRole) *named[uipath.OrchestratorRole] {
	before := role.Name
	if name := s.orchestrator.nameOf(role.TenantID, role.ID); name != "" {
		role.Name = name
	}
	return &named[uipath.OrchestratorRole]{
		id: strconv.Itoa(int(role.ID)), name: role.Name, value: role,
		answersTo: func(text string) bool { return text == role.Name || text == before && role.Name == before },
	}
}

// comingOrchestratorRole is a role that this run is still to create, nil where there is none of the name.
func (s *session) comingOrchestratorRole(tenant access.GUID, name string) *named[uipath.OrchestratorRole] {
	coming, ok := s.orchestrator.comes(tenant, name)
	if !ok {
		return nil
	}
	return &named[uipath.OrchestratorRole]{
		name: name, answersTo: func(text string) bool { return text == name },
		value: uipath.OrchestratorRole{TenantID: tenant, Name: name, Type: uipath.OrchestratorRoleType(coming.kind)},
	}
}

// orchestratorRoleNamed finds a role by the name that it will have.
func (s *session) orchestratorRoleNamed(
	ctx context.Context, tenant access.GUID, name string, diags *diag.Diagnostics,
) *named[uipath.OrchestratorRole] {
	at := path.Root("role_name")
	// Names are unique, so that one of this name makes way for a role that is to be created.
	if coming := s.comingOrchestratorRole(tenant, name); coming != nil {
		return coming
	}
	roles, err := s.client.OrchestratorRoles(ctx, tenant)
	if err != nil {
		diags.Append(attributeFailure(at, "Roles of Orchestrator cannot be read", fmt.Sprintf("The role %q was to be looked up in Orchestrator of "+
			"the tenant %s.",
			name, s.tenantName(ctx, tenant)), err))
		return nil
	}
	var names []string
	for _, role := range roles {
		found := s.namedOrchestratorRole(role)
		if found.name == name {
			return found
		}
		names = append(names, found.name)
	}
	diags.AddAttributeError(at, "Role of Orchestrator not found", sentences(
		fmt.Sprintf("Orchestrator of the tenant %s has no role %q.", s.tenantName(ctx, tenant), name),
		access.DidYouMean(name, names), s.inThePlatform(ctx, name)))
	return nil
}

// inThePlatform says that a role is one of the other world, "" if none of the platform's is called so.
func (s *session) inThePlatform(ctx context.Context, name string) string {
	found, err := s.client.RolesNamed(ctx, name)
	if err != nil || len(found) == 0 {
		return ""
	}
	return fmt.Sprintf("A role of the platform is called %q: assign that with uipath_role_assignment. The two kinds of roles are different "+
		"things.", name)
}

// heldFolder is the folder of something that exists, nil where it is gone.
func (s *session) heldFolder(ctx context.Context, tenant access.GUID, key string) *named[uipath.Folder] {
	folder, err := s.client.Folder(ctx, tenant, key)
	if err != nil {
		return nil
	}
	return namedPlace(folder, folder.Key, folder.Name)
}

// heldOrchestratorRole is the role of something that exists, nil where it is gone.
func (s *session) heldOrchestratorRole(
	ctx context.Context, tenant access.GUID, number int32, diags *diag.Diagnostics,
) *named[uipath.OrchestratorRole] {
	role, err := s.client.OrchestratorRole(ctx, tenant, number)
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		return nil
	case err != nil:
		diags.Append(attributeFailure(path.Root("role_id"), "Role of Orchestrator cannot be read", fmt.Sprintf("The name of the role %d was to be "+
			"read.", number), err))
		return nil
	}
	return &named[uipath.OrchestratorRole]{
		id: strconv.Itoa(int(role.ID)), name: role.Name, value: role, answersTo: func(text string) bool { return text == role.Name },
	}
}
