package seed

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// document is the whole file. The names of the keys stand in the tags; the guide for users explains them. A key without omitempty is
// required.
type document struct {
	Organization organizationEntry  `yaml:"organization"`
	Tenants      []tenantEntry      `yaml:"tenants,omitempty"`
	Users        []userEntry        `yaml:"users,omitempty"`
	Groups       []groupEntry       `yaml:"groups,omitempty"`
	Robots       []robotEntry       `yaml:"robotAccounts,omitempty"`
	Applications []applicationEntry `yaml:"externalApplications,omitempty"`
	Tokens       []tokenEntry       `yaml:"personalAccessTokens,omitempty"`
	Settings     []settingEntry     `yaml:"settings,omitempty"`
	Folders      []folderEntry      `yaml:"folders,omitempty"`
	Projects     []projectEntry     `yaml:"projects,omitempty"`
	Roles        []roleEntry        `yaml:"roles,omitempty"`

	OrchestratorRoles []orchestratorRoleEntry `yaml:"orchestratorRoles,omitempty"`
	OrchestratorUsers []orchestratorUserEntry `yaml:"orchestratorUsers,omitempty"`

	Assignments []assignmentEntry `yaml:"assignments,omitempty"`
}

type organizationEntry struct {
	ID                string       `yaml:"id,omitempty"`
	Name              string       `yaml:"name"`
	DefaultCaller     principalRef `yaml:"defaultCaller,omitempty"`
	ExternalDirectory *bool        `yaml:"externalDirectory,omitempty"`
	AutoProvisioning  *bool        `yaml:"autoProvisioning,omitempty"`
}

type tenantEntry struct {
	ID       string   `yaml:"id,omitempty"`
	Name     string   `yaml:"name"`
	Services []string `yaml:"services,omitempty,flow"`
}

type userEntry struct {
	ID                 string `yaml:"id,omitempty"`
	UserName           string `yaml:"userName"`
	Email              string `yaml:"email,omitempty"`
	Name               string `yaml:"name,omitempty"`
	Surname            string `yaml:"surname,omitempty"`
	DisplayName        string `yaml:"displayName,omitempty"`
	Active             *bool  `yaml:"active,omitempty"`
	InvitationAccepted *bool  `yaml:"invitationAccepted,omitempty"`
	BypassesBasicAuth  *bool  `yaml:"bypassBasicAuthRestriction,omitempty"`
	Source             string `yaml:"source,omitempty"`
	Added              *bool  `yaml:"added,omitempty"`
	LegacyID           int64  `yaml:"legacyId,omitempty"`
	timesEntry         `yaml:",inline"`
}

// timesEntry is when something was made and when it was changed last.
type timesEntry struct {
	Created  string `yaml:"creationTime,omitempty"`
	Modified string `yaml:"lastModificationTime,omitempty"`
}

type groupEntry struct {
	ID         string         `yaml:"id,omitempty"`
	Name       string         `yaml:"name"`
	BuiltIn    *bool          `yaml:"builtIn,omitempty"`
	Source     string         `yaml:"source,omitempty"`
	Added      *bool          `yaml:"added,omitempty"`
	Members    []principalRef `yaml:"members,omitempty"`
	timesEntry `yaml:",inline"`
}

type robotEntry struct {
	ID          string `yaml:"id,omitempty"`
	Name        string `yaml:"name"`
	DisplayName string `yaml:"displayName,omitempty"`
	Created     string `yaml:"creationTime,omitempty"`
}

type applicationEntry struct {
	ID           string         `yaml:"id,omitempty"`
	Name         string         `yaml:"name"`
	Confidential *bool          `yaml:"confidential,omitempty"`
	RedirectURI  string         `yaml:"redirectUri,omitempty"`
	Secret       string         `yaml:"secret,omitempty"`
	SecretSHA256 string         `yaml:"secretSha256,omitempty"`
	Secrets      *[]secretEntry `yaml:"secrets,omitempty"`
	Scopes       []string       `yaml:"scopes,omitempty,flow"`
	UserScopes   []string       `yaml:"userScopes,omitempty,flow"`
}

// secretEntry is one of several secrets of an application. Without an id it gets the next number that is free.
type secretEntry struct {
	ID           int64  `yaml:"id,omitempty"`
	Description  string `yaml:"description,omitempty"`
	Secret       string `yaml:"secret,omitempty"`
	SecretSHA256 string `yaml:"secretSha256,omitempty"`
	Created      string `yaml:"creationTime,omitempty"`
	Expires      string `yaml:"expiryTime,omitempty"`
}

type tokenEntry struct {
	User        string `yaml:"user"`
	Token       string `yaml:"token,omitempty"`
	TokenSHA256 string `yaml:"tokenSha256,omitempty"`
	Expires     string `yaml:"expires"`
}

// settingEntry is a setting of a user, or of the organization where it names none.
type settingEntry struct {
	ID    int64      `yaml:"id,omitempty"`
	User  string     `yaml:"user,omitempty"`
	Key   string     `yaml:"key"`
	Value quotedText `yaml:"value,omitempty"`
}

// quotedText is a text of any form, which is written on one line.
type quotedText string

// MarshalYAML implements yaml.Marshaler.
func (t quotedText) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: string(t)}, nil
}

type folderEntry struct {
	ID     string `yaml:"id,omitempty"`
	Tenant string `yaml:"tenant"`
	Name   string `yaml:"name"`
	Parent string `yaml:"parent,omitempty"`
}

type projectEntry struct {
	ID      string `yaml:"id,omitempty"`
	Tenant  string `yaml:"tenant"`
	Service string `yaml:"service"`
	Name    string `yaml:"name"`
}

type roleEntry struct {
	ID          string   `yaml:"id,omitempty"`
	Name        string   `yaml:"name"`
	Description string   `yaml:"description,omitempty"` // The catalogue says whether it is required.
	Shape       string   `yaml:"shape,omitempty"`
	Tenant      string   `yaml:"tenant,omitempty"`
	Service     string   `yaml:"service,omitempty"`
	Permissions []string `yaml:"permissions,omitempty"`
	stampEntry  `yaml:",inline"`
}

// orchestratorRoleEntry is a role of Orchestrator of a tenant. Without an id it gets the next number that is free.
type orchestratorRoleEntry struct {
	ID          int64    `yaml:"id,omitempty"`
	Key         string   `yaml:"key,omitempty"`
	Tenant      string   `yaml:"tenant"`
	Name        string   `yaml:"name"`
	DisplayName string   `yaml:"displayName,omitempty"`
	Type        string   `yaml:"type,omitempty"`
	Static      *bool    `yaml:"static,omitempty"`
	Editable    *bool    `yaml:"editable,omitempty"`
	Permissions []string `yaml:"permissions,omitempty"`
}

// orchestratorUserEntry is a principal that Orchestrator of a tenant knows, with the folders that it was added to. Who has one of its roles
// need not stand there.
type orchestratorUserEntry struct {
	ID        int64        `yaml:"id,omitempty"`
	Tenant    string       `yaml:"tenant"`
	Principal principalRef `yaml:"principal"`
	Folders   []string     `yaml:"folders,omitempty"`
	Created   string       `yaml:"creationTime,omitempty"`
}

type assignmentEntry struct {
	ID         string       `yaml:"id,omitempty"`
	Role       roleRef      `yaml:"role,flow"`
	Principal  principalRef `yaml:"principal"`
	Scope      scopeRef     `yaml:"scope"`
	Type       string       `yaml:"type,omitempty"`
	stampEntry `yaml:",inline"`
}

type stampEntry struct {
	CreatedBy string `yaml:"createdBy,omitempty"`
	CreatedOn string `yaml:"createdOn,omitempty"`
	UpdatedBy string `yaml:"updatedBy,omitempty"`
	UpdatedOn string `yaml:"updatedOn,omitempty"`
}

// scalar is what a reference is read into that is written as a text and not as keys and values.
type scalar struct{ text string }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *scalar) UnmarshalText(text []byte) error {
	s.text = string(text)
	return nil
}

// roleRef names a role: as a text by its name or id, or by these keys. {id: ...} may name one that is gone. A role with a tenant is one of
// Orchestrator there.
type roleRef struct {
	scalar  `yaml:"-"`
	Service string `yaml:"service,omitempty"`
	Tenant  string `yaml:"tenant,omitempty"`
	Name    string `yaml:"name,omitempty"`
	ID      string `yaml:"id,omitempty"`
}

// scopeRef is where an assignment holds: as a text a path, or the folder or project of these keys.
type scopeRef struct {
	scalar  `yaml:"-"`
	Tenant  string `yaml:"tenant"`
	Folder  string `yaml:"folder,omitempty"`
	Service string `yaml:"service,omitempty"`
	Project string `yaml:"project,omitempty"`
}

// MarshalYAML implements yaml.Marshaler.
func (s scopeRef) MarshalYAML() (any, error) { return s.text, nil }

// principalRef names a principal: as a text by its name or id, or as {user: name}, {group: name}, {robot: name} or {application: name}.
type principalRef struct {
	name string
	kind access.PrincipalType
}

// keyOf returns the key that names principals of a kind.
func keyOf(kind access.PrincipalType) string {
	return strings.TrimPrefix(strings.ToLower(string(kind)), "external")
}

// IsZero implements yaml.IsZeroer.
func (p principalRef) IsZero() bool { return p.name == "" }

// MarshalYAML implements yaml.Marshaler: keys and values on one line.
func (p principalRef) MarshalYAML() (any, error) {
	var n yaml.Node
	err := n.Encode(map[string]string{keyOf(p.kind): p.name})
	n.Style = yaml.FlowStyle
	return &n, err
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (p *principalRef) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return n.Decode(&p.name)
	}
	for _, kind := range access.PrincipalTypes() {
		if len(n.Content) == 2 && n.Content[0].Value == keyOf(kind) {
			p.kind = kind
			return n.Content[1].Decode(&p.name)
		}
	}
	return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: a principal is one of user, group, robot and application", n.Line)}}
}
