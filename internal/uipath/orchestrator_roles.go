package uipath

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// OrchestratorRoles returns the roles of Orchestrator of a tenant with their permissions, sorted by name and then by id. They are listed once
// in a run. It returns [ErrForbidden] if the caller may not list them.
func (o *orchestrator) OrchestratorRoles(ctx context.Context, tenant access.GUID) ([]OrchestratorRole, error) {
	t, err := o.of(tenant)
	if err != nil {
		return nil, err
	}
	if err := t.roles.read(ctx, 0); err != nil {
		return nil, err
	}
	return t.known(func(OrchestratorRole) bool { return true }), nil
}

// OrchestratorRole returns a role of Orchestrator from the shared list. One that the list lacks is asked for by id before the answer is
// [ErrNotFound].
func (o *orchestrator) OrchestratorRole(ctx context.Context, tenant access.GUID, id int32) (OrchestratorRole, error) {
	t, err := o.of(tenant)
	if err != nil {
		return OrchestratorRole{}, err
	}
	found, _, err := t.roles.find(ctx, id, search[int32]{alone: id}, &t.roleEffort)
	return found.clone(), err
}

// RefreshedOrchestratorRole asks the server for a role, whatever the shared list holds. The answer is [ErrNotFound] where there is none.
func (o *orchestrator) RefreshedOrchestratorRole(ctx context.Context, tenant access.GUID, id int32) (OrchestratorRole, error) {
	t, err := o.of(tenant)
	if err != nil {
		return OrchestratorRole{}, err
	}
	if err := t.roles.reread(ctx, id); err != nil {
		return OrchestratorRole{}, err
	}
	found, _ := t.roles.get(id)
	return found.clone(), nil
}

// OrchestratorRoleNamed returns the role of Orchestrator with a name, in exactly that spelling, from the shared list. It returns a
// [*NotFoundError] if there is none. Names are unique in a tenant.
func (o *orchestrator) OrchestratorRoleNamed(ctx context.Context, tenant access.GUID, name string) (OrchestratorRole, error) {
	all, err := o.OrchestratorRoles(ctx, tenant)
	if err != nil {
		return OrchestratorRole{}, err
	}
	missing := &NotFoundError{Kind: "role of Orchestrator", Name: name}
	for _, role := range all {
		if role.Name == name {
			return role, nil
		}
		missing.Candidates = append(missing.Candidates, role.Name)
	}
	return OrchestratorRole{}, missing
}

// OrchestratorPermissions returns what a role of Orchestrator of a tenant can grant, as far as the caller may grant it (contract 8.3-8), sorted
// by name. It is listed once in a run.
func (o *orchestrator) OrchestratorPermissions(ctx context.Context, tenant access.GUID) ([]OrchestratorPermission, error) {
	t, err := o.of(tenant)
	if err != nil {
		return nil, err
	}
	all, err := t.permissions.Get(ctx, struct{}{})
	return slices.Clone(all), err
}

// known returns the roles that are known and for which something holds, sorted.
func (t *orchestratorTenant) known(holds func(OrchestratorRole) bool) []OrchestratorRole {
	var found []OrchestratorRole
	for _, role := range t.roles.snapshot(func(yield func(int32) bool) { maps.Keys(t.roles.rows)(yield) }) {
		if holds(role) {
			found = append(found, role.clone())
		}
	}
	slices.SortFunc(found, byNameAndID)
	return found
}

func (t *orchestratorTenant) askRoles(ctx context.Context, id int32) ([]OrchestratorRole, error) {
	expanded := url.Values{"$expand": {"Permissions"}}
	if id == 0 {
		return odataListing[orchestratorRoleAnswer, OrchestratorRole]{
			operation: "list roles of Orchestrator", path: t.odata("Roles"), query: expanded,
			id: func(r OrchestratorRole) string { return strconv.Itoa(int(r.ID)) }, convert: t.role,
		}.all(ctx, t.rest)
	}
	found, err := rest.FetchAs(ctx, t.rest, rest.Request{
		Operation: "read role of Orchestrator", Method: http.MethodGet, Path: t.odata(numbered("Roles", int64(id))), Query: expanded, Object: true,
	}, func(body []byte) (OrchestratorRole, error) {
		found, err := t.readRole(body)
		if err == nil && found.ID != id {
			err = fmt.Errorf("it is the role %d, not %d", found.ID, id)
		}
		return found, err
	})
	if err != nil {
		return nil, err
	}
	return []OrchestratorRole{found}, nil
}

func (t *orchestratorTenant) readRole(body []byte) (OrchestratorRole, error) {
	var answer orchestratorRoleAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return OrchestratorRole{}, err
	}
	return t.role(answer)
}

// numbered is the address of one thing of a collection.
func numbered(collection string, id int64) string {
	return collection + "(" + strconv.FormatInt(id, 10) + ")"
}

func (t *orchestratorTenant) rolesAnsweredBy(id int32) iter.Seq[int32] {
	if id == 0 {
		return maps.Keys(t.roles.rows)
	}
	return slices.Values([]int32{id})
}

// listPermissions lists what roles can grant, without the bare names of resources.
func (t *orchestratorTenant) listPermissions(ctx context.Context) ([]OrchestratorPermission, error) {
	all, err := odataListing[orchestratorPermissionAnswer, OrchestratorPermission]{
		operation: "list permissions of Orchestrator", path: t.odata("Permissions"), query: url.Values{"$orderby": {"Name asc"}},
		id: func(p OrchestratorPermission) string { return p.Name + " " + p.Scope },
		convert: func(a orchestratorPermissionAnswer) (OrchestratorPermission, error) {
			return OrchestratorPermission{a.Name, a.Scope}, nil
		},
	}.all(ctx, t.rest)
	all = slices.DeleteFunc(all, func(p OrchestratorPermission) bool { return !strings.Contains(p.Name, ".") })
	slices.SortFunc(all, func(a, b OrchestratorPermission) int { return strings.Compare(a.Name+" "+a.Scope, b.Name+" "+b.Scope) })
	return all, err
}

// CreateOrchestratorRole makes a role of Orchestrator. The result is what was sent, with its id and key; what the server grants beside it only a
// later read tells. A name that is taken is an [*OrchestratorRoleExistsError]. Where the server may have made the role but the answer was
// lost, the role is looked up by name: it is sent again where it is absent, and taken where this run had read the name as free and the role
// is exactly the one asked for, because Orchestrator does not tell who made a role; else the error is an
// [*OrchestratorRoleOutcomeUnknownError].
func (o *orchestrator) CreateOrchestratorRole(ctx context.Context, spec OrchestratorRoleSpec) (OrchestratorRole, error) {
	t, err := o.of(spec.TenantID)
	if err != nil {
		return OrchestratorRole{}, err
	}
	creation := &orchestratorRoleCreation{orchestratorTenant: t, spec: spec, free: t.isFree(ctx, spec.Name)}
	carryOut(ctx, o.rest, creation, []*orchestratorRoleCreation{creation}, 0)
	return creation.made.clone(), creation.err
}

// isFree reports whether the shared list has no role with a name, in any case. What cannot be read is not known to be free.
func (t *orchestratorTenant) isFree(ctx context.Context, name string) bool {
	return t.roles.read(ctx, 0) == nil && len(t.known(func(r OrchestratorRole) bool { return strings.EqualFold(r.Name, name) })) == 0
}

// orchestratorRoleCreation is a role to be made, and what became of it. It is the one item of its own write.
type orchestratorRoleCreation struct {
	*orchestratorTenant
	spec OrchestratorRoleSpec
	// free says that no role had the name before it was sent.
	free bool
	// existing is the role of the name that the last look-up found.
	existing OrchestratorRole

	made OrchestratorRole
	err  error
}

func (w *orchestratorRoleCreation) what(*orchestratorRoleCreation) string {
	return "role " + w.spec.Name + " of Orchestrator"
}
func (w *orchestratorRoleCreation) unseen() string {
	return "no role of this name was found afterwards"
}

func (w *orchestratorRoleCreation) send(ctx context.Context, _ []*orchestratorRoleCreation) error {
	body, err := roleBody(0, w.spec, nil)
	if err != nil {
		return err
	}
	answer, err := rest.FetchAs(ctx, w.rest, rest.Request{
		Operation: "create role of Orchestrator", Method: http.MethodPost, Path: w.odata("Roles"), Body: body, Creates: true,
	}, w.readRole)
	if err != nil {
		w.roles.forget()
		return err
	}
	w.made = w.spec.role(answer)
	return nil
}

// role is the role that the spec asks for, with what only the server knows.
func (s OrchestratorRoleSpec) role(answer OrchestratorRole) OrchestratorRole {
	answer.Name, answer.Type, answer.Permissions = s.Name, s.Type, slices.Clone(s.Permissions)
	slices.Sort(answer.Permissions)
	answer.Permissions = slices.Compact(answer.Permissions)
	return answer
}

func (w *orchestratorRoleCreation) lookUp(ctx context.Context, _ []*orchestratorRoleCreation, _ bool) ([]outcome, error) {
	existing, found, err := w.findNamed(ctx, w.spec.Name)
	switch {
	case err != nil:
		return nil, err
	case !found:
		return []outcome{absent}, nil
	}
	w.existing = existing
	if !w.free || !w.spec.matches(existing) {
		return []outcome{unclear}, nil
	}
	w.made = existing
	return []outcome{carriedOut}, nil
}

// findNamed returns, from a fresh listing, the role that has a name in any case.
func (t *orchestratorTenant) findNamed(ctx context.Context, name string) (OrchestratorRole, bool, error) {
	if err := t.roles.reread(ctx, 0); err != nil {
		return OrchestratorRole{}, false, err
	}
	found := t.known(func(r OrchestratorRole) bool { return strings.EqualFold(r.Name, name) })
	if len(found) == 0 {
		return OrchestratorRole{}, false, nil
	}
	return found[0], true, nil
}

func (w *orchestratorRoleCreation) done(*orchestratorRoleCreation) { w.roles.put(w.made) }

func (w *orchestratorRoleCreation) refused(ctx context.Context, _ *orchestratorRoleCreation, refused *Error) {
	w.err = w.explainTaken(ctx, 0, w.spec.Name, refused)
}

func (w *orchestratorRoleCreation) failed(_ *orchestratorRoleCreation, err error) { w.err = err }

func (w *orchestratorRoleCreation) unknown(_ *orchestratorRoleCreation, err error) {
	w.err = &OrchestratorRoleOutcomeUnknownError{Name: w.spec.Name, Existing: w.existing, Err: err}
}

// wait has nothing to wait for: a role is made alone.
func (w *orchestratorRoleCreation) wait(item *orchestratorRoleCreation, err error) {
	w.unknown(item, err)
}

// explainTaken turns a conflict over the name of a role into an error that names the role in the way, where one is found. id is the role
// that is not. Other errors are returned as they are.
func (t *orchestratorTenant) explainTaken(ctx context.Context, id int32, name string, refused error) error {
	if !errors.Is(refused, ErrConflict) {
		return refused
	}
	existing, found, err := t.findNamed(ctx, name)
	if err != nil || !found || existing.ID == id {
		return refused
	}
	return &OrchestratorRoleExistsError{Existing: existing, Err: refused}
}

// UpdateOrchestratorRole makes a role of Orchestrator be as spec says; the server replaces all of it. The type cannot change. The result is
// what was sent. A name that is taken is an [*OrchestratorRoleExistsError].
func (o *orchestrator) UpdateOrchestratorRole(ctx context.Context, id int32, spec OrchestratorRoleSpec) (OrchestratorRole, error) {
	t, err := o.of(spec.TenantID)
	if err != nil {
		return OrchestratorRole{}, err
	}
	// What the role grants now is named as not granted, so it is read anew.
	before, err := o.RefreshedOrchestratorRole(ctx, spec.TenantID, id)
	if err != nil {
		return OrchestratorRole{}, err
	}
	body, err := roleBody(id, spec, before.Permissions)
	if err != nil {
		return OrchestratorRole{}, err
	}
	defer o.changed()
	err = o.rest.Send(ctx, rest.Request{
		Operation: "update role of Orchestrator", Method: http.MethodPut, Path: t.odata(numbered("Roles", int64(id))), Body: body, Object: true,
	}, nil)
	if err != nil {
		t.roles.forget()
		return OrchestratorRole{}, t.explainTaken(ctx, id, spec.Name, err)
	}
	updated := spec.role(before)
	t.roles.put(updated)
	return updated.clone(), nil
}

// DeleteOrchestratorRole deletes a role of Orchestrator, which takes it from everybody who has it. One that does not exist counts as deleted.
func (o *orchestrator) DeleteOrchestratorRole(ctx context.Context, tenant access.GUID, id int32) error {
	t, err := o.of(tenant)
	if err != nil {
		return err
	}
	defer o.changed()
	err = o.rest.Send(ctx, rest.Request{
		Operation: "delete role of Orchestrator", Method: http.MethodDelete, Path: t.odata(numbered("Roles", int64(id))), Object: true,
	}, nil)
	if err != nil && !errors.Is(err, ErrNotFound) {
		t.roles.forget()
		return err
	}
	t.roles.remove(id)
	t.members.forget()
	return nil
}
