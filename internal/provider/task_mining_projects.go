package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
)

// checkProjects refuses projects for a permission that reaches every project.
func (m taskMiningPermissionModel) checkProjects(diags *diag.Diagnostics) {
	if m.Permission.IsUnknown() || m.level() == access.TaskMiningUser {
		return
	}
	for attribute, projects := range map[string]types.Set{"project_ids": m.ProjectIDs, "project_names": m.ProjectNames} {
		if len(projects.Elements()) > 0 {
			diags.AddAttributeError(path.Root(attribute), "Projects are for the permission User", fmt.Sprintf("%q reaches every project. Leave projects "+
				"out, or give the permission %q.", m.Permission.ValueString(), access.TaskMiningUser))
		}
	}
}

// settleProjects plans the projects of a permission. Ids decide; names that have not changed stand for the same projects as before.
func (s *session) settleProjects(
	ctx context.Context, config taskMiningPermissionModel, plan, state *taskMiningPermissionModel, diags *diag.Diagnostics,
) {
	plan.ProjectIDs, plan.ProjectNames = config.ProjectIDs, config.ProjectNames
	switch {
	case config.ProjectNames.IsNull(), config.ProjectIDs.IsUnknown():
		return
	case !known(config.ProjectNames), !plan.tenant().known():
		if config.ProjectIDs.IsNull() {
			plan.ProjectIDs = types.SetUnknown(types.StringType)
		}
		return
	case state != nil && plan.TenantID.sameMeaning(state.TenantID) && config.ProjectNames.Equal(state.ProjectNames) &&
		(config.ProjectIDs.IsNull() || config.ProjectIDs.Equal(state.ProjectIDs)):
		plan.ProjectIDs = state.ProjectIDs
		return
	}
	found := s.projectsNamed(ctx, access.GUID(guidForm.spell(plan.TenantID.ValueString())), knownStrings(config.ProjectNames), diags)
	if diags.HasError() {
		return
	}
	if config.ProjectIDs.IsNull() {
		plan.ProjectIDs = stringSet(ctx, found, diags)
		return
	}
	if given := knownStrings(config.ProjectIDs); known(config.ProjectIDs) && !sameStrings(given, found) {
		diags.AddAttributeError(path.Root("project_names"), "Ids and names of different projects", fmt.Sprintf("project_names stand for %q, and "+
			"project_ids are %q. Leave one of them out, or let both mean the same projects.", found, given))
	}
}

// projectsNamed returns the ids of projects of Task Mining, sorted.
func (s *session) projectsNamed(ctx context.Context, tenant access.GUID, names []string, diags *diag.Diagnostics) []string {
	service, _ := access.FindService(access.TaskMiningService)
	ids := make([]string, 0, len(names))
	for _, name := range names {
		project, err := s.client.ProjectNamed(ctx, tenant, service, name)
		if err != nil {
			diags.Append(attributeFailure(path.Root("project_names").AtSetValue(types.StringValue(name)), "Project not found by its name", fmt.Sprintf(
				"%q was looked up among the projects of Task Mining. A project can be given by its id too: project_ids.", name), err))
			continue
		}
		ids = append(ids, project.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// refreshProjects takes over the projects that the server holds. An empty set stays empty and does not become null. Names stay while they stand
// for the same projects.
func (s *session) refreshProjects(ctx context.Context, state *taskMiningPermissionModel, held taskmining.Holding, diags *diag.Diagnostics) {
	before := knownStrings(state.ProjectIDs)
	switch {
	case len(held.Projects) > 0:
		state.ProjectIDs = stringSet(ctx, held.Projects, diags)
	case len(before) > 0:
		state.ProjectIDs = types.SetNull(types.StringType)
	}
	if state.ProjectNames.IsNull() || sameStrings(before, held.Projects) {
		return
	}
	state.ProjectNames = types.SetNull(types.StringType)
	if len(held.Projects) > 0 {
		state.ProjectNames = stringSet(ctx, s.projectNames(ctx, held), diags)
	}
}

// projectNames are the names of the projects that somebody holds, ids for those whose names cannot be read.
func (s *session) projectNames(ctx context.Context, held taskmining.Holding) []string {
	service, _ := access.FindService(access.TaskMiningService)
	names := slices.Clone(held.Projects)
	for i, id := range names {
		if project, err := s.client.Project(ctx, held.Tenant, service, id); err == nil {
			names[i] = project.Name
		}
	}
	return names
}

// known reports whether a set and all its elements are known.
func known(set types.Set) bool {
	return !set.IsUnknown() && len(knownStrings(set)) == len(set.Elements())
}

// sameStrings reports whether both have the same elements.
func sameStrings(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
