package conformance_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// match says what is wrong with a value, and returns nil for one that is as it should be.
type match func(*play, any) error

// fields are the members of an object. A value is a match, fields, or a value to equal; {name} is replaced in names and texts.
type fields map[string]any

// like turns an expectation into a match.
func like(want any) match {
	switch w := want.(type) {
	case match:
		return w
	case func(*play, any) error:
		return w
	case fields:
		return object(w)
	case string:
		return func(p *play, v any) error { return equal(v, p.expand(w)) }
	case int:
		return func(_ *play, v any) error { return equal(v, float64(w)) }
	}
	return func(_ *play, v any) error { return equal(v, want) }
}

func equal(got, want any) error {
	if !reflect.DeepEqual(got, want) {
		return fmt.Errorf("%#v, want %#v", got, want)
	}
	return nil
}

// object has exactly these members.
func object(want fields) match {
	return func(p *play, v any) error {
		got, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%#v, want an object", v)
		}
		have := slices.Sorted(maps.Keys(got))
		var wanted []string
		for name := range want {
			wanted = append(wanted, p.expand(name))
		}
		slices.Sort(wanted)
		if !slices.Equal(have, wanted) {
			return fmt.Errorf("the members are %v, want %v", have, wanted)
		}
		return has(want)(p, v)
	}
}

// has is an object that has these members among others.
func has(want fields) match {
	return func(p *play, v any) error {
		got, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%#v, want an object", v)
		}
		for _, name := range slices.Sorted(maps.Keys(want)) {
			value, ok := got[p.expand(name)]
			if !ok {
				return fmt.Errorf("the member %s is missing", p.expand(name))
			}
			if err := like(want[name])(p, value); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
}

// lacks is an object without these members.
func lacks(names ...string) match {
	return func(_ *play, v any) error {
		got, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%#v, want an object", v)
		}
		for _, name := range names {
			if value, ok := got[name]; ok {
				return fmt.Errorf("there is a member %s: %#v", name, value)
			}
		}
		return nil
	}
}

// array is an array of which something is true.
func array(holds func(*play, []any) error) match {
	return func(p *play, v any) error {
		all, ok := v.([]any)
		if !ok {
			return fmt.Errorf("%#v, want an array", v)
		}
		return holds(p, all)
	}
}

// list is an array of exactly these elements.
func list(want ...any) match {
	return array(func(p *play, all []any) error {
		if len(all) != len(want) {
			return fmt.Errorf("%d elements, want %d", len(all), len(want))
		}
		for i, one := range all {
			if err := like(want[i])(p, one); err != nil {
				return fmt.Errorf("element %d: %w", i, err)
			}
		}
		return nil
	})
}

// every is an array with elements, all of one kind.
func every(want any) match {
	return array(func(p *play, all []any) error {
		if len(all) == 0 {
			return errors.New("no element")
		}
		for i, one := range all {
			if err := like(want)(p, one); err != nil {
				return fmt.Errorf("element %d: %w", i, err)
			}
		}
		return nil
	})
}

// some is an array with an element of a kind.
func some(want any) match {
	return array(func(p *play, all []any) error {
		var last error
		for _, one := range all {
			if last = like(want)(p, one); last == nil {
				return nil
			}
		}
		return fmt.Errorf("none of the %d elements is right; the last: %w", len(all), last)
	})
}

// no is an array without an element of a kind.
func no(unwanted any) match {
	return array(func(p *play, all []any) error {
		for i, one := range all {
			if like(unwanted)(p, one) == nil {
				return fmt.Errorf("element %d should not be there: %v", i, one)
			}
		}
		return nil
	})
}

// count is an array of so many elements.
func count(least, most int) match {
	return array(func(_ *play, all []any) error {
		if len(all) < least || len(all) > most {
			return fmt.Errorf("%d elements, want %d to %d", len(all), least, most)
		}
		return nil
	})
}

// sorted is an array whose elements stand by a member, compared as texts.
func sorted(member string, change func(string) string, descending bool) match {
	return array(func(_ *play, all []any) error {
		var values []string
		for _, one := range all {
			value, err := find(one, member)
			if err != nil {
				return err
			}
			values = append(values, change(fmt.Sprint(value)))
		}
		if descending {
			slices.Reverse(values)
		}
		if !slices.IsSorted(values) {
			return fmt.Errorf("not sorted by %s: %v", member, values)
		}
		return nil
	})
}

func same(text string) string { return text }

// all is a value that is several things.
func all(wanted ...any) match {
	return func(p *play, v any) error {
		for _, want := range wanted {
			if err := like(want)(p, v); err != nil {
				return err
			}
		}
		return nil
	}
}

// one is a value that is one of several things.
func one(wanted ...any) match {
	return func(p *play, v any) error {
		var wrong []error
		for _, want := range wanted {
			err := like(want)(p, v)
			if err == nil {
				return nil
			}
			wrong = append(wrong, err)
		}
		return errors.Join(wrong...)
	}
}

// not is a value that is not something.
func not(unwanted any) match {
	return func(p *play, v any) error {
		if like(unwanted)(p, v) == nil {
			return fmt.Errorf("%#v should not be", v)
		}
		return nil
	}
}

// at is a value with something at the end of a way.
func at(way string, want any) match {
	return func(p *play, v any) error {
		part, err := find(v, way)
		if err == nil {
			err = like(want)(p, part)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", way, err)
		}
		return nil
	}
}

// spelled is a text of a form.
func spelled(pattern string) match {
	return func(p *play, v any) error {
		text, ok := v.(string)
		if !ok || !regexp.MustCompile(p.expand(pattern)).MatchString(text) {
			return fmt.Errorf("%#v, want a text like %s", v, pattern)
		}
		return nil
	}
}

// page is a page of a list with something true of its rows.
func page(rows match) match { return object(fields{"totalCount": integer, "results": rows}) }

// total is a list of so many rows altogether.
func total(n int) match { return has(fields{"totalCount": n}) }

func null(_ *play, v any) error    { return equal(v, nil) }
func empty(_ *play, v any) error   { return equal(v, nil) }
func nothing(_ *play, v any) error { return equal(v, []any{}) }

func text(_ *play, v any) error {
	if _, ok := v.(string); !ok {
		return fmt.Errorf("%#v, want a text", v)
	}
	return nil
}

func filled(_ *play, v any) error {
	if s, ok := v.(string); !ok || s == "" {
		return fmt.Errorf("%#v, want a text that is not empty", v)
	}
	return nil
}

func boolean(_ *play, v any) error {
	if _, ok := v.(bool); !ok {
		return fmt.Errorf("%#v, want true or false", v)
	}
	return nil
}

func integer(_ *play, v any) error {
	if n, ok := v.(float64); !ok || n != math.Trunc(n) {
		return fmt.Errorf("%#v, want a whole number", v)
	}
	return nil
}

// between is a whole number from one to another.
func between(least, most int) match {
	return all(match(integer), func(_ *play, v any) error {
		if n, ok := v.(float64); !ok || n < float64(least) || n > float64(most) {
			return fmt.Errorf("%v, want a number from %d to %d", v, least, most)
		}
		return nil
	})
}

func guid(p *play, v any) error {
	return spelled(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)(p, v)
}

// identityTime is a time as identity writes it (contract 7.2-4), accessTime one below pap_ (contract 3.2-1).
func identityTime(p *play, v any) error {
	return spelled(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{5,7}$`)(p, v)
}

func accessTime(p *play, v any) error {
	return spelled(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{4,6}[1-9]\+00:00$`)(p, v)
}

// problem is an error of the first shape (contract 10.1-1).
func problem(status int) match {
	return has(fields{"type": filled, "title": filled, "status": status, "traceId": spelled(`^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$`)})
}

// wrong is a 400 of the first shape about one member.
func wrong(member string) match {
	return all(problem(400), has(fields{"errors": has(fields{member: every(match(text))})}))
}

func containing(part string) match {
	return func(p *play, v any) error {
		if s, ok := v.(string); !ok || !strings.Contains(s, p.expand(part)) {
			return fmt.Errorf("%#v, want a text with %q", v, p.expand(part))
		}
		return nil
	}
}
