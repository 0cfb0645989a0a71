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
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// maxBatchTime bounds a batch with all that is done about it. It does not end with those who wait for it.
const maxBatchTime = 15 * time.Minute

// assignmentWriter carries out changes of role assignments, many with one request. One request is under way at a time. It is read from
// top to bottom: do, run, write, and then what [carryOut] asks for.
type assignmentWriter struct {
	*api
	index   *assignmentIndex
	roles   *roles
	exports *exports
	queue   queue[*change]

	mu sync.Mutex
	// untold are changes of which it cannot be told yet who made what is there, by why their answer was lost.
	untold map[*change]error
}

func newAssignmentWriter(a *api, x *assignmentIndex, r *roles, e *exports) *assignmentWriter {
	return &assignmentWriter{
		api: a, index: x, roles: r, exports: e, untold: map[*change]error{},
		queue: newQueue(a, func(waiting []*change) (batch, rest []*change) {
			// Until it is known who this client is to the server, an answer that is lost leaves in doubt no more than one change.
			return pickChanges(waiting, !a.canTellSelf())
		}),
	}
}

// do carries out a change and returns its own result.
func (w *assignmentWriter) do(ctx context.Context, item *change) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	item.ticket = newTicket(ctx)
	if w.queue.join(item) {
		go w.run(context.WithoutCancel(ctx))
	}
	return w.queue.wait(ctx, item)
}

// run writes batches until nothing is waiting.
func (w *assignmentWriter) run(ctx context.Context) {
	for batch := w.queue.next(); len(batch) > 0; batch = w.queue.next() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(batch[0].ctx), maxBatchTime)
		w.write(ctx, batch)
		if w.canTellSelf() {
			w.tell(ctx)
		}
		cancel()
	}
	ctx, cancel := context.WithTimeout(ctx, maxBatchTime)
	defer cancel()
	w.tell(ctx)
}

// write carries out a batch while nobody lists its scopes: a change would move rows between the listing's pages.
func (w *assignmentWriter) write(ctx context.Context, batch []*change) {
	var scopes []access.Scope
	for _, item := range batch {
		for _, key := range item.keys() {
			scopes = append(scopes, key.Scope)
		}
	}
	unlock, err := w.index.locks.lock(ctx, scopes...)
	if err != nil {
		w.queue.learn(0)
		fail(w, batch, err)
		return
	}
	defer unlock()
	carryOut(ctx, w.rest, w, batch, 0)
}

// send sends changes in one request, which the server carries out whole or not at all (contract 4.4).
func (w *assignmentWriter) send(ctx context.Context, items []*change) error {
	body, err := changesBody(items)
	if err != nil {
		return err
	}
	began := w.rest.Now()
	for _, item := range items {
		if item.began.IsZero() {
			item.began = began
		}
	}
	err = w.rest.Send(ctx, rest.Request{
		Operation: "change role assignments", Method: http.MethodPatch, Path: w.path("/userroleassignments"), Body: body,
		Creates: true,
	}, nil)
	w.queue.learn(w.rest.Now().Sub(began))
	// A refused change may be taken back in part only (contract 4.4), and the export is what an auditor gets.
	w.exports.forget()
	return err
}

// lookUp asks afresh what the principals of the items hold at the items' scopes: each alone, or a whole scope where they are many.
func (w *assignmentWriter) lookUp(ctx context.Context, items []*change, afterConflict bool) ([]outcome, error) {
	seen, err := w.read(ctx, items)
	if err != nil {
		return nil, err
	}
	outcomes := make([]outcome, len(items))
	for i, item := range items {
		item.seen = seen
		there := item.granted()
		switch done := len(there) == len(item.add) && item.removed(); {
		case done && !item.thereBefore && w.allMadeBySelf(ctx, there, item.began):
			outcomes[i] = carriedOut
		case done && !item.thereBefore && !w.canTellSelf():
			outcomes[i] = untold
		case done, afterConflict && len(there) > 0:
			outcomes[i] = unclear
		}
	}
	return outcomes, nil
}

// read asks for the assignments around the items.
func (w *assignmentWriter) read(ctx context.Context, items []*change) (map[AssignmentKey]Assignment, error) {
	principals := map[access.Scope]map[access.GUID]bool{}
	for _, item := range items {
		for _, key := range item.keys() {
			if principals[key.Scope] == nil {
				principals[key.Scope] = map[access.GUID]bool{}
			}
			principals[key.Scope][key.PrincipalID] = true
		}
	}
	var mu sync.Mutex
	seen := map[AssignmentKey]Assignment{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(parallelPages)
	ask := func(q assignmentQuestion) {
		group.Go(func() error {
			found, err := w.listAssignments(ctx, q)
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
			ask(assignmentQuestion{scope: scope})
			continue
		}
		for id := range ids {
			ask(assignmentQuestion{scope: scope, principal: id})
		}
	}
	err := group.Wait()
	return seen, err
}

// allMadeBySelf reports whether assignments certainly come from a request of this client that began then.
func (w *assignmentWriter) allMadeBySelf(ctx context.Context, made []Assignment, began time.Time) bool {
	for _, a := range made {
		if !w.madeBySelf(ctx, a.CreatedBy, a.CreatedOn, began) {
			return false
		}
	}
	return true
}

// done enters what was carried out into the index: as it was looked up, else as it was sent.
func (w *assignmentWriter) done(item *change) {
	for _, a := range item.remove {
		w.index.remove(a.Key)
	}
	for _, g := range item.add {
		made, ok := item.seen[g.Key]
		if !ok {
			w.made(func(ctx context.Context) (access.GUID, error) { return w.makerOf(ctx, g.Key) })
			role, _ := w.roles.table.get(g.Key.RoleID)
			made = Assignment{
				Key: g.Key, PrincipalType: g.PrincipalType, RoleName: role.Name, RoleType: role.Type,
				Type: access.AssignmentCustom, Mutable: true, CreatedBy: w.caller.Subject,
			}
		}
		w.index.put(made)
	}
	w.exports.forget()
	item.finish(nil)
}

// refused names the assignment in the way, where one is found.
func (w *assignmentWriter) refused(ctx context.Context, item *change, refused *Error) {
	if errors.Is(refused, ErrConflict) && len(item.add) > 0 {
		// What cannot be looked up stays unnamed.
		if seen, err := w.read(ctx, []*change{item}); err == nil {
			for _, g := range item.add {
				if existing, ok := seen[g.Key]; ok {
					w.index.put(existing)
					item.finish(&AssignmentExistsError{Existing: existing, Err: refused})
					return
				}
			}
		}
	}
	for _, a := range item.remove {
		if !a.Mutable {
			item.finish(&ImmutableAssignmentError{Existing: a, Err: refused})
			return
		}
	}
	item.finish(refused)
}

// failed doubts the assignments of an item that was sent before with an unknown outcome.
func (w *assignmentWriter) failed(item *change, err error) {
	if item.seen != nil {
		w.doubt(item)
	}
	item.finish(err)
}

func (w *assignmentWriter) unknown(item *change, err error) {
	w.doubt(item)
	unknown := &AssignmentOutcomeUnknownError{Grants: item.add, Existing: item.granted(), Err: err}
	for _, a := range item.remove {
		unknown.Removals = append(unknown.Removals, a.Key)
	}
	item.finish(unknown)
}

// wait keeps a change until it can be told who made what is there.
func (w *assignmentWriter) wait(item *change, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.untold[item] = err
}

// tell gives the changes that are kept their results.
func (w *assignmentWriter) tell(ctx context.Context) {
	w.mu.Lock()
	kept := w.untold
	w.untold = map[*change]error{}
	w.mu.Unlock()
	for item, err := range kept {
		if there := item.granted(); w.allMadeBySelf(ctx, there, item.began) {
			w.done(item)
		} else {
			w.unknown(item, err)
		}
	}
}

// makerOf reads who made an assignment.
func (w *assignmentWriter) makerOf(ctx context.Context, key AssignmentKey) (access.GUID, error) {
	found, err := w.listAssignments(ctx, assignmentQuestion{scope: key.Scope, principal: key.PrincipalID})
	for _, a := range found {
		if a.Key == key {
			return a.CreatedBy, nil
		}
	}
	return "", err
}

// doubt makes the next readers ask the server about the item's assignments.
func (w *assignmentWriter) doubt(item *change) {
	w.index.doubtful(item.keys())
	w.exports.forget()
}

func (w *assignmentWriter) what(item *change) string { return fmt.Sprint(item.keys()) }
func (w *assignmentWriter) unseen() string           { return "the change was not seen afterwards" }
