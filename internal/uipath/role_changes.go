package uipath

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// RoleSpec is what an administrator decides about a role.
type RoleSpec struct {
	Name        string
	Description string
	Shape       access.RoleShape
	// TenantID is the tenant that owns the role; only for the shapes Tenant and Project.
	TenantID access.GUID
	// Service is the owner in any spelling that [access.FindService] knows, "" for a multi-service role.
	Service     string
	Permissions []string
}

// owner returns the owner of the role as the server spells it. A role that names no service is a multi-service one.
func (s RoleSpec) owner() string {
	if s.Service == "" {
		return access.MultiService.Name
	}
	if known, ok := access.FindService(s.Service); ok {
		return known.Name
	}
	return s.Service
}

// matches reports whether a role is what the spec asks for.
func (s RoleSpec) matches(r Role) bool {
	return r.Name == s.Name && r.Description == s.Description && r.Shape == s.Shape && r.TenantID == s.TenantID &&
		strings.EqualFold(r.Service, s.owner()) && slices.Equal(r.Permissions, canonicalPermissions(s.Permissions))
}

// role is the role that the spec asks for. It is not read back after a write: reads may lag behind writes (contract 10.3), and what
// the server holds beyond what was sent is for the next run to see.
func (s RoleSpec) role(id, createdBy access.GUID, createdOn time.Time) Role {
	return Role{
		ID: id, Name: s.Name, Description: s.Description, Type: access.RoleCustom, Shape: s.Shape, TenantID: s.TenantID,
		Service: s.owner(), Permissions: canonicalPermissions(s.Permissions), CreatedBy: createdBy, CreatedOn: createdOn,
	}
}

// CreateRole makes a role. The result is what was sent, with its id; when it was made only a later read tells. A name that is
// taken is a [*RoleExistsError]. Where the server may have made the role but the answer was lost, the role is looked up by name:
// it is sent again where it is absent, and taken where it certainly is the one asked for; else the error is a
// [*RoleOutcomeUnknownError].
func (c *Client) CreateRole(ctx context.Context, spec RoleSpec) (Role, error) {
	creation := &roleCreation{client: c, spec: spec, began: c.rest.Now()}
	carryOut(ctx, c.rest, creation, []*roleCreation{creation}, 0)
	return creation.role.clone(), creation.err
}

// roleCreation is a role to be made, and what became of it. It is the one item of its own write.
type roleCreation struct {
	client *Client
	spec   RoleSpec
	// began is when it was sent first, in local time.
	began time.Time
	// existing is the role of the name that the last look-up found.
	existing Role

	role Role
	err  error
}

func (w *roleCreation) what(*roleCreation) string { return "role " + w.spec.Name }
func (w *roleCreation) unseen() string            { return "no role of this name was found afterwards" }

func (w *roleCreation) send(ctx context.Context, _ []*roleCreation) error {
	id, err := w.client.putRole(ctx, "", w.spec)
	if err != nil {
		w.client.roles.forget()
		return err
	}
	w.role = w.spec.role(id, w.client.caller.Subject, time.Time{})
	return nil
}

func (w *roleCreation) lookUp(ctx context.Context, _ []*roleCreation, _ bool) ([]outcome, error) {
	existing, found, err := w.client.findRoleNamed(ctx, w.spec.Name, w.spec.owner())
	switch {
	case err != nil:
		return nil, err
	case !found:
		return []outcome{absent}, nil
	}
	w.existing = existing
	if !w.spec.matches(existing) || !w.client.madeBySelf(existing.CreatedBy, existing.CreatedOn, w.began) {
		return []outcome{unclear}, nil
	}
	w.role = existing
	return []outcome{carriedOut}, nil
}

func (w *roleCreation) done(*roleCreation) { w.client.roles.put(w.role) }

func (w *roleCreation) refused(ctx context.Context, _ *roleCreation, refused *Error) {
	w.err = w.client.explainTaken(ctx, "", w.spec, refused)
}

func (w *roleCreation) failed(_ *roleCreation, err error) { w.err = err }

func (w *roleCreation) unknown(_ *roleCreation, err error) {
	w.err = &RoleOutcomeUnknownError{Name: w.spec.Name, Existing: w.existing, Err: err}
}

// UpdateRole makes a role be as spec says; the server replaces all of it. Owner, shape and tenant cannot change. The result is
// what was sent, with who made the role and when if that is known already. A name that is taken is a [*RoleExistsError].
func (c *Client) UpdateRole(ctx context.Context, id access.GUID, spec RoleSpec) (Role, error) {
	if err := checkID("role", id); err != nil {
		return Role{}, err
	}
	// The export shows names and descriptions of roles.
	defer c.forgetExports()
	if _, err := c.putRole(ctx, id, spec); err != nil {
		c.roles.forget()
		return Role{}, c.explainTaken(ctx, id, spec, err)
	}
	known, _ := c.roles.get(id)
	updated := spec.role(id, known.CreatedBy, known.CreatedOn)
	c.roles.put(updated)
	return updated.clone(), nil
}

// DeleteRole deletes a role. One that does not exist counts as deleted.
func (c *Client) DeleteRole(ctx context.Context, id access.GUID) error {
	if err := checkID("role", id); err != nil {
		return err
	}
	// What is assigned of it goes with it, or stays: that is not public (contract 3.6).
	defer c.assignments.forgetWide()
	err := c.rest.Send(ctx, rest.Request{
		Operation: "delete role", Method: http.MethodDelete, Path: c.apiPath("/roles/" + id.String()), Object: true,
	}, nil)
	if err != nil && !errors.Is(err, ErrNotFound) {
		c.roles.forget()
		return err
	}
	c.roles.remove(id)
	return nil
}

// putRole sends a role, a new one where id is empty, and returns its id.
func (c *Client) putRole(ctx context.Context, id access.GUID, spec RoleSpec) (access.GUID, error) {
	body, err := c.roleBody(id, spec)
	if err != nil {
		return "", err
	}
	put := rest.Request{Operation: "create role", Method: http.MethodPut, Path: c.apiPath("/roles"), Body: body, Creates: true}
	if id != "" {
		put.Operation, put.Creates, put.Object = "update role", false, true
	}
	return rest.FetchAs(ctx, c.rest, put, func(body []byte) (access.GUID, error) {
		written, err := parseCreatedID(body)
		if err == nil && id != "" && written != id {
			return "", errors.New("it names another role")
		}
		return written, err
	})
}

// explainTaken turns a conflict over the name of a role into an error that names the role in the way, where one is found. id is
// the role that is not. Other errors are returned as they are.
func (c *Client) explainTaken(ctx context.Context, id access.GUID, spec RoleSpec, refused error) error {
	if !errors.Is(refused, ErrConflict) {
		return refused
	}
	existing, found, err := c.findRoleNamed(ctx, spec.Name, spec.owner())
	if err != nil || !found || existing.ID == id {
		return refused
	}
	return &RoleExistsError{Existing: existing, Err: refused}
}

// madeBySelf reports whether what was made by somebody at some time certainly comes from a request of this client that began then,
// in local time: it was made by the token's subject, and not before the request began in the server's time. Of an opaque token
// nothing is certain.
func (c *Client) madeBySelf(by access.GUID, on, began time.Time) bool {
	subject, known := c.Subject()
	start, timed := c.rest.ServerTime(began)
	return known && timed && by == subject && !on.Before(start)
}
