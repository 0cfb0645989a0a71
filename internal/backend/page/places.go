package page

import (
	"cmp"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// node is a scope in the tree.
type node struct {
	Name, Kind string
	URL        string
	// Current is the scope that is shown, Open one that contains it.
	Current, Open bool
	Children      []*node
}

// places are the names of scopes, and the tree of them.
type places struct {
	rules.Places

	names map[access.Scope]string
	kinds map[access.Scope]string
}

// wideTree is from how many folders and projects on only those of the chosen tenant are in the tree.
const wideTree = 300

func newPlaces(p rules.Places) places {
	n := places{p, map[access.Scope]string{}, map[access.Scope]string{}}
	n.add(access.Organization, p.Organization.Name, "Organization")
	for _, t := range p.Tenants {
		n.add(access.TenantScope(t.ID), t.Name, "Tenant")
		for _, slug := range t.Services {
			if at, err := access.ServiceScope(t.ID, slug); err == nil {
				n.add(at, access.ServiceDisplayName(slug), "Service")
			}
		}
	}
	for _, f := range p.Folders {
		if at, err := access.FolderScope(f.TenantID, f.ID.String()); err == nil {
			n.add(at, f.Path, "Folder")
		}
	}
	for _, project := range p.Projects {
		if at, err := access.ProjectScope(project.TenantID, project.Service, project.ID); err == nil {
			n.add(at, project.Name, "Project")
		}
	}
	return n
}

func (p places) add(at access.Scope, name, kind string) { p.names[at], p.kinds[at] = name, kind }

// name is a scope in words, such as "Folder Finance". What does not exist any more is shown by its path.
func (p places) name(at access.Scope) string {
	name, known := p.names[at]
	if !known {
		return at.String()
	}
	return p.kinds[at] + " " + name
}

// tree returns the tree, as it is seen from a scope.
func (p places) tree(from access.Scope, tab string) *node {
	nodes := map[access.Scope]*node{}
	node := func(at access.Scope) *node {
		if nodes[at] == nil {
			nodes[at] = &node{
				Name: p.names[at], Kind: p.kinds[at], URL: address(pathAccess, "scope", at.String(), "tab", tab),
				Current: at == from, Open: at.Contains(from),
			}
		}
		return nodes[at]
	}
	root := node(access.Organization)
	root.Open = true
	wide := len(p.Folders)+len(p.Projects) > wideTree
	for _, at := range p.ordered() {
		if at == access.Organization || wide && at.Container() != "" && at.TenantID() != from.TenantID() {
			continue
		}
		parent := p.parent(at)
		node(parent).Children = append(node(parent).Children, node(at))
	}
	return root
}

// parent is the scope under which another stands in the tree: the service for what it contains.
func (p places) parent(at access.Scope) access.Scope {
	lineage := at.Lineage()
	for _, above := range lineage {
		if above != at && p.kinds[above] != "" && !slices.ContainsFunc(lineage, func(other access.Scope) bool {
			return other != at && other != above && p.kinds[other] != "" && above.Contains(other)
		}) {
			return above
		}
	}
	return access.Organization
}

// ordered returns the scopes from the widest, each kind by name.
func (p places) ordered() []access.Scope {
	depth := map[string]int{"Organization": 0, "Tenant": 1, "Service": 2, "Folder": 3, "Project": 3} //nolint:mnd // Each below the one before.
	all := make([]access.Scope, 0, len(p.names))
	for at := range p.names {
		all = append(all, at)
	}
	slices.SortFunc(all, func(a, b access.Scope) int {
		return cmp.Or(cmp.Compare(depth[p.kinds[a]], depth[p.kinds[b]]), cmp.Compare(p.names[a], p.names[b]), cmp.Compare(a.String(), b.String()))
	})
	return all
}

// trail returns the scopes that contain one, from the widest, and the scope itself.
func (p places) trail(at access.Scope) []access.Scope {
	above := at.Lineage()
	slices.SortFunc(above, func(a, b access.Scope) int { return cmp.Compare(len(a.String()), len(b.String())) })
	return slices.DeleteFunc(above, func(s access.Scope) bool { return p.kinds[s] == "" })
}
