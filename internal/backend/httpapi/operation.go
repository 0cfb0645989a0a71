package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// transaction is a way to run something in a transaction.
type transaction func(context.Context, func(*store.Tx) error) error

// rule is a decision of the rules about an input.
type rule[I, O any] func(*rules.Session, context.Context, I) (O, error)

// read is an operation that changes nothing: it parses the input of a rule, and turns what the rule answers into a body.
func read[I, O, B any](a *API, parse func(*request) I, ask rule[I, O], body func(O) B) handler {
	return answer(a, a.store.Read, parse, ask, body)
}

// write is an operation that is committed when the rule has no objection.
func write[I, O, B any](a *API, parse func(*request) I, ask rule[I, O], body func(O) B) handler {
	return answer(a, a.store.Write, parse, ask, body)
}

func answer[I, O, B any](a *API, begin transaction, parse func(*request) I, ask rule[I, O], body func(O) B) handler {
	return func(r *http.Request) (reply, error) {
		out, err := decide(a, r, begin, parse, ask)
		if err != nil {
			return reply{}, err
		}
		return jsonReply(body(out))
	}
}

// change is an operation that is committed when the rule has no objection, and that answers nothing else.
func change[I any](a *API, parse func(*request) I, ask func(*rules.Session, context.Context, I) error) handler {
	return func(r *http.Request) (reply, error) {
		_, err := decide(a, r, a.store.Write, parse, withoutOutput(ask))
		return reply{status: http.StatusNoContent}, err
	}
}

// created answers with the status of something new.
func created(handle handler) handler {
	return func(r *http.Request) (reply, error) {
		out, err := handle(r)
		out.status = http.StatusCreated
		return out, err
	}
}

// noInput is the input of a rule that needs none. Parameters are checked all the same.
func noInput(r *request) struct{} {
	r.query()
	return struct{}{}
}

func withoutInput[O any](ask func(*rules.Session, context.Context) (O, error)) rule[struct{}, O] {
	return func(s *rules.Session, ctx context.Context, _ struct{}) (O, error) { return ask(s, ctx) }
}

func withoutOutput[I any](ask func(*rules.Session, context.Context, I) error) rule[I, struct{}] {
	return func(s *rules.Session, ctx context.Context, in I) (struct{}, error) {
		return struct{}{}, ask(s, ctx, in)
	}
}

// pathID is the input of a rule about one thing, which the path names.
func pathID(r *request) access.GUID {
	r.query()
	return r.id()
}

// decide parses a request, and then asks a rule in a transaction. What is wrong with the request is said only to callers who are
// signed in.
func decide[I, O any](a *API, r *http.Request, begin transaction, parse func(*request) I, ask rule[I, O]) (O, error) {
	in := &request{Request: r, strict: a.rules.Strict, memberOf: memberNames{}.of}
	input := parse(in)
	wrong := in.err()
	if wrong != nil {
		// Nothing will be written, so other writers need not wait.
		begin = a.store.Read
	}
	var out O
	var s *rules.Session
	err := begin(r.Context(), func(tx *store.Tx) (err error) {
		s, err = a.signIn(r, tx)
		if err == nil {
			err = wrong
		}
		if err == nil {
			out, err = ask(s, r.Context(), input)
		}
		return err
	})
	if refused, ok := errors.AsType[*rules.RefusedError](err); ok && refused.Kind == rules.Invalid {
		for _, v := range refused.Violations {
			in.wrongf(in.memberOf(v), "%s", v.Message)
		}
		err = in.err()
	}
	if err == nil {
		changed(r, s)
	}
	return out, err
}

// signIn finds out who calls. It also refuses a path that names another organization, or this one otherwise than by its id where the
// id is wanted.
func (a *API) signIn(r *http.Request, tx *store.Tx) (*rules.Session, error) {
	if err := a.checkOrganization(r, tx); err != nil {
		return nil, err
	}
	s, err := a.rules.SignIn(r.Context(), tx, bearer(r))
	if err != nil {
		return nil, err
	}
	traceOf(r).caller = s.Caller()
	if id := r.PathValue("partition"); id != "" && !strings.EqualFold(id, s.OrganizationID().String()) {
		return nil, &invalidError{faults: []fault{{memberPartition, fmt.Sprintf("The value '%s' is not valid.", id)}}}
	}
	return s, nil
}

// checkOrganization refuses a path that names another organization. A path without one belongs to the one that there is.
func (a *API) checkOrganization(r *http.Request, tx *store.Tx) error {
	name := r.PathValue("org")
	o, err := tx.Organization(r.Context())
	if err != nil || name == "" || strings.EqualFold(name, o.Name) || strings.EqualFold(name, o.ID.String()) {
		return err
	}
	return notFound("%s", model.WithSuggestion(fmt.Sprintf("The organization %q does not exist.", name), name, []string{o.Name}))
}

func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// jsonType is the Content-Type of answers.
const jsonType = "application/json; charset=utf-8"

func jsonReply(v any) (reply, error) {
	body, err := json.Marshal(v)
	return reply{status: http.StatusOK, contentType: jsonType, body: body}, err
}

// pageBody is a page of a list.
type pageBody[T any] struct {
	TotalCount int `json:"totalCount"`
	Results    []T `json:"results"`
}

// page turns the rows of a page into their bodies.
func page[F, T any](body func(F) T) func(rules.Page[F]) pageBody[T] {
	return func(p rules.Page[F]) pageBody[T] { return pageBody[T]{p.Total, each(body)(p.Rows)} }
}

// each turns all of a list into bodies. An empty list is not null.
func each[F, T any](body func(F) T) func([]F) []T {
	return func(all []F) []T {
		bodies := make([]T, len(all))
		for i, one := range all {
			bodies[i] = body(one)
		}
		return bodies
	}
}

// orNull turns what is not known into a null.
func orNull[T ~string](value T) *T {
	if value == "" {
		return nil
	}
	return &value
}
