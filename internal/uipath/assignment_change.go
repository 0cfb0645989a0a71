package uipath

import (
	"context"
	"errors"
	"fmt"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Assign makes an assignment; see [Client.Change].
func (c *Client) Assign(ctx context.Context, g Grant) error { return c.Change(ctx, []Grant{g}, nil) }

// Unassign removes an assignment; see [Client.Change].
func (c *Client) Unassign(ctx context.Context, key AssignmentKey) error {
	return c.Change(ctx, nil, []AssignmentKey{key})
}

// Change makes and removes assignments, all or none. It shares a request with the changes that others ask for at the same time;
// the result is its own.
//
// What is to be removed and is not there counts as removed. A grant that is there already is an [*AssignmentExistsError], and a
// removal that is refused because the assignment is immutable an [*ImmutableAssignmentError]. Where the server may have carried out
// the change but the answer was lost, the assignments are looked up: the change is sent again where it has not happened, and taken
// where it certainly is this one; else the error is an [*OutcomeUnknownError].
func (c *Client) Change(ctx context.Context, add []Grant, remove []AssignmentKey) error {
	item := &change{}
	seen := map[AssignmentKey]bool{}
	for _, g := range add {
		key, err := g.Key.canonical()
		if err != nil {
			return err
		}
		kind, err := access.ParsePrincipalType(string(g.PrincipalType))
		if err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("%s is to be granted twice", key)
		}
		seen[key] = true
		item.add = append(item.add, Grant{key, kind})
	}
	for _, key := range remove {
		key, err := key.canonical()
		if err != nil {
			return err
		}
		if seen[key] {
			return fmt.Errorf("%s is named twice in one change, to be removed", key)
		}
		seen[key] = true
		existing, err := c.removable(ctx, key)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		item.remove = append(item.remove, existing)
	}
	if item.size() == 0 {
		return nil
	}
	return c.batches.do(ctx, item)
}

// removable returns an assignment with its GUID, which a removal needs.
func (c *Client) removable(ctx context.Context, key AssignmentKey) (Assignment, error) {
	existing, err := c.Assignment(ctx, key)
	if err != nil || existing.ID != "" {
		return existing, err
	}
	// This client made it, and may look before it is seen (contract 10.3).
	for attempt := 1; ; attempt++ {
		existing, err = c.RefreshedAssignment(ctx, key)
		if !errors.Is(err, ErrNotFound) || attempt > c.config.MaxRetries {
			return existing, err
		}
		if err := c.sleep(ctx, c.delay(attempt, nil)); err != nil {
			return Assignment{}, err
		}
	}
}
