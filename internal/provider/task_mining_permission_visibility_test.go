package provider

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// TestTaskMiningPermissionBecomesVisible reads a permission that was changed a moment ago while the server still shows the old one, and
// one that the server goes on to show otherwise. All want a recorder with a project.
func TestTaskMiningPermissionBecomesVisible(t *testing.T) {
	t.Parallel()
	const user, expert, admin = access.TaskMiningUser, access.TaskMiningProcessSME, access.TaskMiningAdmin
	for name, test := range map[string]struct {
		// holds is what the server shows at first, and then what it shows after the second wait; "" is nothing.
		holds, then access.TaskMiningPermission
		age         time.Duration
		waits       int
		want        access.TaskMiningPermission
	}{
		"shown at once":           {holds: user, want: user},
		"the old one first":       {holds: admin, then: user, waits: 2, want: user},
		"nothing first":           {then: user, waits: 2, want: user},
		"changed by somebody":     {holds: admin, then: admin, waits: 5, want: admin},
		"changed twice meanwhile": {holds: admin, then: expert, waits: 5, want: expert},
		"gone":                    {waits: 5},
		"changed long after":      {holds: admin, age: time.Hour, want: admin},
		"gone long after":         {age: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, err := backend.Open(t.Context(), backend.Options{})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(b)
			t.Cleanup(func() {
				server.Close()
				if err := b.Close(); err != nil {
					t.Error(err)
				}
			})
			give(t, b, server.URL, test.holds)
			s, waits := clockedSession(10 * time.Second)
			s.client = connected(t, b, server.URL)
			move := s.wait
			s.wait = func(ctx context.Context, d time.Duration) error {
				if len(*waits) == 1 {
					give(t, b, server.URL, test.then)
				}
				return move(ctx, d)
			}
			r := &taskMiningPermissionResource{configuredResource{session: s}}
			held, err := r.visible(t.Context(), recorder(user), s.clock().Add(-test.age))
			if held.Level != test.want || len(*waits) != test.waits || errors.Is(err, uipath.ErrNotFound) != (test.want == "") {
				t.Errorf("after %d waits it holds %q: %v", len(*waits), held.Level, err)
			}
			if test.want == user && !slices.Equal(held.Projects, recorder(user).Projects) {
				t.Errorf("it records for %v", held.Projects)
			}
		})
	}
}

// TestTaskMiningPermissionWithAnothersProject reads a permission that was written a moment ago, and that somebody has added a project to
// since: the state does not know the project, and it must be seen all the same.
func TestTaskMiningPermissionWithAnothersProject(t *testing.T) {
	t.Parallel()
	b, err := backend.Open(t.Context(), backend.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(b)
	t.Cleanup(func() {
		server.Close()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	wanted := recorder(access.TaskMiningUser)
	shown := wanted
	shown.Projects = append(slices.Clone(wanted.Projects), "4b000000-0000-4000-8000-000000000004")
	s, _ := clockedSession(10 * time.Second)
	s.client = connected(t, b, server.URL)
	if err := s.taskMining().Change(t.Context(), taskmining.Holding{}, shown); err != nil {
		t.Fatal(err)
	}
	s.client = connected(t, b, server.URL)
	r := &taskMiningPermissionResource{configuredResource{session: s}}
	held, err := r.visible(t.Context(), wanted, s.clock())
	if err != nil || !slices.Equal(held.Projects, shown.Projects) {
		t.Errorf("it records for %v, want %v: %v", held.Projects, shown.Projects, err)
	}
}

// TestTaskMiningServiceCannotBeRead fails where the service cannot be read, though a project can.
func TestTaskMiningServiceCannotBeRead(t *testing.T) {
	t.Parallel()
	b, err := backend.Open(t.Context(), backend.Options{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Query().Get("scope"), "/taskmining") {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		b.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		server.Close()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	s, _ := clockedSession(0)
	s.client = connected(t, b, server.URL)
	wanted := recorder(access.TaskMiningUser)
	if held, err := s.taskMining().Reread(t.Context(), wanted.Key, wanted.Projects); err == nil {
		t.Errorf("it is read as %+v", held)
	}
}

// connected is a client with nothing read yet that acts as the administrator.
func connected(t *testing.T, b *backend.Backend, url string) *uipath.Client {
	t.Helper()
	token, err := b.Token(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	client, err := uipath.New(t.Context(), uipath.Config{
		ResolveTenants: true, Connection: uipath.Connection{BaseURL: url, AccessToken: token, UserAgent: "test"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// recorder is a permission of Edsger in Production, of a recorder with a project.
func recorder(level access.TaskMiningPermission) taskmining.Permission {
	p := taskmining.Permission{
		Key:           taskmining.Key{Tenant: "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90", Principal: "3a000000-0000-4000-8000-000000000005"},
		PrincipalType: access.PrincipalUser, Level: level,
	}
	if level == access.TaskMiningUser {
		p.Projects = []string{"4b000000-0000-4000-8000-000000000003"}
	}
	return p
}

// give lets Edsger hold one permission, or none, whatever he holds.
func give(t *testing.T, b *backend.Backend, url string, level access.TaskMiningPermission) {
	t.Helper()
	permissions := taskmining.New(connected(t, b, url), true)
	held, err := permissions.Of(t.Context(), recorder(level).Key)
	switch {
	case err != nil:
	case level != "":
		err = permissions.Change(t.Context(), held, recorder(level))
	default:
		err = permissions.Remove(t.Context(), held)
	}
	if err != nil {
		t.Fatal(err)
	}
}
