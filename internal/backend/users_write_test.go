package backend_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

const (
	katherine = "3a000000-0000-4000-8000-000000000004"
	radia     = "3a000000-0000-4000-8000-000000000009"
	robots    = "3b000000-0000-4000-8000-000000000007"
)

type identityResult struct {
	Succeeded bool
	Errors    []struct{ Code, Description string }
}

// codes are the codes of the errors.
func (r identityResult) codes() string {
	var codes []string
	for _, e := range r.Errors {
		codes = append(codes, e.Code)
	}
	return strings.Join(codes, " ")
}

type createdUsers struct {
	Result identityResult
	Users  []userBody
}

func (b *bench) user(t *testing.T, id, token string) userBody {
	t.Helper()
	return decode[userBody](t, b.mustGet(t, identity+"User/"+id, token))
}

func TestUpdateUser(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	put := func(body role) {
		t.Helper()
		r := b.sendJSON(t, http.MethodPut, identity+"User/"+strings.ToUpper(grace), token, body)
		if r.status != http.StatusOK || r.text != `{"succeeded":true,"errors":[]}` {
			t.Fatalf("%v: got %d %s", body, r.status, r.text)
		}
	}
	before := b.user(t, grace, token)
	put(role{})
	want := before
	modified := "2026-05-04T10:00:00.1234567"
	want.LastModificationTime = &modified
	if d := cmp.Diff(want, b.user(t, grace, token)); d != "" {
		t.Errorf("an empty change changed something (-want +got):\n%s", d)
	}
	// Null is the same as absent.
	put(role{"name": "Amazing", "surname": nil, "displayName": "Amazing Grace", "email": "grace@navy.example", "isActive": nil, "password": "x",
		"bypassBasicAuthRestriction": true, "groupIDsToAdd": []string{engineers, strings.ToUpper(robots)}, "groupIDsToRemove": []string{everyone, discovery}})
	want.Name, want.DisplayName, want.Email, want.BypassBasicAuthRestriction = "Amazing", "Amazing Grace", "grace@navy.example", true
	want.GroupIDs = []string{robots, engineers}
	if d := cmp.Diff(want, b.user(t, grace, token)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	members := b.mustGet(t, identity+"Group/"+orgID+"/"+engineers+"/Members", token)
	if !strings.Contains(members.text, grace) {
		t.Errorf("she is no member: %s", members.text)
	}
	put(role{"isActive": false, "invitationAccepted": false, "groupIDsToAdd": nil, "groupIDsToRemove": []string{engineers, robots}})
	if u := b.user(t, grace, token); u.IsActive || u.InvitationAccepted || u.GroupIDs != nil {
		t.Errorf("%+v", u)
	}
	// A cleared name or email becomes what it is for somebody who was created without one.
	put(role{"isActive": true, "invitationAccepted": true, "displayName": "", "email": ""})
	if u := b.user(t, grace, token); u.DisplayName != "Amazing Hopper" || u.Email != "grace.hopper@acme.example" {
		t.Errorf("%+v", u)
	}
	b.sameAfterSnapshot(t)
}

func TestUpdateUserRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token, before := b.as(t, ""), b.state(t)
	put := func(id string, body any) response {
		return b.sendJSON(t, http.MethodPut, identity+"User/"+id, token, body)
	}
	for _, test := range []struct {
		body        role
		code, parts string
	}{
		{role{"email": "ada.lovelace@acme.example"}, "DuplicateEmail", "Email 'ada.lovelace@acme.example' is already taken."},
		{role{"email": "RADIA.perlman@acme.example"}, "DuplicateEmail", "already taken"},
		{role{"email": "nobody"}, "InvalidEmail", "Email 'nobody' is invalid."},
		{role{"email": "a@b@c"}, "InvalidEmail", ""},
		{role{"name": strings.Repeat("x", 257)}, "InvalidName", "257 characters; at most 256"},
		{role{"displayName": "a\u0007", "email": "a b@c"}, "InvalidName InvalidEmail", "control characters"},
		{role{"groupIDsToAdd": []string{nobodyID}}, "InvalidGroup", nobodyID},
		{role{"displayName": "Changed", "groupIDsToRemove": []string{ada}}, "InvalidGroup", ada},
	} {
		r := put(grace, test.body)
		got := decode[identityResult](t, r)
		if r.status != http.StatusOK || got.Succeeded || got.codes() != test.code || !strings.Contains(r.text, test.parts) {
			t.Errorf("%v: got %d %s, want %s", test.body, r.status, r.text, test.code)
		}
	}
	refused(t, put(nobodyID, role{}), http.StatusNotFound, "The entity was not found.")
	refused(t, put(radia, role{}), http.StatusNotFound, "The entity was not found.")
	refused(t, put(barbara, role{"displayName": "B"}), http.StatusForbidden, "kept in the external directory")
	fieldRefused(t, put("grace", role{}), "id", "'grace' is not valid")
	fieldRefused(t, put(grace, role{"isActive": "yes"}), "isActive", "a boolean")
	fieldRefused(t, put(grace, role{"groupIDsToAdd": []string{"x"}}), "groupIDsToAdd", "'x' is not valid")
	fieldRefused(t, put(grace, role{"extensionUserAttributesToRemove": []string{"x"}}), "extensionUserAttributesToRemove", "keeps no such values")
	fieldRefused(t, put(grace, []string{}), "$", "not a JSON object")
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
	strict := open(t, backend.Options{Strict: true})
	fieldRefused(t, strict.sendJSON(t, http.MethodPut, identity+"User/"+grace, strict.as(t, ""), role{"userName": "g"}), "userName", "not known")
}

// TestAnApplicationThatIsNoAdministrator may write users, but not put them into groups.
func TestAnApplicationThatIsNoAdministrator(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Seed: withScopes(t, "terraform-production", "PM.User")})
	token, before := b.as(t, "terraform-production"), b.state(t)
	groups := []string{engineers}
	for _, r := range []response{
		b.sendJSON(t, http.MethodPut, identity+"User/"+grace, token, role{"groupIDsToAdd": groups}),
		b.sendJSON(t, http.MethodPost, identity+"User/BulkCreate", token, newUsers(role{"userName": "x"}).with("groupIDs", groups)),
		b.sendJSON(t, http.MethodPost, identity+"User", token, role{"partitionGlobalId": orgID, "userName": "x", "groupIDs": groups}),
		b.sendJSON(t, http.MethodPost, identity+"User/InviteUsers", token, []role{invitation("x@acme.example").with("groupIDs", groups)}),
	} {
		refused(t, r, http.StatusForbidden, "Only organization administrators may change the groups of a user.")
	}
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
	if r := b.sendJSON(t, http.MethodPut, identity+"User/"+grace, token, role{"name": "G"}); r.status != http.StatusOK {
		t.Errorf("got %d %s", r.status, r.text)
	}
}

func newUsers(users ...role) role {
	return role{"partitionGlobalId": orgID, "users": append([]role{}, users...)}
}

func (b *bench) bulkCreate(t *testing.T, token string, body role) response {
	t.Helper()
	return b.sendJSON(t, http.MethodPost, identity+"User/BulkCreate", token, body)
}

func TestBulkCreateUsers(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	r := b.bulkCreate(t, token, newUsers(
		role{"id": nobodyID, "userName": "ken.thompson@acme.example", "email": "", "name": "Ken", "surname": "Thompson", "type": "User", "legacyId": 7},
		role{"id": zeroID, "userName": "svc-import", "displayName": "Import", "type": 0, "bypassBasicAuthRestriction": true, "invitationAccepted": false},
	).with("groupIDs", []string{robots, engineers}))
	got := decode[createdUsers](t, r)
	if r.status != http.StatusOK || !got.Result.Succeeded || !strings.HasPrefix(r.text, `{"result":{"succeeded":true,"errors":[]},"users":[{`) || len(got.Users) != 2 {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	want := []userBody{
		{
			ID: nobodyID, UserName: "ken.thompson@acme.example", Email: "ken.thompson@acme.example", Name: "Ken", Surname: "Thompson",
			DisplayName: "Ken Thompson", CreationTime: "2026-05-04T10:00:00.1234567", GroupIDs: []string{robots, engineers}, IsActive: true,
			InvitationAccepted: true, EmailConfirmed: true, LegacyID: 7,
		},
		{
			ID: got.Users[1].ID, UserName: "svc-import", DisplayName: "Import", CreationTime: "2026-05-04T10:00:00.1234567",
			GroupIDs: []string{robots, engineers}, IsActive: true, BypassBasicAuthRestriction: true, LegacyID: got.Users[1].LegacyID,
		},
	}
	if d := cmp.Diff(want, got.Users); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	more := decode[createdUsers](t, b.bulkCreate(t, token, newUsers(role{"id": zeroID, "userName": "svc-export"})))
	if len(more.Users) != 1 || more.Users[0].ID == zeroID || more.Users[0].LegacyID == got.Users[1].LegacyID || more.Users[0].LegacyID == 0 {
		t.Errorf("created %+v after %+v", more.Users, got.Users[1])
	}
	for i, u := range got.Users {
		if d := cmp.Diff(want[i], b.user(t, u.ID, token)); d != "" {
			t.Errorf("read back (-want +got):\n%s", d)
		}
	}
	b.sameAfterSnapshot(t)
}

func TestBulkCreateIsWholeOrNot(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token, before := b.as(t, ""), b.state(t)
	good := role{"userName": "good"}
	for _, test := range []struct{ name, codes, part string }{
		{"", "InvalidUserName", "can only contain letters or digits"},
		{"a b", "InvalidUserName", ""},
		{"GRACE.hopper@acme.example", "DuplicateUserName DuplicateEmail", "already taken"},
		{"radia.perlman@acme.example", "DuplicateUserName DuplicateEmail", ""},
		{"GOOD", "DuplicateUserName", ""},
	} {
		r := b.bulkCreate(t, token, newUsers(good, role{"userName": test.name}))
		got := decode[createdUsers](t, r)
		if r.status != http.StatusOK || got.Result.Succeeded || got.Result.codes() != test.codes || !strings.HasSuffix(r.text, `"users":[]}`) ||
			!strings.Contains(r.text, test.part) {
			t.Errorf("%q: got %d %s, want %s", test.name, r.status, r.text, test.codes)
		}
	}
	for _, test := range []struct {
		body role
		code string
	}{
		{newUsers(good.with("id", grace)), "DuplicateId"},
		{newUsers(good).with("groupIDs", []string{nobodyID}), "InvalidGroup"},
		{newUsers(good.with("displayName", "\u0000")), "InvalidName"},
	} {
		if got := decode[createdUsers](t, b.bulkCreate(t, token, test.body)); got.Result.Succeeded || got.Result.codes() != test.code {
			t.Errorf("%v: got %+v, want %s", test.body, got, test.code)
		}
	}
	fieldRefused(t, b.bulkCreate(t, token, newUsers(good, good.with("email", "no-address"))), "users[1].email", "The field Email is invalid.")
	fieldRefused(t, b.bulkCreate(t, token, newUsers(good.with("legacyId", "x"))), "users[0].legacyId", "a whole number")
	fieldRefused(t, b.bulkCreate(t, token, newUsers(good.with("legacyId", -1))), "users[0].legacyId", "out of range")
	fieldRefused(t, b.bulkCreate(t, token, newUsers(good.with("type", "robot"))), "users[0].type", "type user")
	fieldRefused(t, b.bulkCreate(t, token, newUsers(good).with("partitionGlobalId", nobodyID)), "partitionGlobalId", nobodyID)
	fieldRefused(t, b.bulkCreate(t, token, newUsers(good).with("partitionGlobalId", nil)), "partitionGlobalId", "''")
	fieldRefused(t, b.bulkCreate(t, token, role{"partitionGlobalId": orgID}), "users", "required")
	fieldRefused(t, b.bulkCreate(t, token, newUsers(slices.Repeat([]role{good}, 5001)...)), "users", "at most 5000")
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
}

func TestCreateUser(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	post := func(body role) response {
		return b.sendJSON(t, http.MethodPost, identity+"User", token, body.with("partitionGlobalId", orgID))
	}
	r := post(role{"id": nobodyID, "userName": "ken", "password": "x", "validatePassword": true, "userLogins": []string{}, "groupIDs": []string{engineers}})
	if r.status != http.StatusOK || r.text != `{"succeeded":true,"errors":[]}` {
		t.Errorf("got %d %s", r.status, r.text)
	}
	if u := b.user(t, nobodyID, token); u.UserName != "ken" || u.Email != "" || len(u.GroupIDs) != 1 {
		t.Errorf("%+v", u)
	}
	before := b.state(t)
	r = post(role{"userName": "Ken"})
	if got := decode[identityResult](t, r); r.status != http.StatusBadRequest || got.Succeeded || got.codes() != "DuplicateUserName" {
		t.Errorf("got %d %s", r.status, r.text)
	}
	fieldRefused(t, post(role{"userName": "x", "userLogins": []role{{"loginProvider": "g"}}}), "userLogins", "keeps no such values")
	fieldRefused(t, post(role{"userName": "x", "email": "no"}), "email", "The field Email is invalid.")
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
}

func invitation(email string) role {
	return role{"email": email, "redirectUrl": backend.InMemoryURL + "/portal_/acceptInvite?organizationId=" + orgID + "&language=en"}
}

func TestInviteUsers(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	invite := func(body any) response {
		return b.sendJSON(t, http.MethodPost, identity+"User/InviteUsers", token, body)
	}
	type invited struct {
		Email, ID string
		ErrorMsg  *string
		Success   bool
	}
	r := invite([]role{
		invitation("ken@acme.example").with("name", "Ken").with("language", "en").with("groupIDs", []string{engineers}),
		invitation("rob@acme.example").with("redirectUrl", "https://elsewhere.example/portal_/acceptInvite"),
		invitation("KEN@acme.example"), invitation("rob"), invitation("rob@acme.example").with("groupIDs", []string{nobodyID}),
	})
	got := decode[struct {
		Result identityResult
		Users  []invited
	}](t, r)
	if r.status != http.StatusOK || !got.Result.Succeeded || len(got.Users) != 5 {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	if u := got.Users[0]; !u.Success || u.ErrorMsg != nil || u.Email != "ken@acme.example" {
		t.Errorf("%+v", u)
	}
	for i, part := range []string{"", "Redirect URL is not valid", "already taken", "'rob' is invalid", nobodyID} {
		if u := got.Users[i]; part != "" && (u.Success || u.ID != zeroID || u.ErrorMsg == nil || !strings.Contains(*u.ErrorMsg, part)) {
			t.Errorf("%+v, want %q", u, part)
		}
	}
	if u := b.user(t, got.Users[0].ID, token); u.InvitationAccepted || u.UserName != "ken@acme.example" || u.Name != "Ken" || len(u.GroupIDs) != 1 {
		t.Errorf("%+v", u)
	}
	if _, err := b.Token(t.Context(), "ken@acme.example"); err == nil || !strings.Contains(err.Error(), "not accepted the invitation") {
		t.Errorf("signing in: %v", err)
	}
	if n := decode[usersBody](t, b.mustGet(t, identity+"User/users/"+orgID, token)).TotalCount; n != 9 {
		t.Errorf("%d users, want 9", n)
	}
	b.sameAfterSnapshot(t)
	fieldRefused(t, invite(role{}), "$", "not a JSON array of objects")
	fieldRefused(t, invite([]role{{}}), "[0].email", "required")
	fieldRefused(t, invite(slices.Repeat([]role{{}}, 5001)), "$", "at most 5000")
	if r := invite([]role{}); r.text != `{"result":{"succeeded":true,"errors":[]},"users":[]}` {
		t.Errorf("nobody: %s", r.text)
	}
}

func TestDeleteUsers(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	remove := func(body role) response { return b.sendJSON(t, http.MethodDelete, identity+"User", token, body) }
	body := role{"partitionGlobalId": orgID}
	before := b.state(t)
	refused(t, remove(body.with("userIds", []string{grace, nobodyID})), http.StatusNotFound, "The entity was not found.")
	refused(t, remove(body.with("userIds", []string{grace, ada})), http.StatusForbidden, "Nobody can delete their own account")
	fieldRefused(t, remove(body), "userIds", "required")
	fieldRefused(t, remove(body.with("userIds", []string{"x"})), "userIds", "'x' is not valid")
	fieldRefused(t, remove(role{"userIds": []string{grace}}), "partitionGlobalId", "''")
	fieldRefused(t, remove(role{"userIds": []string{grace}, "partitionGlobalId": nobodyID}), "partitionGlobalId", nobodyID)
	if d := cmp.Diff(before, b.state(t)); d != "" {
		t.Errorf("a refusal changed something:\n%s", d)
	}
	remove(body.with("userIds", []string{grace, strings.ToUpper(grace), edsger})).done(t)
	if n := decode[usersBody](t, b.mustGet(t, identity+"User/users/"+orgID, token)).TotalCount; n != 6 {
		t.Errorf("%d users, want 6", n)
	}
	left := b.held(t, "/tenant/"+production, "&noInheritance=true&securityPrincipalId="+grace, token)
	if left.TotalCount != 1 {
		t.Errorf("what was assigned to a deleted user is %+v", left)
	}
	b.sameAfterSnapshot(t)
}

func TestUsersAreSortedByEachKey(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	b.clock.advance(time.Minute)
	b.sendJSON(t, http.MethodPut, identity+"User/"+grace, token, role{"email": "a@acme.example"})
	b.clock.advance(time.Minute)
	b.sendJSON(t, http.MethodPut, identity+"User/"+katherine, token, role{"email": "B@acme.example"})
	const byID = "Ada Grace Alan Katherine Edsger Barbara Margaret Dennis"
	for key, want := range map[string]string{
		"Id": byID, "UserName": "Ada Alan Barbara Dennis Edsger Grace Katherine Margaret", "Name": "Ada Alan Barbara Dennis Edsger Grace Katherine Margaret",
		"Email": "Grace Ada Alan Katherine Barbara Dennis Edsger Margaret", "EmailConfirmed": "Margaret Ada Grace Alan Katherine Edsger Barbara Dennis",
		"Surname": "Edsger Margaret Grace Katherine Barbara Ada Dennis Alan", "DisplayName": "Ada Alan Barbara Dennis Edsger Grace Katherine Margaret",
		"CreationTime": byID, "LastModificationTime": "Ada Alan Edsger Barbara Margaret Dennis Grace Katherine", "LastLoginTime": byID,
		"IsActive": "Dennis Ada Grace Alan Katherine Edsger Barbara Margaret", "Type": "Ada Grace Alan Katherine Edsger Margaret Dennis Barbara",
		"Category": "Ada Grace Alan Katherine Edsger Margaret Dennis Barbara", "InvitationAccepted": "Margaret Ada Grace Alan Katherine Edsger Barbara Dennis",
	} {
		got := decode[usersBody](t, b.mustGet(t, identity+"User/users/"+orgID+"?sortBy="+key, token))
		if got.names() != want {
			t.Errorf("%s: got %s, want %s", key, got.names(), want)
		}
	}
}

func TestTimesAndNumbersOfAccounts(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "")
	for path, want := range map[string]string{
		"User/" + grace:                            `"creationTime":"2025-12-09T08:16:10.0901663","lastModificationTime":null,"lastLoginTime":null`,
		"Group/" + orgID + "/" + engineers:         `"creationTime":"2026-01-15T09:30:41.77345","lastModificationTime":null`,
		"RobotAccount/" + orgID + "/" + regression: `"creationTime":"2026-01-13T10:05:32.61902","lastLoginTime":null`,
	} {
		if r := b.mustGet(t, identity+path, token); !strings.Contains(r.text, want) {
			t.Errorf("%s: got %s, want %s", path, r.text, want)
		}
	}
	r := b.sendJSON(t, http.MethodPost, identity+"Group", token, validGroup())
	if !strings.Contains(r.text, `"creationTime":"2026-05-04T10:00:00.1234567","lastModificationTime":null`) {
		t.Errorf("a new group: %s", r.text)
	}
	b.clock.advance(30 * time.Minute)
	r = b.sendJSON(t, http.MethodPut, identity+"Group/"+newGroupID, token, role{"partitionGlobalId": orgID, "name": "Others"})
	if !strings.Contains(r.text, `"creationTime":"2026-05-04T10:00:00.1234567","lastModificationTime":"2026-05-04T10:30:00.1234567"`) {
		t.Errorf("a changed group: %s", r.text)
	}
	// The number of an account follows from its id, so that it is the same in every organization.
	legacy := b.user(t, grace, token).LegacyID
	if other := open(t, backend.Options{}); legacy == 0 || other.user(t, grace, other.as(t, "")).LegacyID != legacy {
		t.Errorf("the legacy id %d is not stable", legacy)
	}
	b.sameAfterSnapshot(t)
}

// listings are what the identity service answers about everything.
func (b *bench) listings(t *testing.T) map[string]string {
	t.Helper()
	token := b.as(t, "ada.lovelace@acme.example")
	all := map[string]string{}
	for _, path := range []string{
		"User/users/" + orgID + "?top=1000", "Group/" + orgID, "RobotAccount/" + orgID + "?top=1000", "ExternalClient/" + orgID,
		"Setting?key=a&key=b&key=c&partitionGlobalId=" + orgID, "Setting?key=a&key=b&key=c&userId=" + grace + "&partitionGlobalId=" + orgID,
	} {
		r := b.get(t, identity+path, token)
		all[path] = fmt.Sprint(r.status)
		if r.status == http.StatusOK {
			all[path] = r.text
		}
	}
	for _, g := range decode[[]groupBody](t, b.mustGet(t, identity+"Group/"+orgID, token)) {
		all[g.Name] = b.mustGet(t, identity+"Group/"+orgID+"/"+g.ID, token).text
	}
	return all
}

// sameAfterSnapshot checks that another backend that starts from the snapshot, and one that is reset to it, answer the same.
func (b *bench) sameAfterSnapshot(t *testing.T) {
	t.Helper()
	other := open(t, backend.Options{Seed: []byte(b.state(t))})
	other.clock.advance(time.Hour)
	if d := cmp.Diff(b.state(t), other.state(t)); d != "" {
		t.Errorf("the second snapshot differs:\n%s", d)
	}
	if d := cmp.Diff(b.listings(t), other.listings(t)); d != "" {
		t.Errorf("the listings differ:\n%s", d)
	}
}
