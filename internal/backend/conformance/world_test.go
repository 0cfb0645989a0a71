package conformance_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
)

// world is a server that changes at random. The same source makes the same changes.
type world struct {
	server *server
	random *rand.Rand
	clock  *clock
	names  map[string]string
	// made counts what was made, so that every name is a new one.
	made int
}

// change is a way to change something. It returns false if there is nothing that it could change.
type change struct {
	name string
	make func(*world, context.Context) (bool, error)
}

// jsonObject is a JSON object.
type jsonObject = map[string]any

// changes are all ways to change something. Those that take away are rarer than those that add.
func changes() []change {
	return []change{
		{"create a role", (*world).createRole}, {"create a role", (*world).createRole}, {"change a role", (*world).changeRole}, {"delete a role", (*world).deleteRole},
		{"grant", (*world).grant}, {"grant", (*world).grant}, {"grant", (*world).grant}, {"revoke", (*world).revoke},
		{"create a group", (*world).createGroup}, {"create a group", (*world).createGroup}, {"change a group", (*world).changeGroup}, {"delete a group", (*world).deleteGroup},
	}
}

// call sends a request, which must succeed, and returns what came back.
func (w *world) call(ctx context.Context, method, path string, body any) (any, error) {
	text := ""
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, err
		}
		text = string(encoded)
	}
	p := &play{server: w.server, names: w.names}
	r, err := w.server.send(ctx, "", method, p.expand(path), text, nil)
	if err == nil && r.status/100 != 2 {
		err = fmt.Errorf("%s %s %s: %d %s", method, p.expand(path), text, r.status, r.text)
	}
	return r.body(), err
}

// rows returns the rows of a list, which is an array or a page, for which something is true.
func (w *world) rows(ctx context.Context, path string, wanted func(jsonObject) bool) ([]jsonObject, error) {
	body, err := w.call(ctx, http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	if page, ok := body.(jsonObject); ok {
		body = page["results"]
		if body == nil {
			body = page["value"]
		}
	}
	all, ok := body.([]any)
	if !ok {
		return nil, fmt.Errorf("%s is no list", path)
	}
	var rows []jsonObject
	for _, one := range all {
		if row, ok := one.(jsonObject); ok && (wanted == nil || wanted(row)) {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// one returns a random row of a list; nil for an empty list.
func (w *world) one(ctx context.Context, path string, wanted func(jsonObject) bool) (jsonObject, error) {
	rows, err := w.rows(ctx, path, wanted)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return pick(w.random, rows), nil
}

func pick[T any](random *rand.Rand, all []T) T { return all[random.IntN(len(all))] }

// some returns a few of the values of a member.
func (w *world) some(rows []jsonObject, member string, most int) []string {
	values := []string{}
	for range w.random.IntN(most + 1) {
		if len(rows) > 0 {
			if value := fmt.Sprint(pick(w.random, rows)[member]); !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
	}
	return values
}

// name makes a name that nothing has.
func (w *world) name() string {
	w.made++
	return fmt.Sprintf("%s %d", pick(w.random, []string{"Zeta", "ümlaut", "yes", "# no comment", "a: b", "'quoted'", `"double"`, "0x10", "- item", "漢字"}), w.made)
}

// line makes a text that is hard to write as YAML.
func (w *world) line() string {
	return pick(w.random, []string{"Plain words.", "inner  blanks", "null", "&anchor *alias", "{brace}", "100%", "back\\slash", "x: [1, 2]", "ünï 漢字", "1e3"})
}

// words makes a text that may have several lines.
func (w *world) words() string {
	return pick(w.random, []string{w.line(), "two\nlines", "tab\there", "an end\n", "\n\nbeginning", "# one\n\n  - two\n"})
}

// slug is a name of letters and digits.
func (w *world) slug(kind string) string {
	w.made++
	return fmt.Sprintf("%s-%d", kind, w.made)
}

func (w *world) id() string {
	w.made++
	return fmt.Sprintf("5f000000-0000-4000-8000-%012x", w.made)
}

// shape is a kind of role that can be made, and where it can be assigned.
type shape struct {
	scopeType, tenant, service string
	permissions                string
	scopes                     []string
}

func shapes() []shape {
	const documents = "DocumentUnderstanding"
	return []shape{
		{"ORGANIZATION", "", "", "scopeType=ORGANIZATION", []string{"/", "/identity"}},
		{"TENANT", "{production}", "", "scopeType=TENANT", []string{"/tenant/{production}", "/tenant/{production}/orchestrator"}},
		{"TENANT", "{staging}", "", "scopeType=TENANT", []string{"/tenant/{staging}"}},
		{"TENANT", "{zero}", "", "scopeType=TENANT", []string{"/tenant/{staging}", "/tenant/{production}"}},
		{"TENANT", "{production}", documents, "scopeType=TENANT&serviceName=documentunderstanding", []string{"/tenant/{production}/documentunderstanding"}},
		{"PROJECT", "{production}", documents, "scopeType=PROJECT&serviceName=documentunderstanding", []string{"/tenant/{production}/documentunderstanding/projects/{contracts}"}},
	}
}

// shapeOf finds the shape of a role that was read.
func (w *world) shapeOf(role jsonObject) (shape, bool) {
	p := &play{names: w.names}
	for _, s := range shapes() {
		owner := s.service
		if owner == "" {
			owner = "CentralizedAccess"
		}
		tenant := s.tenant
		if tenant == "" {
			tenant = "{zero}"
		}
		if role["scopeType"] == s.scopeType && role["tenantId"] == p.expand(tenant) && role["ownerServiceName"] == owner {
			return s, true
		}
	}
	return shape{}, false
}

func (w *world) putRole(ctx context.Context, s shape, id, name string) (bool, error) {
	permissions, err := w.rows(ctx, "{pap}/actions?"+s.permissions, nil)
	if err != nil {
		return false, err
	}
	p := &play{names: w.names}
	body := jsonObject{
		"roleName": name, "roleDescription": w.words(), "roleScopeType": s.scopeType, "organizationId": p.expand("{p}"),
		"actionsGrantedByRole": append(w.some(permissions, "name", 4), fmt.Sprint(permissions[0]["name"])),
	}
	body["actionsGrantedByRole"] = slices.Compact(slices.Sorted(slices.Values(body["actionsGrantedByRole"].([]string)))) //nolint:errcheck,forcetypeassert // It was made above.
	if s.tenant != "" {
		body["tenantId"] = p.expand(s.tenant)
	}
	if s.service != "" {
		body["roleService"] = s.service
	}
	if id != "" {
		body["id"] = id
	}
	_, err = w.call(ctx, http.MethodPut, "{pap}/roles", body)
	return true, err
}

func (w *world) createRole(ctx context.Context) (bool, error) {
	return w.putRole(ctx, pick(w.random, shapes()), "", w.name())
}

const customRoles = "{pap}/roles?roleType=CUSTOM&top=1000"

func (w *world) changeRole(ctx context.Context) (bool, error) {
	role, err := w.one(ctx, customRoles, func(r jsonObject) bool { _, ok := w.shapeOf(r); return ok })
	if err != nil || role == nil {
		return false, err
	}
	s, _ := w.shapeOf(role)
	return w.putRole(ctx, s, fmt.Sprint(role["id"]), pick(w.random, []string{fmt.Sprint(role["name"]), w.name()}))
}

func (w *world) deleteRole(ctx context.Context) (bool, error) {
	return w.delete(ctx, customRoles, "{pap}/roles/", nil)
}

// delete deletes a random row of a list.
func (w *world) delete(ctx context.Context, list, path string, wanted func(jsonObject) bool) (bool, error) {
	row, err := w.one(ctx, list, wanted)
	if err != nil || row == nil {
		return false, err
	}
	_, err = w.call(ctx, http.MethodDelete, path+fmt.Sprint(row["id"]), nil)
	return true, err
}

// principals returns those who can hold roles and be members of groups.
func (w *world) principals(ctx context.Context) ([]jsonObject, error) {
	var all []jsonObject
	for kind, path := range []string{allUsers, allGroups, allRobots, allClients} {
		rows, err := w.rows(ctx, path, nil)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			row["kind"] = []string{"User", "Group", "Robot", "ExternalApplication"}[kind]
			all = append(all, row)
		}
	}
	return all, nil
}

// held are all assignments.
func (w *world) held(ctx context.Context) ([]jsonObject, error) {
	var all []jsonObject
	for skip := 0; ; skip += 100 {
		holders, err := w.rows(ctx, fmt.Sprintf("{pap}/userroleassignments?scope=/&noInheritance=false&top=100&skip=%d", skip), nil)
		if err != nil || len(holders) == 0 {
			return all, err
		}
		for _, holder := range holders {
			assignments, _ := holder["roleAssignmentDtos"].([]any)
			for _, one := range assignments {
				if row, ok := one.(jsonObject); ok {
					all = append(all, row)
				}
			}
		}
	}
}

// grant assigns a role that the world made or came with, where it has an effect, unless somebody holds it there already.
func (w *world) grant(ctx context.Context) (bool, error) {
	role, err := w.one(ctx, customRoles, func(r jsonObject) bool { _, ok := w.shapeOf(r); return ok })
	if err != nil || role == nil {
		return false, err
	}
	s, _ := w.shapeOf(role)
	scope := (&play{names: w.names}).expand(pick(w.random, s.scopes))
	principals, err := w.principals(ctx)
	if err != nil {
		return false, err
	}
	principal := pick(w.random, principals)
	held, err := w.held(ctx)
	if err != nil || slices.ContainsFunc(held, func(a jsonObject) bool {
		return a["roleId"] == role["id"] && a["securityPrincipalId"] == principal["id"] && strings.EqualFold(fmt.Sprint(a["scope"]), scope)
	}) {
		return false, err
	}
	_, err = w.call(ctx, http.MethodPatch, "{pap}/userroleassignments", jsonObject{"roleAssignmentsToDelete": []string{}, "roleAssignmentsToAdd": []any{jsonObject{
		"roleId": role["id"], "securityPrincipalId": principal["id"], "securityPrincipalType": principal["kind"], "scope": scope,
	}}})
	return true, err
}

func (w *world) revoke(ctx context.Context) (bool, error) {
	held, err := w.held(ctx)
	if err != nil {
		return false, err
	}
	held = slices.DeleteFunc(held, func(a jsonObject) bool { return a["mutable"] != true })
	if len(held) == 0 {
		return false, nil
	}
	_, err = w.call(ctx, http.MethodPatch, "{pap}/userroleassignments", jsonObject{
		"roleAssignmentsToAdd": []any{}, "roleAssignmentsToDelete": []any{pick(w.random, held)["id"]},
	})
	return true, err
}

func isCustomGroup(g jsonObject) bool { return g["type"] == float64(1) }

func (w *world) createGroup(ctx context.Context) (bool, error) {
	principals, err := w.principals(ctx)
	if err != nil {
		return false, err
	}
	_, err = w.call(ctx, http.MethodPost, "{identity}/Group", jsonObject{
		"partitionGlobalId": w.names["p"], "id": w.id(), "name": w.name(), "directoryUserMemberIDs": w.some(principals, "id", 4),
	})
	return true, err
}

func (w *world) changeGroup(ctx context.Context) (bool, error) {
	group, err := w.one(ctx, allGroups, isCustomGroup)
	if err != nil || group == nil {
		return false, err
	}
	members, err := w.rows(ctx, fmt.Sprintf("{identity}/Group/{p}/%s/Members?top=1000", group["id"]), nil)
	if err != nil {
		return false, err
	}
	// Groups would form a circle sooner or later.
	principals, err := w.principals(ctx)
	if err != nil {
		return false, err
	}
	principals = slices.DeleteFunc(principals, func(p jsonObject) bool {
		return p["kind"] == "Group" || slices.ContainsFunc(members, func(m jsonObject) bool { return m["id"] == p["id"] })
	})
	_, err = w.call(ctx, http.MethodPut, fmt.Sprintf("{identity}/Group/%s", group["id"]), jsonObject{
		"partitionGlobalId": w.names["p"], "name": pick(w.random, []string{fmt.Sprint(group["name"]), w.name()}),
		"directoryUserIDsToAdd": w.some(principals, "id", 3), "directoryUserIDsToRemove": w.some(members, "id", 1),
	})
	return true, err
}

func (w *world) deleteGroup(ctx context.Context) (bool, error) {
	return w.delete(ctx, allGroups, "{identity}/Group/{p}/", isCustomGroup)
}
