package seed

import (
	"cmp"

	"go.yaml.in/yaml/v3"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// text is a scalar and the line it stands on.
type text struct {
	value string
	line  int
}

func textOf[T ~string](value T) text { return text{value: string(value)} }

func (t text) IsZero() bool { return t.value == "" }

func (t text) MarshalYAML() (any, error) { return t.value, nil }

func (t *text) decodeNode(d *decoder, n *yaml.Node) {
	t.line = n.Line
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Tag == "!!binary" {
		d.reportf(n.Line, "expected a text, found %s", kindOf(n))
		return
	}
	if n.Value == "" {
		d.reportf(n.Line, "the value is empty: leave the key out instead")
	}
	t.value = n.Value
}

// principalRef names a principal: by its name where only one has it, else as {user: name}, {group: name}, {robot: name} or
// {application: name}.
type principalRef struct {
	name text
	kind access.PrincipalType
}

type principalMapping struct {
	User        text `yaml:"user,omitempty"`
	Group       text `yaml:"group,omitempty"`
	Robot       text `yaml:"robot,omitempty"`
	Application text `yaml:"application,omitempty"`
}

func (p principalRef) IsZero() bool { return p.name.IsZero() }

func (p principalRef) MarshalYAML() (any, error) {
	var m principalMapping
	switch p.kind {
	case access.PrincipalUser:
		m.User = p.name
	case access.PrincipalGroup:
		m.Group = p.name
	case access.PrincipalRobot:
		m.Robot = p.name
	case access.PrincipalExternalApplication:
		m.Application = p.name
	default:
		return p.name.value, nil
	}
	return flow(m)
}

func (p *principalRef) decodeNode(d *decoder, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		p.name.decodeNode(d, n)
		return
	}
	var m principalMapping
	d.decode(n, &m)
	for kind, name := range map[access.PrincipalType]text{
		access.PrincipalUser: m.User, access.PrincipalGroup: m.Group, access.PrincipalRobot: m.Robot, access.PrincipalExternalApplication: m.Application,
	} {
		if name.IsZero() {
			continue
		}
		if !p.name.IsZero() {
			d.reportf(n.Line, "a principal is one of user, group, robot and application")
			return
		}
		p.name, p.kind = name, kind
	}
	p.name.line = cmp.Or(p.name.line, n.Line)
}

// roleRef names a role: by its name where only one has it, else as {service: owner, name: name}. One that may be gone is named as
// {id: id}.
type roleRef struct {
	name    text
	service text
	id      text
}

type roleMapping struct {
	Service text `yaml:"service,omitempty"`
	Name    text `yaml:"name,omitempty"`
	ID      text `yaml:"id,omitempty"`
}

func (r roleRef) MarshalYAML() (any, error) {
	if r.service.IsZero() && r.id.IsZero() {
		return r.name.value, nil
	}
	return flow(roleMapping{Service: r.service, Name: r.name, ID: r.id})
}

func (r *roleRef) decodeNode(d *decoder, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		r.name.decodeNode(d, n)
		return
	}
	var m roleMapping
	d.decode(n, &m)
	r.name, r.service, r.id = m.Name, m.Service, m.ID
	r.name.line = cmp.Or(r.name.line, n.Line)
	if !m.ID.IsZero() && (!m.Name.IsZero() || !m.Service.IsZero()) {
		d.reportf(n.Line, "a role is a name, {service: ..., name: ...} or {id: ...}")
	}
}

// scopeRef is where an assignment holds: a path, or {tenant: name, folder: fully qualified name}, or
// {tenant: name, service: owner, project: name}.
type scopeRef struct {
	path text
	at   scopeMapping
}

type scopeMapping struct {
	position `yaml:"-"`
	Tenant   text `yaml:"tenant"`
	Folder   text `yaml:"folder"`
	Service  text `yaml:"service"`
	Project  text `yaml:"project"`
}

func (s scopeRef) MarshalYAML() (any, error) { return s.path.value, nil }

func (s *scopeRef) decodeNode(d *decoder, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		s.path.decodeNode(d, n)
		return
	}
	d.decode(n, &s.at)
}

// flow writes a mapping on one line.
func flow(v any) (any, error) {
	var n yaml.Node
	if err := n.Encode(v); err != nil {
		return nil, err
	}
	n.Style = yaml.FlowStyle
	return &n, nil
}
