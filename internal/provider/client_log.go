package provider

import (
	"context"
	"log/slog"
	"slices"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

const (
	// logSubsystem is the client's own in the provider's log.
	logSubsystem = "uipath"
	// logLevelVariable sets the subsystem's level; without it the provider's holds.
	logLevelVariable = "TF_LOG_PROVIDER_UIPATH_HTTP"
)

// clientLog hands what the client logs to Terraform. The subsystem is made anew for each entry, because each operation comes with the
// context of another Terraform request.
type clientLog struct{ attrs []slog.Attr }

func logContext(ctx context.Context) context.Context {
	return tflog.NewSubsystem(ctx, logSubsystem, tflog.WithLevelFromEnv(logLevelVariable))
}

// Enabled implements [slog.Handler]. Terraform decides on all but bodies, which are costly to mask.
func (clientLog) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelDebug || tflog.SubsystemIsTrace(logContext(ctx), logSubsystem)
}

// Handle implements [slog.Handler].
func (l clientLog) Handle(ctx context.Context, r slog.Record) error {
	fields := map[string]any{}
	add := func(a slog.Attr) bool {
		fields[a.Key] = a.Value.Any()
		return true
	}
	for _, a := range l.attrs {
		add(a)
	}
	r.Attrs(add)
	write := tflog.SubsystemDebug
	switch {
	case r.Level >= slog.LevelError:
		write = tflog.SubsystemError
	case r.Level >= slog.LevelWarn:
		write = tflog.SubsystemWarn
	case r.Level <= rest.LevelTrace:
		write = tflog.SubsystemTrace
	}
	write(logContext(ctx), logSubsystem, r.Message, fields)
	return nil
}

// WithAttrs implements [slog.Handler].
func (l clientLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return clientLog{slices.Concat(l.attrs, attrs)}
}

// WithGroup implements [slog.Handler]. Terraform's log is flat.
func (l clientLog) WithGroup(string) slog.Handler { return l }
