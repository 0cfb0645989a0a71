package provider

import (
	"context"
	"errors"
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
	if model.Fresh.ValueBool() {
		file, err := freshDataFile(os.Getenv(envDataDir), options.Seed, os.Getppid())
		if err != nil {
			diags.AddAttributeError(at.AtName("fresh"), "Reference backend does not start", "Its folder could not be prepared: "+err.Error())
			return diags
		}
		options.DataFile = file
	}
	b, err := backend.Open(ctx, options)
	if other, ok := errors.AsType[*backend.OtherSeedError](err); ok {
		diags.AddAttributeError(at, "Data file of another seed", fmt.Sprintf("%s was seeded before %s was edited, or with another seed. "+
			"To begin anew with this seed, delete %[1]s, and the state of what was made in it. To go on with its data, leave seed_file out, or name "+
			"the seed that it had. "+
			"Tests that begin anew each time use fresh = true in place of data_file.", other.DataFile, model.SeedFile.ValueString()))
		return diags
	}
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

// leftOver says what to do about something that an earlier run has left in the data file, such as a test that was killed.
func (m referenceBackendModel) leftOver() string {
	if m.DataFile.IsNull() {
		return ""
	}
	return fmt.Sprintf("If an earlier run has left it in the reference backend's data file, such as a test that was killed: delete %s to begin anew. "+
		"Tests that begin anew each time use fresh = true in place of data_file.", m.DataFile.ValueString())
}
