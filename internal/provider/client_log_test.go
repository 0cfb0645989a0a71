package provider

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

func TestClientLog(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &out)
	log := slog.New(clientLog{}).With("caller", "ada").WithGroup("ignored")
	log.Log(ctx, rest.LevelTrace, "bodies", "response_body", "{}")
	log.DebugContext(ctx, "request", "status", 429)
	log.WarnContext(ctx, "waiting", "wait", "7s")
	log.ErrorContext(ctx, "broken")
	entries, err := tflogtest.MultilineJSONDecode(&out)
	if err != nil || len(entries) != 4 {
		t.Fatalf("entries %v, %v", entries, err)
	}
	for i, want := range []map[string]any{
		{"@level": "trace", "@message": "bodies", "response_body": "{}", "caller": "ada"},
		{"@level": "debug", "@message": "request", "status": float64(429)},
		{"@level": "warn", "@message": "waiting", "wait": "7s"},
		{"@level": "error", "@message": "broken"},
	} {
		want["@module"] = "provider.uipath"
		for field, value := range want {
			if entries[i][field] != value {
				t.Errorf("entry %d: %s is %v, want %v", i, field, entries[i][field], value)
			}
		}
	}
}

func TestClientLogHasALevelOfItsOwn(t *testing.T) {
	t.Setenv(logLevelVariable, "warn")
	var out bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &out)
	log := slog.New(clientLog{})
	log.DebugContext(ctx, "request")
	log.WarnContext(ctx, "waiting")
	if log.Enabled(ctx, rest.LevelTrace) {
		t.Error("bodies are wanted at level warn")
	}
	entries, err := tflogtest.MultilineJSONDecode(&out)
	if err != nil || len(entries) != 1 || entries[0]["@level"] != "warn" {
		t.Errorf("the log at level warn is %v, %v", entries, err)
	}
}
