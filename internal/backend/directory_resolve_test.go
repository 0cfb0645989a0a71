package backend_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

type entityBody struct {
	ObjectType, Source, Identifier, Name, DisplayName, FirstName, LastName, CreationTime, ApplicationID string
	Email, JobTitle                                                                                     *string
	IsActive                                                                                            bool
}

func TestResolveAnEntity(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	// Nobody needs a right for it.
	token := b.as(t, "edsger.dijkstra@acme.example")
	resolve := func(how string, body role) response {
		return b.sendJSON(t, http.MethodPost, identity+"Directory/"+how+"/"+orgID, token, body)
	}
	email := "grace.hopper@acme.example"
	user := entityBody{
		ObjectType: "DirectoryUser", Source: "local", Identifier: grace, Name: email, DisplayName: "Grace Hopper", FirstName: "Grace", LastName: "Hopper",
		CreationTime: "2025-12-09T08:16:10.0901663Z", Email: &email, IsActive: true,
	}
	group := entityBody{ObjectType: "DirectoryGroup", Source: "local", Identifier: engineers, Name: "Test Engineering", DisplayName: "Test Engineering"}
	application := entityBody{
		ObjectType: "DirectoryApplication", Source: "local", Identifier: terraformID, Name: "terraform", DisplayName: "terraform", ApplicationID: terraformID,
	}
	for _, test := range []struct {
		how  string
		body role
		want entityBody
	}{
		{"Resolve", role{"entityId": strings.ToUpper(grace), "entityType": "User"}, user},
		{"Resolve", role{"entityId": engineers, "entityType": "group"}, group},
		{"Resolve", role{"entityId": terraformID, "entityType": "Application"}, application},
		{"ResolveByName", role{"entityName": "GRACE.hopper@acme.example", "entityType": "user"}, user},
		{"ResolveByName", role{"entityName": "Test Engineering", "entityType": "Group"}, group},
		{"ResolveByName", role{"entityName": "Terraform", "entityType": "application"}, application},
	} {
		r := resolve(test.how, test.body)
		if d := cmp.Diff(test.want, decode[entityBody](t, r)); d != "" || r.status != http.StatusOK {
			t.Errorf("%s %v: got %d (-want +got):\n%s", test.how, test.body, r.status, d)
		}
	}
	for _, r := range []response{
		resolve("Resolve", role{"entityId": grace, "entityType": "group"}), resolve("Resolve", role{"entityId": "x", "entityType": "user"}),
		resolve("Resolve", role{"entityId": regression, "entityType": "user"}),
		resolve("ResolveByName", role{"entityName": "test engineering", "entityType": "group"}),
		resolve("ResolveByName", role{"entityName": "Grace Hopper", "entityType": "user"}),
	} {
		refused(t, r, http.StatusNotFound, "The entity was not found.")
	}
	for _, how := range []string{"Resolve", "ResolveByName"} {
		fieldRefused(t, resolve(how, role{"entityId": grace, "entityName": "x", "entityType": "robot"}), "entityType", "'robot' is not valid")
	}
	fieldRefused(t, resolve("Resolve", role{"entityType": "user"}), "entityId", "required")
	fieldRefused(t, resolve("ResolveByName", role{"entityType": "user"}), "entityName", "required")
}

func TestBulkResolve(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	token := b.as(t, "edsger.dijkstra@acme.example")
	resolve := func(ids, types any) response {
		return b.sendJSON(t, http.MethodPost, identity+"Directory/BulkResolve/"+orgID, token, role{"entityIds": ids, "entityTypes": types})
	}
	upper := strings.ToUpper(engineers)
	got := decode[map[string]*entityBody](t, resolve([]string{grace, upper, "x", ada}, []string{"user", "Group", "user", "application"}))
	if len(got) != 4 || got[grace].Identifier != grace || got[upper].Identifier != engineers || got["x"] != nil || got[ada] != nil {
		t.Errorf("got %+v", got)
	}
	fieldRefused(t, resolve([]string{grace}, []string{}), "entityTypes", "0 types are given for 1 ids")
	fieldRefused(t, resolve([]string{grace}, []string{"DirectoryUser"}), "entityTypes", "'DirectoryUser' is not valid")
	fieldRefused(t, resolve(slices.Repeat([]string{grace}, 1001), []string{}), "entityIds", "at most 1000")
	fieldRefused(t, resolve(nil, nil), "entityIds", "required")
	for _, how := range []string{"Resolve", "ResolveByName", "BulkResolve"} {
		fieldRefused(t, b.sendJSON(t, http.MethodPost, identity+"Directory/"+how+"/acme", token, role{}), "partitionGlobalId", "'acme'")
		refused(t, b.sendJSON(t, http.MethodPost, identity+"Directory/"+how+"/"+orgID, "", role{}), http.StatusUnauthorized, "no bearer token")
	}
}
