package backend

import (
	"context"
	"fmt"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/seed"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// refusePublished refuses secrets that everybody can read in the built-in seed, in what is there and in what a reset returns to.
func (b *Backend) refusePublished(ctx context.Context, tx *store.Tx) error {
	public, err := seed.Parse(seed.Default(), b.catalogue, b.rules.Now())
	if err != nil {
		return err
	}
	for _, a := range public.Applications {
		for _, secret := range a.Secrets {
			name, found, err := tx.ApplicationWithSecret(ctx, secret.SHA256)
			if err != nil {
				return err
			}
			if found {
				return published(fmt.Sprintf("the external application %q", name))
			}
		}
	}
	for _, t := range public.Tokens {
		id, found, err := tx.UserWithToken(ctx, t.SHA256)
		if err != nil {
			return err
		}
		if found {
			return published("a personal access token of the user " + id.String())
		}
	}
	return nil
}

func published(owner string) error {
	return fmt.Errorf("other machines reach the address to listen on, and %s has a secret that everybody can read in the built-in seed: "+
		"start a new data file from a seed of your own (-seed), or listen on this machine only (-listen 127.0.0.1:0)", owner)
}
