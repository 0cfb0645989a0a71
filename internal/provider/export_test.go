package provider

import (
	"context"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
)

// NewWaiting is [New] with a way to wait of the test's own.
func NewWaiting(wait func(context.Context, time.Duration) error) func() provider.Provider {
	return func() provider.Provider {
		return &uipathProvider{version: "test", getenv: os.Getenv, clock: time.Now, wait: wait}
	}
}
