package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
)

// reviewed is how many rows the data source reads.
const reviewed = 100_000

// perChange is how many assignments one request may add.
const perChange = 10_000

// assignment is one as the API takes it.
type assignment struct {
	RoleID        string `json:"roleId"`
	PrincipalID   string `json:"securityPrincipalId"`
	PrincipalType string `json:"securityPrincipalType"`
	Scope         string `json:"scope"`
}

// assignAll gives each of the people each of the roles that [seed] has beside those of the places, in both tenants.
func assignAll(ctx context.Context, url string, people, roles int) error {
	var all []assignment
	for i := range people {
		for j := range roles {
			for _, tenant := range []string{production, staging} {
				all = append(all, assignment{role(3 + j), person(i), "User", "/tenant/" + tenant})
			}
		}
	}
	for some := range slices.Chunk(all, perChange) {
		if err := assign(ctx, url, some); err != nil {
			return err
		}
	}
	return nil
}

func assign(ctx context.Context, url string, some []assignment) error {
	body, err := json.Marshal(map[string]any{"roleAssignmentsToAdd": some, "roleAssignmentsToDelete": []string{}})
	if err != nil {
		return err
	}
	target := url + "/" + organization + "/pap_/api/userroleassignments"
	req, err := http.NewRequestWithContext(ctx, http.MethodPatch, target, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+userToken)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusNoContent {
		answer, err := io.ReadAll(io.LimitReader(resp.Body, 1000))
		return errors.Join(fmt.Errorf("assigning roles: %s: %s", resp.Status, answer), err)
	}
	return nil
}
