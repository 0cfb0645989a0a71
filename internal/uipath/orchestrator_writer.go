package uipath

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// parallelWrites is how many requests a batch sends at the same time.
const parallelWrites = 4

// OrchestratorGrantExistsError is a grant that is there already.
type OrchestratorGrantExistsError struct{ Grant OrchestratorGrant }

// Error names the grant.
func (e *OrchestratorGrantExistsError) Error() string {
	return fmt.Sprintf("The role is assigned already: %s.", e.Grant)
}

// OrchestratorGrantOutcomeUnknownError is a change of which it could not be found out whether it happened.
type OrchestratorGrantOutcomeUnknownError struct {
	Grant OrchestratorGrant
	// Err is what happened to the request, and to the look-up after it.
	Err error
}

// Error says what may have happened.
func (e *OrchestratorGrantOutcomeUnknownError) Error() string {
	return fmt.Sprintf("The request about the %s was interrupted and the server may have carried it out. Look whether it has before trying again. "+
		"What happened: %v", e.Grant, e.Err)
}

// Unwrap returns what happened.
func (e *OrchestratorGrantOutcomeUnknownError) Unwrap() error { return e.Err }

// memberChange is a grant to make or to take away.
type memberChange struct {
	ticket

	grant OrchestratorGrant
	key   memberKey
	add   bool
	// sent says that it was sent, so that it may be there because of that.
	sent bool
}

// AssignOrchestratorRole gives a principal a role of Orchestrator at the tenant or at a folder, beside those that it has there. An account that
// Orchestrator does not have is added first. It shares requests with the changes that others ask for at the same time; the result is its own.
//
// A grant that is there already is an [*OrchestratorGrantExistsError]. An answer that was lost is resolved by looking: the grant is made again
// where it is absent. At a folder every write replaces what an account has there, so who has what is read immediately before, and read again
// afterwards: between that read and the write somebody else's change of the same account at the same folder would be lost, and a grant of this
// client that somebody else's write took away is made again.
func (o *orchestrator) AssignOrchestratorRole(ctx context.Context, g OrchestratorGrant, kind access.PrincipalType) error {
	kind, err := access.ParsePrincipalType(string(kind))
	if err != nil {
		return err
	}
	role, err := o.OrchestratorRole(ctx, g.TenantID, g.RoleID)
	if err != nil {
		return err
	}
	if g.FolderKey == "" && !role.AtTenant() {
		return fmt.Errorf("the role %q of Orchestrator has the type %s and is assigned at folders, not at the tenant", role.Name, role.Type)
	}
	if g.FolderKey != "" && !role.AtFolders() {
		return fmt.Errorf("the role %q of Orchestrator has the type %s and is assigned at the tenant, not at folders", role.Name, role.Type)
	}
	there, err := o.HasOrchestratorRole(ctx, g)
	if err != nil {
		return err
	}
	if there {
		return &OrchestratorGrantExistsError{g}
	}
	t, key, known, err := o.locate(ctx, g)
	if err != nil {
		return err
	}
	if !known {
		if key.user, err = t.addedUser(ctx, g.PrincipalID, kind); err != nil {
			return err
		}
	}
	return t.writer.do(ctx, &memberChange{grant: g, key: key, add: true})
}

// UnassignOrchestratorRole takes a role of Orchestrator from a principal, at the tenant or at a folder. One that is not there counts as taken.
// The account stays in Orchestrator; from a folder where nothing is left to it, it is removed.
func (o *orchestrator) UnassignOrchestratorRole(ctx context.Context, g OrchestratorGrant) error {
	t, key, known, err := o.locate(ctx, g)
	if errors.Is(err, ErrNotFound) || err == nil && !known {
		return nil
	}
	if err != nil {
		return err
	}
	return t.writer.do(ctx, &memberChange{grant: g, key: key})
}

// memberWriter assigns and takes away roles in Orchestrator of a tenant, many with one request. One batch is under way at a time.
type memberWriter struct {
	*orchestratorTenant
	queue queue[*memberChange]

	mu sync.Mutex
	// acknowledged is what this run made (true) and took away (false), whatever a read that lags behind shows (contract 10.3).
	acknowledged map[memberKey]bool
}

func newMemberWriter(t *orchestratorTenant) *memberWriter {
	return &memberWriter{orchestratorTenant: t, queue: newQueue(t.api, pickMembers), acknowledged: map[memberKey]bool{}}
}

// pickMembers takes the next batch. Changes of the same grant follow each other.
func pickMembers(waiting []*memberChange) (batch, rest []*memberChange) {
	touched := map[memberKey]bool{}
	for _, item := range waiting {
		if len(batch) < maxBatch && !touched[item.key] {
			batch = append(batch, item)
		} else {
			rest = append(rest, item)
		}
		touched[item.key] = true
	}
	return batch, rest
}

// do carries out a change and returns its own result.
func (w *memberWriter) do(ctx context.Context, item *memberChange) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	item.ticket = newTicket(ctx)
	if w.queue.join(item) {
		go w.run()
	}
	return w.queue.wait(ctx, item)
}

// run writes batches until nothing is waiting.
func (w *memberWriter) run() {
	for batch := w.queue.next(); len(batch) > 0; batch = w.queue.next() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(batch[0].ctx), maxBatchTime)
		began := w.rest.Now()
		w.write(ctx, batch)
		w.queue.learn(w.rest.Now().Sub(began))
		cancel()
	}
}

// write divides a batch into what goes together, and carries it out.
func (w *memberWriter) write(ctx context.Context, batch []*memberChange) {
	defer w.orchestrator.changed()
	atTenant := map[int32][]*memberChange{}
	var atFolders []*memberChange
	for _, item := range batch {
		if item.key.folder == 0 {
			atTenant[item.key.role] = append(atTenant[item.key.role], item)
		} else {
			atFolders = append(atFolders, item)
		}
	}
	var group errgroup.Group
	group.SetLimit(parallelWrites)
	for role, items := range atTenant {
		group.Go(func() error {
			carryOut(ctx, w.rest, &roleMembers{w, role}, items, 0)
			return nil
		})
	}
	for _, items := range sameAccounts(atFolders) {
		group.Go(func() error {
			(&folderWrite{memberWriter: w, pending: items}).run(ctx)
			return nil
		})
	}
	_ = group.Wait()
}

// done enters what was carried out.
func (w *memberWriter) done(item *memberChange) {
	w.mu.Lock()
	w.acknowledged[item.key] = item.add
	w.mu.Unlock()
	if item.add {
		w.members.put(item.key)
	} else {
		w.members.remove(item.key)
	}
	item.finish(nil)
}

// doubt makes the next readers ask the server about a grant.
func (w *memberWriter) doubt(item *memberChange) {
	w.members.doubt(item.key)
	w.members.answers.Forget(item.key.question())
}

// roleMembers changes who has one role at the tenant. Only those change who are named (contract 8.2-9), so nothing has to be read before.
type roleMembers struct {
	*memberWriter
	role int32
}

// setUsersBody is the body of SetUsers. Both lists are required.
type setUsersBody struct {
	Added   []int64 `json:"addedUserIds"`
	Removed []int64 `json:"removedUserIds"`
}

func (w *roleMembers) send(ctx context.Context, items []*memberChange) error {
	body := setUsersBody{[]int64{}, []int64{}}
	for _, item := range items {
		if item.add {
			body.Added = append(body.Added, item.key.user)
		} else {
			body.Removed = append(body.Removed, item.key.user)
		}
	}
	return w.post(ctx, "set users of role of Orchestrator", numbered("Roles", int64(w.role))+orchestratorAction+"SetUsers", body)
}

// lookUp finds out who has the role now. What is as it was asked for counts as carried out: nobody can tell who did it, and it makes no
// difference.
func (w *roleMembers) lookUp(ctx context.Context, items []*memberChange, _ bool) ([]outcome, error) {
	if err := w.members.reread(ctx, memberQuestion{role: w.role}); err != nil {
		return nil, err
	}
	outcomes := make([]outcome, len(items))
	for i, item := range items {
		if _, there := w.members.get(item.key); there == item.add {
			outcomes[i] = carriedOut
		}
	}
	return outcomes, nil
}

// refusesAll says that the same would be refused for each: it is about the role, and not about who gets it.
func (w *roleMembers) refusesAll(err *Error) bool { return err.Status == http.StatusForbidden }

func (w *roleMembers) refused(_ context.Context, item *memberChange, err *Error) { item.finish(err) }

func (w *roleMembers) failed(item *memberChange, err error) {
	w.doubt(item)
	item.finish(err)
}

func (w *roleMembers) unknown(item *memberChange, err error) {
	w.doubt(item)
	item.finish(&OrchestratorGrantOutcomeUnknownError{item.grant, err})
}

// wait has nothing to wait for.
func (w *roleMembers) wait(item *memberChange, err error) { w.unknown(item, err) }

func (w *roleMembers) what(item *memberChange) string { return item.grant.String() }
func (w *roleMembers) unseen() string                 { return "it was looked for in vain afterwards" }
