// Package seed reads and writes an organization as YAML: the seed that a backend starts from, and the snapshot that reproduces
// its state.
//
// What belongs here is the format: its keys, their meaning, and errors that name the line. What a role may be is decided in
// rules.
package seed

import (
	"cmp"

	"go.yaml.in/yaml/v3"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

// document is the whole file. The names of the keys stand in the tags; the guide for users explains them.
type document struct {
	Organization organizationEntry  `yaml:"organization"`
	Tenants      []tenantEntry      `yaml:"tenants,omitempty"`
	Users        []userEntry        `yaml:"users,omitempty"`
	Groups       []groupEntry       `yaml:"groups,omitempty"`
	Applications []applicationEntry `yaml:"externalApplications,omitempty"`
	Tokens       []tokenEntry       `yaml:"personalAccessTokens,omitempty"`
	Roles        []roleEntry        `yaml:"roles,omitempty"`
	Assignments  []assignmentEntry  `yaml:"assignments,omitempty"`
}

// position is where an entry begins, for errors.
type position struct{ line int }

func (p *position) setLine(line int) { p.line = line }

type organizationEntry struct {
	position      `yaml:"-"`
	ID            text         `yaml:"id,omitempty"`
	Name          text         `yaml:"name"`
	DefaultCaller principalRef `yaml:"defaultCaller,omitempty"`
}

type tenantEntry struct {
	position `yaml:"-"`
	ID       text   `yaml:"id,omitempty"`
	Name     text   `yaml:"name"`
	Services []text `yaml:"services,omitempty,flow"`
}

type userEntry struct {
	position           `yaml:"-"`
	ID                 text  `yaml:"id,omitempty"`
	UserName           text  `yaml:"userName"`
	Email              text  `yaml:"email,omitempty"`
	Name               text  `yaml:"name,omitempty"`
	Surname            text  `yaml:"surname,omitempty"`
	DisplayName        text  `yaml:"displayName,omitempty"`
	Active             *bool `yaml:"active,omitempty"`
	InvitationAccepted *bool `yaml:"invitationAccepted,omitempty"`
	Source             text  `yaml:"source,omitempty"`
}

type groupEntry struct {
	position `yaml:"-"`
	ID       text           `yaml:"id,omitempty"`
	Name     text           `yaml:"name"`
	BuiltIn  *bool          `yaml:"builtIn,omitempty"`
	Members  []principalRef `yaml:"members,omitempty"`
}

type applicationEntry struct {
	position     `yaml:"-"`
	ID           text   `yaml:"id,omitempty"`
	Name         text   `yaml:"name"`
	Secret       text   `yaml:"secret,omitempty"`
	SecretSHA256 text   `yaml:"secretSha256,omitempty"`
	Scopes       []text `yaml:"scopes,omitempty,flow"`
}

type tokenEntry struct {
	position    `yaml:"-"`
	User        text `yaml:"user"`
	Token       text `yaml:"token,omitempty"`
	TokenSHA256 text `yaml:"tokenSha256,omitempty"`
	Expires     text `yaml:"expires"`
}

type stampEntry struct {
	CreatedBy text `yaml:"createdBy,omitempty"`
	CreatedOn text `yaml:"createdOn,omitempty"`
	UpdatedBy text `yaml:"updatedBy,omitempty"`
	UpdatedOn text `yaml:"updatedOn,omitempty"`
}

type roleEntry struct {
	position    `yaml:"-"`
	ID          text   `yaml:"id,omitempty"`
	Name        text   `yaml:"name"`
	Description text   `yaml:"description"`
	Shape       text   `yaml:"shape,omitempty"`
	Tenant      text   `yaml:"tenant,omitempty"`
	Service     text   `yaml:"service,omitempty"`
	Permissions []text `yaml:"permissions,omitempty"`
	stampEntry  `yaml:",inline"`
}

type assignmentEntry struct {
	position   `yaml:"-"`
	ID         text         `yaml:"id,omitempty"`
	Role       roleRef      `yaml:"role"`
	Principal  principalRef `yaml:"principal"`
	Scope      text         `yaml:"scope"`
	Type       text         `yaml:"type,omitempty"`
	stampEntry `yaml:",inline"`
}

// text is a scalar and the line it stands on.
type text struct {
	value string
	line  int
}

func textOf(value string) text { return text{value: value} }

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

// principalRef names a principal: by its name where only one has it, else as {user: name}, {group: name} or
// {application: name}.
type principalRef struct {
	name text
	kind model.PrincipalKind
}

type principalMapping struct {
	User        text `yaml:"user,omitempty"`
	Group       text `yaml:"group,omitempty"`
	Application text `yaml:"application,omitempty"`
}

func (p principalRef) IsZero() bool { return p.name.IsZero() }

func (p principalRef) MarshalYAML() (any, error) {
	var m principalMapping
	switch p.kind {
	case model.KindUser:
		m.User = p.name
	case model.KindGroup:
		m.Group = p.name
	case model.KindApplication:
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
	for kind, name := range map[model.PrincipalKind]text{
		model.KindUser: m.User, model.KindGroup: m.Group, model.KindApplication: m.Application,
	} {
		if name.IsZero() {
			continue
		}
		if !p.name.IsZero() {
			d.reportf(n.Line, "a principal is one of user, group and application")
			return
		}
		p.name, p.kind = name, kind
	}
	p.name.line = cmp.Or(p.name.line, n.Line)
}

// roleRef names a role: by its name where only one has it, else as {service: owner, name: name}.
type roleRef struct {
	name    text
	service text
}

type roleMapping struct {
	Service text `yaml:"service"`
	Name    text `yaml:"name"`
}

func (r roleRef) MarshalYAML() (any, error) {
	if r.service.IsZero() {
		return r.name.value, nil
	}
	return flow(roleMapping{Service: r.service, Name: r.name})
}

func (r *roleRef) decodeNode(d *decoder, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		r.name.decodeNode(d, n)
		return
	}
	var m roleMapping
	d.decode(n, &m)
	r.name, r.service = m.Name, m.Service
	r.name.line = cmp.Or(r.name.line, n.Line)
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
