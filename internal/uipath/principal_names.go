package uipath

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// principalName is a name under which principals are kept: in lower case what is compared without case, and else as it is.
type principalName struct {
	kind access.PrincipalType
	text string
	// display names of users stand for them only where they are unique.
	display bool
}

// namesOf returns the names under which a principal is found.
func namesOf(p Principal) []principalName {
	if p.Type != access.PrincipalUser {
		return []principalName{{kind: p.Type, text: p.UniqueName}}
	}
	names := []principalName{{kind: p.Type, text: p.Name, display: true}}
	for _, text := range []string{p.Email, p.UserName} {
		if text != "" {
			names = append(names, principalName{kind: p.Type, text: strings.ToLower(text)})
		}
	}
	return names
}

// named returns the principals of a type that have a name, as far as they are known, sorted by id. A user is named by e-mail address or
// user name in any case, or by the display name if nobody has the name otherwise. One's unique name goes before another's user name.
func (t *principalTable) named(kind access.PrincipalType, name string) []Principal {
	wanted := principalName{kind: kind, text: name}
	if kind == access.PrincipalUser {
		wanted.text = strings.ToLower(name)
	}
	found := t.withName(wanted)
	if len(found) == 0 && kind == access.PrincipalUser {
		found = t.withName(principalName{kind: kind, text: name, display: true})
	}
	unique := func(p Principal) bool { return strings.EqualFold(p.UniqueName, name) }
	if slices.ContainsFunc(found, unique) {
		found = slices.DeleteFunc(found, func(p Principal) bool { return !unique(p) })
	}
	slices.SortFunc(found, func(a, b Principal) int { return cmp.Compare(a.ID, b.ID) })
	return found
}

func (t *principalTable) withName(name principalName) []Principal {
	return t.snapshot(func(yield func(principalKey) bool) {
		for key := range t.byName[name] {
			if !yield(key) {
				return
			}
		}
	})
}

// hasName reports whether a principal is named so without its display name.
func hasName(p Principal, name string) bool {
	if p.Type == access.PrincipalUser {
		return name != "" && (strings.EqualFold(p.Email, name) || strings.EqualFold(p.UserName, name))
	}
	return p.UniqueName == name
}

// PrincipalNamed returns the principal that has a name. A user has the e-mail address and the user name, in any case, and the display
// name if the users can be listed and it is unique; a group, robot account or external application has its name, in exactly this case.
// Without a type it looks in all types that can be read.
//
// It returns a [*NotFoundError] with the names of all types if there is none, an [*AmbiguousError] if there are several, and [ErrForbidden] if
// the caller may neither list the type nor resolve names. Each type is listed once in a run. Where that is refused the directory is asked
// for names, with as few requests as the questions at the same time allow.
func (d *directory) PrincipalNamed(ctx context.Context, name string, kind access.PrincipalType) (Principal, error) {
	kinds := access.PrincipalTypes()
	if kind != "" {
		if _, err := d.effortFor(kind); err != nil {
			return Principal{}, err
		}
		kinds = []access.PrincipalType{kind}
	}
	var found []Principal
	var listed, closed []access.PrincipalType
	var refused error
	for _, k := range kinds {
		err := d.principals.read(ctx, principalKey{kind: k})
		switch {
		case err == nil:
			listed = append(listed, k)
			found = append(found, d.principals.named(k, name)...)
		case errors.Is(err, ErrForbidden):
			closed, refused = append(closed, k), err
		default:
			return Principal{}, err
		}
	}
	if len(closed) > 0 && name != "" {
		more, err := d.resolveName(ctx, name, closed)
		switch {
		case err == nil:
			d.enter(more)
			found = append(found, more...)
		case !errors.Is(err, ErrForbidden):
			return Principal{}, err
		case len(listed) == 0:
			return Principal{}, refused
		}
	}
	if len(found) == 0 && name != "" {
		var err error
		if found, err = d.outside(ctx, name, listed); err != nil {
			return Principal{}, err
		}
	}
	switch len(found) {
	case 0:
		return Principal{}, d.noPrincipal(ctx, name, kind)
	case 1:
		return found[0], nil
	}
	return Principal{}, ambiguousPrincipal(name, kind, found)
}

// outside returns the users and groups of a name that the lists lack: those of an external directory may be in none (contract 7.2-16).
func (d *directory) outside(ctx context.Context, name string, listed []access.PrincipalType) ([]Principal, error) {
	found, err := d.resolveEach(ctx, name, slices.DeleteFunc(listed, func(kind access.PrincipalType) bool {
		return kind != access.PrincipalUser && kind != access.PrincipalGroup
	}))
	if refused, ok := errors.AsType[*Error](err); ok && refused.Status >= 400 && refused.Status < 500 {
		// A server, or a caller's rights, without this: then the lists are all there is.
		return nil, nil
	}
	for i := range found {
		found[i].Outside = true
	}
	return found, err
}

// askedTogether is how many names are asked for at the same time: as many as two requests to the directory have.
const askedTogether = 2 * maxNames

// PrincipalsNamed returns the principals that have some names, and why others were not found, both by name; see [Client.PrincipalNamed].
func (d *directory) PrincipalsNamed(
	ctx context.Context, names []string, kind access.PrincipalType,
) (found map[string]Principal, failed map[string]error) {
	found, failed = map[string]Principal{}, map[string]error{}
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(askedTogether)
	for _, name := range names {
		group.Go(func() error {
			p, err := d.PrincipalNamed(ctx, name, kind)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed[name] = err
			} else {
				found[name] = p
			}
			return nil
		})
	}
	_ = group.Wait()
	return found, failed
}

// resolveName asks the directory who has a name, among types that the caller may not list. One of a known type, and an e-mail address, is
// resolved together with others; other names without a type, and robot accounts, which cannot be resolved, are searched for (contract 7.1-7).
func (d *directory) resolveName(ctx context.Context, name string, kinds []access.PrincipalType) ([]Principal, error) {
	alone := len(kinds) == 1
	if alone && kinds[0] != access.PrincipalRobot {
		if found, err := d.resolveEach(ctx, name, kinds); err != nil || len(found) > 0 {
			return found, err
		}
	}
	if !alone && isAddress(name) && slices.Contains(kinds, access.PrincipalUser) {
		// Questions for users go together in one request, and a search goes alone.
		if found, err := d.resolveEach(ctx, name, []access.PrincipalType{access.PrincipalUser}); err != nil || len(found) > 0 {
			return found, err
		}
	}
	seen, err := d.resolver.beginning(ctx, name, alone && kinds[0] == access.PrincipalRobot)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(slices.Clone(seen), func(p Principal) bool { return !hasName(p, name) || !slices.Contains(kinds, p.Type) })
	if len(found) > 0 || alone {
		return found, nil
	}
	// A search may show only the first of many.
	return d.resolveEach(ctx, name, kinds)
}

// isAddress reports whether a name looks like an e-mail address, which only users have.
func isAddress(name string) bool {
	local, domain, found := strings.Cut(name, "@")
	return found && local != "" && domain != ""
}

// resolveEach asks who of each of some types has a name.
func (d *directory) resolveEach(ctx context.Context, name string, kinds []access.PrincipalType) ([]Principal, error) {
	var found []Principal
	for _, k := range kinds {
		if entityTypes[k] == "" {
			continue
		}
		p, err := d.resolver.resolve(ctx, directoryQuestion{kind: k, name: name})
		if err != nil {
			return nil, err
		}
		if p != nil && hasName(*p, name) {
			found = append(found, *p)
		}
	}
	return found, nil
}

// enter makes principals known that the directory has told of.
func (d *directory) enter(list []Principal) {
	for _, p := range list {
		key := principalKey{p.Type, p.ID}
		if _, known := d.principals.get(key); !known {
			d.principals.enter(key, d.principals.now(), []Principal{p}, false)
		}
	}
}

// noPrincipal explains that nobody has a name.
func (d *directory) noPrincipal(ctx context.Context, name string, kind access.PrincipalType) error {
	missing := &NotFoundError{Kind: "principal", Name: name}
	if kind != "" {
		missing.Kind = directoryKinds[kind].what
	}
	var others []Principal
	seen := map[string]bool{}
	for _, k := range access.PrincipalTypes() {
		// A type that cannot be read has no candidates.
		list, _ := d.Principals(ctx, k)
		if kind != "" && k != kind && list != nil {
			others = append(others, d.principals.named(k, name)...)
		}
		for _, p := range list {
			seen[p.UniqueName] = true
			if k == access.PrincipalUser && len(d.principals.named(k, p.Name)) == 1 {
				seen[p.Name] = true
			}
		}
	}
	if name != "" && len(seen) == 0 {
		found, _ := d.resolver.beginning(ctx, name, false)
		for _, p := range found {
			seen[p.UniqueName] = true
			if p.Type != kind && hasName(p, name) {
				others = append(others, p)
			}
			if p.Type == access.PrincipalUser && p.Name == name {
				missing.Note = fmt.Sprintf("It is a display name. These credentials may not list users, so write the e-mail, such as %q.", p.UniqueName)
			}
		}
	}
	if len(others) > 0 {
		missing.Note = fmt.Sprintf("It is the name of the %s.", strings.Join(inWords(others), " and the "))
	}
	for candidate := range seen {
		missing.Candidates = append(missing.Candidates, candidate)
	}
	slices.Sort(missing.Candidates)
	return missing
}

func ambiguousPrincipal(name string, kind access.PrincipalType, found []Principal) error {
	several := &AmbiguousError{Kind: "principal", Name: name}
	if kind != "" {
		several.Kind = directoryKinds[kind].what
	}
	for i, text := range inWords(found) {
		several.Matches = append(several.Matches, Match{ID: found[i].ID.String(), Description: text})
	}
	return several
}

// inWords tells principals of equal names apart.
func inWords(list []Principal) []string {
	texts := make([]string, len(list))
	for i, p := range list {
		texts[i] = directoryKinds[p.Type].what + " " + p.UniqueName
	}
	return texts
}
