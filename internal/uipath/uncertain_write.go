package uipath

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// maxLateLookup bounds a look-up after the context of the write has ended.
const maxLateLookup = 20 * time.Second

// outcome is what a look-up tells of a write whose answer was lost.
type outcome int

const (
	// absent is that nothing of the write is there.
	absent outcome = iota
	// carriedOut is that all of it is there and certainly comes from this client.
	carriedOut
	// unclear is that something is there which somebody else may have made.
	unclear
	// untold is that something is there, and it cannot be told yet who made it.
	untold
)

// uncertainWrite is a write that must not be carried out twice, and may have been where its answer was lost. Its items go in one
// request, which the server carries out whole or not at all; each has a result of its own.
type uncertainWrite[T any] interface {
	// send sends the items in one request.
	send(ctx context.Context, items []T) error
	// lookUp finds out afresh what became of the items. After a conflict something is in the way of one of them at least.
	lookUp(ctx context.Context, items []T, afterConflict bool) ([]outcome, error)

	// done, refused, failed and unknown give an item its result. It was carried out; or the server refused it; or it was not carried
	// out for a reason that is not its own; or nobody can tell.
	done(item T)
	refused(ctx context.Context, item T, err *Error)
	failed(item T, err error)
	unknown(item T, err error)
	// wait keeps an item whose result cannot be told yet. It becomes unknown for a reason if it never can.
	wait(item T, err error)

	// what describes an item in the log, and unseen says in an error that it was looked for in vain.
	what(item T) string
	unseen() string
}

// wholeRefusal is an uncertain write of which some refusals would meet each of its items alone, too.
type wholeRefusal interface {
	refusesAll(err *Error) bool
}

// carryOut sends items and gives each its result. lost is how often they were sent already with an unknown outcome.
func carryOut[T any](ctx context.Context, c *rest.Client, w uncertainWrite[T], items []T, lost int) {
	err := w.send(ctx, items)
	refused, answered := errors.AsType[*Error](err)
	switch {
	case err == nil:
		for _, item := range items {
			w.done(item)
		}
	case !answered || refused.Status == http.StatusUnauthorized:
		fail(w, items, err)
	case refused.Undecided, errors.Is(err, ErrConflict) && lost > 0:
		resolveUnknown(ctx, c, w, items, lost, refused)
	case refused.Status < 400 || refused.Status >= 500 || refused.Status == http.StatusTooManyRequests:
		fail(w, items, err)
	case refusesAll(w, refused):
		for _, item := range items {
			w.refused(ctx, item, refused)
		}
	case len(items) > 1:
		// Together they were refused: apart the refusal meets the item at fault, and its neighbors succeed.
		carryOut(ctx, c, w, items[:len(items)/2], lost)
		carryOut(ctx, c, w, items[len(items)/2:], lost)
	default:
		w.refused(ctx, items[0], refused)
	}
}

func refusesAll[T any](w uncertainWrite[T], err *Error) bool {
	whole, ok := w.(wholeRefusal)
	return ok && whole.refusesAll(err)
}

func fail[T any](w uncertainWrite[T], items []T, err error) {
	for _, item := range items {
		w.failed(item, err)
	}
}

// resolveUnknown finds out what became of items that may have been carried out, or whose repetition met a conflict. What has not
// happened is sent again.
func resolveUnknown[T any](ctx context.Context, c *rest.Client, w uncertainWrite[T], items []T, lost int, cause *Error) {
	conflict, before := errors.Is(cause, ErrConflict), lost
	if !conflict || len(items) == 1 {
		lost++
	}
	for _, item := range items {
		c.Warn(ctx, "the outcome of a write is unknown: looking it up",
			slog.String("write", w.what(item)), slog.Int("attempt", lost), slog.String("reason", cause.Error()))
	}
	outcomes, err := lookUpInTime(ctx, w, items, conflict)
	switch {
	case err != nil && (len(items) == 1 || c.Away()):
		for _, item := range items {
			w.unknown(item, fmt.Errorf("%w; looking it up failed too: %w", cause, err))
		}
		return
	case err != nil:
		// One look-up that fails says nothing of the others.
		for i := range items {
			resolveUnknown(ctx, c, w, items[i:i+1], before, cause)
		}
		return
	}
	var again []T
	for i, item := range items {
		switch outcomes[i] {
		case carriedOut:
			w.done(item)
		case unclear:
			w.unknown(item, cause)
		case untold:
			w.wait(item, cause)
		case absent:
			again = append(again, item)
		}
	}
	switch half := len(again) / 2; {
	case conflict && half > 0:
		// What is in the way of one of them cannot be seen yet.
		carryOut(ctx, c, w, again[:half], lost)
		carryOut(ctx, c, w, again[half:], lost)
	case len(again) > 0:
		sendAgain(ctx, c, w, again, lost, cause)
	}
}

// lookUpInTime looks items up even where the context has ended: what was made must be known all the same, so that it is not lost from
// the state.
func lookUpInTime[T any](ctx context.Context, w uncertainWrite[T], items []T, afterConflict bool) ([]outcome, error) {
	if ctx.Err() != nil {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxLateLookup)
		defer cancel()
		ctx = late
	}
	return w.lookUp(ctx, items, afterConflict)
}

// sendAgain sends items that have not happened, after a wait and as often as the settings allow.
func sendAgain[T any](ctx context.Context, c *rest.Client, w uncertainWrite[T], items []T, lost int, cause *Error) {
	stopped := *cause
	stopped.Attempts, stopped.Note = lost, w.unseen()
	if lost <= c.MaxRetries() {
		err := c.Wait(ctx, lost, cause)
		if err == nil {
			carryOut(ctx, c, w, items, lost)
			return
		}
		stopped.Note = err.Error()
	}
	for _, item := range items {
		if errors.Is(cause, ErrConflict) {
			// Something that cannot be seen is in the way: perhaps what this client made.
			w.unknown(item, &stopped)
		} else {
			w.failed(item, &stopped)
		}
	}
}
