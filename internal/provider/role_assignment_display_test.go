package provider

import (
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

func TestWhyInert(t *testing.T) {
	t.Parallel()
	of := uipath.Role{ID: lowerGUID, Shape: access.ShapeTenantGlobal, Service: "TaskMining"}
	if got := whyInert(of); !strings.Contains(got, "/tenant/{tenant}/taskmining") {
		t.Errorf("a role of Task Mining: %s", got)
	}
	if got := whyInert(uipath.Role{ID: lowerGUID}); !strings.Contains(got, "gone") || strings.Contains(got, "path") {
		t.Errorf("a role that is gone: %s", got)
	}
}
