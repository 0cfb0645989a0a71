package uipath

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestTokenIsReusedAndRenewed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lifetime string
		// kept is a time after which the token is still used, renewed one after which it is not.
		kept, renewed time.Duration
	}{
		"an hour":      {"3600", 58 * time.Minute, 59 * time.Minute},
		"a fraction":   {"3600.5", 58 * time.Minute, 60 * time.Minute},
		"short":        {"100", 89 * time.Second, 90 * time.Second},
		"not told":     {"", 58 * time.Minute, 59 * time.Minute},
		"null":         {"null", 58 * time.Minute, 59 * time.Minute},
		"zero":         {"0", 58 * time.Minute, 59 * time.Minute},
		"absurdly big": {"1e300", 23 * time.Hour, 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.lifetime = test.lifetime
			c := f.client(t)
			ask := func(want int) {
				t.Helper()
				if _, err := c.Permissions(t.Context(), PermissionFilter{Service: f.clock.Now().String()}); err != nil {
					t.Fatal(err)
				}
				if got := len(f.sent("POST")); got != want {
					t.Errorf("%d token requests, want %d", got, want)
				}
			}
			f.clock.advance(test.kept)
			ask(0)
			f.clock.advance(test.renewed - test.kept)
			ask(1)
			ask(1)
		})
	}
}

func TestTokenIsRenewedOnceForMany(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.revoke()
	f.seed(1)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := c.RefreshedRole(t.Context(), roleID(1)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := len(f.sent("POST")); got != 1 {
		t.Errorf("%d token requests for 50 refusals, want 1", got)
	}
}

func TestExpiredTokenIsRenewedOnceForMany(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.clock.advance(2 * time.Hour)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := c.tokens.get(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := len(f.sent("POST")); got != 1 {
		t.Errorf("%d token requests, want 1", got)
	}
}

func TestSecondRefusalIsTheError(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.first(-1, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusUnauthorized, `{"title":"Unauthorized","status":401}`)
	})
	_, err := c.RefreshedRole(t.Context(), roleID(1))
	if !errors.Is(err, ErrUnauthorized) {
		t.Errorf("RefreshedRole = %v, want ErrUnauthorized", err)
	}
	if got := len(f.sent("GET")); got != 2 {
		t.Errorf("%d requests, want 2", got)
	}
}

func TestRefusedRenewal(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.revoke()
	f.first(-1, http.MethodPost, "token", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusBadRequest, `{"error":"invalid_client"}`)
	})
	_, err := c.RefreshedRole(t.Context(), roleID(1))
	if wrong, ok := errors.AsType[*ConfigError](err); !ok || wrong.Attribute != "client_secret" {
		t.Errorf("RefreshedRole = %v, want an error on client_secret", err)
	}
}

func TestBearerTokenIsNotRenewed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t, withToken("pat-1"))
	f.revoke()
	_, err := c.RefreshedRole(t.Context(), roleID(1))
	wrong, ok := errors.AsType[*ConfigError](err)
	if !ok || wrong.Attribute != "access_token" || !errors.Is(err, ErrUnauthorized) || !strings.Contains(err.Error(), "expired") {
		t.Errorf("RefreshedRole = %v, want an error on access_token", err)
	}
	if sent := f.sent(""); len(sent) != 1 {
		t.Errorf("requests %v, want one", sent)
	}
}

// A request that waits longer than its token lives is repeated with a new one.
func TestRepeatedRequestHasThePresentToken(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	c := f.client(t)
	f.first(1, http.MethodGet, roleID(1), func(w http.ResponseWriter, _ *http.Request) {
		f.revoke()
		f.clock.advance(2 * time.Hour)
		answerJSON(w, http.StatusServiceUnavailable, `{}`)
	})
	if _, err := c.RefreshedRole(t.Context(), roleID(1)); err != nil {
		t.Fatal(err)
	}
	if gets, posts := len(f.sent("GET")), len(f.sent("POST")); gets != 2 || posts != 1 {
		t.Errorf("%d reads and %d token requests, want 2 and 1", gets, posts)
	}
}

func TestWaiterLeavesAndTheTokenStillComes(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.clock.advance(2 * time.Hour)
	arrived, release := make(chan struct{}), make(chan struct{})
	f.first(1, http.MethodPost, "token", func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		answerJSON(w, http.StatusOK, `{"access_token":"late"}`)
	})
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := c.tokens.get(ctx)
		left <- err
	}()
	<-arrived
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the waiter left with %v", err)
	}
	close(release)
	if got, err := c.tokens.get(t.Context()); err != nil || got != "late" {
		t.Errorf("get = %q, %v, want the token that was on its way", got, err)
	}
}

func TestReadClaims(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	if got := readClaims(f.issueToken()); got != (claims{subjectID, orgID}) {
		t.Errorf("readClaims = %v", got)
	}
	for _, opaque := range []string{
		"", "rt_abc", "a.b.c", "e30.e30.", "eyJhbGciOiJIUzI1NiJ9.bnVsbA.x", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.x",
	} {
		if got := readClaims(opaque); got != (claims{}) {
			t.Errorf("readClaims(%q) = %v, want none", opaque, got)
		}
	}
}
