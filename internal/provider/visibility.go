package provider

import (
	"context"
	"errors"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// visibilityPause is the time between two looks for something that was just written.
const visibilityPause = 2 * time.Second

// fresh reports whether something written at that time may not be visible yet.
func (s *session) fresh(written time.Time) bool {
	return s.clock().Before(written.Add(s.visibilityTimeout))
}

// untilVisible repeats look as long as it finds nothing and what was written at that time may not be visible yet.
func (s *session) untilVisible(ctx context.Context, written time.Time, look func(context.Context) error) error {
	for {
		err := look(ctx)
		if !errors.Is(err, uipath.ErrNotFound) || !s.fresh(written) {
			return err
		}
		if err := s.wait(ctx, visibilityPause); err != nil {
			return err
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
