package seed

import (
	"fmt"
	"slices"
	"strings"
)

// place is where names are told apart: a kind of thing, such as "folder", and what it is in, such as " in tenant Production".
type place struct{ kind, in string }

// key is a name or an id in lower case.
type key struct {
	place

	name string
	isID bool
}

func nameIn(at place, name string) key { return key{at, strings.ToLower(name), false} }

func idIn(at place, id string) key { return key{at, strings.ToLower(id), true} }

// index finds the things of a file by their names and ids, without regard to case.
type index[T comparable] map[key][]T

// add makes a thing known in a place by its id, its name and its aliases.
func (x index[T]) add(r *reader, at place, thing T, id string, names ...string) {
	keys := []key{idIn(at, id)}
	for _, name := range names {
		keys = append(keys, nameIn(at, name))
	}
	for _, k := range keys {
		if !slices.Contains(x[k], thing) {
			x[k] = append(x[k], thing)
		}
	}
	r.names[at] = append(r.names[at], names...)
}

// lookUp returns what has a name, else what has it as its id.
func (x index[T]) lookUp(at place, name string) []T {
	if found := x[nameIn(at, name)]; len(found) > 0 {
		return found
	}
	return x[idIn(at, name)]
}

// find returns the one thing that a reference means, and reports a reference that means none or several.
func (x index[T]) find(r *reader, n node, at place, name string) (one T, ok bool) {
	found := x.lookUp(at, name)
	switch len(found) {
	case 1:
		return found[0], true
	case 0:
		r.wrongf(n, "unknown %s %q%s%s", at.kind, name, at.in, r.offer(name, r.names[at]))
	default:
		ways := make([]string, len(found))
		for i, thing := range found {
			ways[i] = fmt.Sprint(thing)
		}
		if ways = slices.Compact(ways); len(ways) < len(found) {
			r.wrongf(n, "%q names several %ss: write the id of one", name, at.kind)
			break
		}
		r.wrongf(n, "%q names several %ss: write %s", name, at.kind, strings.Join(ways, " or "))
	}
	return one, false
}
