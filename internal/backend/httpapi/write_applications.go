package httpapi

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The members of external clients and their secrets in a request (contract 7.8).
const (
	memberConfidential = "isConfidential"
	memberRedirectURI  = "redirectUri"
	memberScopes       = "scopes"
	memberCertificates = "clientCertificates"
	memberText         = "description"
	memberClientID     = "clientId"
	memberExpiry       = "expiryTime"
)

func newCreatedClientBody(c rules.NewApplication) createdClientBody {
	return createdClientBody{newClientBody(c.Application), orNull(c.SecretText)}
}

// newToldSecretBody shows a new secret, which is not told again.
func newToldSecretBody(s rules.NewSecret) secretBody {
	b := newSecretBody(s.Secret)
	b.Secret = &s.Text
	return b
}

func secretText(s rules.NewSecret) string { return s.Text }

func newAPIResourceBodies(scopes []string) []resourceBody { return newResourceBodies(scopes, nil) }

// clientChange reads what to change in an external client, whose id is in the path.
func clientChange(r *request) rules.ApplicationInput {
	in := clientInput(r)
	in.ID = r.id()
	return in
}

// clientInput reads an external client to create, or what to change in one.
func clientInput(r *request) rules.ApplicationInput {
	r.query()
	b := r.body(memberPartition, memberAccountName, memberConfidential, memberRedirectURI, memberScopes, memberCertificates)
	b.memberOf = memberNames{
		model.PartOrganization: memberPartition, model.PartName: memberAccountName, model.PartRedirect: memberRedirectURI, model.PartScopes: memberScopes,
		model.PartConfidential: memberConfidential,
	}.of
	b.unsupported(memberCertificates)
	return rules.ApplicationInput{
		Organization: deref(b.guid(memberPartition)), Name: member[string](b, memberAccountName), Confidential: member[bool](b, memberConfidential),
		RedirectURI: member[string](b, memberRedirectURI), Scopes: b.scopes(),
	}
}

// scopes reads OAuth2 scopes, or nil where they are missing.
func (b body) scopes() *rules.ScopesInput {
	all := member[[]map[string]json.RawMessage](b, memberScopes)
	if all == nil {
		return nil
	}
	var scopes rules.ScopesInput
	for _, item := range b.items(memberScopes, *all, rules.MaxAccounts, memberAccountName, memberDisplayName, memberText, memberAccountType) {
		item.required(memberAccountName)
		name := deref(member[string](item, memberAccountName))
		if item.isScopeOfUser() {
			scopes.User = append(scopes.User, name)
		} else {
			scopes.Application = append(scopes.Application, name)
		}
	}
	return &scopes
}

// isScopeOfUser reads the type of a scope: a word in any case, or its number. Without one it is the application's.
func (b body) isScopeOfUser() bool {
	switch kind := strings.ToLower(strings.Trim(string(b.members[memberAccountType]), `"`)); kind {
	case "user", strconv.Itoa(scopeOfUser):
		return true
	case "application", strconv.Itoa(scopeOfApplication), "":
	default:
		b.wrongf(memberAccountType, "The value '%s' is not valid: it is User or %d, Application or %d.", kind, scopeOfUser, scopeOfApplication)
	}
	return false
}

// secretInput reads for which external client a secret is wanted, and until when.
func secretInput(r *request) rules.SecretInput {
	r.query()
	b := r.body(memberClientID, memberText, memberPartition, memberExpiry)
	b.memberOf = secretMembers.of
	b.required(memberClientID, memberPartition)
	return rules.SecretInput{
		ApplicationID: deref(b.guid(memberClientID)), Organization: deref(b.guid(memberPartition)),
		Description: deref(member[string](b, memberText)), Expires: b.time(memberExpiry),
	}
}

var secretMembers = memberNames{
	model.PartOrganization: memberPartition, model.PartDescription: memberText, model.PartConfidential: memberClientID,
	model.PartExpiry: memberExpiry,
}

// secretOfPath reads for which external client a secret is wanted, where the path names it.
func secretOfPath(r *request) rules.SecretInput {
	r.memberOf = secretMembers.of
	return rules.SecretInput{ApplicationID: pathID(r)}
}

// secretID reads the number of a secret in the path.
func secretID(r *request) int64 {
	r.query()
	text := r.PathValue("secret")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		r.wrongf("secretId", "The value '%s' is not valid.", text)
	}
	return id
}
