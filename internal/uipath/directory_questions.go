package uipath

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

const (
	// maxNames is how many names the directory resolves at once (contract 7.1-6).
	maxNames = 20
	// maxIDs is how many ids are resolved at once. The directory's own limit is not public (contract 7.1-23).
	maxIDs = 100
)

// entityTypes are the directory's words for what can be resolved. Robot accounts cannot be (contract 7.1-7).
var entityTypes = map[access.PrincipalType]string{
	access.PrincipalUser: "user", access.PrincipalGroup: "group", access.PrincipalExternalApplication: "application",
}

// directoryQuestion asks the directory who has an id or, where that is empty, a name.
type directoryQuestion struct {
	kind access.PrincipalType
	id   access.GUID
	name string
}

// text is the id or the name.
func (q directoryQuestion) text() string { return firstOf(q.id.String(), q.name) }

// goesWith reports whether two questions can stand in one request: ids of any types, or names of one type.
func (q directoryQuestion) goesWith(other directoryQuestion) bool {
	return q.id != "" && other.id != "" || q.id == "" && other.id == "" && q.kind == other.kind
}

// most is how many questions like this one request has.
func (q directoryQuestion) most() int {
	if q.id != "" {
		return maxIDs
	}
	return maxNames
}

// directoryAsk is a question that waits for its answer.
type directoryAsk struct {
	ticket

	question directoryQuestion
	// found is nil where nobody has the id or name.
	found *Principal
}

// resolver asks the directory who has an id or a name. Search and resolving are open to callers who may not list (contract 2.5-6). The
// questions that wait while a request is under way go together in the next one. Each question is asked once in a run.
type resolver struct {
	*api
	queue   queue[*directoryAsk]
	answers rest.Memo[directoryQuestion, *Principal]
	// searches are what searches found, by their parameters.
	searches rest.Memo[directorySearch, []Principal]

	mu sync.Mutex
	// refused are the refusals of callers, by path: what is refused once is not asked for again.
	refused map[string]error
}

func newResolver(a *api) *resolver {
	r := &resolver{api: a, queue: newQueue(a, pickQuestions), refused: map[string]error{}}
	r.answers.Read, r.searches.Read = r.ask, r.search
	r.answers.Client, r.searches.Client = a.rest, a.rest
	return r
}

// pickQuestions takes the questions that make the largest request.
func pickQuestions(waiting []*directoryAsk) (batch, others []*directoryAsk) {
	for _, first := range waiting {
		var with []*directoryAsk
		for _, item := range waiting {
			if first.question.goesWith(item.question) && len(with) < first.question.most() {
				with = append(with, item)
			}
		}
		if len(with) > len(batch) {
			batch = with
		}
	}
	picked := make(map[*directoryAsk]bool, len(batch))
	for _, item := range batch {
		picked[item] = true
	}
	for _, item := range waiting {
		if !picked[item] {
			others = append(others, item)
		}
	}
	return batch, others
}

// resolve returns who has an id or a name, nil where nobody has.
func (r *resolver) resolve(ctx context.Context, q directoryQuestion) (*Principal, error) {
	return r.answers.Get(ctx, q)
}

// ask waits for the answer to a question, together with others.
func (r *resolver) ask(ctx context.Context, q directoryQuestion) (*Principal, error) {
	item := &directoryAsk{ticket: newTicket(ctx), question: q}
	if r.queue.join(item) {
		go r.run()
	}
	err := r.queue.wait(ctx, item)
	return item.found, err
}

// run asks until nothing is waiting.
func (r *resolver) run() {
	for batch := r.queue.next(); len(batch) > 0; batch = r.queue.next() {
		began := r.rest.Now()
		r.send(context.WithoutCancel(batch[0].ctx), batch)
		r.queue.learn(r.rest.Now().Sub(began))
	}
}

// send asks questions in one request. A refused request is divided, so that one name that the server cannot take fails alone.
func (r *resolver) send(ctx context.Context, batch []*directoryAsk) {
	found, err := r.request(ctx, batch)
	if refused, ok := errors.AsType[*Error](err); ok && refused.Status == http.StatusBadRequest && len(batch) > 1 {
		r.send(ctx, batch[:len(batch)/2])
		r.send(ctx, batch[len(batch)/2:])
		return
	}
	for _, item := range batch {
		if p, ok := found[item.question]; ok {
			item.found = &p
		}
		item.finish(err)
	}
}

// entityAnswer is an account as the directory resolves it (contract 7.1, 7.3).
type entityAnswer struct {
	ObjectType  string `json:"objectType"`
	Source      string `json:"source"`
	Identifier  string `json:"identifier"`
	Name        string `json:"name"`
	Email       string `json:"email"`
	DisplayName string `json:"displayName"`
	IsActive    *bool  `json:"isActive"`
	// IdentityName is the name in what a search finds.
	IdentityName string `json:"identityName"`
}

// principal converts to the package's own terms. It reports false for what is not told or has no GUID, which can hold no role. The
// directory does not tell who has accepted an invitation.
func (a entityAnswer) principal() (Principal, bool) {
	kind, known := directoryTypes[strings.ToLower(a.ObjectType)]
	name := firstOf(a.Name, a.IdentityName)
	p, ok := principalAnswer{
		ID: a.Identifier, UserName: name, Name: name, DisplayName: a.DisplayName, Email: a.Email, IsActive: a.IsActive,
	}.principal(kind)
	if !known || !ok {
		return Principal{}, false
	}
	if !strings.EqualFold(a.Source, string(access.SourceLocal)) && a.Source != "" {
		p.Source = access.SourceDirectory
	}
	return p, true
}

// request asks questions that go together.
func (r *resolver) request(ctx context.Context, batch []*directoryAsk) (map[directoryQuestion]Principal, error) {
	var texts, kinds []string
	for _, item := range batch {
		texts, kinds = append(texts, item.question.text()), append(kinds, entityTypes[item.question.kind])
	}
	path, what := "/Directory/BulkResolveByName/{p}", any(struct {
		Names []string `json:"entityNames"`
		Type  string   `json:"entityType"`
	}{texts, kinds[0]})
	if batch[0].question.id != "" {
		path, what = "/Directory/BulkResolve/{p}", any(struct {
			IDs   []string `json:"entityIds"`
			Types []string `json:"entityTypes"`
		}{texts, kinds})
	}
	body, err := json.Marshal(what)
	if err != nil {
		return nil, err
	}
	answer, err := guarded(r, path, func() (map[string]*entityAnswer, error) {
		return rest.Fetch[map[string]*entityAnswer](ctx, r.rest, rest.Request{
			Operation: "resolve principals", Method: http.MethodPost, Path: r.identityPath(path), Body: body, Private: true,
		})
	})
	if err != nil {
		return nil, err
	}
	// The server may spell a name or an id in another case than it was asked for.
	folded := make(map[string]*entityAnswer, len(answer))
	for text, entity := range answer {
		folded[strings.ToLower(text)] = entity
	}
	found := map[directoryQuestion]Principal{}
	for _, item := range batch {
		entity, ok := answer[item.question.text()]
		if !ok {
			entity = folded[strings.ToLower(item.question.text())]
		}
		if entity == nil {
			continue
		}
		if p, ok := entity.principal(); ok && p.Type == item.question.kind && (item.question.id == "" || p.ID == item.question.id) {
			found[item.question] = p
		}
	}
	return found, nil
}

// directorySearch is what a search asks for: what begins with a text, only robot accounts or everybody.
type directorySearch struct {
	text   string
	robots bool
}

// beginning returns those whose names, e-mail addresses or display names begin with a text, as far as the directory shows them.
func (r *resolver) beginning(ctx context.Context, text string, robots bool) ([]Principal, error) {
	return r.searches.Get(ctx, directorySearch{text, robots})
}

func (r *resolver) search(ctx context.Context, s directorySearch) ([]Principal, error) {
	const path = "/Directory/Search/{p}"
	query := url.Values{"startsWith": {s.text}}
	if s.robots {
		query.Set("sourceFilter", "robotAccounts")
	}
	rows, err := guarded(r, path, func() ([]entityAnswer, error) {
		return rest.Fetch[[]entityAnswer](ctx, r.rest, rest.Request{
			Operation: "search the directory", Method: http.MethodGet, Path: r.identityPath(path), Query: query, Private: true,
		})
	})
	var found []Principal
	for _, row := range rows {
		if p, ok := row.principal(); ok {
			found = append(found, p)
		}
	}
	return found, err
}

// guarded asks what the caller may not have been refused before.
func guarded[V any](r *resolver, path string, ask func() (V, error)) (answer V, err error) {
	r.mu.Lock()
	err = r.refused[path]
	r.mu.Unlock()
	if err != nil {
		return answer, err
	}
	if answer, err = ask(); errors.Is(err, ErrForbidden) {
		r.mu.Lock()
		r.refused[path] = err
		r.mu.Unlock()
	}
	return answer, err
}
