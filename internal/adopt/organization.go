package adopt

import "context"

// Find reads what a query asks for from an organization. Its errors have a first line that says what failed.
type Find func(context.Context, Query) (Found, error)

// Query says where to sign in, and narrows what is looked for. Its zero value is everything that the credentials of the environment see.
type Query struct {
	// BaseURL and Organization are "" for those of the environment.
	BaseURL, Organization string
	// DataFile is that of the embedded reference backend, "" for a server. Caller is who acts there.
	DataFile, Caller string
	// What is not to be looked up, as the settings resolve_… of the provider say it.
	WithoutTenants, WithoutPrincipals, WithoutFolders, WithoutProjects bool

	// Tenant is the name or GUID of the only tenant to look in.
	Tenant string
	// Scope is a path, and ScopeName the same in names. Below adds what is under it.
	Scope, ScopeName string
	Below            bool
	// PrincipalName and RoleName narrow what is found to one principal, and to roles of one name.
	PrincipalName, RoleName string
}

// Found is what an organization has of a query.
type Found struct {
	// Organization is its name.
	Organization string
	// Objects are what resources can manage.
	Objects []Object
	// LeftOut are what no resource can manage.
	LeftOut []LeftOut
	// Unread says what the credentials may not read, one text for each.
	Unread []string
}

// Object is something that a resource of the provider can manage.
type Object struct {
	// Type is that of the resource, such as uipath_tenant_role.
	Type string
	// ID is what it is imported by.
	ID string
	// Place is the name of its scope. Objects of one place stand together.
	Place string
	// Labels are texts that a label is made of, from the shortest to one that hardly clashes.
	Labels []string
	// Attributes are its configuration, in the order in which they are written.
	Attributes []Attribute
	// Remarks say what a reader should know.
	Remarks []string
}

// Attribute is an attribute with a text or a list of texts.
type Attribute struct {
	Name string
	Text string
	// Role is the import id of the role that Text belongs to, as its attribute Member. The text is written as a reference where the role is
	// written too.
	Role, Member string
	List         []Item
}

// Item is a text of a list. Remark says what it stands for, "" if it speaks for itself.
type Item struct{ Text, Remark string }

// LeftOut is something that no resource can manage.
type LeftOut struct {
	// What describes it by names, as far as there are names.
	What string
	// Reason completes the sentence "It is ...".
	Reason string
}
