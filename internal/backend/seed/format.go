// Package seed reads and writes an organization as YAML: the seed that a backend starts from, and the snapshot that reproduces
// its state.
//
// What belongs here is the format: its keys, their meaning, and errors that name the line. What a role may be is decided in
// catalogue.
package seed

// document is the whole file. The names of the keys stand in the tags; the guide for users explains them.
type document struct {
	Organization organizationEntry  `yaml:"organization"`
	Tenants      []tenantEntry      `yaml:"tenants,omitempty"`
	Users        []userEntry        `yaml:"users,omitempty"`
	Groups       []groupEntry       `yaml:"groups,omitempty"`
	Robots       []robotEntry       `yaml:"robotAccounts,omitempty"`
	Applications []applicationEntry `yaml:"externalApplications,omitempty"`
	Tokens       []tokenEntry       `yaml:"personalAccessTokens,omitempty"`
	Folders      []folderEntry      `yaml:"folders,omitempty"`
	Projects     []projectEntry     `yaml:"projects,omitempty"`
	Roles        []roleEntry        `yaml:"roles,omitempty"`
	Assignments  []assignmentEntry  `yaml:"assignments,omitempty"`
}

// position is where an entry begins, for errors.
type position struct{ line int }

func (p *position) setLine(line int) { p.line = line }

type organizationEntry struct {
	position          `yaml:"-"`
	ID                text         `yaml:"id,omitempty"`
	Name              text         `yaml:"name"`
	DefaultCaller     principalRef `yaml:"defaultCaller,omitempty"`
	ExternalDirectory *bool        `yaml:"externalDirectory,omitempty"`
	AutoProvisioning  *bool        `yaml:"autoProvisioning,omitempty"`
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
	Added              *bool `yaml:"added,omitempty"`
}

type groupEntry struct {
	position `yaml:"-"`
	ID       text           `yaml:"id,omitempty"`
	Name     text           `yaml:"name"`
	BuiltIn  *bool          `yaml:"builtIn,omitempty"`
	Source   text           `yaml:"source,omitempty"`
	Added    *bool          `yaml:"added,omitempty"`
	Members  []principalRef `yaml:"members,omitempty"`
}

type robotEntry struct {
	position    `yaml:"-"`
	ID          text `yaml:"id,omitempty"`
	Name        text `yaml:"name"`
	DisplayName text `yaml:"displayName,omitempty"`
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

type folderEntry struct {
	position `yaml:"-"`
	ID       text `yaml:"id,omitempty"`
	Tenant   text `yaml:"tenant"`
	Name     text `yaml:"name"`
	Parent   text `yaml:"parent,omitempty"`
}

type projectEntry struct {
	position `yaml:"-"`
	ID       text `yaml:"id,omitempty"`
	Tenant   text `yaml:"tenant"`
	Service  text `yaml:"service"`
	Name     text `yaml:"name"`
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
	Scope      scopeRef     `yaml:"scope"`
	Type       text         `yaml:"type,omitempty"`
	stampEntry `yaml:",inline"`
}
