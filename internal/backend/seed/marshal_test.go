package seed

import (
	"bytes"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// Marshal returns what [Write] writes.
func Marshal(s model.State, c *catalogue.Catalogue) ([]byte, error) {
	var out bytes.Buffer
	err := Write(&out, s, func(yield func(model.Assignment, error) bool) {
		for _, a := range s.Assignments {
			if !yield(a, nil) {
				return
			}
		}
	}, c)
	return out.Bytes(), err
}
