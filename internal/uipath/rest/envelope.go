package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// What of a refusal is kept.
const (
	maxMessageRunes = 600
	maxFields       = 20
	maxFieldErrors  = 5
)

// envelope is what a refusal says, whichever of the shapes of contract 10.1 it has.
type envelope struct {
	code    string
	message string
	traceID string
	fields  map[string][]string
	// rejected says that the body itself denies success, which identity does under status 200 (contract 7.2).
	rejected bool
	// webPage says that the body is HTML.
	webPage bool
}

var htmlTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)

// readEnvelope reads a body that is not the expected answer. It accepts anything.
func readEnvelope(body []byte, contentType string) envelope {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return envelope{}
	}
	if isWebPage(body, contentType) {
		page := envelope{webPage: true}
		if title := htmlTitle.FindSubmatch(body); title != nil {
			page.message = OneLine(string(title[1]))
		}
		return page
	}
	if members := object(body); members != nil {
		return members.envelope()
	}
	var text string
	if json.Unmarshal(body, &text) != nil {
		text = string(body[:min(len(body), 4*maxMessageRunes)])
	}
	return envelope{message: OneLine(text)}
}

func isWebPage(body []byte, contentType string) bool {
	if strings.HasPrefix(strings.ToLower(contentType), "text/html") {
		return true
	}
	start := strings.ToLower(string(body[:min(len(body), 64)]))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// members are those of a JSON object, by name in lower case: the services differ in case.
type members map[string]json.RawMessage

// object returns the members of a JSON object, nil for anything else.
func object(raw []byte) members {
	var spelled map[string]json.RawMessage
	if json.Unmarshal(raw, &spelled) != nil || spelled == nil {
		return nil
	}
	lower := make(members, len(spelled))
	// In order, so that the same body always gives the same message.
	for _, name := range slices.Sorted(maps.Keys(spelled)) {
		lower[strings.ToLower(name)] = spelled[name]
	}
	return lower
}

// text returns a string or number member, "" where there is none.
func (m members) text(name string) string {
	var text string
	if json.Unmarshal(m[name], &text) == nil {
		return OneLine(text)
	}
	var number json.Number
	if json.Unmarshal(m[name], &number) == nil {
		return number.String()
	}
	return ""
}

// denies reports whether the object says that it did not succeed.
func (m members) denies() bool { return string(m["succeeded"]) == "false" }

func (m members) envelope() envelope {
	e := envelope{traceID: m.text("traceid"), rejected: m.denies()}
	inner := object(m["error"])
	if result := object(m["result"]); result.denies() {
		e.rejected = true
		m["errors"] = result["errors"]
	}
	codes, listed := m.readErrors(&e)

	// The first that is there is what the server said; the second kind is a remark on it.
	e.message = firstOf(m.text("message"), m.text("errormessage"), m.text("detail"), inner.text("message"),
		m.text("error_description"), listed, m.text("title"), m.text("statusdescription"), m.text("error"))
	for _, remark := range []string{inner.text("details"), m.text("description"), listed} {
		if remark != "" && !strings.Contains(e.message, remark) {
			e.message = OneLine(e.message + " " + remark)
		}
	}
	e.code = firstOf(meaningful(m.text("errorcode")), meaningful(inner.text("code")), codes, m.text("error"))
	return e
}

// readErrors reads the member "errors": an object of fields, or a list of texts or of codes with descriptions.
func (m members) readErrors(e *envelope) (code, listed string) {
	if fields := object(m["errors"]); fields != nil {
		var spelled map[string]json.RawMessage
		if json.Unmarshal(m["errors"], &spelled) != nil {
			return "", ""
		}
		e.fields = map[string][]string{}
		for _, name := range slices.Sorted(maps.Keys(spelled))[:min(maxFields, len(spelled))] {
			e.fields[OneLine(name)] = texts(spelled[name])
		}
		return "", ""
	}
	var items []json.RawMessage
	if json.Unmarshal(m["errors"], &items) != nil {
		return "", ""
	}
	var descriptions []string
	for _, item := range items[:min(maxFieldErrors, len(items))] {
		if described := object(item); described != nil {
			code = firstOf(code, described.text("code"))
			descriptions = append(descriptions, firstOf(described.text("description"), described.text("message"), described.text("code")))
			continue
		}
		descriptions = append(descriptions, texts(item)...)
	}
	return code, OneLine(strings.Join(descriptions, " "))
}

// texts reads a text or a list of texts.
func texts(raw json.RawMessage) []string {
	var list []any
	if json.Unmarshal(raw, &list) != nil {
		var one any
		if json.Unmarshal(raw, &one) != nil || one == nil {
			return nil
		}
		list = []any{one}
	}
	var lines []string
	for _, item := range list[:min(maxFieldErrors, len(list))] {
		lines = append(lines, OneLine(fmt.Sprint(item)))
	}
	return lines
}

// meaningful drops the code 0, which says nothing (contract 8.5).
func meaningful(code string) string {
	if code == "0" {
		return ""
	}
	return code
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// OneLine makes foreign text fit for a message: one line of printable characters, of bounded length.
func OneLine(text string) string {
	text = strings.ToValidUTF8(text[:min(len(text), 16*maxMessageRunes)], "")
	printable := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
	runes := []rune(strings.Join(strings.Fields(printable), " "))
	if len(runes) > maxMessageRunes {
		return string(runes[:maxMessageRunes]) + "…"
	}
	return string(runes)
}
