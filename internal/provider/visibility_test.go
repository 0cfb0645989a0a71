package provider

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// clockedSession is a session whose waiting moves its clock.
func clockedSession(visibility time.Duration) (*session, *[]time.Duration) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var waits []time.Duration
	s := &session{
		visibilityTimeout: visibility,
		clock:             func() time.Time { return now },
		wait: func(ctx context.Context, d time.Duration) error {
			now, waits = now.Add(d), append(waits, d)
			return ctx.Err()
		},
	}
	return s, &waits
}

func TestUntilVisible(t *testing.T) {
	t.Parallel()
	elsewhere := errors.New("server is down")
	for name, test := range map[string]struct {
		age   time.Duration
		found int // the look that finds it; 0 is none
		err   error
		looks int
		want  error
	}{
		"found at once":                   {found: 1, looks: 1},
		"found at the third look":         {found: 3, looks: 3},
		"gone once the time is over":      {looks: 6, want: uipath.ErrNotFound},
		"gone at once where it is old":    {age: time.Hour, looks: 1, want: uipath.ErrNotFound},
		"another error is not waited for": {err: elsewhere, looks: 1, want: elsewhere},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, waits := clockedSession(10 * time.Second)
			looks := 0
			err := s.untilVisible(t.Context(), s.clock().Add(-test.age), func(context.Context) error {
				looks++
				switch {
				case test.err != nil:
					return test.err
				case looks == test.found:
					return nil
				}
				return uipath.ErrNotFound
			})
			if !errors.Is(err, test.want) || looks != test.looks || len(*waits) != looks-1 {
				t.Errorf("%d looks, %d waits, error %v", looks, len(*waits), err)
			}
		})
	}
}

func TestUntilVisibleEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s, _ := clockedSession(time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.untilVisible(ctx, s.clock(), func(context.Context) error {
		cancel()
		return uipath.ErrNotFound
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}
