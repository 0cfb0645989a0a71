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

// spellings returns a secret as it may be written: as it is, in a form and in JSON.
func spellings(secret string) []string {
	if secret == "" {
		return nil
	}
	all := []string{secret, url.QueryEscape(secret), url.PathEscape(secret)}
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

// write logs an entry, without secrets.
func (c *Client) write(ctx context.Context, level slog.Level, message string, about ...slog.Attr) {
	if !c.log.Enabled(ctx, level) {
		return
	}
	for i, attr := range about {
		if attr.Value.Kind() == slog.KindString {
			about[i].Value = slog.StringValue(c.secrets.redact(attr.Value.String()))
		}
	}
	c.log.LogAttrs(ctx, level, message, about...)
}

// Warn logs what went wrong and is being put right, without secrets.
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
