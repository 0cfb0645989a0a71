package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// formatVersion is that of the document as Terraform 1.x prints it.
const formatVersion = "1.0"

// document returns the schemas of the provider behind server, under the key address.
// It fails where the provider reports an error or a schema holds what the document cannot say.
func document(ctx context.Context, address string, server tfprotov6.ProviderServer) (*tfjson.ProviderSchemas, error) {
	resp, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, fmt.Errorf("asking for the schemas: %w", err)
	}
	if err := refusal(resp.Diagnostics); err != nil {
		return nil, fmt.Errorf("asking for the schemas: %w", err)
	}

	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, fmt.Errorf("asking for the identity schemas: %w", err)
	}
	if err := refusal(identities.Diagnostics); err != nil {
		return nil, fmt.Errorf("asking for the identity schemas: %w", err)
	}

	var c converter
	provider := &tfjson.ProviderSchema{
		ConfigSchema:             c.schema("provider", resp.Provider),
		ResourceSchemas:          each("resource", resp.ResourceSchemas, c.schema),
		DataSourceSchemas:        each("data source", resp.DataSourceSchemas, c.schema),
		EphemeralResourceSchemas: each("ephemeral resource", resp.EphemeralResourceSchemas, c.schema),
		ListResourceSchemas:      each("list resource", resp.ListResourceSchemas, c.schema),
		StateStoreSchemas:        each("state store", resp.StateStoreSchemas, c.schema),
		ActionSchemas:            each("action", resp.ActionSchemas, c.action),
		Functions:                each("function", resp.Functions, c.function),
		ResourceIdentitySchemas:  each("identity of", identities.IdentitySchemas, c.identity),
	}
	if err := errors.Join(c.errs...); err != nil {
		return nil, err
	}

	return &tfjson.ProviderSchemas{
		FormatVersion: formatVersion,
		Schemas:       map[string]*tfjson.ProviderSchema{address: provider},
	}, nil
}

// refusal is the error that diagnostics report, if any.
func refusal(diagnostics []*tfprotov6.Diagnostic) error {
	var errs []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			errs = append(errs, errors.New(strings.TrimSpace(d.Summary+": "+d.Detail)))
		}
	}
	return errors.Join(errs...)
}

// each converts the members of a map; its result is nil, and so left out of the document, where there are none.
// The first argument of convert says where in the provider a member stands.
func each[From, To any](kind string, from map[string]From, convert func(where string, from From) To) map[string]To {
	if len(from) == 0 {
		return nil
	}
	to := make(map[string]To, len(from))
	for name, member := range from {
		to[name] = convert(kind+" "+name, member)
	}
	return to
}
