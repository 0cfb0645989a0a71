package uipath

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// CreateRole makes a role. The result is what was sent, with its id; when it was made only a later read tells. A name that is
// taken is a [*RoleExistsError]. Where the server may have made the role but the answer was lost, the role is looked up by name:
// it is sent again where it is absent, and taken where it certainly is the one asked for; else the error is a
// [*RoleOutcomeUnknownError].
func (r *roles) CreateRole(ctx context.Context, spec RoleSpec) (Role, error) {
	creation := &roleCreation{roles: r, spec: spec, free: r.isFree(ctx, spec.Name), began: r.rest.Now()}
	carryOut(ctx, r.rest, creation, []*roleCreation{creation}, 0)
	return creation.role.clone(), creation.err
}

// roleCreation is a role to be made, and what became of it. It is the one item of its own write.
type roleCreation struct {
	*roles
	spec RoleSpec
	// free says that no role had the name before it was sent, and began is when it was sent first, in local time.
	free  bool
	began time.Time
	// existing is the role of the name that the last look-up found.
	existing Role

	role Role
	err  error
}

func (w *roleCreation) what(*roleCreation) string { return "role " + w.spec.Name }
func (w *roleCreation) unseen() string            { return "no role of this name was found afterwards" }

func (w *roleCreation) send(ctx context.Context, _ []*roleCreation) error {
	id, err := w.putRole(ctx, "", w.spec)
	if err != nil {
		w.table.forget()
		return err
	}
	w.role = w.spec.role(id, w.caller.Subject, time.Time{})
	w.made(func(ctx context.Context) (access.GUID, error) {
		made, err := w.RefreshedRole(ctx, id)
		return made.CreatedBy, err
	})
	return nil
}

func (w *roleCreation) lookUp(ctx context.Context, _ []*roleCreation, _ bool) ([]outcome, error) {
	existing, found, err := w.findRoleNamed(ctx, w.spec.Name, w.spec.owner())
	switch {
	case err != nil:
		return nil, err
	case !found:
		return []outcome{absent}, nil
	}
	w.existing = existing
	if !w.free || !w.spec.matches(existing) || !w.madeBySelf(ctx, existing.CreatedBy, existing.CreatedOn, w.began) {
		return []outcome{unclear}, nil
	}
	w.role = existing
	return []outcome{carriedOut}, nil
}

func (w *roleCreation) done(*roleCreation) { w.table.put(w.role) }

func (w *roleCreation) refused(ctx context.Context, _ *roleCreation, refused *Error) {
	w.err = w.explainTaken(ctx, "", w.spec, refused)
}

func (w *roleCreation) failed(_ *roleCreation, err error) { w.err = err }

func (w *roleCreation) unknown(_ *roleCreation, err error) {
	w.err = &RoleOutcomeUnknownError{Name: w.spec.Name, Existing: w.existing, Err: err}
}

// wait has nothing to wait for: a role is made alone.
func (w *roleCreation) wait(item *roleCreation, err error) { w.unknown(item, err) }

// isFree reports whether the shared list has no role with a name, in any case. What cannot be read is not known to be free.
func (r *roles) isFree(ctx context.Context, name string) bool {
	return r.table.read(ctx, "") == nil && len(r.named(name)) == 0
}

// UpdateRole makes a role be as spec says; the server replaces all of it. Owner, shape and tenant cannot change. The result is
// what was sent, with who made the role and when if that is known already. A name that is taken is a [*RoleExistsError].
func (r *roles) UpdateRole(ctx context.Context, id access.GUID, spec RoleSpec) (Role, error) {
	if err := checkID("role", id); err != nil {
		return Role{}, err
	}
	defer r.updated()
	if _, err := r.putRole(ctx, id, spec); err != nil {
		r.table.forget()
		return Role{}, r.explainTaken(ctx, id, spec, err)
	}
	known, _ := r.table.get(id)
	updated := spec.role(id, known.CreatedBy, known.CreatedOn)
	r.table.put(updated)
	return updated.clone(), nil
}

// DeleteRole deletes a role. One that does not exist counts as deleted.
func (r *roles) DeleteRole(ctx context.Context, id access.GUID) error {
	if err := checkID("role", id); err != nil {
		return err
	}
	defer r.deleted(id)
	err := r.rest.Send(ctx, rest.Request{
		Operation: "delete role", Method: http.MethodDelete, Path: r.path("/roles/" + id.String()), Object: true,
	}, nil)
	if err != nil && !errors.Is(err, ErrNotFound) {
		r.table.forget()
		return err
	}
	r.table.remove(id)
	return nil
}

// putRole sends a role, a new one where id is empty, and returns its id.
func (r *roles) putRole(ctx context.Context, id access.GUID, spec RoleSpec) (access.GUID, error) {
	body, err := r.roleBody(id, spec)
	if err != nil {
		return "", err
	}
	put := rest.Request{Operation: "create role", Method: http.MethodPut, Path: r.path("/roles"), Body: body, Creates: true}
	if id != "" {
		put.Operation, put.Creates, put.Object = "update role", false, true
	}
	return rest.FetchAs(ctx, r.rest, put, func(body []byte) (access.GUID, error) {
		written, err := parseCreatedID(body)
		if err == nil && id != "" && written != id {
			return "", errors.New("it names another role")
		}
		return written, err
	})
}

// explainTaken turns a conflict over the name of a role into an error that names the role in the way, where one is found. id is
// the role that is not. Other errors are returned as they are.
func (r *roles) explainTaken(ctx context.Context, id access.GUID, spec RoleSpec, refused error) error {
	if !errors.Is(refused, ErrConflict) {
		return refused
	}
	existing, found, err := r.findRoleNamed(ctx, spec.Name, spec.owner())
	if err != nil || !found || existing.ID == id {
		return refused
	}
	return &RoleExistsError{Existing: existing, Err: refused}
}
