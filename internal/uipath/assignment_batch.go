package uipath

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// carryChanges carries out a batch and settles each of its items.
func (c *Client) carryChanges(ctx context.Context, items []*change) time.Duration {
	var scopes []access.Scope
	for _, item := range items {
		for _, key := range item.keys() {
			scopes = append(scopes, key.Scope)
		}
	}
	done, err := c.assignments.turn(ctx, scopes...)
	if err != nil {
		c.giveUp(items, err)
		return 0
	}
	defer done()
	began := c.clock()
	err = c.patchAssignments(ctx, items)
	took := c.clock().Sub(began)
	c.judgeChanges(ctx, items, err)
	return took
}

// sendChanges carries out a part of a batch again.
func (c *Client) sendChanges(ctx context.Context, items []*change) {
	c.judgeChanges(ctx, items, c.patchAssignments(ctx, items))
}

// patchAssignments sends changes in one request, which the server carries out whole or not at all (contract 4.4).
func (c *Client) patchAssignments(ctx context.Context, items []*change) error {
	body, err := changesBody(items)
	if err != nil {
		return err
	}
	now := c.clock()
	for _, item := range items {
		if item.began.IsZero() {
			item.began = now
		}
	}
	// A refused change may be taken back in part only (contract 4.4), and the export is what an auditor gets.
	defer c.assignments.exports.invalidate()
	return c.send(ctx, request{
		operation: "change role assignments", method: http.MethodPatch, path: c.apiPath("/userroleassignments"), body: body,
		creates: true, loggedBodies: true,
	}, nil)
}

// judgeChanges settles items whose request ended with err, or sends them again: alone where the server refused them together, so
// that the refusal meets the item at fault and its neighbors succeed.
func (c *Client) judgeChanges(ctx context.Context, items []*change, err error) {
	refused, ok := errors.AsType[*Error](err)
	switch {
	case err == nil:
		for _, item := range items {
			c.acknowledge(item, nil)
		}
	case !ok || refused.Status == http.StatusUnauthorized:
		c.giveUp(items, err)
	case refused.undecided, errors.Is(err, ErrConflict) && items[0].lost > 0:
		c.lookAfter(ctx, items, refused)
	case refused.Status < 400 || refused.Status >= 500 || refused.Status == http.StatusTooManyRequests:
		c.giveUp(items, err)
	case len(items) > 1:
		c.sendChanges(ctx, items[:len(items)/2])
		c.sendChanges(ctx, items[len(items)/2:])
	default:
		items[0].settle(c.explainRefusal(ctx, items[0], refused))
	}
}

// giveUp settles items with an error that is not about any of them.
func (c *Client) giveUp(items []*change, err error) {
	for _, item := range items {
		if item.lost > 0 {
			c.doubt(item)
		}
		item.settle(err)
	}
}

// doubt makes the next reader of the item's scopes ask the server.
func (c *Client) doubt(item *change) {
	scopes := map[access.Scope]bool{}
	for _, key := range item.keys() {
		scopes[key.Scope] = true
	}
	for scope := range scopes {
		c.assignments.invalidate(scope)
	}
}

// acknowledge settles an item that was carried out and brings the shared listings up to date; seen are assignments that were
// looked up since.
func (c *Client) acknowledge(item *change, seen map[AssignmentKey]Assignment) {
	for _, a := range item.remove {
		c.assignments.remove(a)
	}
	for _, g := range item.add {
		made, ok := seen[g.Key]
		if !ok {
			role := c.roleList.peek(g.Key.RoleID)
			made = Assignment{
				Key: g.Key, PrincipalType: g.PrincipalType, RoleName: role.Name, RoleType: role.Type,
				Type: string(access.RoleCustom), Mutable: true, CreatedBy: access.CanonicalGUID(c.caller.subject),
			}
		}
		c.assignments.put(made)
	}
	item.settle(nil)
}

// explainRefusal turns a clear refusal of one item into an error that names the assignment in the way, where one is found.
func (c *Client) explainRefusal(ctx context.Context, item *change, refused *Error) error {
	if errors.Is(refused, ErrConflict) && len(item.add) > 0 {
		// What cannot be looked up stays unnamed.
		seen, err := c.lookUp(ctx, []*change{item})
		for _, g := range item.add {
			if existing, ok := seen[g.Key]; err == nil && ok {
				c.assignments.put(existing)
				return &AssignmentExistsError{Existing: existing, Err: refused}
			}
		}
	}
	for _, a := range item.remove {
		if !a.Mutable {
			return &ImmutableAssignmentError{Existing: a, Err: refused}
		}
	}
	return refused
}

// lookAfter finds out what became of items whose request may have been carried out, or whose repetition met a conflict. Those of
// which it is certain are settled, and what has not happened is sent again.
func (c *Client) lookAfter(ctx context.Context, items []*change, cause *Error) {
	conflict := errors.Is(cause, ErrConflict)
	for _, item := range items {
		if !conflict || len(items) == 1 {
			item.lost++
		}
		c.logWarn(item.ctx, "the outcome of a change is unknown: looking the assignments up", map[string]any{
			"assignments": fmt.Sprint(item.keys()), "attempt": item.lost, "reason": cause.Error(),
		})
	}
	seen, err := c.lookUp(ctx, items)
	if err != nil {
		for _, item := range items {
			c.settleUnknown(item, nil, fmt.Errorf("%w; looking for the assignments failed too: %w", cause, err))
		}
		return
	}
	var again []*change
	for _, item := range items {
		there := item.granted(seen)
		switch done := len(there) == len(item.add) && !item.holds(seen); {
		case done && c.allMadeBySelf(there, item.began):
			c.acknowledge(item, seen)
		case done, conflict && len(there) > 0:
			c.settleUnknown(item, there, cause)
		default:
			again = append(again, item)
		}
	}
	switch half := len(again) / 2; {
	case conflict && half > 0:
		// What is in the way of one of them cannot be seen yet.
		c.sendChanges(ctx, again[:half])
		c.sendChanges(ctx, again[half:])
	case len(again) > 0:
		c.sendAgain(ctx, again, cause)
	}
}

// sendAgain sends items that have not happened, after a wait and as often as the configuration allows. The cause is why.
func (c *Client) sendAgain(ctx context.Context, items []*change, cause *Error) {
	attempt := items[0].lost
	wait := c.delay(attempt, cause.header)
	failed := *cause
	failed.Attempts, failed.note = attempt, firstOf(tooLong(ctx, wait), "the change was not seen afterwards")
	if attempt <= c.config.MaxRetries && tooLong(ctx, wait) == "" && c.sleep(ctx, wait) == nil {
		c.sendChanges(ctx, items)
		return
	}
	for _, item := range items {
		if errors.Is(cause, ErrConflict) {
			// Something that cannot be seen is in the way: perhaps what this client made.
			c.settleUnknown(item, nil, &failed)
			continue
		}
		c.doubt(item)
		item.settle(&failed)
	}
}

// settleUnknown settles an item of which it cannot be told whether it was carried out; there are the assignments it would have made.
func (c *Client) settleUnknown(item *change, there []Assignment, err error) {
	c.doubt(item)
	unknown := &OutcomeUnknownError{Grants: item.add, Assignments: there, Err: err}
	for _, a := range item.remove {
		unknown.Removals = append(unknown.Removals, a.Key)
	}
	item.settle(unknown)
}

// granted returns the assignments that the item was to make and that are there.
func (item *change) granted(seen map[AssignmentKey]Assignment) []Assignment {
	var there []Assignment
	for _, g := range item.add {
		if a, ok := seen[g.Key]; ok {
			there = append(there, a)
		}
	}
	return there
}

// holds reports whether an assignment that the item was to remove is still there.
func (item *change) holds(seen map[AssignmentKey]Assignment) bool {
	for _, a := range item.remove {
		if still, ok := seen[a.Key]; ok && still.ID == a.ID {
			return true
		}
	}
	return false
}

// allMadeBySelf reports whether assignments certainly come from a request of this client that began then.
func (c *Client) allMadeBySelf(made []Assignment, began time.Time) bool {
	for _, a := range made {
		if !c.madeBySelf(a.CreatedBy, a.CreatedOn, began) {
			return false
		}
	}
	return true
}

// lookUp asks afresh what the principals of items hold at the items' scopes: each alone, or a whole scope where they are many.
func (c *Client) lookUp(ctx context.Context, items []*change) (map[AssignmentKey]Assignment, error) {
	if ctx.Err() != nil {
		// The batch has used up its time; what it made must be known all the same, so that it is not lost from the state.
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxLateLookup)
		defer cancel()
		ctx = late
	}
	principals := map[access.Scope]map[string]bool{}
	for _, item := range items {
		for _, key := range item.keys() {
			if principals[key.Scope] == nil {
				principals[key.Scope] = map[string]bool{}
			}
			principals[key.Scope][key.PrincipalID] = true
		}
	}
	var mu sync.Mutex
	seen := map[AssignmentKey]Assignment{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(assignmentLanes)
	look := func(scope access.Scope, principalID string) {
		group.Go(func() error {
			found, err := c.readAssignments(ctx, scope, principalID)
			mu.Lock()
			defer mu.Unlock()
			for _, a := range found {
				seen[a.Key] = a
			}
			return err
		})
	}
	for scope, ids := range principals {
		if len(ids) > maxAskedAlone {
			look(scope, "")
			continue
		}
		for id := range ids {
			look(scope, id)
		}
	}
	err := group.Wait()
	return seen, err
}
