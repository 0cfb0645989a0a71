package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// organizationIdentity is the attribute organization_id, which every identity has.
func organizationIdentity() identityschema.StringAttribute {
	return identityschema.StringAttribute{OptionalForImport: true, Description: "GUID of the organization; the provider's by default."}
}

// organizationID is the value of [organizationIdentity] for all that this provider manages.
func (s *session) organizationID() types.String {
	return types.StringValue(s.client.Organization().ID.String())
}

// identityGUID reads a GUID of an identity. It refuses a name: an identity is what never changes.
func identityGUID(attribute string, given types.String, diags *diag.Diagnostics) access.GUID {
	id, err := access.ParseGUID(given.ValueString())
	if err != nil {
		diags.AddError(invalidImport, fmt.Sprintf("%s = %q of the identity is not a GUID. An import id may have names.", attribute, given.ValueString()))
	}
	return id
}

// importedGUID is the GUID that a part of an import id is, "" for a name.
func importedGUID(text string) access.GUID {
	id, _ := access.ParseGUID(text)
	return id
}

// checkOrganization refuses an identity that names another organization than the provider's.
func (s *session) checkOrganization(given types.String, diags *diag.Diagnostics) {
	if ours := s.client.Organization(); !given.IsNull() && !guidForm.same(given.ValueString(), ours.ID.String()) {
		diags.AddError("Resource of another organization", fmt.Sprintf("The identity names the organization %s, but the provider is configured for %s. "+
			"Import with a provider of that organization.", given.ValueString(), label(ours.Name, ours.ID)))
	}
}
