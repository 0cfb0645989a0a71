package backend

import (
	"context"
	"fmt"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/seed"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// refusePublished refuses secrets that everybody can read in the built-in seed, in what is there and in what a reset returns to.
func (b *Backend) refusePublished(ctx context.Context, tx *store.Tx) error {
	public, err := seed.Parse(seed.Default(), b.catalogue, b.rules.Now())
	if err != nil {
		return err
	}
	file, err := tx.Setting(ctx, settingSeed)
	if err != nil {
		return err
	}
	first, err := seed.Parse([]byte(file), b.catalogue, b.rules.Now())
	if err != nil {
		return err
	}
	present, err := tx.State(ctx)
	if err != nil {
		return err
	}
	published := secretsOf(public)
	for _, found := range append(secretsOf(present), secretsOf(first)...) {
		if slices.ContainsFunc(published, func(p secret) bool { return p.hash == found.hash }) {
			return fmt.Errorf("other machines reach the address to listen on, and %s has a secret that everybody can read in the built-in seed: "+
				"start a new data file from a seed of your own (-seed), or listen on this machine only (-listen 127.0.0.1:0)", found.owner)
		}
	}
	return nil
}

// secret is the hash of a secret, and whose it is.
type secret struct{ hash, owner string }

func secretsOf(state model.State) []secret {
	var all []secret
	for _, a := range state.Applications {
		for _, one := range a.Secrets {
			all = append(all, secret{one.SHA256, fmt.Sprintf("the external application %q", a.Name)})
		}
	}
	for _, t := range state.Tokens {
		all = append(all, secret{t.SHA256, "a personal access token of the user " + t.UserID.String()})
	}
	return all
}
