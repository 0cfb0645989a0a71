package conformance_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// accountChanges are the ways to change users, robot accounts, external clients and settings.
func accountChanges() []change {
	return []change{
		{"create a user", (*world).createUser}, {"create a user", (*world).createUser}, {"invite a user", (*world).inviteUser}, {"change a user", (*world).changeUser},
		{"delete a user", (*world).deleteUser}, {"delete users", (*world).deleteUsers},
		{"create a robot account", (*world).createRobot}, {"create a robot account", (*world).createRobot}, {"change a robot account", (*world).changeRobot},
		{"delete a robot account", (*world).deleteRobot},
		{"create a client", (*world).createClient}, {"create a client", (*world).createClient}, {"change a client", (*world).changeClient},
		{"delete a client", (*world).deleteClient}, {"make a secret", (*world).makeSecret}, {"delete a secret", (*world).deleteSecret},
		{"write settings", (*world).writeSettings}, {"write settings", (*world).writeSettings},
	}
}

const (
	allUsers   = "{identity}/User/users/{p}?top=1000"
	allGroups  = "{identity}/Group/{p}"
	allRobots  = "{identity}/RobotAccount/{p}?top=1000"
	allClients = "{identity}/ExternalClient/{p}"
)

// groups returns the ids of a few groups that have no rules of their own.
func (w *world) groups(ctx context.Context) ([]string, error) {
	groups, err := w.rows(ctx, allGroups, isCustomGroup)
	return w.some(groups, "id", 2), err
}

func (w *world) createUser(ctx context.Context) (bool, error) {
	groups, err := w.groups(ctx)
	if err != nil {
		return false, err
	}
	name := w.slug("user") + "@acme.example"
	body, err := w.call(ctx, http.MethodPost, "{identity}/User/BulkCreate", jsonObject{
		"users": []any{jsonObject{
			"userName": name, "email": pick(w.random, []string{name, ""}), "name": w.line(), "surname": w.line(), "displayName": w.line(),
			"bypassBasicAuthRestriction": w.random.IntN(2) == 0, "invitationAccepted": w.random.IntN(2) == 0,
		}},
		"groupIDs": groups, "partitionGlobalId": w.names["p"],
	})
	return true, succeededInside(body, "result.succeeded", err)
}

// succeededInside says what is wrong with an answer that reports success in its body.
func succeededInside(body any, way string, err error) error {
	if err != nil {
		return err
	}
	if ok, err := find(body, way); err != nil || ok != true {
		return fmt.Errorf("refused with success: %v", body)
	}
	return nil
}

func (w *world) inviteUser(ctx context.Context) (bool, error) {
	email := w.slug("guest") + "@acme.example"
	body, err := w.call(ctx, http.MethodPost, "{identity}/User/InviteUsers", []any{jsonObject{
		"email": email, "name": w.line(), "redirectUrl": (&play{names: w.names}).expand(
			"http://localhost/portal_/acceptInvite?organizationId={p}&emailForUserinvite=" + email + "&organizationName=acme&language=en"),
	}})
	return true, succeededInside(body, "users.0.success", err)
}

// otherThanAda leaves the caller alone.
func (w *world) otherThanAda(u jsonObject) bool { return u["id"] != w.names["ada"] }

func (w *world) changeUser(ctx context.Context) (bool, error) {
	// The external directory keeps its users itself.
	user, err := w.one(ctx, allUsers, func(u jsonObject) bool { return w.otherThanAda(u) && u["category"] == float64(0) })
	if err != nil || user == nil {
		return false, err
	}
	groups, err := w.groups(ctx)
	if err != nil {
		return false, err
	}
	change := jsonObject{
		"groupIDsToAdd": groups, "name": "Name", "surname": "", "displayName": "Changed", "isActive": w.made%2 == 0,
		"bypassBasicAuthRestriction": w.made%3 == 0, "email": w.slug("mail") + "@acme.example",
	}
	for _, member := range []string{"name", "surname", "displayName", "isActive", "bypassBasicAuthRestriction", "email"} {
		if w.random.IntN(2) == 0 {
			delete(change, member)
		}
	}
	body, err := w.call(ctx, http.MethodPut, fmt.Sprintf("{identity}/User/%s", user["id"]), change)
	return true, succeededInside(body, "succeeded", err)
}

// few is how many users stay.
const few = 6

// deleteUser leaves the caller, and a few others.
func (w *world) deleteUser(ctx context.Context) (bool, error) {
	users, err := w.rows(ctx, allUsers, nil)
	if err != nil || len(users) <= few {
		return false, err
	}
	return w.delete(ctx, allUsers, "{identity}/User/", w.otherThanAda)
}

func (w *world) deleteUsers(ctx context.Context) (bool, error) {
	users, err := w.rows(ctx, allUsers, w.otherThanAda)
	if err != nil || len(users) <= few {
		return false, err
	}
	_, err = w.call(ctx, http.MethodDelete, "{identity}/User", jsonObject{"partitionGlobalId": w.names["p"], "userIds": w.some(users, "id", 2)})
	return true, err
}

func (w *world) createRobot(ctx context.Context) (bool, error) {
	groups, err := w.groups(ctx)
	if err != nil {
		return false, err
	}
	_, err = w.call(ctx, http.MethodPost, "{identity}/RobotAccount", jsonObject{
		"partitionGlobalId": w.names["p"], "name": w.slug("robot"), "displayName": w.name(), "groupIDsToAdd": groups,
	})
	return true, err
}

func (w *world) changeRobot(ctx context.Context) (bool, error) {
	robot, err := w.one(ctx, allRobots, nil)
	if err != nil || robot == nil {
		return false, err
	}
	groups, err := w.groups(ctx)
	if err != nil {
		return false, err
	}
	_, err = w.call(ctx, http.MethodPut, fmt.Sprintf("{identity}/RobotAccount/%s", robot["id"]), jsonObject{"displayName": w.name(), "groupIDsToAdd": groups})
	return true, err
}

func (w *world) deleteRobot(ctx context.Context) (bool, error) {
	return w.delete(ctx, allRobots, "{identity}/RobotAccount/{p}/", nil)
}

// scopes are a few OAuth2 scopes.
func (w *world) scopes() []any {
	var scopes []any
	for _, name := range []string{"PM.User.Read", "PM.Group", "PM.RobotAccount.Read", "OR.Folders", "OR.Default"} {
		if len(scopes) == 0 || w.random.IntN(2) == 0 {
			scopes = append(scopes, jsonObject{"name": name, "type": pick(w.random, []string{"application", "Application"})})
		}
	}
	return scopes
}

func (w *world) createClient(ctx context.Context) (bool, error) {
	_, err := w.call(ctx, http.MethodPost, "{identity}/ExternalClient", jsonObject{
		"partitionGlobalId": w.names["p"], "name": w.name(), "isConfidential": true, "redirectUri": "", "scopes": w.scopes(),
	})
	return true, err
}

func (w *world) changeClient(ctx context.Context) (bool, error) {
	client, err := w.one(ctx, allClients, nil)
	if err != nil || client == nil {
		return false, err
	}
	_, err = w.call(ctx, http.MethodPut, fmt.Sprintf("{identity}/ExternalClient/{p}/%s", client["id"]), jsonObject{
		"name": w.name(), "redirectUri": "https://client.example/callback", "scopes": w.scopes(),
	})
	return true, err
}

func (w *world) deleteClient(ctx context.Context) (bool, error) {
	return w.delete(ctx, allClients, "{identity}/ExternalClient/{p}/", nil)
}

func (w *world) makeSecret(ctx context.Context) (bool, error) {
	client, err := w.one(ctx, allClients, nil)
	if err != nil || client == nil {
		return false, err
	}
	_, err = w.call(ctx, http.MethodPost, "{identity}/ExternalClient/GenerateSecret", jsonObject{
		"clientId": client["id"], "description": w.line(), "partitionGlobalId": w.names["p"], "expiryTime": "2027-01-01T00:00:00Z",
	})
	return true, err
}

func (w *world) deleteSecret(ctx context.Context) (bool, error) {
	client, err := w.one(ctx, allClients, nil)
	if err != nil || client == nil {
		return false, err
	}
	body, err := w.call(ctx, http.MethodGet, fmt.Sprintf("{identity}/ExternalClient/{p}/%s", client["id"]), nil)
	if err != nil {
		return false, err
	}
	number, err := find(body, "secrets.0.id")
	if err != nil {
		return false, nil //nolint:nilerr // A client may have no secret.
	}
	_, err = w.call(ctx, http.MethodDelete, fmt.Sprintf("{identity}/ExternalClient/{p}/secrets/%v", number), nil)
	return true, err
}

// writeSettings writes settings of a user or of the organization.
func (w *world) writeSettings(ctx context.Context) (bool, error) {
	user, err := w.one(ctx, allUsers, nil)
	if err != nil || user == nil {
		return false, err
	}
	body := jsonObject{"partitionGlobalId": w.names["p"], "settings": []any{
		jsonObject{"key": pick(w.random, strings.Fields(settingKeys)), "value": w.words()}, jsonObject{"key": "Own.Key", "value": w.words()},
	}}
	if w.random.IntN(3) > 0 {
		body["userId"] = user["id"]
	}
	_, err = w.call(ctx, http.MethodPut, "{identity}/Setting", body)
	return true, err
}
