package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// session is what a configured provider hands to its resources and data sources.
type session struct {
	client *uipath.Client

	validatePermissions bool
	validateScope       bool
	resolvePrincipals   bool
	// visibilityTimeout is how long something freshly written may be missing from what the server shows.
	visibilityTimeout time.Duration

	clock func() time.Time
	wait  func(context.Context, time.Duration) error
}

// visibilityPause is the time between two looks for something that was just written.
const visibilityPause = 2 * time.Second

// sessionFrom reads what Configure was handed. It is nil, without a diagnostic, while the provider is not configured yet, as
// during validation.
func sessionFrom(providerData any) (*session, diag.Diagnostics) {
	if providerData == nil {
		return nil, nil
	}
	s, ok := providerData.(*session)
	if !ok {
		return nil, diag.Diagnostics{diag.NewErrorDiagnostic("Unexpected provider data",
			fmt.Sprintf("The provider handed %T to one of its own types. Please report this.", providerData))}
	}
	return s, nil
}

// configuredResource is what every resource begins with.
type configuredResource struct{ session *session }

func (r *configuredResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	s, diags := sessionFrom(req.ProviderData)
	r.session = s
	resp.Diagnostics.Append(diags...)
}

// configuredDataSource is what every data source begins with.
type configuredDataSource struct{ session *session }

func (d *configuredDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	s, diags := sessionFrom(req.ProviderData)
	d.session = s
	resp.Diagnostics.Append(diags...)
}

// tenantName returns the display name of a tenant, and its GUID where there is no name to be had: reading something that
// exists never fails for want of a name.
func (s *session) tenantName(ctx context.Context, id string) string {
	tenant, err := s.client.Tenant(ctx, id)
	if err != nil {
		return id
	}
	return tenant.Name
}

// chosenTenant settles which tenant a resource belongs to, the configured or else the provider's, and its name. The planned value is
// kept in its spelling where the configuration names one; what begins the sentence of an error.
func (s *session) chosenTenant(ctx context.Context, configured, planned canonicalString, what string) (canonicalString, types.String, diag.Diagnostics) {
	var diags diag.Diagnostics
	switch {
	case configured.IsUnknown():
		return guidForm.unknown(), types.StringUnknown(), diags
	case configured.IsNull():
		tenant, ok := s.client.DefaultTenant()
		if !ok {
			diags.AddAttributeError(path.Root("tenant"), "No tenant", fmt.Sprintf("%s belongs to no tenant: neither it nor the provider names one. "+
				"Set tenant here, or tenant of the provider (environment %s).", what, envTenant))
		}
		return guidForm.value(tenant.ID), types.StringValue(tenant.Name), diags
	}
	tenant, err := s.client.Tenant(ctx, configured.ValueString())
	if err != nil {
		diags.Append(attributeFailure(path.Root("tenant"), "Tenant not found", what+" belongs to a tenant that cannot be resolved.", err))
	}
	return planned, types.StringValue(tenant.Name), diags
}

// sameOrganization refuses an identity of another organization than the provider's. One without is of the provider's.
func (s *session) sameOrganization(given types.String) diag.Diagnostics {
	var diags diag.Diagnostics
	if ours := s.client.Organization(); !given.IsNull() && !guidForm.same(given.ValueString(), ours.ID) {
		diags.AddError("Resource of another organization", fmt.Sprintf("The identity names the organization %s, but the provider is configured for %s. "+
			"Import with a provider of that organization.", given.ValueString(), label(ours.Name, ours.ID)))
	}
	return diags
}

// timeoutsAttribute lets a resource bound its operations, by otherwise unless the configuration says so.
func timeoutsAttribute(ctx context.Context, what string, otherwise time.Duration) schema.Attribute {
	bound := func(doing string) string {
		return fmt.Sprintf("How long %s %s may take, retries included, such as `15m`; `%s` by default.", doing, what, otherwise)
	}
	return timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, CreateDescription: bound("creating"),
		Read: true, ReadDescription: bound("reading"),
		Update: true, UpdateDescription: bound("updating"),
		Delete: true, DeleteDescription: bound("deleting"),
	})
}

// fresh reports whether something written at that time may not be visible yet.
func (s *session) fresh(written time.Time) bool {
	return s.clock().Before(written.Add(s.visibilityTimeout))
}

// untilVisible repeats look while it finds nothing and what was written at that time may not be visible yet.
func (s *session) untilVisible(ctx context.Context, written time.Time, look func(context.Context) error) error {
	for {
		err := look(ctx)
		if !errors.Is(err, uipath.ErrNotFound) || !s.fresh(written) {
			return err
		}
		if err := s.wait(ctx, visibilityPause); err != nil {
			return err
		}
	}
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
