package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// timeoutsAttribute lets a configuration bound the operations on a resource; the default bounds them otherwise.
func timeoutsAttribute(ctx context.Context, what string, byDefault time.Duration) schema.Attribute {
	bound := func(doing string) string {
		return fmt.Sprintf("How long %s %s may take, retries included, such as `15m`; `%s` by default.", doing, what, byDefault)
	}
	return timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, CreateDescription: bound("creating"),
		Read: true, ReadDescription: bound("reading"),
		Update: true, UpdateDescription: bound("updating"),
		Delete: true, DeleteDescription: bound("deleting"),
	})
}

// nullTimeouts is the value of a resource that a list found.
func nullTimeouts(ctx context.Context) timeouts.Value {
	object, ok := timeoutsAttribute(ctx, "", 0).GetType().(attr.TypeWithAttributeTypes)
	if !ok {
		return timeouts.Value{}
	}
	return timeouts.Value{Object: types.ObjectNull(object.AttributeTypes())}
}

// withTimeout bounds an operation. The configured timeout is one of a [timeouts.Value], such as its Create.
func withTimeout(
	ctx context.Context, configured func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), byDefault time.Duration,
	diags *diag.Diagnostics,
) (context.Context, context.CancelFunc) {
	timeout, more := configured(ctx, byDefault)
	diags.Append(more...)
	return context.WithTimeout(ctx, timeout)
}
