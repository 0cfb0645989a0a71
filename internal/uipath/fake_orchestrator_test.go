package uipath

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// firstUser is the number of the first user. It does not fit into 32 bits.
const firstUser = int64(1<<32 + 1)

// fakeOrchestrator is Orchestrator of one tenant as contract 8 has it, in memory. The lock of the fake is held.
type fakeOrchestrator struct {
	t     *testing.T
	roles map[int32]orchestratorRoleAnswer
	users map[int64]access.GUID
	// held is who has which role where; the folder is 0 at the tenant. in is who was added to which folder.
	held map[memberKey]bool
	in   map[folderUser]bool
	// folders is how many there are, from number 1.
	folders int
	// forbidden is a role that nobody may give, 0 for none.
	forbidden int32
	// largest is how many users one request named.
	largest int
	// pageCap is the most rows that a page has, whatever is asked for.
	pageCap int
}

// folderKey returns the key of a folder by its number.
func folderKey(n int64) string { return fmt.Sprintf("ab000000-0000-4000-8000-%012d", n) }

// withOrchestrator gives the tenant an Orchestrator with numbered roles and folders: roles 1 to 3 are for the tenant, 4 to 6 for folders.
func withOrchestrator(t *testing.T, f *fake, folders int) *fakeOrchestrator {
	t.Helper()
	o := &fakeOrchestrator{
		t: t, roles: map[int32]orchestratorRoleAnswer{}, users: map[int64]access.GUID{}, held: map[memberKey]bool{}, in: map[folderUser]bool{},
		folders: folders, pageCap: pageSize,
	}
	for n := int32(1); n <= 6; n++ {
		kind := "Tenant"
		if n > 3 {
			kind = "Folder"
		}
		o.roles[n] = orchestratorRoleAnswer{ID: n, Key: roleID(int(n)).String(), Name: fmt.Sprintf("Role %d", n), Type: kind, IsEditable: true}
	}
	f.orchestrator = o
	return o
}

// addUsers adds accounts with numbers from 1 to count.
func (o *fakeOrchestrator) addUsers(count int) {
	for n := 1; n <= count; n++ {
		o.users[firstUser+int64(n)] = principalID(n)
	}
}

// give gives a role, as somebody else would.
func (o *fakeOrchestrator) give(role int32, user, folder int64) {
	o.held[memberKey{role, user, folder}] = true
	if folder != 0 {
		o.in[folderUser{folder, user}] = true
	}
}

var (
	oneOfCollection = regexp.MustCompile(`^(\w+)\((\d+)\)(.*)$`)
	functionOf      = regexp.MustCompile(`^(\w+)/UiPath\.Server\.Configuration\.OData\.(\w+)(?:\(([^)]*)\))?$`)
)

func (o *fakeOrchestrator) answer(w http.ResponseWriter, r *http.Request, body string) {
	_, path, _ := strings.Cut(r.URL.Path, "/odata/")
	if m := functionOf.FindStringSubmatch(path); m != nil {
		o.function(w, r, m[1]+"."+m[2], m[3], body)
		return
	}
	if m := oneOfCollection.FindStringSubmatch(path); m != nil {
		id, _ := strconv.ParseInt(m[2], 10, 64)
		o.one(w, r, m[1]+strings.TrimPrefix(m[3], "/UiPath.Server.Configuration.OData"), id, body)
		return
	}
	switch r.Method + " " + path {
	case "GET Roles":
		if r.URL.Query().Get("$expand") != "Permissions" {
			o.t.Errorf("roles are listed without their permissions: %s", r.URL)
		}
		o.page(w, r, inOrder(o.roles, func(_ int32, a orchestratorRoleAnswer) any { return a }))
	case "POST Roles":
		o.createRole(w, body)
	case "GET Users":
		o.page(w, r, inOrder(o.users, o.userBody))
	case "POST Users":
		o.addUser(w, body)
	case "GET Folders":
		rows := make([]any, o.folders)
		for i := range rows {
			rows[i] = map[string]any{"Id": i + 1, "Key": folderKey(int64(i + 1)), "FullyQualifiedName": fmt.Sprintf("Folder %d", i+1)}
		}
		o.page(w, r, rows)
	case "GET Permissions":
		o.page(w, r, []any{
			map[string]any{"Name": "Machines", "Scope": "Global"}, map[string]any{"Name": "Machines.View", "Scope": "Global", "IsGranted": true},
			map[string]any{"Name": "Assets.View", "Scope": "Folder", "IsGranted": true},
		})
	default:
		o.refuse(w, http.StatusNotFound, 1002, "no such path "+path)
	}
}

func inOrder[K int32 | int64, V any](all map[K]V, body func(K, V) any) []any {
	rows := []any{}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		rows = append(rows, body(id, all[id]))
	}
	return rows
}

func (o *fakeOrchestrator) userBody(number int64, account access.GUID) any {
	return map[string]any{"Id": number, "Key": strings.ToUpper(account.String()), "UserName": "u", "FullName": fmt.Sprintf("User %d", number-firstUser), "Type": "DirectoryUser"}
}

func (o *fakeOrchestrator) page(w http.ResponseWriter, r *http.Request, rows []any) {
	query := r.URL.Query()
	top, err := strconv.Atoi(query.Get("$top"))
	skip, _ := strconv.Atoi(query.Get("$skip"))
	if err != nil || top > pageSize || query.Get("$orderby") == "" && !strings.HasSuffix(r.URL.Path, "/Folders") {
		o.t.Errorf("a collection is listed without page or order: %s", r.URL)
	}
	end := min(len(rows), skip+min(top, o.pageCap))
	o.json(w, http.StatusOK, map[string]any{"@odata.context": "x", "@odata.count": len(rows), "value": rows[min(skip, end):end]})
}

func (o *fakeOrchestrator) json(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		o.t.Error(err)
	}
	answerJSON(w, status, string(text))
}

func (o *fakeOrchestrator) refuse(w http.ResponseWriter, status, code int, text string) {
	o.json(w, status, map[string]any{"message": text, "errorCode": code, "traceId": "00-t-00"})
}

// guard refuses the role that nobody may give, in the vendor's words (contract 8.5-7).
func (o *fakeOrchestrator) guard(w http.ResponseWriter, roles ...int32) bool {
	if o.forbidden == 0 || !slices.Contains(roles, o.forbidden) {
		return false
	}
	o.refuse(w, http.StatusForbidden, 0, "Action forbidden: You selected at least one role that grants more than your set of permissions. "+
		"Please remove the following role(s): "+o.roles[o.forbidden].Name+" to continue")
	return true
}

func (o *fakeOrchestrator) read(body string, into any) {
	in := json.NewDecoder(strings.NewReader(body))
	in.DisallowUnknownFields()
	if err := in.Decode(into); err != nil {
		o.t.Errorf("body %s: %v", body, err)
	}
}

func (o *fakeOrchestrator) createRole(w http.ResponseWriter, body string) {
	var sent orchestratorRoleBody
	o.read(body, &sent)
	for _, other := range o.roles {
		if strings.EqualFold(other.Name, sent.Name) {
			o.refuse(w, http.StatusConflict, 1001, "The name "+sent.Name+" is already used.")
			return
		}
	}
	id := int32(100 + len(o.roles))
	o.roles[id] = orchestratorRoleAnswer{ID: id, Key: roleID(int(id)).String(), Name: sent.Name, Type: string(sent.Type), IsEditable: true, Permissions: sent.Permissions}
	shown := o.roles[id]
	shown.Permissions = nil
	o.json(w, http.StatusCreated, shown)
}

func (o *fakeOrchestrator) addUser(w http.ResponseWriter, body string) {
	var sent newUserBody
	o.read(body, &sent)
	for _, account := range o.users {
		if account == sent.Key {
			o.refuse(w, http.StatusConflict, 1001, "The name is already used.")
			return
		}
	}
	if sent.Key == badPrincipal || sent.DirectoryIdentifier != sent.Key || sent.Type == "" {
		o.refuse(w, http.StatusBadRequest, 1009, "The directory has no such account.")
		return
	}
	number := firstUser + 100000 + int64(len(o.users))
	o.users[number] = sent.Key
	o.json(w, http.StatusCreated, o.userBody(number, sent.Key))
}

func (o *fakeOrchestrator) one(w http.ResponseWriter, r *http.Request, what string, id int64, body string) {
	switch role, known := o.roles[int32(id)]; r.Method + " " + what {
	case "GET Roles", "PUT Roles", "DELETE Roles", "POST Roles.SetUsers":
		if !known {
			o.refuse(w, http.StatusNotFound, 1002, fmt.Sprintf("Role %d does not exist.", id))
			return
		}
		o.oneRole(w, r, role, body)
	case "POST Folders.RemoveUserFromFolder":
		var sent struct {
			User int64 `json:"userId"`
		}
		o.read(body, &sent)
		if !o.in[folderUser{id, sent.User}] {
			o.refuse(w, http.StatusNotFound, 1002, "The user does not exist in the folder.")
			return
		}
		delete(o.in, folderUser{id, sent.User})
		maps.DeleteFunc(o.held, func(k memberKey, _ bool) bool { return k.folder == id && k.user == sent.User })
		w.WriteHeader(http.StatusNoContent)
	default:
		o.refuse(w, http.StatusNotFound, 1002, "no such path")
	}
}

func (o *fakeOrchestrator) oneRole(w http.ResponseWriter, r *http.Request, role orchestratorRoleAnswer, body string) {
	switch r.Method {
	case http.MethodGet:
		o.json(w, http.StatusOK, role)
	case http.MethodDelete:
		delete(o.roles, role.ID)
		maps.DeleteFunc(o.held, func(k memberKey, _ bool) bool { return k.role == role.ID })
		w.WriteHeader(http.StatusNoContent)
	case http.MethodPut:
		var sent orchestratorRoleBody
		o.read(body, &sent)
		for _, other := range o.roles {
			if strings.EqualFold(other.Name, sent.Name) && other.ID != role.ID {
				o.refuse(w, http.StatusConflict, 1001, "The name "+sent.Name+" is already used.")
				return
			}
		}
		role.Name, role.Permissions = sent.Name, sent.Permissions
		o.roles[role.ID] = role
		w.WriteHeader(http.StatusOK)
	default:
		o.setUsers(w, role.ID, body)
	}
}

func (o *fakeOrchestrator) setUsers(w http.ResponseWriter, role int32, body string) {
	var sent setUsersBody
	o.read(body, &sent)
	if sent.Added == nil || sent.Removed == nil {
		o.t.Errorf("both lists are required: %s", body)
	}
	o.largest = max(o.largest, len(sent.Added)+len(sent.Removed))
	if o.guard(w, role) {
		return
	}
	for _, user := range sent.Added {
		if _, ok := o.users[user]; !ok {
			o.refuse(w, http.StatusNotFound, 1002, fmt.Sprintf("User %d does not exist.", user))
			return
		}
	}
	for _, user := range sent.Added {
		o.give(role, user, 0)
	}
	for _, user := range sent.Removed {
		delete(o.held, memberKey{role: role, user: user})
	}
	w.WriteHeader(http.StatusNoContent)
}

func (o *fakeOrchestrator) function(w http.ResponseWriter, r *http.Request, name, arguments, body string) {
	named := map[string]string{}
	for item := range strings.SplitSeq(arguments, ",") {
		key, value, _ := strings.Cut(item, "=")
		named[key] = value
	}
	number, _ := strconv.ParseInt(named["key"], 10, 64)
	switch r.Method + " " + name {
	case "GET Users.GetByKey":
		for id, account := range o.users {
			if account == access.OptionalGUID(named["identifier"]) {
				o.json(w, http.StatusOK, o.userBody(id, account))
				return
			}
		}
		o.refuse(w, http.StatusNotFound, 1002, "The user does not exist.")
	case "GET Roles.GetUserIdsForRole":
		if _, ok := o.roles[int32(number)]; !ok {
			o.refuse(w, http.StatusNotFound, 1002, "Role does not exist.")
			return
		}
		o.json(w, http.StatusOK, map[string]any{"value": o.membersOf(int32(number))})
	case "GET Folders.GetUsersForFolder":
		if named["includeInherited"] != "false" {
			o.t.Errorf("users of a folder are asked for with %s", arguments)
		}
		o.page(w, r, o.usersOfFolder(number))
	case "POST Folders.AssignUsers":
		o.assignUsers(w, body)
	default:
		o.refuse(w, http.StatusNotFound, 1002, "no such function "+name)
	}
}

func (o *fakeOrchestrator) membersOf(role int32) []int64 {
	ids := []int64{}
	for key := range o.held {
		if key.role == role && key.folder == 0 {
			ids = append(ids, key.user)
		}
	}
	slices.Sort(ids)
	return ids
}

func (o *fakeOrchestrator) usersOfFolder(folder int64) []any {
	rows := map[int64][]any{}
	for place := range o.in {
		if place.folder == folder {
			rows[place.user] = []any{map[string]any{"Id": 6, "Name": "above", "Origin": "Inherited"}}
		}
	}
	for key := range o.held {
		if key.folder == folder {
			rows[key.user] = append(rows[key.user], map[string]any{"Id": key.role, "Name": "r", "Origin": "Assigned"})
		}
	}
	return inOrder(rows, func(user int64, roles []any) any {
		return map[string]any{"Id": user, "UserEntity": map[string]any{"Id": user, "IsInherited": false}, "Roles": roles}
	})
}

func (o *fakeOrchestrator) assignUsers(w http.ResponseWriter, body string) {
	var sent struct {
		Assignments folderAssignments `json:"assignments"`
	}
	o.read(body, &sent)
	o.largest = max(o.largest, len(sent.Assignments.Users))
	for _, at := range sent.Assignments.Folders {
		if o.guard(w, at.Roles...) {
			return
		}
	}
	for _, user := range sent.Assignments.Users {
		if _, ok := o.users[user]; !ok {
			o.refuse(w, http.StatusNotFound, 1002, fmt.Sprintf("User %d does not exist.", user))
			return
		}
	}
	for _, user := range sent.Assignments.Users {
		for _, at := range sent.Assignments.Folders {
			maps.DeleteFunc(o.held, func(k memberKey, _ bool) bool { return k.folder == at.Folder && k.user == user })
			o.in[folderUser{at.Folder, user}] = true
			for _, role := range at.Roles {
				o.give(role, user, at.Folder)
			}
		}
	}
	w.WriteHeader(http.StatusNoContent)
}
