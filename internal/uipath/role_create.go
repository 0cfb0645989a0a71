package uipath

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// maxLateLookup bounds the look-up after a creation whose context has ended.
const maxLateLookup = 20 * time.Second

// CreateRole makes a role. The result is what was sent, with its id; when it was made only a later read tells. A name that is
// taken is a [*RoleExistsError]. Where the server may have made the role but the answer was lost, the role is looked up by name:
// it is sent again where it is absent, and taken where it certainly is the one asked for; else the error is an
// [*OutcomeUnknownError].
func (c *Client) CreateRole(ctx context.Context, spec RoleSpec) (Role, error) {
	began := c.clock()
	lost := false
	for attempt := 1; ; attempt++ {
		id, err := c.putRole(ctx, "", spec)
		if err == nil {
			return c.written(id, spec, access.CanonicalGUID(c.caller.subject), time.Time{}), nil
		}
		c.roleList.invalidate()
		refused, ok := errors.AsType[*Error](err)
		conflict := errors.Is(err, ErrConflict)
		switch {
		case conflict && !lost:
			return Role{}, c.nameTaken(ctx, "", spec, err)
		case !ok || !conflict && !refused.undecided:
			return Role{}, err
		}
		lost = true
		c.logWarn(ctx, "the outcome of a creation is unknown: looking the role up by name", map[string]any{
			"role": spec.Name, "attempt": attempt, "reason": err.Error(),
		})
		made, found, decided := c.decide(ctx, spec, began, err)
		if found || decided != nil {
			return made, decided
		}
		wait := c.delay(attempt, refused.header)
		refused.note = firstOf(tooLong(ctx, wait), "no role of this name was found afterwards")
		if attempt > c.config.MaxRetries || tooLong(ctx, wait) != "" || c.sleep(ctx, wait) != nil {
			refused.Attempts = attempt
			if conflict {
				// The name is taken by something that cannot be seen: perhaps by what this client made.
				return Role{}, &OutcomeUnknownError{Name: spec.Name, Err: err}
			}
			return Role{}, err
		}
	}
}

// decide looks a role up whose creation may have happened. It returns the role where it is certainly the one asked for, and
// found false where there is none of the name.
func (c *Client) decide(ctx context.Context, spec RoleSpec, began time.Time, cause error) (made Role, found bool, err error) {
	if ctx.Err() != nil {
		// Whoever waited has left; what they made must be known all the same, so that it is not lost from the state.
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxLateLookup)
		defer cancel()
		ctx = late
	}
	existing, found, err := c.roleNamed(ctx, spec)
	if err != nil {
		return Role{}, false, &OutcomeUnknownError{Name: spec.Name, Err: fmt.Errorf("%w; looking for the role failed too: %w", cause, err)}
	}
	if !found {
		return Role{}, false, nil
	}
	if !existing.matches(spec) || !c.madeBySelf(existing.CreatedBy, existing.CreatedOn, began) {
		return Role{}, true, &OutcomeUnknownError{Name: spec.Name, Existing: existing, Err: cause}
	}
	c.roleList.put(existing)
	return existing.clone(), true, nil
}

// madeBySelf reports whether what was made by somebody at some time certainly comes from a request of this client that began then,
// in local time: it was made by the token's subject, and not before the request began in the server's time. Of an opaque token
// nothing is certain.
func (c *Client) madeBySelf(by string, on, began time.Time) bool {
	subject, known := c.Subject()
	start, timed := c.serverTime(began)
	return known && timed && strings.EqualFold(by, subject) && !on.Before(start)
}
