package adopt

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

func TestOrganizationFlags(t *testing.T) {
	t.Parallel()
	data := filepath.Join("testdata", "missing.db")
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"an argument":            {[]string{"plan.json"}, "A plan is read with -conflicts"},
		"a filter of nothing":    {[]string{"-tenant", ""}, "it is empty"},
		"two places":             {[]string{"-tenant", "a", "-scope-name", "b"}, "one of -tenant, -scope and -scope-name"},
		"two scopes":             {[]string{"-scope", "/", "-scope-name", "/"}, "one of -tenant, -scope and -scope-name"},
		"below nothing":          {[]string{"-below"}, "-below belongs to -scope"},
		"below a tenant":         {[]string{"-below", "-tenant", "a"}, "-below belongs to -scope"},
		"a caller of a server":   {[]string{"-caller", "grace"}, "-caller belongs to -data"},
		"two organizations":      {[]string{"-data", data, "-uri", "http://127.0.0.1"}, "-data or -uri"},
		"a file that is not":     {[]string{"-data", data}, "missing.db"},
		"conflicts and a filter": {[]string{"-conflicts", "-tenant", "a"}, "-conflicts takes no other flag"},
		"neither":                {[]string{"-resolve-folders=perhaps"}, "say true or false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out, stderr bytes.Buffer
			find := func(context.Context, Query) (Found, error) {
				t.Error("the organization is asked")
				return Found{}, nil
			}
			if code := Command(t.Context(), test.args, find, nil, &out, &stderr); code != 1 || out.Len() > 0 || !strings.Contains(stderr.String(), test.want) {
				t.Errorf("exit code %d, %q, %q, want %q", code, out.String(), stderr.String(), test.want)
			}
		})
	}
}

func TestOrganizationQuery(t *testing.T) {
	t.Parallel()
	var asked Query
	find := func(_ context.Context, query Query) (Found, error) {
		asked = query
		return Found{Organization: "acme", Unread: []string{"Staging\n\x1b[31m"}}, nil
	}
	var out, stderr bytes.Buffer
	code := Command(t.Context(), []string{
		"-uri", "u", "-organization", "o", "-scope-name", "s", "-below", "-principal-name", "p", "-role-name", "r", "-resolve-tenants=false",
		"-resolve-principals=false", "-resolve-folders=true", "-resolve-projects",
	}, find, nil, &out, &stderr)
	want := Query{
		BaseURL: "u", Organization: "o", ScopeName: "s", Below: true, PrincipalName: "p", RoleName: "r", WithoutTenants: true, WithoutPrincipals: true,
	}
	if code != 0 || asked != want {
		t.Errorf("exit code %d, asked for %+v, want %+v", code, asked, want)
	}
	const said = "terraform-provider-uipath adopt: these credentials may not read Staging \\u001b[31m\n" +
		"terraform-provider-uipath adopt: 0 uipath_tenant_role, 0 uipath_role_assignment, 0 uipath_task_mining_permission\n"
	if stderr.String() != said {
		t.Errorf("it says %q, want %q", stderr.String(), said)
	}

	out.Reset()
	fails := func(context.Context, Query) (Found, error) {
		return Found{Organization: "acme"}, errors.New("refused\n\x1b[31m")
	}
	if code := Command(t.Context(), nil, fails, nil, &out, &stderr); code != 1 || out.Len() > 0 || !strings.HasSuffix(stderr.String(), `adopt: refused \u001b[31m`+"\n") {
		t.Errorf("exit code %d, %q, %q", code, out.String(), stderr.String())
	}
}
