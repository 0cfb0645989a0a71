package backend_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// FuzzEffectiveAccess sends any body: the answer is a list or a refusal, never a failure.
func FuzzEffectiveAccess(f *testing.F) {
	for _, text := range []string{
		"", "null", "{}", `{"userId":"` + kimID + `"}`, `{"groupId":"` + outerGroup + `","top":0,"skip":1e3}`, `{"securityPrincipalId":[]}`,
		`{"userId":"` + kimID + `","scopeIdentifier":{"scopeType":"Tenant","value":{"id":"` + smallTenant + `"}},"serviceName":"IXP"}`,
		`{"userId":"` + kimID + `","scopeIdentifier":{"scopeType":"folder","VALUE":{"id":"` + kimsFinance + `","parentId":"` + smallTenant + `"}}}`,
		`{"userId":"` + kimID + `","scopeIdentifier":{"scopeType":"Folder","value":{"id":null,"tenantId":""}},"roleNameStartsWith":"\u0000"}`,
	} {
		f.Add(text)
	}
	b, err := backend.Open(f.Context(), backend.Options{Seed: []byte(strings.Replace(nestedSeed, "SETTINGS", linkedOnly, 1))})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := b.Close(); err != nil {
			f.Error(err)
		}
	})
	token, err := b.Token(f.Context(), "")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{tenantPath, orgPath} {
			w := serve(t, b, http.MethodPost, path, body, token)
			if w.Code >= http.StatusInternalServerError || !json.Valid(w.Body.Bytes()) {
				t.Fatalf("%s: got %d %s", path, w.Code, w.Body)
			}
		}
	})
}
