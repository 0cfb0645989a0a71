package httpapi

import (
	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The members of a role in a PUT request (contract 3.5).
const (
	memberID           = "id"
	memberName         = "roleName"
	memberDescription  = "roleDescription"
	memberRoleScope    = "roleScopeType"
	memberOrganization = "organizationId"
	memberRoleService  = "roleService"
	memberTenant       = "tenantId"
	memberPermissions  = "actionsGrantedByRole"
)

var roleMembers = memberNames{
	model.PartName: memberName, model.PartDescription: memberDescription, model.PartScopeType: memberRoleScope,
	model.PartOrganization: memberOrganization, model.PartService: memberRoleService, model.PartTenant: memberTenant,
	model.PartPermissions: memberPermissions,
}

func roleInput(r *request) rules.RoleInput {
	r.query()
	r.memberOf = roleMembers.of
	b := r.body(memberID, memberName, memberDescription, memberRoleScope, memberOrganization, memberRoleService, memberTenant, memberPermissions)
	return rules.RoleInput{
		ID: deref(b.guid(memberID)), Name: deref(member[string](b, memberName)), Description: deref(member[string](b, memberDescription)),
		Organization: deref(b.guid(memberOrganization)), ScopeType: member[string](b, memberRoleScope), Tenant: b.guid(memberTenant),
		Service: member[string](b, memberRoleService), Permissions: deref(member[[]string](b, memberPermissions)),
	}
}

type createdRoleBody struct {
	ID access.GUID `json:"createdRoleId"`
}

func newCreatedRoleBody(id access.GUID) createdRoleBody { return createdRoleBody{id} }
