package rest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestErrorText(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]*Error{
		"read thing": {Operation: "read thing"},
		"read thing: HTTP 404 Not Found: Thing with given ID does not exist. (trace id 00-t-00)": {
			Operation: "read thing", Status: 404, Message: "Thing with given ID does not exist.", TraceID: "00-t-00", Attempts: 1,
		},
		"create thing: HTTP 400 Bad Request: Invalid.: a: one two; b: three (tried 2 times; a note)": {
			Operation: "create thing", Status: 400, Message: "Invalid.", Attempts: 2, Note: "a note",
			Fields: map[string][]string{"b": {"three"}, "a": {"one", "two"}},
		},
		"list things: HTTP 799": {Operation: "list things", Status: 799},
	} {
		if got := err.Error(); got != want {
			t.Errorf("Error() = %q, want %q", got, want)
		}
	}
}

// Every envelope arrives whole in the error of an operation.
func TestErrorCarriesTheRefusal(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t, withToken("pat-1"))
	f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("x-request-id", "req-1 pat-1")
		answerJSON(w, http.StatusBadRequest, `{"title":"Bad pat-1","errorCode":7,"errors":{"x pat-1":["y pat-1"]}}`)
	})
	_, err := thing(t.Context(), c, thingID(1))
	want := &Error{
		Operation: "read thing", Method: "GET", URL: f.URL + "/acme/things/" + thingID(1), Status: 400, Code: "7",
		Message: "Bad ***", TraceID: "req-1 ***", Fields: map[string][]string{"x ***": {"y ***"}}, Attempts: 1,
	}
	if diff := cmp.Diff(want, err, cmp.FilterPath(func(p cmp.Path) bool {
		last := p.Last().String()
		return last == ".header" || last == ".object" || last == ".Undecided" || last == ".Note"
	}, cmp.Ignore()), cmp.AllowUnexported(Error{})); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

// What the server says is masked before it is cut, lest a part of a secret remain.
func TestSecretAtTheEndOfARefusal(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t, withToken("pat-1"))
	f.first(-1, http.MethodGet, thingID(1), func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusBadRequest, `{"title":"`+strings.Repeat("x", maxMessageRunes-3)+`pat-1"}`)
	})
	_, err := thing(t.Context(), c, thingID(1))
	if err == nil || strings.Contains(err.Error(), "pat") || !strings.Contains(err.Error(), "xx***") {
		t.Errorf("thing = %v", err)
	}
}

// Success may be denied by the body (contract 7.2).
func TestDeniedSuccess(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := f.client(t)
	f.first(-1, http.MethodPut, "things", func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, http.StatusOK, `{"succeeded":false,"errors":[{"code":"X","description":"No such thing."}]}`)
	})
	_, err := putThing(t.Context(), c, "")
	const want = "create thing: HTTP 200 OK: No such thing. (trace id req-1)"
	if err == nil || err.Error() != want || len(f.sent("")) != 1 {
		t.Errorf("putThing = %v after %v, want %s", err, f.sent(""), want)
	}
}

func TestErrorsByStatus(t *testing.T) {
	t.Parallel()
	all := []error{ErrNotFound, ErrUnauthorized, ErrForbidden, ErrConflict}
	for name, test := range map[string]struct {
		err  *Error
		want error
	}{
		"no such object":      {&Error{Status: 404, object: true}, ErrNotFound},
		"no such collection":  {&Error{Status: 404}, nil},
		"a web page from 404": {&Error{Status: 404, object: true, Err: ErrWebPage}, nil},
		"unauthorized":        {&Error{Status: 401}, ErrUnauthorized},
		"forbidden":           {&Error{Status: 403}, ErrForbidden},
		"conflict":            {&Error{Status: 409}, ErrConflict},
		"no answer":           {&Error{Err: errors.New("broken")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, target := range all {
				if got := errors.Is(fmt.Errorf("wrapped: %w", test.err), target); got != errors.Is(test.want, target) {
					t.Errorf("Is %q = %v", target, got)
				}
			}
		})
	}
}
