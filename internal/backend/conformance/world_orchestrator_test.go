package conformance_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// orchestratorChanges are the ways to change what is made in Orchestrator.
func orchestratorChanges() []change {
	return []change{
		{"create a role of Orchestrator", (*world).createOrchestratorRole}, {"change a role of Orchestrator", (*world).changeOrchestratorRole},
		{"delete a role of Orchestrator", (*world).deleteOrchestratorRole},
		{"add a user to Orchestrator", (*world).addOrchestratorUser}, {"add a user to Orchestrator", (*world).addOrchestratorUser},
		{"delete a user of Orchestrator", (*world).deleteOrchestratorUser},
		{"set users of a role", (*world).setUsersOfRole}, {"set users of a role", (*world).setUsersOfRole},
		{"assign users at a folder", (*world).assignAtFolder}, {"assign users at a folder", (*world).assignAtFolder},
	}
}

func isEditable(role jsonObject) bool { return role["IsEditable"] == true }

// listed lists a collection of Orchestrator in the tenant Production.
func listed(collection string) string { return "{orchestrator}/odata/" + collection }

// granted are a few permissions that a role of a type can grant.
func (w *world) granted(ctx context.Context, kind string) ([]jsonObject, error) {
	scope := map[string]string{"Tenant": "Global", "Folder": "Folder"}[kind]
	all, err := w.rows(ctx, listed("Permissions"), func(p jsonObject) bool {
		return p["Scope"] == scope && strings.Contains(fmt.Sprint(p["Name"]), ".")
	})
	var some []jsonObject
	for _, name := range w.some(all, "Name", 4) {
		some = append(some, jsonObject{"Name": name, "IsGranted": true})
	}
	return some, err
}

func (w *world) createOrchestratorRole(ctx context.Context) (bool, error) {
	kind := pick(w.random, []string{"Tenant", "Folder"})
	permissions, err := w.granted(ctx, kind)
	if err != nil {
		return false, err
	}
	_, err = w.call(ctx, http.MethodPost, orRoles, jsonObject{"Name": w.name(), "DisplayName": w.line(), "Type": kind, "Permissions": permissions})
	return true, err
}

func (w *world) changeOrchestratorRole(ctx context.Context) (bool, error) {
	role, err := w.one(ctx, listed("Roles"), isEditable)
	if err != nil || role == nil {
		return false, err
	}
	permissions, err := w.granted(ctx, fmt.Sprint(role["Type"]))
	if err != nil {
		return false, err
	}
	_, err = w.call(ctx, http.MethodPut, fmt.Sprintf("%s(%.0f)", orRoles, role["Id"]), jsonObject{
		"Id": role["Id"], "Name": pick(w.random, []string{fmt.Sprint(role["Name"]), w.name()}), "Type": role["Type"], "Permissions": permissions,
	})
	return true, err
}

func (w *world) deleteOrchestratorRole(ctx context.Context) (bool, error) {
	role, err := w.one(ctx, listed("Roles"), isEditable)
	if err != nil || role == nil {
		return false, err
	}
	_, err = w.call(ctx, http.MethodDelete, fmt.Sprintf("%s(%.0f)", orRoles, role["Id"]), nil)
	return true, err
}

func (w *world) addOrchestratorUser(ctx context.Context) (bool, error) {
	users, err := w.rows(ctx, listed("Users"), nil)
	if err != nil {
		return false, err
	}
	added := map[any]bool{}
	for _, u := range users {
		added[u["Key"]] = true
	}
	principals, err := w.principals(ctx)
	if err != nil {
		return false, err
	}
	for _, p := range principals {
		if added[p["id"]] {
			continue
		}
		_, err := w.call(ctx, http.MethodPost, orUsers, jsonObject{"Key": p["id"], "Type": "Directory" + fmt.Sprint(p["kind"])})
		return true, err
	}
	return false, nil
}

func (w *world) deleteOrchestratorUser(ctx context.Context) (bool, error) {
	user, err := w.one(ctx, listed("Users"), nil)
	if err != nil || user == nil || w.random.IntN(3) > 0 {
		return false, err
	}
	_, err = w.call(ctx, http.MethodDelete, fmt.Sprintf("%s(%.0f)", orUsers, user["Id"]), nil)
	return true, err
}

// usersOfOrchestrator are the numbers of a few users.
func (w *world) usersOfOrchestrator(ctx context.Context) ([]any, error) {
	users, err := w.rows(ctx, listed("Users"), nil)
	ids := []any{}
	for range w.random.IntN(4) {
		if len(users) > 0 {
			ids = append(ids, pick(w.random, users)["Id"])
		}
	}
	return ids, err
}

func (w *world) setUsersOfRole(ctx context.Context) (bool, error) {
	role, err := w.one(ctx, listed("Roles"), func(r jsonObject) bool { return r["Type"] == "Tenant" })
	if err != nil || role == nil {
		return false, err
	}
	added, err := w.usersOfOrchestrator(ctx)
	if err != nil {
		return false, err
	}
	removed, err := w.usersOfOrchestrator(ctx)
	if err != nil {
		return false, err
	}
	_, err = w.call(ctx, http.MethodPost, fmt.Sprintf("%s(%.0f)%sSetUsers", orRoles, role["Id"], orAction), jsonObject{"addedUserIds": added, "removedUserIds": removed[:len(removed)/2]})
	return true, err
}

func (w *world) assignAtFolder(ctx context.Context) (bool, error) {
	folder, err := w.one(ctx, listed("Folders"), nil)
	if err != nil || folder == nil {
		return false, err
	}
	role, err := w.one(ctx, listed("Roles"), func(r jsonObject) bool { return r["Type"] == "Folder" })
	if err != nil {
		return false, err
	}
	users, err := w.usersOfOrchestrator(ctx)
	if err != nil {
		return false, err
	}
	roles := []any{role["Id"]}
	_, err = w.call(ctx, http.MethodPost, orFolders+orAction+"AssignUsers", jsonObject{"assignments": jsonObject{
		"UserIds": users, "RolesPerFolder": []any{jsonObject{"FolderId": folder["Id"], "RoleIds": roles[:w.random.IntN(2)]}},
	}})
	return true, err
}
