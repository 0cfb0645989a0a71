package uipath

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// Where principals come from.
const (
	// SourceLocal is the organization's own directory.
	SourceLocal = "local"
	// SourceLinkedLocal is a local account that is linked to one of an external directory.
	SourceLinkedLocal = "linkedLocal"
	// SourceDirectory is an external directory.
	SourceDirectory = "directory"
)

// Principal is somebody or something that can hold a role.
type Principal struct {
	// ID is the GUID in lower case.
	ID   string
	Type access.PrincipalType
	// Name is what people are shown: the display name, else the e-mail address, else the name in the directory, else the user name.
	// It is never blank.
	Name string
	// Email is "" for what is no user.
	Email string
	// Source is one of [SourceLocal], [SourceLinkedLocal] and [SourceDirectory].
	Source string
	// Active and InvitationAccepted are true for what is no user.
	Active             bool
	InvitationAccepted bool
}

// directoryKind is how principals of one type are asked for (contract 7).
type directoryKind struct {
	// what they are called in messages, in the singular.
	what string
	// list and one are paths of the identity API; the id follows one.
	list, one string
	// paged lists take top and skip.
	paged bool
}

var directoryKinds = map[access.PrincipalType]directoryKind{
	access.PrincipalUser:                {"user", "/User/users/{p}", "/User/", true},
	access.PrincipalGroup:               {"group", "/Group/{p}", "/Group/{p}/", false},
	access.PrincipalRobot:               {"robot account", "/RobotAccount/{p}", "/RobotAccount/{p}/", true},
	access.PrincipalExternalApplication: {"external application", "/ExternalClient/{p}", "/ExternalClient/{p}/", false},
}

// principalLists are the listings of the directory that all reads of a run share. The first few of a kind are asked for by id, and
// so is what a list lacks: directory users may be in none (contract 7.2).
func (c *Client) principalLists() map[access.PrincipalType]*partedList[string, Principal] {
	lists := map[access.PrincipalType]*partedList[string, Principal]{}
	for t, kind := range directoryKinds {
		lists[t] = &partedList[string, Principal]{
			whole: &sharedList[string, Principal]{
				read: func(ctx context.Context) ([]Principal, error) { return c.listPrincipals(ctx, t, kind) },
				key:  func(p Principal) string { return p.ID },
			},
			readPart: func(ctx context.Context, id string) ([]Principal, error) { return c.readPrincipal(ctx, t, kind, id) },
			partOf:   itsID,
			// Whether somebody is found must not depend on how many others are asked for.
			maxMissing: math.MaxInt,
		}
	}
	return lists
}

// itsID is the part of a principal, which is itself.
func itsID(id string) string { return id }

// Principal returns a principal by its id and type. It is [ErrNotFound] where the directory has none, and [ErrForbidden] where it
// may not be read.
func (c *Client) Principal(ctx context.Context, id string, t access.PrincipalType) (Principal, error) {
	list, ok := c.principals[t]
	if !ok {
		return Principal{}, unknownPrincipalType(t)
	}
	what := directoryKinds[t].what
	if !access.IsGUID(id) {
		return Principal{}, fmt.Errorf("%s id %q is not a GUID", what, id)
	}
	found, ok, err := list.find(ctx, access.CanonicalGUID(id))
	if err == nil && !ok {
		err = fmt.Errorf("the directory has no %s %s: %w", what, access.CanonicalGUID(id), ErrNotFound)
	}
	return found, err
}

// Principals returns all principals of a type that the directory lists, sorted by name and then by id.
func (c *Client) Principals(ctx context.Context, t access.PrincipalType) ([]Principal, error) {
	list, ok := c.principals[t]
	if !ok {
		return nil, unknownPrincipalType(t)
	}
	byID, err := list.all(ctx)
	if err != nil {
		return nil, err
	}
	principals := make([]Principal, 0, len(byID))
	for _, p := range byID {
		principals = append(principals, p)
	}
	slices.SortFunc(principals, func(a, b Principal) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return principals, nil
}

func unknownPrincipalType(t access.PrincipalType) error {
	_, err := access.ParsePrincipalType(string(t))
	if err == nil {
		err = fmt.Errorf("principal type %q is spelled otherwise", t)
	}
	return err
}

// readPrincipal asks for one principal by its id; none where there is no such principal of this type.
func (c *Client) readPrincipal(ctx context.Context, t access.PrincipalType, kind directoryKind, id string) ([]Principal, error) {
	answer, err := fetch[principalAnswer](ctx, c, request{
		operation: "read " + kind.what, method: http.MethodGet, path: c.identityPath(kind.one + id), object: true, loggedBodies: true,
	})
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found, ok := answer.principal(t)
	if !ok || found.ID != id {
		return nil, nil
	}
	return []Principal{found}, nil
}

// listPrincipals lists all principals of a type.
func (c *Client) listPrincipals(ctx context.Context, t access.PrincipalType, kind directoryKind) ([]Principal, error) {
	operation := "list " + kind.what + "s"
	read := func(ctx context.Context, skip int) (page[principalAnswer], error) {
		query := url.Values{}
		if kind.paged {
			query.Set("top", strconv.Itoa(pageSize))
			query.Set("skip", strconv.Itoa(skip))
		}
		var answer page[principalAnswer]
		err := c.send(ctx, request{
			operation: operation, method: http.MethodGet, path: c.identityPath(kind.list), query: query, loggedBodies: true,
		}, func(body []byte) (err error) {
			answer, err = readPrincipalPage(body)
			return err
		})
		return answer, err
	}
	rows, err := lister[principalAnswer]{read: read, id: func(a principalAnswer) string { return strings.ToLower(a.ID) }}.all(ctx)
	if err != nil {
		return nil, explainListing(operation, err)
	}
	principals := make([]Principal, 0, len(rows))
	for _, row := range rows {
		if p, ok := row.principal(t); ok {
			principals = append(principals, p)
		}
	}
	return principals, nil
}
