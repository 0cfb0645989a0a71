package uipath

import (
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPermissions(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	got, err := c.Permissions(t.Context(), PermissionFilter{})
	want := []Permission{
		{Name: "AUTHZ.ROLE.READ", Namespace: "AUTHZ", Service: "Authorization", Resource: "Role", Action: "Read"},
		{
			Name: "ORCHESTRATOR.MLPACKAGES.VIEW", Namespace: "ORCHESTRATOR", Service: "Orchestrator", Resource: "MLPackages",
			Action: "View", Description: "d", ScopeType: "TENANT",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Permissions: %v (-want +got):\n%s", err, diff)
	}
	if sent := f.sent(""); !slices.Equal(sent, []string{"GET /" + orgID + "/pap_/api/actions"}) {
		t.Errorf("requests %v", sent)
	}
}

func TestPermissionsAreSharedByFilter(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	var group sync.WaitGroup
	for range 20 {
		for _, filter := range []PermissionFilter{
			{ScopeType: "tenant", Service: "IXP"}, {ScopeType: "Tenant", Service: "reinfer"}, {ScopeType: "PROJECT", Service: "novelty"},
		} {
			group.Go(func() {
				if _, err := c.Permissions(t.Context(), filter); err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
	sent := f.sent("")
	slices.Sort(sent)
	want := []string{
		"GET /" + orgID + "/pap_/api/actions?scopeType=PROJECT&serviceName=novelty",
		"GET /" + orgID + "/pap_/api/actions?scopeType=TENANT&serviceName=reinfer",
	}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestFailedPermissionsAreNotKept(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.first(1, http.MethodGet, "actions", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusNotFound, `{}`) })
	if _, err := c.Permissions(t.Context(), PermissionFilter{}); err == nil {
		t.Error("Permissions succeeded where it was refused")
	}
	f.clock.advance(time.Minute)
	if got, err := c.Permissions(t.Context(), PermissionFilter{}); err != nil || len(got) != 2 {
		t.Errorf("Permissions = %v, %v afterwards", got, err)
	}
}

func TestForbiddenPermissionsAreAskedForOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.first(-1, http.MethodGet, "actions", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusForbidden, `{}`) })
	for range 3 {
		if _, err := c.Permissions(t.Context(), PermissionFilter{}); !errors.Is(err, ErrForbidden) {
			t.Errorf("Permissions = %v", err)
		}
	}
	if got := len(f.sent("")); got != 1 {
		t.Errorf("asked %d times to be refused", got)
	}
}
