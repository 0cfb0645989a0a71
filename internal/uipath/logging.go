package uipath

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

const (
	// logSubsystem is the client's own in the provider's log.
	logSubsystem = "uipath"
	// logLevelVariable sets the subsystem's level; without it the provider's holds.
	logLevelVariable = "TF_LOG_PROVIDER_UIPATH_HTTP"
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

// redact masks the secrets in a text that the server wrote.
func (s *secrets) redact(text string) string {
	for _, secret := range s.all() {
		text = strings.ReplaceAll(text, secret, masked)
	}
	return text
}

// logger returns a context for one entry in the client's subsystem. It is made anew for each, because each operation comes with
// the context of another Terraform request and tokens change. It has no fields of its own: tflog masks those in place, which
// races between goroutines.
func (c *Client) logger(ctx context.Context) context.Context {
	ctx = tflog.NewSubsystem(ctx, logSubsystem, tflog.WithLevelFromEnv(logLevelVariable), tflog.WithAdditionalLocationOffset(1))
	return tflog.SubsystemMaskLogStrings(ctx, logSubsystem, c.secrets.all()...)
}

func (c *Client) logDebug(ctx context.Context, message string, fields map[string]any) {
	tflog.SubsystemDebug(c.logger(ctx), logSubsystem, message, fields)
}

func (c *Client) logWarn(ctx context.Context, message string, fields map[string]any) {
	tflog.SubsystemWarn(c.logger(ctx), logSubsystem, message, fields)
}

// logBodies writes what was sent and what came back, at level TRACE.
func (c *Client) logBodies(ctx context.Context, fields map[string]any, sent, received []byte) {
	ctx = c.logger(ctx)
	if !tflog.SubsystemIsTrace(ctx, logSubsystem) {
		return
	}
	bodies := map[string]any{"request_body": c.loggable(sent), "response_body": c.loggable(received)}
	tflog.SubsystemTrace(ctx, logSubsystem, "bodies", fields, bodies)
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
