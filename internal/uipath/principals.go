package uipath

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

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

// principalKey tells principals apart. A question is a key too: without an id it asks for all of a type.
type principalKey struct {
	kind access.PrincipalType
	id   access.GUID
}

// principalTable is the directory that all readers share. The first few of a type are asked for by id, and so is what a listing
// lacks: users of an external directory may be in none (contract 7.2).
type principalTable struct {
	*table[principalKey, Principal, principalKey]
	efforts map[access.PrincipalType]*effort
	// byName are the keys by the names that principals are found by.
	byName groups[principalName, principalKey]
}

func newPrincipalTable(d *directory) *principalTable {
	t := &principalTable{efforts: map[access.PrincipalType]*effort{}, byName: groups[principalName, principalKey]{}}
	for kind := range directoryKinds {
		// Whether somebody is found must not depend on how many others are asked for.
		t.efforts[kind] = &effort{maxAlone: askedAlone, maxMissing: math.MaxInt}
	}
	t.table = newTable(
		d.rest,
		func(p Principal) principalKey { return principalKey{p.Type, p.ID} },
		func(ctx context.Context, asked principalKey) ([]Principal, error) {
			if asked.id == "" {
				return d.listPrincipals(ctx, asked.kind)
			}
			return d.readPrincipal(ctx, asked)
		},
		func(asked principalKey) iter.Seq[principalKey] { return t.ofType(asked.kind, asked.id) })
	t.changed = func(key principalKey, before, after *Principal) {
		if before != nil {
			for _, name := range namesOf(*before) {
				t.byName.remove(name, key)
			}
		}
		if after != nil {
			for _, name := range namesOf(*after) {
				t.byName.add(name, key)
			}
		}
	}
	return t
}

// ofType returns the keys of the known principals of a type, or of one of them. The lock is held.
func (t *principalTable) ofType(kind access.PrincipalType, id access.GUID) iter.Seq[principalKey] {
	if id != "" {
		return slices.Values([]principalKey{{kind, id}})
	}
	return func(yield func(principalKey) bool) {
		for key := range maps.Keys(t.rows) {
			if key.kind == kind && !yield(key) {
				return
			}
		}
	}
}

// Principal returns a principal by its id and type. It returns [ErrNotFound] if the directory has none, and [ErrForbidden] if the caller may
// neither read principals of the type nor resolve ids, as those of robot accounts.
func (d *directory) Principal(ctx context.Context, id access.GUID, kind access.PrincipalType) (Principal, error) {
	spent, err := d.effortFor(kind)
	if err != nil {
		return Principal{}, err
	}
	if err := checkID(directoryKinds[kind].what, id); err != nil {
		return Principal{}, err
	}
	key := principalKey{kind, id}
	found, ok, err := d.principals.find(ctx, key, search[principalKey]{alone: key, whole: principalKey{kind: kind}}, spent)
	if errors.Is(err, ErrForbidden) {
		found, ok, err = d.resolveID(ctx, key, err)
	}
	if err == nil && !ok {
		err = fmt.Errorf("the directory has no %s %s: %w", directoryKinds[kind].what, id, ErrNotFound)
	}
	return found, err
}

// resolveID asks the directory who has an id, for callers whom the list refuses. The refusal stays where the directory refuses them too.
func (d *directory) resolveID(ctx context.Context, key principalKey, refused error) (found Principal, ok bool, err error) {
	if entityTypes[key.kind] == "" {
		return found, false, refused
	}
	p, err := d.resolver.resolve(ctx, directoryQuestion{kind: key.kind, id: key.id})
	if errors.Is(err, ErrForbidden) {
		return found, false, refused
	}
	if err != nil || p == nil {
		return found, false, err
	}
	d.enter([]Principal{*p})
	return *p, true, nil
}

// Principals returns all principals of a type that the directory lists, sorted by name and then by id.
func (d *directory) Principals(ctx context.Context, kind access.PrincipalType) ([]Principal, error) {
	if _, err := d.effortFor(kind); err != nil {
		return nil, err
	}
	if err := d.principals.read(ctx, principalKey{kind: kind}); err != nil {
		return nil, err
	}
	found := d.principals.snapshot(d.principals.ofType(kind, ""))
	slices.SortFunc(found, func(a, b Principal) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return found, nil
}

// effortFor refuses what is no type of principal.
func (d *directory) effortFor(kind access.PrincipalType) (*effort, error) {
	if spent, ok := d.principals.efforts[kind]; ok {
		return spent, nil
	}
	_, err := access.ParsePrincipalType(string(kind))
	if err == nil {
		err = fmt.Errorf("principal type %q is spelled otherwise", kind)
	}
	return nil, err
}

// readPrincipal asks for one principal by its id; none where there is no such principal of this type.
func (d *directory) readPrincipal(ctx context.Context, asked principalKey) ([]Principal, error) {
	kind := directoryKinds[asked.kind]
	answer, err := rest.Fetch[principalAnswer](ctx, d.rest, rest.Request{
		Operation: "read " + kind.what, Method: http.MethodGet, Path: d.identityPath(kind.one + asked.id.String()), Object: true,
	})
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found, ok := answer.principal(asked.kind)
	if !ok || found.ID != asked.id {
		return nil, nil
	}
	return []Principal{found}, nil
}

// listPrincipals lists all principals of a type.
func (d *directory) listPrincipals(ctx context.Context, t access.PrincipalType) ([]Principal, error) {
	kind := directoryKinds[t]
	operation := "list " + kind.what + "s"
	rows, err := rest.Listing[principalAnswer]{
		Operation: operation, ID: func(a principalAnswer) string { return strings.ToLower(a.ID) },
		Read: func(ctx context.Context, skip int) (rest.Page[principalAnswer], error) {
			query := url.Values{}
			if kind.paged {
				query.Set("top", strconv.Itoa(pageSize))
				query.Set("skip", strconv.Itoa(skip))
			}
			return rest.FetchPage(ctx, d.rest, rest.Request{
				Operation: operation, Method: http.MethodGet, Path: d.identityPath(kind.list), Query: query,
			}, parsePrincipalPage)
		},
	}.All(ctx)
	principals := make([]Principal, 0, len(rows))
	for _, row := range rows {
		if p, ok := row.principal(t); ok {
			principals = append(principals, p)
		}
	}
	return principals, err
}
