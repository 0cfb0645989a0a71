package provider

import (
	"context"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// The keys of what resources keep in private state.
const (
	// writtenKey is when a resource was created, in milliseconds since 1970.
	writtenKey = "written"
	// ownedKey is the id of what a resource is, so that a replacement by the same is not taken for a conflict.
	ownedKey = "owned"
)

// privateReader and privateWriter are the framework's private state, whose own type is not exported.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func keepWrittenAt(ctx context.Context, private privateWriter, at time.Time) diag.Diagnostics {
	return private.SetKey(ctx, writtenKey, []byte(strconv.FormatInt(at.UnixMilli(), 10)))
}

// writtenAt returns the zero time where private state has none, as after an import.
func writtenAt(ctx context.Context, private privateReader, diags *diag.Diagnostics) time.Time {
	value, more := private.GetKey(ctx, writtenKey)
	diags.Append(more...)
	millis, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(millis)
}

func keepOwned(ctx context.Context, private privateWriter, id string) diag.Diagnostics {
	return private.SetKey(ctx, ownedKey, []byte(strconv.Quote(id)))
}

// priorOwned returns "" where private state has none.
func priorOwned(ctx context.Context, private privateReader, diags *diag.Diagnostics) string {
	value, more := private.GetKey(ctx, ownedKey)
	diags.Append(more...)
	// No text is none.
	id, _ := strconv.Unquote(string(value))
	return id
}
