package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/adopt"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// Why something is left out that a list resource would show: a configuration of it could only be imported, and never be made again.
const (
	ofGonePrincipal  = "of a principal that is not in the directory any more"
	ofUnreadable     = "of a principal whose name these credentials may not read"
	atGonePlace      = "at a tenant, folder or project that does not exist any more"
	atUnreadable     = "at a folder or project whose name these credentials may not read"
	ofUnreadableRole = "of a role that these credentials may not read"
)

// finds reports whether a name stands for an object, in a configuration that gives nothing else.
func finds[T any](ctx context.Context, n naming[T], name, id string) bool {
	var diags diag.Diagnostics
	if !adopt.Writable(name) {
		return false
	}
	found := n.byName(ctx, name, &diags)
	return found != nil && !diags.HasError() && n.form.same(found.id, id)
}

// nameOrBoth are the attributes of an object: its name if that stands for it, else its id and its name.
func nameOrBoth(ctx context.Context, n naming[uipath.Tenant], name, id string) []adopt.Attribute {
	return objectAttributes(finds(ctx, n, name, id), n.idAttribute, id, n.nameAttribute, name)
}

func objectAttributes(byName bool, idAttribute, id, nameAttribute, name string) (attributes []adopt.Attribute) {
	if !byName {
		attributes = append(attributes, adopt.Attribute{Name: idAttribute, Text: id})
	}
	if adopt.Writable(name) && nameRule.objection(name) == "" {
		attributes = append(attributes, adopt.Attribute{Name: nameAttribute, Text: name})
	}
	return attributes
}

// unwritable are remarks on names that stand in no configuration.
func unwritable(names ...string) (remarks []string) {
	for _, name := range names {
		if !adopt.Writable(name) {
			remarks = append(remarks, name+" is written in a form of Unicode that Terraform cannot keep. Its id stands in its place.")
		}
	}
	return remarks
}

// holder is who holds something.
type holder struct {
	id   access.GUID
	kind access.PrincipalType
	// name is "" where principals are not looked up, and shown what messages call the principal.
	name, shown string
	accepted    bool
}

// holderOf looks up who holds something, or says why it cannot be managed.
func (a *adoption) holderOf(ctx context.Context, id access.GUID, kind access.PrincipalType, listed string) (h holder, reason string, err error) {
	h = holder{id: id, kind: kind, shown: cmp.Or(listed, id.String()), accepted: true}
	if !a.resolvePrincipals {
		return h, "", nil
	}
	found, err := a.client.Principal(ctx, id, kind)
	switch {
	case errors.Is(err, uipath.ErrNotFound):
		return h, ofGonePrincipal, nil
	case errors.Is(err, uipath.ErrForbidden):
		return h, ofUnreadable, nil
	case err != nil:
		return h, "", fmt.Errorf("look up the %s %s: %w", kind, id, err)
	}
	h.name, h.shown, h.accepted = found.UniqueName, found.UniqueName, found.InvitationAccepted
	return h, "", nil
}

// attributes are the principal's: its name alone, or with its type, or its id too.
func (h holder) attributes(ctx context.Context, s *session) []adopt.Attribute {
	kind := adopt.Attribute{Name: "principal_type", Text: string(h.kind)}
	switch {
	case h.name == "":
		return []adopt.Attribute{{Name: "principal_id", Text: h.id.String()}, kind}
	case finds(ctx, s.principalNaming(""), h.name, h.id.String()):
		return objectAttributes(true, "principal_id", h.id.String(), "principal_name", h.name)
	case finds(ctx, s.principalNaming(h.kind), h.name, h.id.String()):
		return append(objectAttributes(true, "principal_id", h.id.String(), "principal_name", h.name), kind)
	}
	return objectAttributes(false, "principal_id", h.id.String(), "principal_name", h.name)
}

// addAssignment adds an assignment, or says why it is left out.
func (a *adoption) addAssignment(ctx context.Context, one uipath.Assignment) error {
	key := one.Key
	role, err := a.client.Role(ctx, key.RoleID)
	if err != nil && !errors.Is(err, uipath.ErrNotFound) && !errors.Is(err, uipath.ErrForbidden) {
		return fmt.Errorf("read the role %s: %w", key.RoleID, err)
	}
	who, reason, failed := a.holderOf(ctx, key.PrincipalID, one.PrincipalType, one.PrincipalName)
	if failed != nil {
		return failed
	}
	if errors.Is(err, uipath.ErrForbidden) {
		reason = ofUnreadableRole
	}
	place, nowhere, failed := a.placeOf(ctx, key.Scope)
	if failed != nil {
		return failed
	}
	reason = cmp.Or(a.unmanageable(ctx, one), reason, nowhere)
	if permission, ok := taskmining.KeyOf(one); ok && reason == ofTaskMining && a.permissions[permission.Tenant] {
		// It is part of a permission, which is adopted or left out as one.
		return nil
	}
	roleName := cmp.Or(role.Name, one.RoleName, key.RoleID.String())
	if reason != "" {
		a.leaveOut(fmt.Sprintf("%s -> %s @ %s", who.shown, roleName, place), reason)
		return nil
	}
	a.held[key.RoleID] = true
	a.add(adopt.Object{
		Type: "uipath_role_assignment", Remarks: unwritable(role.Name, who.name, place), ID: assignmentID(key), Place: place,
		Labels: []string{
			shortName(who.shown) + " " + roleName, shortName(who.shown) + " " + roleName + " " + place, who.shown + " " + roleName + " " + place,
			strings.Join([]string{who.shown, string(who.kind), roleName, place}, " "),
		},
		Attributes: slices.Concat(a.roleAttributes(ctx, role, key.Scope), who.attributes(ctx, a.session), a.scopeAttributes(ctx, key.Scope, place)),
	})
	return nil
}

// roleAttributes are the role's. They refer to the role's resource where that is written too.
func (a *adoption) roleAttributes(ctx context.Context, role uipath.Role, at access.Scope) []adopt.Attribute {
	id := role.ID.String()
	attributes := objectAttributes(finds(ctx, a.roleNaming(serviceForm.null(), at), role.Name, id), "role_id", id, "role_name", role.Name)
	if isCustomTenantRole(role) {
		for i := range attributes {
			attributes[i].Role, attributes[i].Member = id, strings.TrimPrefix(attributes[i].Name, "role_")
		}
	}
	return attributes
}

// placeOf names a scope, or says why nothing there can be managed.
func (a *adoption) placeOf(ctx context.Context, scope access.Scope) (place, reason string, err error) {
	name, err := a.scopeName(ctx, scope)
	switch {
	case err == nil:
		return name, "", nil
	case isGone(err):
		return scope.String(), atGonePlace, nil
	case errors.Is(err, uipath.ErrForbidden):
		return scope.String(), atUnreadable, nil
	}
	return "", "", fmt.Errorf("read the name of the scope %s: %w", scope, err)
}

func (a *adoption) scopeAttributes(ctx context.Context, scope access.Scope, name string) []adopt.Attribute {
	return objectAttributes(finds(ctx, a.scopeNaming(), name, scope.String()) && scopeNameRule.objection(name) == "", "scope", scope.String(),
		"scope_name", name)
}

// readPermissions adds the Task Mining permissions of a tenant, of one principal or, where it is "", of all.
func (a *adoption) readPermissions(ctx context.Context, tenant, principal access.GUID) error {
	service, err := access.ServiceScope(tenant, "taskmining")
	if err != nil || !a.in(service) {
		return err
	}
	held, complete, err := a.taskMining().In(ctx, tenant)
	switch {
	case errors.Is(err, uipath.ErrForbidden):
		a.unread("Task Mining permissions in %s", a.tenantName(ctx, tenant))
		return nil
	case errors.Is(err, uipath.ErrNotFound), errors.Is(err, taskmining.ErrOtherRoles), isGone(err):
		// Without the roles there are no permissions. Assignments of other roles of the service are found as such.
		return nil
	case err != nil:
		return fmt.Errorf("read the Task Mining permissions in %s: %w", a.tenantName(ctx, tenant), err)
	}
	a.permissions[tenant] = true
	place := a.shownScopeOrPath(ctx, service)
	for _, one := range held {
		if principal != "" && one.Principal != principal {
			continue
		}
		if err := a.addPermission(ctx, one, complete, place); err != nil {
			return err
		}
	}
	return nil
}

func (a *adoption) addPermission(ctx context.Context, held taskmining.Holding, complete bool, place string) error {
	who, reason, err := a.holderOf(ctx, held.Principal, held.PrincipalType, held.PrincipalName)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("%s -> %s @ %s", who.shown, cmp.Or(string(held.Level), "projects only"), place)
	if reason = cmp.Or(unmanageablePermission(held, complete), reason); reason != "" {
		a.leaveOut(what, reason)
		return nil
	}
	tenant := a.tenantName(ctx, held.Tenant)
	attributes := slices.Concat(who.attributes(ctx, a.session),
		nameOrBoth(ctx, a.tenantNaming("The permission"), tenant, held.Tenant.String()),
		[]adopt.Attribute{{Name: "permission", Text: string(held.Level)}})
	if len(held.Projects) > 0 {
		projects := adopt.Attribute{Name: "project_ids"}
		for i, name := range a.projectNames(ctx, held) {
			item := adopt.Item{Text: held.Projects[i]}
			if name != item.Text {
				item.Remark = name
			}
			projects.List = append(projects.List, item)
		}
		attributes = append(attributes, projects)
	}
	object := adopt.Object{
		Type: "uipath_task_mining_permission", ID: held.Key.String(), Place: place, Attributes: attributes, Remarks: unwritable(who.name, tenant),
		Labels: []string{
			shortName(who.shown), shortName(who.shown) + " " + tenant, who.shown + " " + tenant,
			strings.Join([]string{who.shown, string(who.kind), tenant}, " "),
		},
	}
	if !who.accepted {
		object.Remarks = append(object.Remarks, "The user has not accepted the invitation. Until then the permission cannot be given anew.")
	}
	a.add(object)
	for _, extra := range held.Extra {
		a.leaveOut(fmt.Sprintf("%s -> %s @ %s", who.shown, cmp.Or(extra.RoleName, extra.Key.RoleID.String()), a.shownScopeOrPath(ctx, extra.Key.Scope)),
			fmt.Sprintf("beside the permission %s, which does not need it", held.Level))
	}
	return nil
}

// readRoles adds the custom roles of the tenants in question: with a filter by principal only those that are held by what was found.
func (a *adoption) readRoles(ctx context.Context) error {
	all, err := a.client.Roles(ctx)
	if errors.Is(err, uipath.ErrForbidden) {
		a.unread("roles")
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the roles: %w", err)
	}
	for _, role := range all {
		narrowed := a.query.PrincipalName != "" && !a.held[role.ID] || a.query.RoleName != "" && role.Name != a.query.RoleName
		if isCustomTenantRole(role) && a.in(access.TenantScope(role.TenantID)) && !narrowed {
			a.addRole(ctx, role)
		}
	}
	return nil
}

func (a *adoption) addRole(ctx context.Context, role uipath.Role) {
	place := a.tenantName(ctx, role.TenantID)
	if reason := unwritableRole(role); reason != "" {
		a.leaveOut(fmt.Sprintf("the role %s @ %s", role.Name, place), reason)
		return
	}
	object := adopt.Object{
		Type: "uipath_tenant_role", ID: role.ID.String(), Place: place,
		Labels: []string{role.Name, role.Name + " " + place}, Attributes: []adopt.Attribute{{Name: "name", Text: role.Name}},
	}
	object.Attributes = append(object.Attributes, adopt.Attribute{Name: "description", Text: role.Description})
	if plainTextRule.objection(role.Name) != "" || plainTextRule.objection(role.Description) != "" {
		object.Remarks = append(object.Remarks, "White space stands around its name or its description. A new role cannot have that.")
	}
	object.Attributes = append(object.Attributes,
		nameOrBoth(ctx, a.tenantNaming("The role"), place, role.TenantID.String())...)
	if service, _ := access.FindService(role.Service); service != access.MultiService {
		object.Attributes = append(object.Attributes, adopt.Attribute{Name: "service", Text: access.ServiceDisplayName(role.Service)})
	}
	permissions := adopt.Attribute{Name: "permissions"}
	for _, permission := range slices.Sorted(slices.Values(role.Permissions)) {
		permissions.List = append(permissions.List, adopt.Item{Text: permission})
	}
	object.Attributes = append(object.Attributes, permissions)
	a.add(object)
}

// unwritableRole says why a role cannot be written as a configuration, "" where it can.
func unwritableRole(role uipath.Role) string {
	_, known := access.FindService(role.Service)
	switch {
	case !known:
		return "of a service that this provider does not know"
	case nameRule.objection(role.Name) != "" || nameRule.objection(role.Description) != "":
		return "without a name or a description, which the resource needs"
	case !adopt.Writable(role.Name) || !adopt.Writable(role.Description):
		return "named or described in a form of Unicode that Terraform cannot write"
	case len(role.Permissions) == 0:
		return "without permissions, and the resource needs one at least"
	}
	for _, permission := range role.Permissions {
		if objection := permissionSpellingRule.objection(permission); objection != "" {
			return "granting a permission in another spelling: " + permission
		}
	}
	return ""
}
