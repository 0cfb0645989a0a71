package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The options of OData.
const (
	optionTop     = "$top"
	optionSkip    = "$skip"
	optionCount   = "$count"
	optionFilter  = "$filter"
	optionOrderBy = "$orderby"
	optionSelect  = "$select"
	optionExpand  = "$expand"
)

// odataAction begins the names of Orchestrator's own functions and actions.
const odataAction = "UiPath.Server.Configuration.OData."

// odataSet is a collection of entities.
type odataSet[T any] struct {
	name   string
	entity odataEntity[T]
	// expanded are the properties that come with $expand only.
	expanded odataEntity[T]
}

// odataList is a page of a collection.
type odataList struct {
	Context string `json:"@odata.context"`
	Count   *int   `json:"@odata.count,omitempty"`
	Value   any    `json:"value"`
}

// listEntities serves a collection. The function narrows what is asked for by the rest of the request; parameters are those that it reads.
func listEntities[T, Q any](
	a *API, set odataSet[T], ask rule[Q, rules.Page[T]], narrow func(query, rules.TenantQuery[T]) Q, parameters ...string,
) handler {
	return func(r *http.Request) (reply, error) {
		var counted bool
		var shown odataEntity[T]
		parse := func(r *request) Q {
			q := r.query(append([]string{
				optionTop, optionSkip, optionCount, optionFilter, optionOrderBy, optionSelect, optionExpand,
			}, parameters...)...)
			counted = oneOf(q, optionCount, false, booleans)
			shown = set.properties(q)
			return narrow(q, rules.TenantQuery[T]{
				Tenant: r.PathValue("tenant"), Paging: q.paging("$", maxTop, maxTop),
				Keep: odataOption(q, optionFilter, set.entity.filter), Compare: odataOption(q, optionOrderBy, set.entity.orderBy),
			})
		}
		body := func(found rules.Page[T]) odataList {
			b := odataList{Context: set.context(r, shown), Value: each(shown.body)(found.Rows)}
			if counted {
				b.Count = &found.Total
			}
			return b
		}
		return read(a, parse, ask, body)(r)
	}
}

// asAsked narrows nothing.
func asAsked[T any](_ query, q rules.TenantQuery[T]) rules.TenantQuery[T] { return q }

// oneEntity serves one entity of a collection. The function reads its key.
func oneEntity[T, K any](a *API, set odataSet[T], ask rule[K, T], key func(*request) K) handler {
	return func(r *http.Request) (reply, error) {
		var shown odataEntity[T]
		parse := func(r *request) K {
			shown = set.properties(r.query(optionSelect, optionExpand))
			return key(r)
		}
		return read(a, parse, ask, func(one T) map[string]any { return set.entityBody(r, shown, one) })(r)
	}
}

// entityBody is one entity with the properties that are shown.
func (s odataSet[T]) entityBody(r *http.Request, shown odataEntity[T], one T) map[string]any {
	b := shown.body(one)
	b["@odata.context"] = s.context(r, shown) + "/$entity"
	return b
}

// properties reads which properties are wanted. What an entity always has may be expanded too.
func (s odataSet[T]) properties(q query) odataEntity[T] {
	shown := s.entity
	if selected := odataOption(q, optionSelect, s.entity.selected); selected != nil {
		shown = selected
	}
	for _, p := range odataOption(q, optionExpand, s.expansion) {
		if p.kind == odataObject && !slices.ContainsFunc(shown, func(other odataProperty[T]) bool { return other.name == p.name }) {
			shown = append(slices.Clone(shown), p)
		}
	}
	return shown
}

// expansion reads $expand, such as "UserRoles,OrganizationUnits".
func (s odataSet[T]) expansion(text string) (odataEntity[T], error) {
	var found odataEntity[T]
	for item := range strings.SplitSeq(text, ",") {
		name := strings.TrimSpace(item)
		property, err := append(slices.Clone(s.expanded), s.entity...).find(name)
		switch {
		case len(s.expanded) == 0 && (err != nil || property.kind != odataObject):
			return nil, fmt.Errorf("%s have nothing to expand: leave it out", s.name)
		case err != nil || property.kind != odataObject:
			return nil, fmt.Errorf("%s have no %q to expand", s.name, name)
		}
		found = append(found, property)
	}
	return found, nil
}

// odataOption reads an option, and returns nothing where it is missing or wrong.
func odataOption[V any](q query, name string, read func(string) (V, error)) (value V) {
	if !q.values.Has(name) {
		return value
	}
	value, err := read(q.text(name))
	if err != nil {
		q.wrongf(name, "The value is not valid: %s.", err)
	}
	return value
}

// context says what a body has. The properties are named where they are not all.
func (s odataSet[T]) context(r *http.Request, shown odataEntity[T]) string {
	names := ""
	if len(shown) < len(s.entity) {
		all := make([]string, len(shown))
		for i, p := range shown {
			all[i] = p.name
		}
		names = "(" + strings.Join(all, ",") + ")"
	}
	return metadata(r, s.name+names)
}

// metadata is the address that describes what a body has.
func metadata(r *http.Request, what string) string {
	before, _, _ := strings.Cut(r.URL.Path, "/odata/")
	return fmt.Sprintf("http://%s%s/odata/$metadata#%s", r.Host, before, what)
}

// odataArguments are what stands in parentheses behind a name: Folders(4), or GetByKey(identifier={GUID}). A value without a name has none.
type odataArguments map[string]string

// arguments reads the arguments of a path, which have exactly these names.
func arguments(r *request, names ...string) odataArguments {
	text, inParentheses := strings.CutPrefix(r.PathValue("key"), "(")
	text, closed := strings.CutSuffix(text, ")")
	found := odataArguments{}
	for item := range strings.SplitSeq(text, ",") {
		name, value, named := strings.Cut(item, "=")
		if !named {
			name, value = "", item
		}
		found[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	complete := inParentheses && closed && len(found) == len(names)
	for _, name := range names {
		_, ok := found[name]
		complete = complete && ok
	}
	if !complete {
		r.failed = notFound("The path %q does not exist.", asRequested(r.URL.Path))
		return odataArguments{}
	}
	return found
}

// number reads an argument that is a number from 1.
func (a odataArguments) number(r *request, name string) int64 {
	if r.failed != nil {
		return 0
	}
	number, err := strconv.ParseInt(a[name], 10, 64)
	if err != nil || number < 1 {
		r.wrongf("key", "The value '%s' is not valid.", a[name])
	}
	return number
}

// flag reads an argument that is true or false.
func (a odataArguments) flag(r *request, name string) bool {
	on, err := strconv.ParseBool(a[name])
	if err != nil && r.failed == nil {
		r.wrongf(name, "The value '%s' is not valid.", a[name])
	}
	return on
}

// nullable turns a value that is not there into nil.
func nullable[T comparable](value T) any {
	var none T
	if value == none {
		return nil
	}
	return value
}
