package uipath

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// signInPage is the address of a sign-in page that leads back to one with the given acr_values.
func signInPage(acrValues string) string {
	back := "/identity_/connect/authorize/callback?" + url.Values{"client_id": {"x"}, "acr_values": {acrValues}}.Encode()
	return "/identity_/ui/account/login?" + url.Values{"returnUrl": {back}}.Encode()
}

// asked returns the organizations that were asked for by name, and the other requests.
func (f *fake) asked(t *testing.T) (names, others []string) {
	t.Helper()
	for _, request := range f.sent("") {
		address, isAuthorize := strings.CutPrefix(request, "GET /identity_/connect/authorize?")
		if !isAuthorize {
			others = append(others, request)
			continue
		}
		query, err := url.ParseQuery(address)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, query.Get("acr_values"))
	}
	return names, others
}

func TestOrganizationOfAnOpaqueTokenIsDiscovered(t *testing.T) {
	t.Parallel()
	const portal = "/portal_/api/filtering/leftnav/tenantsAndOrganizationInfo"
	for name, test := range map[string]struct {
		organization string
		resolve      bool
		want         Organization
		asked        string
		others       []string
	}{
		"token alone":           {"", true, Organization{orgID, "acme"}, "", []string{"GET /" + orgID + portal}},
		"without the portal":    {"", false, Organization{orgID, orgID}, "", []string{"GET /" + orgID + "/pap_/api/roles?top=1"}},
		"a name, not looked up": {"acme", false, Organization{orgID, "acme"}, "tenantName:acme", []string{"GET /" + orgID + "/pap_/api/roles?top=1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.signInPage = signInPage("idp:x tenant:" + strings.ToUpper(orgID))
			config := f.config()
			withToken("pat-1")(&config)
			config.Organization, config.ResolveTenants = test.organization, test.resolve
			c, err := New(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			if c.Organization() != test.want {
				t.Errorf("Organization = %v, want %v", c.Organization(), test.want)
			}
			names, others := f.asked(t)
			if diff := cmp.Diff([]string{test.asked}, names); diff != "" {
				t.Errorf("organizations asked for (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.others, others); diff != "" {
				t.Errorf("other requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNothingIsDiscoveredThatIsKnown(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*fake, *Config){
		"by the portal": func(*fake, *Config) {},
		"by a GUID":     func(_ *fake, c *Config) { c.Organization, c.ResolveTenants = orgID, false },
		"by the token": func(f *fake, c *Config) {
			c.Organization = ""
			withToken(f.issueToken())(c)
			f.good[c.AccessToken] = true
		},
	} {
		f := newFake(t)
		f.signInPage = signInPage("tenant:" + otherOrgID)
		config := f.config()
		withToken("pat-1")(&config)
		change(f, &config)
		if _, err := New(t.Context(), config); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if names, _ := f.asked(t); len(names) != 0 {
			t.Errorf("%s: asked for %v", name, names)
		}
	}
}

func TestOrganizationIsNotDiscovered(t *testing.T) {
	t.Parallel()
	const refusal = `{"Created":1,"Data":{"Error":"invalid_request","ErrorDescription":"Invalid redirect_uri"}}`
	for name, test := range map[string]struct {
		page         string
		organization string
		resolve      bool
		problem      rest.Problem
		says         string
	}{
		"no redirect":              {"", "", true, rest.OrganizationUnknown, "404"},
		"page without tenant":      {signInPage("idp:x"), "", true, rest.OrganizationUnknown, "/identity_/ui/account/login"},
		"tenant is no GUID":        {signInPage("tenant:acme"), "", true, rest.OrganizationUnknown, "/identity_/ui/account/login"},
		"another host":             {"https://elsewhere.invalid/identity_/connect/authorize?acr_values=tenantName:x", "", true, rest.OrganizationUnknown, "authorize"},
		"refused":                  {"/identity_/web/?errorCode=219", "", true, rest.OrganizationUnknown, "/identity_/web/"},
		"no location":              {" ", "", true, rest.OrganizationUnknown, "302"},
		"unknown without a name":   {"/portal_/unregistered?serviceType=identity", "", true, rest.OrganizationUnknown, "unregistered"},
		"unknown name":             {"/portal_/unregistered?organizationName=acne", "acne", false, rest.OrganizationNotFound, ""},
		"a name that is not told":  {signInPage(""), "acme", false, rest.OrganizationUnresolved, "/identity_/ui/account/login"},
		"without portal or a name": {signInPage(""), "", false, rest.OrganizationUnresolved, "/identity_/ui/account/login"},
		"an error page":            {"/identity_/ui/error/error?errorId=" + url.QueryEscape(refusal), "", true, rest.OrganizationUnknown, "/error"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.signInPage = test.page
			config := f.config()
			withToken("pat-1")(&config)
			config.Organization, config.ResolveTenants = test.organization, test.resolve
			_, err := New(t.Context(), config)
			wrong, ok := errors.AsType[*SettingError](err)
			if !ok || wrong.Problem != test.problem || wrong.Value != "" && wrong.Value != test.organization {
				t.Fatalf("New = %v, want problem %d", err, test.problem)
			}
			if test.says != "" && (wrong.Err == nil || !strings.Contains(wrong.Err.Error(), test.says)) {
				t.Errorf("New = %v, want %q", wrong.Err, test.says)
			}
			if _, others := f.asked(t); len(others) != 0 {
				t.Errorf("the token was sent: %v", others)
			}
		})
	}
}

// unreachable is a transport that never gets through.
type unreachable struct{}

func (unreachable) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("connection reset")
}

func TestTroubleWhileDiscoveringIsTheServers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	config := f.config()
	withToken("pat-1")(&config)
	config.Organization, config.Transport = "", unreachable{}
	_, err := New(t.Context(), config)
	if wrong, ok := errors.AsType[*SettingError](err); !ok || wrong.Problem != rest.ServerSilent || len(f.waits.all()) != 3 {
		t.Errorf("New = %v after %v, want no answer after three repetitions", err, f.waits.all())
	}
}

// A redirect that is followed would carry a request to wherever it points.
func TestDiscoveryFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	f, other := newFake(t), newFake(t)
	f.signInPage = other.URL + signInPage("tenant:"+orgID)
	config := f.config()
	withToken("pat-1")(&config)
	config.Organization = ""
	if _, err := New(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	if sent := other.sent(""); len(sent) != 0 {
		t.Errorf("the other host was asked %v", sent)
	}
	f.first(1, http.MethodGet, "/authorize", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusServiceUnavailable, `{}`) })
	if _, err := New(t.Context(), config); err != nil {
		t.Errorf("after one fault of the server: %v", err)
	}
}
