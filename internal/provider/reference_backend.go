package provider

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// referenceTokenLifetime outlasts any run: the embedded backend's token is issued once.
const referenceTokenLifetime = 24 * time.Hour

// startReferenceBackend opens the bundled backend inside this process and points the client's configuration at it. Nothing
// stops it again: Terraform ends a provider process as it likes, so the backend counts every end as a crash and keeps what it
// acknowledged.
func startReferenceBackend(ctx context.Context, model referenceBackendModel, config *uipath.Config) diag.Diagnostics {
	var diags diag.Diagnostics
	at := path.Root("reference_backend")
	options := backend.Options{DataFile: model.DataFile.ValueString(), TokenLifetime: referenceTokenLifetime}
	if seedFile := model.SeedFile.ValueString(); seedFile != "" {
		seed, err := os.ReadFile(seedFile)
		if err != nil {
			diags.AddAttributeError(at.AtName("seed_file"), "Seed file cannot be read", err.Error())
			return diags
		}
		options.Seed = seed
	}
	b, err := backend.Open(ctx, options)
	if err != nil {
		diags.AddAttributeError(at, "Reference backend does not start",
			fmt.Sprintf("The backend inside the provider could not be opened: %s", err))
		return diags
	}
	token, err := b.Token(ctx, model.Caller.ValueString())
	if err != nil {
		diags.AddAttributeError(at.AtName("caller"), "Unknown caller of the reference backend", err.Error())
		return diags
	}
	organizationID, _, err := b.Organization(ctx)
	if err != nil {
		diags.AddAttributeError(at, "Reference backend does not answer", err.Error())
		return diags
	}
	if config.Organization == "" {
		config.Organization = organizationID
	}
	config.BaseURL, config.AccessToken = backend.InMemoryURL, token
	config.Transport, _ = b.Transport()
	return diags
}
