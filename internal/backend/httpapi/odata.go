package httpapi

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// The documented limits of OData options (contract 8.1-7).
const (
	maxComparisons = 100
	maxOrderings   = 5
)

// odataKind is the type of a property.
type odataKind int

const (
	odataText odataKind = iota
	odataNumber
	odataFlag
	// odataObject is a value that cannot be compared.
	odataObject
)

// odataProperty is a property of an entity. Its value is a string, an int64, a bool or nil; an object has any.
type odataProperty[T any] struct {
	name  string
	kind  odataKind
	value func(T) any
}

// odataEntity is the properties of an entity. Names are read in any case.
type odataEntity[T any] []odataProperty[T]

func (e odataEntity[T]) find(name string) (odataProperty[T], error) {
	for _, p := range e {
		if strings.EqualFold(p.name, name) {
			return p, nil
		}
	}
	return odataProperty[T]{}, fmt.Errorf("the property %q does not exist", name)
}

// comparable finds a property that can be compared.
func (e odataEntity[T]) comparable(name string) (odataProperty[T], error) {
	p, err := e.find(name)
	if err == nil && p.kind == odataObject {
		err = fmt.Errorf("the property %q cannot be compared", p.name)
	}
	return p, err
}

// compareValues compares two values of one kind that are not nil, texts without case.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case int64:
		other, _ := b.(int64)
		return cmp.Compare(a, other)
	case bool:
		other, _ := b.(bool)
		if a == other {
			return 0
		} else if other {
			return -1
		}
		return 1
	}
	text, _ := a.(string)
	other, _ := b.(string)
	return strings.Compare(strings.ToLower(text), strings.ToLower(other))
}

// orderBy reads $orderby, such as "Name desc, Id". Nil stands before everything.
func (e odataEntity[T]) orderBy(text string) (func(a, b T) int, error) {
	var orders []func(a, b T) int
	for item := range strings.SplitSeq(text, ",") {
		words := strings.Fields(item)
		if len(words) == 0 || len(words) > 2 || len(words) == 2 && !strings.EqualFold(words[1], "asc") && !strings.EqualFold(words[1], "desc") {
			return nil, fmt.Errorf("%q is not a property with asc or desc", strings.TrimSpace(item))
		}
		property, err := e.comparable(words[0])
		if err != nil {
			return nil, err
		}
		sign := 1
		if len(words) == 2 && strings.EqualFold(words[1], "desc") {
			sign = -1
		}
		orders = append(orders, func(a, b T) int { return sign * compareNullable(property.value(a), property.value(b)) })
	}
	if len(orders) > maxOrderings {
		return nil, fmt.Errorf("%d properties are named; at most %d are read", len(orders), maxOrderings)
	}
	return func(a, b T) int {
		for _, order := range orders {
			if c := order(a, b); c != 0 {
				return c
			}
		}
		return 0
	}, nil
}

func compareNullable(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return compareValues(a, b)
}

// selected reads $select, such as "Name,Id", and returns the properties in their usual order. "*" is all of them.
func (e odataEntity[T]) selected(text string) (odataEntity[T], error) {
	var names []string
	for item := range strings.SplitSeq(text, ",") {
		name := strings.TrimSpace(item)
		if name == "*" {
			return e, nil
		}
		property, err := e.find(name)
		if err != nil {
			return nil, err
		}
		names = append(names, property.name)
	}
	return slices.DeleteFunc(slices.Clone(e), func(p odataProperty[T]) bool { return !slices.Contains(names, p.name) }), nil
}

// body is an entity with these properties only.
func (e odataEntity[T]) body(one T) map[string]any {
	b := make(map[string]any, len(e))
	for _, p := range e {
		b[p.name] = p.value(one)
	}
	return b
}
