package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// readListing builds the rows of the vendor's file from what the listing, the roles, the tenants and the folders tell.
func (r *reader) readListing(ctx context.Context) error {
	found, err := r.client.Assignments(ctx, r.Scope, r.Reach)
	if err != nil {
		return err
	}
	// The listing gives makers of assignments and members of groups by id only.
	types := []access.PrincipalType{access.PrincipalUser, access.PrincipalExternalApplication}
	if r.ExpandGroups {
		types = access.PrincipalTypes()
	}
	if err := r.readDirectory(ctx, types...); err != nil {
		return err
	}
	r.report.Source = Listing
	for _, a := range found {
		row := r.listedRow(ctx, a)
		r.add(row)
		if !r.ExpandGroups || a.PrincipalType != access.PrincipalGroup {
			continue
		}
		group := a.Key.PrincipalID
		members, err := r.client.GroupMembers(ctx, group)
		if err != nil && !errors.Is(err, uipath.ErrNotFound) {
			return fmt.Errorf("group %q (%s): %w", a.PrincipalName, group, err)
		}
		for _, id := range slices.Sorted(maps.Keys(members)) {
			r.add(row.forMember(id, members[id], r.directory[id]))
		}
	}
	return nil
}

// add adds a row if it is wanted.
func (r *reader) add(row *Row) {
	if r.keeps(row.ExportRecord) {
		r.report.Rows = append(r.report.Rows, row)
	}
}

func (r *reader) listedRow(ctx context.Context, a uipath.Assignment) *Row {
	role, known := r.roles[a.Key.RoleID]
	if !known {
		role = uipath.Role{Name: a.RoleName, Type: a.RoleType}
	}
	organization := r.client.Organization()
	row := &Row{scope: a.Key.Scope, Mutable: a.Mutable, ExportRecord: access.ExportRecord{
		ID: a.ID.String(), RoleName: role.Name, RoleID: a.Key.RoleID.String(), RoleDescription: role.Description,
		RoleType: strings.ToUpper(string(role.Type)), RoleAssignmentType: string(a.Type), Scope: a.Key.Scope.String(),
		ServiceName: access.ServiceDisplayName(role.Service), SecurityPrincipalID: a.Key.PrincipalID.String(),
		SecurityPrincipalType: string(a.PrincipalType), OrganizationName: organization.Name, OrganizationID: organization.ID.String(),
		CreatedBy: a.CreatedBy.String(), CreatedByDisplayName: r.directory[a.CreatedBy].Name,
	}}
	row.showPrincipal(a.PrincipalName, a.PrincipalEmail, a.PrincipalSource)
	if !a.CreatedOn.IsZero() {
		row.CreatedOn = a.CreatedOn.Format("2006-01-02T15:04:05.9999999-07:00")
	}
	r.showScope(ctx, row)
	return row
}

// showPrincipal fills in what the file shows of a principal: the e-mail of users only, and no display name of users of an external
// directory.
func (row *Row) showPrincipal(name, email string, source access.PrincipalSource) {
	row.SecurityPrincipalDisplayName, row.SecurityPrincipalEmail = name, ""
	if row.SecurityPrincipalType != string(access.PrincipalUser) {
		return
	}
	row.SecurityPrincipalEmail = email
	if source == access.SourceDirectory {
		row.SecurityPrincipalDisplayName = ""
	}
}

// showScope fills in the columns about the scope, and whether it exists.
func (r *reader) showScope(ctx context.Context, row *Row) {
	row.ScopeExists = new(true)
	shown, container := "", row.scope.Container()
	var noTenant error
	if id := row.scope.TenantID(); id != "" {
		var tenant uipath.Tenant
		tenant, noTenant = r.client.Tenant(ctx, string(id))
		row.TenantID, row.TenantName = string(id), tenant.Name
		shown = "/tenant/" + cmp.Or(tenant.Name, string(id))
	}
	if slug := row.scope.ServiceSlug(); slug != "" {
		shown += "/" + access.ServiceDisplayName(slug)
	}
	switch row.scope.Kind() {
	case access.ScopeFolder:
		folder, err := r.client.Folder(ctx, row.scope.TenantID(), container)
		row.FolderKey, row.FolderName = container, folder.Name
		if err != nil {
			row.ScopeExists = nil
		}
		if errors.Is(err, uipath.ErrNotFound) {
			row.ScopeExists = new(false)
		}
		shown += "/folder/" + cmp.Or(folder.Name, container)
	case access.ScopeProject:
		name := r.showProject(ctx, row)
		before, id := cutLast(row.Scope)
		_, segment := cutLast(strings.TrimSuffix(before, "/"))
		shown += "/" + segment + "/" + cmp.Or(name, id)
	default:
	}
	if noTenant != nil {
		row.ScopeExists = new(false)
	}
	row.ScopeWithDisplayNames = cmp.Or(shown, "/")
}

// showProject fills in the project of a row, and whether it exists. It returns its name, "" where no endpoint tells it, or none to the
// caller.
func (r *reader) showProject(ctx context.Context, row *Row) string {
	row.ProjectID, row.ScopeExists = row.scope.Container(), nil
	service, _ := access.FindService(row.scope.ServiceSlug())
	if !uipath.ListsProjects(service) {
		return ""
	}
	project, err := r.client.Project(ctx, row.scope.TenantID(), service, row.ProjectID)
	switch {
	case err == nil:
		row.ScopeExists = new(true)
	case errors.Is(err, uipath.ErrNotFound):
		row.ScopeExists = new(false)
	}
	return project.Name
}

// forMember is the row of a member of the group that holds the assignment.
func (row *Row) forMember(id access.GUID, t access.PrincipalType, known uipath.Principal) *Row {
	row = new(*row)
	row.Mutable = false
	row.InheritedFromGroupID, row.InheritedFromGroupName = row.SecurityPrincipalID, row.SecurityPrincipalDisplayName
	row.SecurityPrincipalID, row.SecurityPrincipalType = string(id), string(t)
	row.showPrincipal(known.Name, known.Email, known.Source)
	return row
}
