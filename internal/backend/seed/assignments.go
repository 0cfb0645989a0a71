package seed

import (
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// assignmentRows writes assignments as YAML, of which there may be very many. What needs no quoting in YAML is written as it is; the others,
// names of roles and principals, are quoted once each.
type assignmentRows struct {
	writer

	// lines are the lines of roles and principals that were written already.
	lines map[any]string
	// text is the last row, kept for its memory.
	text []byte
}

// row returns an entry of the list. It is valid until the next call.
func (r *assignmentRows) row(a model.Assignment) ([]byte, error) {
	role, err := r.line(r.role(a), "role")
	if err != nil {
		return nil, err
	}
	principal, err := r.line(r.holder(a), "principal")
	if err != nil {
		return nil, err
	}
	r.text = append(r.text[:0], "  - id: "+a.ID.String()+"\n    "...)
	r.text = append(append(r.text, role...), "    "+principal...)
	r.member("scope", r.path(a.Scope))
	r.member("type", string(a.Type))
	r.member("createdBy", a.CreatedBy.String())
	r.member("createdOn", `"`+model.FormatTime(a.CreatedOn)+`"`)
	r.member("updatedBy", a.UpdatedBy.String())
	r.member("updatedOn", `"`+model.FormatTime(a.UpdatedOn)+`"`)
	return r.text, nil
}

// member adds a line with a value that needs no more quoting. It leaves out what is not known.
func (r *assignmentRows) member(key, value string) {
	if value != "" {
		r.text = append(append(append(append(r.text, "    "...), key...), ": "...), value...)
		r.text = append(r.text, '\n')
	}
}

// line returns the line of a role or a principal in an entry, without its indentation.
func (r *assignmentRows) line(ref any, key string) (string, error) {
	if known, ok := r.lines[ref]; ok {
		return known, nil
	}
	entry := assignmentEntry{}
	switch ref := ref.(type) {
	case roleRef:
		entry.Role = ref
	case principalRef:
		entry.Principal = ref
	}
	text, err := encode(assignmentsKey, []assignmentEntry{entry})
	if err != nil {
		return "", err
	}
	_, line, _ := strings.Cut(string(text), key+": ")
	line, _, _ = strings.Cut(line, "\n")
	r.lines[ref] = key + ": " + line + "\n"
	return r.lines[ref], nil
}

// holder names who holds an assignment: one that is gone by its id.
func (w writer) holder(a model.Assignment) principalRef {
	if known, ok := w.principals[a.PrincipalID]; ok {
		return known
	}
	return principalRef{a.PrincipalID.String(), a.PrincipalType}
}

// role names the role of an assignment: one that is gone by its id.
func (w writer) role(a model.Assignment) roleRef {
	if known, ok := w.roles[a.RoleID]; ok {
		return known
	}
	return roleRef{ID: a.RoleID.String()}
}

// path is a scope with the name of its tenant.
func (w writer) path(at access.Scope) string {
	tenant := at.TenantID()
	if tenant == "" {
		return at.String()
	}
	return strings.Replace(at.String(), tenant.String(), w.tenants[tenant], 1)
}
