package backend

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// publishedToken is a personal access token of the built-in seed, which the guide prints too.
const publishedToken = "reference-backend-token-of-ada"

// bannerNames is how many names of a kind the banner lists.
const bannerNames = 8

// announce tells a person what was started: which organization, with which tenants and callers, where its page is and how to sign in.
func (b *Backend) announce(ctx context.Context, out io.Writer, url, dataFile string) error {
	var (
		state     model.State
		published bool
	)
	err := b.store.Read(ctx, func(tx *store.Tx) (err error) {
		if state.Organization, err = tx.Organization(ctx); err != nil {
			return err
		}
		if state.Tenants, err = tx.Tenants(ctx); err != nil {
			return err
		}
		if state.Users, err = tx.Users(ctx); err != nil {
			return err
		}
		if state.Applications, err = tx.Applications(ctx); err != nil {
			return err
		}
		_, published, err = tx.Token(ctx, model.HashSecret(publishedToken))
		return err
	})
	if err != nil {
		return err
	}
	kept := "in memory"
	if dataFile != "" {
		kept = "in " + dataFile
	}
	_, err = fmt.Fprintf(out, `The reference backend serves the organization %s, %s. Ctrl-C stops it.
  tenants  %s
  callers  %s
  page     %s/
  sign in  export UIPATH_URI=%[5]s UIPATH_ORGANIZATION=%[1]s %[6]s
`, state.Organization.Name, kept, listed(tenantNames(state.Tenants)), listed(callers(state)), url, signIn(state, published))
	return err
}

func tenantNames(tenants []model.Tenant) []string {
	names := make([]string, len(tenants))
	for i, t := range tenants {
		names[i] = t.Name
	}
	return names
}

// callers names who can sign in, the default caller first.
func callers(s model.State) []string {
	var names []string
	add := func(id access.GUID, name string) {
		if id == s.Organization.DefaultCaller {
			names = append([]string{name + " (default)"}, names...)
			return
		}
		names = append(names, name)
	}
	for _, a := range s.Applications {
		if a.Confidential && len(a.Secrets) > 0 {
			add(a.ID, a.Name)
		}
	}
	for _, u := range s.Users {
		if u.Active && u.Added && u.InvitationAccepted {
			add(u.ID, u.UserName)
		}
	}
	return names
}

// listed joins the first names, and says how many more there are.
func listed(names []string) string {
	text := strings.Join(names[:min(len(names), bannerNames)], ", ")
	if more := len(names) - bannerNames; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return cmp.Or(text, "none")
}

// signIn says how to sign in. Only published secrets can be told: of others the backend has the hashes only.
func signIn(s model.State, published bool) string {
	if published {
		return "UIPATH_PAT=" + publishedToken
	}
	for _, a := range s.Applications {
		if a.Confidential && len(a.Secrets) > 0 {
			return fmt.Sprintf("UIPATH_CLIENT_ID=%s UIPATH_CLIENT_SECRET='the secret of %s in your seed'", a.ID, strings.ReplaceAll(a.Name, "'", ""))
		}
	}
	return "UIPATH_PAT='a personal access token in your seed'"
}
