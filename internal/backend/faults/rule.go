// Package faults decides which requests to the reference backend fail, and how.
//
// What belongs here is the decision. httpapi makes the request fail, and store reads what was there before.
package faults

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// When a connection is dropped.
const (
	DropBefore = "before"
	DropAfter  = "after"
)

// What is wrong with a body.
const (
	BodyTruncated = "truncated"
	BodyMalformed = "malformed"
)

const (
	// maxWait bounds delays and lags.
	maxWait = time.Hour
	// maxPath bounds the length of a pattern in bytes.
	maxPath = 500
)

// Rule says which requests fail and how. What is empty narrows nothing.
type Rule struct {
	// Method is an HTTP method in upper case.
	Method string `json:"method,omitempty"`
	// Path is a pattern of the path without parameters, in which * stands for any characters.
	Path string `json:"path,omitempty"`
	// Requests is how many requests fail before the rule is over; 0 is no bound.
	Requests int `json:"requests,omitempty"`
	// Rate is the share of requests that fail, above 0 and up to 1; 0 is every one.
	Rate float64 `json:"rate,omitempty"`
	// Seed makes the same requests fail each time, where they come in the same order.
	Seed uint64 `json:"seed,omitempty"`

	Effect
}

// Effect is how a request fails. Delay goes with every other one; of the others there is at most one.
type Effect struct {
	// Delay is how long the request waits before it is looked at.
	Delay Duration `json:"delay,omitzero"`
	// Status answers an error and does nothing. RetryAfter is sent with it, in seconds; 0 sends none.
	Status     int `json:"status,omitempty"`
	RetryAfter int `json:"retryAfter,omitempty"`
	// Drop ends the connection without an answer, before the request is looked at or after all of it was done.
	Drop string `json:"drop,omitempty"`
	// Body spoils the answer to a request that was done: the connection ends in the middle of it, or half of it is sent as if it were whole.
	Body string `json:"body,omitempty"`
	// Lag is how old the state is that a read shows.
	Lag Duration `json:"lag,omitzero"`
}

// Duration is a time span that is written like 250ms.
type Duration time.Duration

// MarshalText implements encoding.TextMarshaler.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration: write it like 250ms or 2s", text)
	}
	*d = Duration(parsed)
	return nil
}

// String is the effect in the words of [Parse].
func (e Effect) String() string {
	var words []string
	add := func(set bool, name string, value any) {
		if set {
			words = append(words, fmt.Sprintf("%s=%v", name, value))
		}
	}
	add(e.Delay > 0, "delay", time.Duration(e.Delay))
	add(e.Status > 0, "status", e.Status)
	add(e.RetryAfter > 0, "retryAfter", e.RetryAfter)
	add(e.Drop != "", "drop", e.Drop)
	add(e.Body != "", "body", e.Body)
	add(e.Lag > 0, "lag", time.Duration(e.Lag))
	return strings.Join(words, " ")
}

// Parse reads rules from JSON, one object or an array, or from text: words such as
//
//	PATCH */userroleassignments status=503 retryAfter=2 requests=3
//
// for each rule, divided by semicolons or line ends. The error says which rule is wrong and how.
func Parse(text string) ([]Rule, error) {
	var rules []Rule
	var err error
	switch text = strings.TrimSpace(text); {
	case strings.HasPrefix(text, "["):
		err = decode(text, &rules)
	case strings.HasPrefix(text, "{"):
		rules = make([]Rule, 1)
		err = decode(text, &rules[0])
	default:
		rules, err = parseWords(text)
	}
	if err != nil {
		return nil, err
	}
	if len(rules) == 0 {
		return nil, errors.New("no fault is named: write one like PATCH status=503 requests=2")
	}
	for i, r := range rules {
		if err := r.check(); err != nil {
			return nil, fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	return rules, nil
}

func decode(text string, into any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("faults: %w", err)
	}
	if d.More() {
		return errors.New("faults: something stands behind the JSON")
	}
	return nil
}

func parseWords(text string) ([]Rule, error) {
	var rules []Rule
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		words := strings.Fields(part)
		if len(words) == 0 {
			continue
		}
		var r Rule
		for _, word := range words {
			if err := r.set(word); err != nil {
				return nil, fmt.Errorf("fault %d: %w", len(rules)+1, err)
			}
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// set reads one word of a rule.
func (r *Rule) set(word string) error {
	name, value, isSetting := strings.Cut(word, "=")
	if !isSetting {
		if strings.HasPrefix(word, "/") || strings.HasPrefix(word, "*") {
			r.Path = word
		} else {
			r.Method = word
		}
		return nil
	}
	var err error
	switch name {
	case "requests":
		r.Requests, err = strconv.Atoi(value)
	case "rate":
		r.Rate, err = strconv.ParseFloat(value, 64)
	case "seed":
		r.Seed, err = strconv.ParseUint(value, 10, 64)
	case "status":
		r.Status, err = strconv.Atoi(value)
	case "retryAfter", "retry-after":
		r.RetryAfter, err = strconv.Atoi(value)
	case "delay":
		return r.Delay.UnmarshalText([]byte(value))
	case "lag":
		return r.Lag.UnmarshalText([]byte(value))
	case "drop":
		r.Drop = value
	case "body":
		r.Body = value
	default:
		return fmt.Errorf("unknown word %q: known are requests, rate, seed, status, retryAfter, delay, drop, body and lag", name)
	}
	if err != nil {
		return fmt.Errorf("%s: %q is not a number", name, value)
	}
	return nil
}

var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// check refuses rules that mean nothing or several things.
func (r Rule) check() error {
	effects := 0
	for _, set := range []bool{r.Status != 0, r.Drop != "", r.Body != "", r.Lag != 0} {
		if set {
			effects++
		}
	}
	switch {
	case effects > 1:
		return errors.New("status, drop, body and lag exclude each other: write a rule for each")
	case effects == 0 && r.Delay == 0:
		return errors.New("nothing goes wrong: name one of status, delay, drop, body and lag")
	case r.Method != "" && !isOneOf(r.Method, methods...):
		return fmt.Errorf("%q is neither a method, such as PATCH, nor a path, which begins with / or *", r.Method)
	case len(r.Path) > maxPath:
		return fmt.Errorf("path: %d bytes; at most %d are read", len(r.Path), maxPath)
	case r.Requests < 0:
		return fmt.Errorf("requests %d: it is at least 1", r.Requests)
	case r.Rate < 0 || r.Rate > 1:
		return fmt.Errorf("rate %v: it is above 0 and at most 1", r.Rate)
	case r.Status != 0 && (r.Status < http.StatusBadRequest || r.Status >= maxStatus):
		return fmt.Errorf("status %d: it is from 400 to 599", r.Status)
	case r.RetryAfter < 0 || r.RetryAfter > 0 && r.Status == 0:
		return errors.New("retryAfter is a number of seconds that goes with status")
	case r.Drop != "" && !isOneOf(r.Drop, DropBefore, DropAfter):
		return fmt.Errorf("drop %q: it is before or after", r.Drop)
	case r.Body != "" && !isOneOf(r.Body, BodyTruncated, BodyMalformed):
		return fmt.Errorf("body %q: it is truncated or malformed", r.Body)
	case r.Delay < 0 || r.Lag < 0 || time.Duration(max(r.Delay, r.Lag)) > maxWait:
		return fmt.Errorf("delay and lag are between 0 and %s", maxWait)
	}
	return nil
}

// maxStatus is above every status of an error.
const maxStatus = 600

func isOneOf(text string, known ...string) bool { return slices.Contains(known, text) }

// pattern returns what a path has to look like.
func (r Rule) pattern() *regexp.Regexp {
	if r.Path == "" {
		return nil
	}
	// A quoted text is always a pattern.
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(r.Path), `\*`, ".*") + "$")
}
