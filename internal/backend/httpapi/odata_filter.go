package httpapi

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// maxDepth bounds how deeply a filter is nested.
const maxDepth = 50

var (
	errFilterEnds = errors.New("the expression ends too early")
	errTooDeep    = errors.New("the expression is nested too deeply")
)

// matches says whether an entity fits a filter.
type matches[T any] func(T) bool

// filterParser reads $filter. It knows the comparisons, in, the functions on texts, and, or, not and parentheses.
type filterParser[T any] struct {
	entity odataEntity[T]
	// tokens are what is still to be read.
	tokens      []string
	comparisons int
	depth       int
}

// filter reads $filter.
func (e odataEntity[T]) filter(text string) (matches[T], error) {
	tokens, err := filterTokens(text)
	if err != nil {
		return nil, err
	}
	p := &filterParser[T]{entity: e, tokens: tokens}
	found, err := p.either()
	if err == nil && len(p.tokens) > 0 {
		err = fmt.Errorf("%q is not expected there", p.tokens[0])
	}
	return found, err
}

// filterTokens cuts an expression into words, texts in quotes, parentheses and commas.
func filterTokens(text string) ([]string, error) {
	var tokens []string
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		end := 1
		switch {
		case strings.ContainsRune("(),", rune(text[0])):
		case text[0] == '\'':
			// A quote inside is doubled.
			for end < len(text) && (text[end] != '\'' || strings.HasPrefix(text[end:], "''")) {
				if text[end] == '\'' {
					end++
				}
				end++
			}
			if end >= len(text) {
				return nil, errors.New("a text has no end")
			}
			end++
		default:
			if end = strings.IndexAny(text, " \t\r\n(),'"); end < 0 {
				end = len(text)
			}
		}
		tokens, text = append(tokens, text[:end]), text[end:]
	}
	return tokens, nil
}

func (p *filterParser[T]) next() (string, error) {
	if len(p.tokens) == 0 {
		return "", errFilterEnds
	}
	token := p.tokens[0]
	p.tokens = p.tokens[1:]
	return token, nil
}

// take reads a token if it comes next.
func (p *filterParser[T]) take(token string) bool {
	if len(p.tokens) == 0 || !strings.EqualFold(p.tokens[0], token) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *filterParser[T]) expect(token string) error {
	if p.take(token) {
		return nil
	}
	if len(p.tokens) == 0 {
		return errFilterEnds
	}
	return fmt.Errorf("%q stands where %q is expected", p.tokens[0], token)
}

// either reads what is joined by or.
func (p *filterParser[T]) either() (matches[T], error) {
	all, err := p.joined("or", p.both)
	return func(one T) bool { return slices.ContainsFunc(all, func(m matches[T]) bool { return m(one) }) }, err
}

// both reads what is joined by and.
func (p *filterParser[T]) both() (matches[T], error) {
	all, err := p.joined("and", p.single)
	return func(one T) bool { return !slices.ContainsFunc(all, func(m matches[T]) bool { return !m(one) }) }, err
}

func (p *filterParser[T]) joined(word string, read func() (matches[T], error)) ([]matches[T], error) {
	var all []matches[T]
	for {
		one, err := read()
		if err != nil {
			return nil, err
		}
		if all = append(all, one); !p.take(word) {
			return all, nil
		}
	}
}

// single reads one condition, which may be negated or in parentheses.
func (p *filterParser[T]) single() (matches[T], error) {
	if p.depth++; p.depth > maxDepth {
		return nil, errTooDeep
	}
	defer func() { p.depth-- }()
	if p.take("not") {
		inner, err := p.single()
		return func(one T) bool { return !inner(one) }, err
	}
	if p.take("(") {
		inner, err := p.either()
		if err == nil {
			err = p.expect(")")
		}
		return inner, err
	}
	if p.comparisons++; p.comparisons > maxComparisons {
		return nil, fmt.Errorf("there are more than %d comparisons", maxComparisons)
	}
	word, err := p.next()
	if err != nil {
		return nil, err
	}
	if check, ok := textFunctions[strings.ToLower(word)]; ok {
		return p.call(check)
	}
	property, err := p.entity.comparable(word)
	if err != nil {
		return nil, err
	}
	return p.compare(property)
}

// textFunctions are the functions that compare a text with a part of it, both in lower case.
var textFunctions = map[string]func(text, part string) bool{
	"contains": strings.Contains, "startswith": strings.HasPrefix, "endswith": strings.HasSuffix,
}

// call reads the arguments of a function: a property and a part of its text.
func (p *filterParser[T]) call(check func(text, part string) bool) (matches[T], error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	name, err := p.next()
	if err != nil {
		return nil, err
	}
	property, err := p.entity.comparable(name)
	if err != nil {
		return nil, err
	}
	if err := p.expect(","); err != nil {
		return nil, err
	}
	argument, err := p.literal(property)
	if err != nil {
		return nil, err
	}
	part, isText := argument.(string)
	if !isText {
		return nil, fmt.Errorf("%s is not compared with a part of a text", property.name)
	}
	return func(one T) bool {
		text, ok := property.value(one).(string)
		return ok && check(strings.ToLower(text), strings.ToLower(part))
	}, p.expect(")")
}

// comparisons are the operators with what they ask of the order of two values.
var comparisons = map[string]func(order int) bool{
	"eq": func(order int) bool { return order == 0 }, "ne": func(order int) bool { return order != 0 },
	"gt": func(order int) bool { return order > 0 }, "ge": func(order int) bool { return order >= 0 },
	"lt": func(order int) bool { return order < 0 }, "le": func(order int) bool { return order <= 0 },
}

// compare reads an operator and what a property is compared with. A flag may stand alone.
func (p *filterParser[T]) compare(property odataProperty[T]) (matches[T], error) {
	if p.take("in") {
		return p.oneOf(property)
	}
	if len(p.tokens) == 0 || comparisons[strings.ToLower(p.tokens[0])] == nil {
		if property.kind == odataFlag {
			return func(one T) bool { return property.value(one) == true }, nil
		}
		return nil, fmt.Errorf("%s is compared with nothing", property.name)
	}
	operator, err := p.next()
	if err != nil {
		return nil, err
	}
	operator = strings.ToLower(operator)
	fits := comparisons[operator]
	wanted, err := p.literal(property)
	return func(one T) bool {
		value := property.value(one)
		if value == nil || wanted == nil {
			return operator == "eq" && value == wanted || operator == "ne" && value != wanted
		}
		return fits(compareValues(value, wanted))
	}, err
}

// oneOf reads a list of values in parentheses.
func (p *filterParser[T]) oneOf(property odataProperty[T]) (matches[T], error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var wanted []any
	for {
		value, err := p.literal(property)
		if err != nil {
			return nil, err
		}
		if wanted = append(wanted, value); !p.take(",") {
			break
		}
	}
	return func(one T) bool {
		value := property.value(one)
		return slices.ContainsFunc(wanted, func(w any) bool { return compareNullable(value, w) == 0 })
	}, p.expect(")")
}

// literal reads a value that a property can be compared with: a text in quotes, a GUID, a number, true, false or null.
func (p *filterParser[T]) literal(property odataProperty[T]) (any, error) {
	token, err := p.next()
	if err != nil || token == "null" {
		return nil, err
	}
	switch property.kind {
	case odataNumber:
		if n, err := strconv.ParseInt(token, 10, 64); err == nil {
			return n, nil
		}
	case odataFlag:
		if token == "true" || token == "false" {
			return token == "true", nil
		}
	case odataObject:
	case odataText:
		if strings.HasPrefix(token, "'") {
			return strings.ReplaceAll(token[1:len(token)-1], "''", "'"), nil
		}
		if id := access.OptionalGUID(token); id != "" {
			return id.String(), nil
		}
	}
	return nil, fmt.Errorf("%s cannot be compared with %s", property.name, token)
}
