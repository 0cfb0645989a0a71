package seed

import (
	"strings"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

func (r *reader) application(n node, e applicationEntry) model.Application {
	a := model.Application{
		ID: r.id(n, e.ID, "application", e.Name), Name: e.Name, Confidential: orTrue(e.Confidential), RedirectURI: e.RedirectURI,
		Scopes: r.scopes(n.at("scopes"), e.Scopes), UserScopes: r.scopes(n.at("userScopes"), e.UserScopes),
	}
	a.Secrets = r.secrets(n, a, e)
	if a.Confidential {
		r.addPrincipal(n, "external application", principal{id: a.ID, principalRef: principalRef{e.Name, access.PrincipalExternalApplication}})
	} else {
		r.once(n, place{kind: "principal id"}, a.ID.String())
	}
	return a
}

func (r *reader) scopes(list node, all []string) []string {
	var scopes []string
	for i, scope := range all {
		blank := strings.ContainsAny(scope, " \t\n")
		r.wrongIf(blank, list.item(i), "scope %q contains a blank: list scopes one by one", scope)
		scopes = append(scopes, scope)
	}
	return model.SortedUnique(scopes)
}

// secrets reads the secrets of an application: the one that stands in it, or those of its list.
func (r *reader) secrets(n node, a model.Application, e applicationEntry) []model.Secret {
	single := e.Secret != "" || e.SecretSHA256 != ""
	switch {
	case !a.Confidential:
		r.wrongIf(single || e.Secrets != nil, n, "external application %q is not confidential, so that it has no secret", a.Name)
		return nil
	case e.Secrets == nil:
		return []model.Secret{{ApplicationID: a.ID, SHA256: r.secret(n, "secret", e.Secret, e.SecretSHA256), CreatedOn: r.now}}
	case r.wrongIf(single, n, "external application %q has secrets: list all secrets there", a.Name):
		return nil
	}
	list := n.at("secrets")
	var all []model.Secret
	for i, one := range *e.Secrets {
		item := list.item(i)
		all = append(all, model.Secret{
			ID: r.numbered(item, "secret", one.ID), ApplicationID: a.ID, Description: one.Description,
			SHA256:    r.secret(item, "secret", one.Secret, one.SecretSHA256),
			CreatedOn: r.time(item.at("creationTime"), one.Created, r.now), Expires: r.time(item.at("expiryTime"), one.Expires, time.Time{}),
		})
	}
	return all
}
