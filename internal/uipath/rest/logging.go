package rest

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// LevelTrace is the level at which bodies are logged.
const LevelTrace = slog.LevelDebug - 4

const (
	// maxLoggedBody bounds what of a body is logged, in bytes.
	maxLoggedBody = 4 << 10
	// maxTokens bounds how many tokens are remembered for masking; older ones have expired.
	maxTokens = 64
	masked    = "***"
)

// secrets are the texts that no log and no error may contain.
type secrets struct {
	mu     sync.RWMutex
	fixed  []string
	tokens []string
}

// keep masks a text for good.
func (s *secrets) keep(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fixed = append(s.fixed, spellings(secret)...)
}

// keepToken masks a token that the server issued.
func (s *secrets) keepToken(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = append(s.tokens, spellings(token)...)
	s.tokens = s.tokens[max(0, len(s.tokens)-maxTokens):]
}

// Encoders of JSON differ in what they escape beside quotes and backslashes. Those of .NET escape most, Go's [json.Marshal] less.
var (
	leastJSON  = strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	dotNetJSON = strings.NewReplacer(`\`, `\\`, `"`, `\u0022`, "&", `\u0026`, "'", `\u0027`, "+", `\u002B`, "<", `\u003C`, ">", `\u003E`,
		"`", `\u0060`)
)

// spellings returns a secret as it may be written: as it is, in a form, in a path and in JSON.
func spellings(secret string) []string {
	if secret == "" {
		return nil
	}
	all := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), leastJSON.Replace(secret), dotNetJSON.Replace(secret)}
	if quoted, err := json.Marshal(secret); err == nil {
		all = append(all, string(quoted[1:len(quoted)-1]))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// all returns the secrets, longest first: one may be part of another.
func (s *secrets) all() []string {
	s.mu.RLock()
	list := slices.Concat(s.fixed, s.tokens)
	s.mu.RUnlock()
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) })
	return list
}

// redact masks the secrets in a text.
func (s *secrets) redact(text string) string {
	for _, secret := range s.all() {
		text = strings.ReplaceAll(text, secret, masked)
	}
	return text
}

// write logs an entry. It masks the secrets in every attribute that may hold text.
func (c *Client) write(ctx context.Context, level slog.Level, message string, about ...slog.Attr) {
	if !c.log.Enabled(ctx, level) {
		return
	}
	safe := make([]slog.Attr, len(about))
	for i, attr := range about {
		value := attr.Value.Resolve()
		if kind := value.Kind(); kind == slog.KindString || kind == slog.KindAny || kind == slog.KindGroup {
			value = slog.StringValue(c.secrets.redact(value.String()))
		}
		safe[i] = slog.Attr{Key: attr.Key, Value: value}
	}
	c.log.LogAttrs(ctx, level, message, safe...)
}

// Warn logs at level WARN, without secrets.
func (c *Client) Warn(ctx context.Context, message string, about ...slog.Attr) {
	c.write(ctx, slog.LevelWarn, message, about...)
}

// loggable returns a body for the log. It is masked before it is cut, lest a part of a secret remain at the end.
func (c *Client) loggable(body []byte) string {
	known := c.secrets.all()
	longest := 0
	if len(known) > 0 {
		longest = len(known[0])
	}
	read := min(len(body), maxLoggedBody+longest)
	text := strings.ToValidUTF8(c.secrets.redact(string(body[:read])), "�")
	if read == len(body) && len(text) <= maxLoggedBody {
		return text
	}
	end := min(maxLoggedBody, max(0, len(text)-longest))
	for end > 0 && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "… (cut)"
}
