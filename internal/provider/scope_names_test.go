package provider_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/provider"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// scopesOf are all scopes that there are in an organization.
func scopesOf(t testing.TB, client *uipath.Client) []access.Scope {
	t.Helper()
	found := []access.Scope{access.Organization}
	add := func(scope access.Scope, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, scope)
	}
	for _, service := range access.Services() {
		add(access.ParseScope("/" + service.Slug))
	}
	for _, name := range []string{acctest.Production, acctest.Staging} {
		in := tenant(t, client, name).ID
		found = append(found, access.TenantScope(in))
		for _, service := range access.Services() {
			add(access.ServiceScope(in, service.Slug))
		}
		folders, err := client.Folders(t.Context(), in)
		if err != nil && name == acctest.Production {
			t.Fatal(err)
		}
		for _, folder := range folders {
			add(access.FolderScope(in, folder.Key))
		}
		for _, service := range access.ServicesWithProjects() {
			projects, err := client.Projects(t.Context(), in, service)
			if err != nil && name == acctest.Production {
				t.Fatal(err)
			}
			for _, project := range projects {
				add(access.ProjectScope(in, service.Slug, project.ID))
			}
		}
	}
	return found
}

// TestScopeNamesRoundTrip names every scope that there is, and finds it by that name, and by no other scope's.
func TestScopeNamesRoundTrip(t *testing.T) {
	t.Parallel()
	for _, options := range []backend.Options{{}, {Seed: []byte(everythingSeed)}} {
		client := acctest.NewBackend(t, options).Client(t)
		all := scopesOf(t, client)
		for _, resolve := range []bool{true, false} {
			scopes := provider.NewScopes(client, resolve)
			named := map[string]access.Scope{}
			for _, scope := range all {
				name, err := scopes.Name(t.Context(), scope)
				if err != nil {
					t.Fatalf("%s: %v", scope, err)
				}
				if other, taken := named[name]; taken {
					t.Errorf("%q is the name of %s and of %s", name, scope, other)
				}
				named[name] = scope
				if refused := provider.RefusedScopeName(name); refused != "" {
					t.Errorf("%q: %s", name, refused)
				}
				if found, err := scopes.Named(t.Context(), name); err != nil || found != scope {
					t.Errorf("%s is called %q, which stands for %s, %v", scope, name, found, err)
				}
				// Letter case does not matter but for folders and projects.
				if shouted := strings.ToUpper(name); scope.Container() == "" {
					if found, err := scopes.Named(t.Context(), shouted); err != nil || found != scope {
						t.Errorf("%q stands for %s, %v", shouted, found, err)
					}
				}
				// No endpoint tells the names of Task Mining's projects.
				byID := !resolve || scope.ServiceSlug() == "taskmining"
				if scope.Container() != "" && strings.HasSuffix(name, scope.Container()) != byID {
					t.Errorf("%s is called %q", scope, name)
				}
			}
			if len(named) < 70 {
				t.Errorf("there are %d scopes only", len(named))
			}
		}
	}
}

// TestScopeNames reads names as people write them.
func TestScopeNames(t *testing.T) {
	t.Parallel()
	client := acctest.NewBackend(t, backend.Options{}).Client(t)
	for text, want := range map[string]string{
		"/":                        "/",
		"/ AutomationOps":          "/automationops",
		"/ automationops":          "/automationops",
		"Production":               productionPath,
		"production":               productionPath,
		productionID:               productionPath,
		"Production / Maestro":     productionPath + "/casemanagement",
		"Production / reinfer":     productionPath + "/reinfer",
		"PRODUCTION / task mining": productionPath + "/taskmining",
		"Production / Orchestrator / Finance/Invoices":            productionPath + "/orchestrator/folder/" + invoicesKey,
		"Production / Orchestrator / Human Resources":             productionPath + "/orchestrator/folder/4a000000-0000-4000-8000-000000000003",
		"staging / orchestrator / Finance":                        "/tenant/" + staging + "/orchestrator/folder/4a000000-0000-4000-8000-000000000004",
		"Production / Document Understanding / Contracts":         productionPath + "/documentunderstanding/projects/4b000000-0000-4000-8000-000000000002",
		"Production / IXP / Supplier Mail":                        productionPath + "/reinfer/project/4b0000000000000a",
		"Production / Test Manager / Invoice Regression":          productionPath + "/testmanager/project/4b000000-0000-4000-8000-000000000005",
		"Production / Task Mining / " + strings.ToUpper(payables): productionPath + "/taskmining/project/" + payables,
	} {
		scope, err := provider.NewScopes(client, true).Named(t.Context(), text)
		if err != nil || scope.String() != want {
			t.Errorf("%q stands for %s, %v, want %s", text, scope, err, want)
		}
	}
}

func TestScopeNamesRefused(t *testing.T) {
	t.Parallel()
	client := acctest.NewBackend(t, backend.Options{}).Client(t)
	for text, want := range map[string]string{
		"":                             `It is empty`,
		" ":                            `It is empty`,
		"//":                           `"//" is a path: give it as scope`,
		productionPath:                 `is a path: give it as scope.*"TENANT / SERVICE"`,
		"/Automation Ops":              `is a path: give it as scope`,
		"/ ":                           `"" is not a service`,
		"/ Automation Opps":            `not a service.*Did you mean "AutomationOps"`,
		"/ Multi-service":              `has no scope of its own`,
		"Prodution":                    `no tenant "Prodution"`,
		"Production/Task Mining":       `no tenant "Production/Task Mining"`,
		"Production / ":                `"" is not a service`,
		"Production / Task Minning":    `not a service.*Did you mean "Task Mining"`,
		"Production / Multi-service":   `has no scope of its own`,
		"Production / Orchestrator / ": `no folder ""`,
		"Production / Orchestrator / Finance / Invoices":                             `no folder "Finance / Invoices"`,
		"Production / Orchestrator / finance/invoices":                               `no folder "finance/invoices".*Did you mean "Finance/Invoices"`,
		"Staging / Orchestrator / Human Resources":                                   `no folder "Human Resources".*Production`,
		"Production / Document Understanding / contracts":                            `no project of Document Understanding "contracts".*Did you mean "Contracts"`,
		"Production / Document Understanding / 4b000000-0000-4000-8000-000000000002": `no project of Document Understanding "4b000000`,
		"Production / Task Mining / Accounts Payable":                                `"Accounts Payable" cannot be the id of a project`,
	} {
		objection := provider.RefusedScopeName(text)
		scope, err := access.Scope{}, error(nil)
		if objection == "" {
			if scope, err = provider.NewScopes(client, true).Named(t.Context(), text); err != nil {
				objection = err.Error()
			}
		}
		if !regexp.MustCompile(want).MatchString(objection) {
			t.Errorf("%q stands for %q, %q, want %q", text, scope, objection, want)
		}
	}
}

// exists reports whether a scope could be there: paths are read that no server has. Services may get projects that we do not know of.
func exists(scope access.Scope) bool {
	service, known := access.FindService(scope.ServiceSlug())
	switch scope.Kind() {
	case access.ScopeFolder:
		return service.Slug == "orchestrator"
	case access.ScopeProject:
		return known && service.Slug != "orchestrator"
	case access.ScopeService:
		return known && service != access.MultiService
	case access.ScopeOrganization, access.ScopeTenant:
		return true
	}
	return false
}

// FuzzScopeNames holds that any text stands for a scope or is an error, and that the name of each scope finds it again.
func FuzzScopeNames(f *testing.F) {
	client := acctest.NewBackend(f, backend.Options{Seed: []byte(everythingSeed)}).Client(f)
	both := []provider.Scopes{provider.NewScopes(client, true), provider.NewScopes(client, false)}
	for _, scope := range scopesOf(f, client) {
		f.Add(scope.String())
		for _, scopes := range both {
			name, err := scopes.Name(f.Context(), scope)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(name)
		}
	}
	for _, text := range []string{"", "/ ", " / ", "Production / ", "Production /  / ", "Production / Task Mining / a / b", "/ IXP / x", "\x00 / \xff", "Production / Insights / x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		provider.RefusedScopeName(text)
		path, notPath := access.ParseScope(text)
		for _, scopes := range both {
			candidates := []access.Scope{}
			if named, err := scopes.Named(t.Context(), text); err == nil {
				candidates = append(candidates, named)
				if !exists(named) {
					t.Errorf("%q stands for %s, which no server has", text, named)
				}
			}
			if notPath == nil && exists(path) {
				candidates = append(candidates, path)
			}
			for _, scope := range slices.Compact(candidates) {
				name, err := scopes.Name(t.Context(), scope)
				if err != nil {
					continue
				}
				if found, err := scopes.Named(t.Context(), name); err != nil || found != scope {
					t.Errorf("%s is called %q, which stands for %s, %v", scope, name, found, err)
				}
				if refused := provider.RefusedScopeName(name); refused != "" {
					t.Errorf("%s is called %q: %s", scope, name, refused)
				}
			}
		}
	})
}
