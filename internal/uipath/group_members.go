package uipath

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// groupAnswer is a group read by its id, which brings its direct members (contract 7.3). They are directory entities, whose
// objectType is one of four words in the vendor's OpenAPI. The other endpoint for members, Group/{p}/{id}/Members, is in no published
// OpenAPI and writes types as numbers: 1 would be a robot in the one list of numbers that is known and a group in the other
// (contract 7.1, 7.2).
type groupAnswer struct {
	ID      string              `json:"id"`
	Members []groupMemberAnswer `json:"members"`
}

type groupMemberAnswer struct {
	Identifier string `json:"identifier"`
	ObjectType string `json:"objectType"`
}

// group is a group with its direct members, by id in lower case.
type group struct {
	exists  bool
	members map[string]access.PrincipalType
}

// GroupMembers returns who is in a group, directly or through other groups, by id in lower case; those groups are members too, the
// group itself is none. Each group is read once in a run. It is [ErrNotFound] where there is no such group; one that is gone since
// it became a member has no members. A member whose kind is none of the known ones has the server's own word for its type.
func (c *Client) GroupMembers(ctx context.Context, groupID string) (map[string]access.PrincipalType, error) {
	if !access.IsGUID(groupID) {
		return nil, fmt.Errorf("group id %q is not a GUID", groupID)
	}
	groupID = access.CanonicalGUID(groupID)
	first, err := c.groups.get(ctx, groupID)
	if err != nil {
		return nil, err
	}
	if !first.exists {
		return nil, fmt.Errorf("the directory has no group %s: %w", groupID, ErrNotFound)
	}
	found := map[string]access.PrincipalType{}
	for next := []string{groupID}; len(next) > 0; next = next[1:] {
		g, err := c.groups.get(ctx, next[0])
		if err != nil {
			return nil, err
		}
		for id, t := range g.members {
			if _, known := found[id]; known || id == groupID {
				continue
			}
			found[id] = t
			if t == access.PrincipalGroup {
				next = append(next, id)
			}
		}
	}
	return found, nil
}

// readGroup asks for a group with its direct members.
func (c *Client) readGroup(ctx context.Context, id string) (group, error) {
	var found group
	err := c.send(ctx, request{
		operation: "read the members of a group", method: http.MethodGet, path: c.identityPath("/Group/{p}/" + id),
		object: true, loggedBodies: true,
	}, func(body []byte) (err error) {
		found, err = readGroupMembers(body, id)
		return err
	})
	if errors.Is(err, ErrNotFound) {
		return group{}, nil
	}
	return found, err
}

// readGroupMembers reads the group that has an id. A member without a GUID is left out: it can hold no role (contract 4.1).
func readGroupMembers(body []byte, id string) (group, error) {
	var answer groupAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return group{}, err
	}
	if access.CanonicalGUID(answer.ID) != id {
		return group{}, fmt.Errorf("it is about the group %q, not %q", oneLine(answer.ID), id)
	}
	found := group{exists: true, members: make(map[string]access.PrincipalType, len(answer.Members))}
	for _, member := range answer.Members {
		if !access.IsGUID(member.Identifier) {
			continue
		}
		t, known := directoryTypes[strings.ToLower(member.ObjectType)]
		if !known {
			t = access.PrincipalType(oneLine(member.ObjectType))
		}
		found.members[access.CanonicalGUID(member.Identifier)] = t
	}
	return found, nil
}
