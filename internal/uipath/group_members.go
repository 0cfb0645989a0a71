package uipath

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// groupAnswer is a group read by its id, which brings its direct members: the vendor's OpenAPI and UiPathOrch read them there, while the
// SDK takes the list for empty (contract 7.3-2). They are directory entities, whose objectType is one of four words (7.3-4). The other
// endpoint, Group/{p}/{id}/Members, has ids with the numbers of users (7.3-5), of which the OpenAPI file has words only.
type groupAnswer struct {
	ID      string              `json:"id"`
	Members []groupMemberAnswer `json:"members"`
}

type groupMemberAnswer struct {
	Identifier string `json:"identifier"`
	ObjectType string `json:"objectType"`
}

// group is the direct members of a group, by id; nil where there is no such group.
type group map[access.GUID]access.PrincipalType

// GroupMembers returns who is in a group, directly or through other groups, by id; those groups are members too, the group itself is
// none. Each group is read once in a run. It is [ErrNotFound] where there is no such group; one that is gone since it became a member
// has no members. A member whose kind is none of the known ones has the server's own word for its type.
func (d *directory) GroupMembers(ctx context.Context, id access.GUID) (map[access.GUID]access.PrincipalType, error) {
	if err := checkID("group", id); err != nil {
		return nil, err
	}
	members, err := d.groups.Get(ctx, id)
	if err == nil && members == nil {
		err = fmt.Errorf("the directory has no group %s: %w", id, ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	found := map[access.GUID]access.PrincipalType{}
	for next := []group{members}; len(next) > 0; next = next[1:] {
		for member, kind := range next[0] {
			if _, known := found[member]; known || member == id {
				continue
			}
			found[member] = kind
			if kind != access.PrincipalGroup {
				continue
			}
			inner, err := d.groups.Get(ctx, member)
			if err != nil {
				return nil, err
			}
			next = append(next, inner)
		}
	}
	return found, nil
}

// readGroup asks for a group with its direct members.
func (d *directory) readGroup(ctx context.Context, id access.GUID) (group, error) {
	found, err := rest.FetchAs(ctx, d.rest, rest.Request{
		Operation: "read the members of a group", Method: http.MethodGet, Path: d.identityPath("/Group/{p}/" + id.String()), Object: true,
	}, func(body []byte) (group, error) { return parseGroup(body, id) })
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return found, err
}

// parseGroup reads the group that has an id. A member without a GUID is left out: it can hold no role (contract 4.1).
func parseGroup(body []byte, id access.GUID) (group, error) {
	var answer groupAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if access.OptionalGUID(answer.ID) != id {
		return nil, fmt.Errorf("it is about the group %q, not %q", rest.OneLine(answer.ID), id)
	}
	found := make(group, len(answer.Members))
	for _, member := range answer.Members {
		id := access.OptionalGUID(member.Identifier)
		if id == "" {
			continue
		}
		kind, known := directoryTypes[strings.ToLower(member.ObjectType)]
		if !known {
			kind = access.PrincipalType(rest.OneLine(member.ObjectType))
		}
		found[id] = kind
	}
	return found, nil
}
