package rest

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
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
			f.seed(1)
			c := f.client(t)
			ask := func(want int) {
				t.Helper()
				if _, err := thing(t.Context(), c, thingID(1)); err != nil {
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
			if _, err := thing(t.Context(), c, thingID(1)); err != nil {
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
	f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusUnauthorized, `{"title":"Unauthorized","status":401}`)
	})
	_, err := thing(t.Context(), c, thingID(1))
	if !errors.Is(err, ErrUnauthorized) {
		t.Errorf("thing = %v, want ErrUnauthorized", err)
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
	_, err := thing(t.Context(), c, thingID(1))
	if wrong, ok := errors.AsType[*SettingError](err); !ok || wrong.Problem != CredentialsRefused {
		t.Errorf("thing = %v, want CredentialsRefused", err)
	}
}

func TestBearerTokenIsNotRenewed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t, withToken("pat-1"))
	f.revoke()
	_, err := thing(t.Context(), c, thingID(1))
	wrong, ok := errors.AsType[*SettingError](err)
	if !ok || wrong.Problem != AccessTokenRefused || !errors.Is(err, ErrUnauthorized) || strings.Contains(err.Error(), "pat-1") {
		t.Errorf("thing = %v, want AccessTokenRefused", err)
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
	f.first(1, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
		f.revoke()
		f.clock.advance(2 * time.Hour)
		answerJSON(w, http.StatusServiceUnavailable, `{}`)
	})
	if _, err := thing(t.Context(), c, thingID(1)); err != nil {
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
	if got, err := c.tokens.get(t.Context()); err != nil || got.value != "late" {
		t.Errorf("get = %v, %v, want the token that was on its way", got, err)
	}
}

// The token that was refused is the one to renew, not the one that the first attempt had.
func TestRefusedTokenOfARepeatIsRenewed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	c := f.client(t)
	reads := 0
	f.first(2, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
		if reads++; reads == 1 {
			f.clock.advance(2 * time.Hour)
			answerJSON(w, http.StatusServiceUnavailable, `{}`)
			return
		}
		f.revoke()
		answerJSON(w, http.StatusUnauthorized, `{}`)
	})
	if _, err := thing(t.Context(), c, thingID(1)); err != nil {
		t.Error(err)
	}
	if gets, posts := len(f.sent("GET")), len(f.sent("POST")); gets != 3 || posts != 2 {
		t.Errorf("%d reads and %d token requests, want 3 and 2", gets, posts)
	}
}

// countedTokens returns tokens that last an hour and arrive after a second, and how many were asked for.
func countedTokens() (*tokens, *atomic.Int64) {
	var asked atomic.Int64
	t := &tokens{clock: time.Now}
	t.issued.Read = func(_ context.Context, number int64) (token, error) {
		<-time.After(time.Second)
		return token{strconv.FormatInt(asked.Add(1), 10), number, time.Now().Add(time.Hour)}, nil
	}
	return t, &asked
}

func TestRenewalsAtTheSameTimeAreOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kept, asked := countedTokens()
		old, err := kept.get(t.Context())
		if err != nil || old.value != "1" {
			t.Fatalf("get = %v, %v", old, err)
		}
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() {
				if got, err := kept.renew(t.Context(), old); err != nil || got.value != "2" {
					t.Errorf("renew = %v, %v, want the second token", got, err)
				}
			})
		}
		group.Wait()
		// Who had the old token and comes late gets the second as well.
		if got, err := kept.renew(t.Context(), old); err != nil || got.value != "2" {
			t.Errorf("a late renew = %v, %v, want the second token", got, err)
		}
		// So does not, but asks for none, who looks up the old token because they learned its number before the renewal.
		if got, err := kept.issued.Get(t.Context(), old.number); err != nil || got != old {
			t.Errorf("the old token's number gives %v, %v", got, err)
		}
		if got := asked.Load(); got != 2 {
			t.Errorf("%d tokens were asked for, want 2", got)
		}
	})
}

// A memo keeps ErrForbidden, but a refused token may be granted the next time.
func TestForbiddenTokenIsAskedForAgain(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.seed(1)
	c := f.client(t)
	f.clock.advance(2 * time.Hour)
	f.first(1, http.MethodPost, "token", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, http.StatusForbidden, `{}`) })
	if _, err := thing(t.Context(), c, thingID(1)); !errors.Is(err, ErrForbidden) {
		t.Errorf("thing = %v, want ErrForbidden", err)
	}
	if _, err := thing(t.Context(), c, thingID(1)); err != nil {
		t.Errorf("thing = %v after the server recovered", err)
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	if got, err := c.SignIn(t.Context()); err != nil || got != (Claims{subjectID, orgID}) || c.SignsInWithToken() {
		t.Errorf("SignIn = %v, %v", got, err)
	}
	c = f.client(t, withToken("pat-1"))
	if got, err := c.SignIn(t.Context()); err != nil || got != (Claims{}) || !c.SignsInWithToken() {
		t.Errorf("SignIn with an opaque token = %v, %v", got, err)
	}
	if sent := f.sent(""); len(sent) != 0 {
		t.Errorf("requests were sent: %v", sent)
	}
}

func TestReadClaims(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for name, test := range map[string]struct {
		claims jwt.MapClaims
		want   Claims
	}{
		"both":            {jwt.MapClaims{"sub": subjectID, "prt_id": orgID}, Claims{subjectID, orgID}},
		"upper case":      {jwt.MapClaims{"sub": strings.ToUpper(subjectID), "prt_id": strings.ToUpper(orgID)}, Claims{subjectID, orgID}},
		"no organization": {jwt.MapClaims{"sub": subjectID}, Claims{Subject: subjectID}},
		"no GUIDs":        {jwt.MapClaims{"sub": "somebody", "prt_id": "acme"}, Claims{}},
	} {
		if got := readClaims(f.issueToken(test.claims)); got != test.want {
			t.Errorf("%s: readClaims = %v, want %v", name, got, test.want)
		}
	}
	for _, opaque := range []string{
		"", "rt_abc", "a.b.c", "e30.e30.", "eyJhbGciOiJIUzI1NiJ9.bnVsbA.x", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.x",
	} {
		if got := readClaims(opaque); got != (Claims{}) {
			t.Errorf("readClaims(%q) = %v, want none", opaque, got)
		}
	}
}
