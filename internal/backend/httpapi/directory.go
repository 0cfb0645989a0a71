package httpapi

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

const (
	// maxNames is how many names are resolved at once (contract 7.1).
	maxNames = 20
	// maxGroupIDs bounds how many groups one question about membership names. The platform's own limit is not public.
	maxGroupIDs = 1000
	// maxEntities bounds how many ids are resolved at once. The platform's own limit is not public.
	maxEntities = 1000
)

// The parameters and members that several endpoints of the directory read.
const (
	entityTypeName = "entityType"
	namesName      = "entityNames"
	nameName       = "entityName"
	idName         = "entityId"
	idsName        = "entityIds"
	typesName      = "entityTypes"
	groupIDsName   = "groupIds"
	// scopeName is the domain of an Active Directory. There is none here, so it is not read (contract 7.1-18).
	scopeName = "scope"
)

// entityTypes are what a search may be narrowed to (contract 7.1). Robot accounts count as users there.
var entityTypes = []choice[[]access.PrincipalType]{
	{"user", []access.PrincipalType{access.PrincipalUser, access.PrincipalRobot}},
	{"group", []access.PrincipalType{access.PrincipalGroup}},
	{"application", []access.PrincipalType{access.PrincipalExternalApplication}},
}

// entityCodes are the places of the types of principals among the entity types.
var entityCodes = map[access.PrincipalType]int{
	access.PrincipalUser: 0, access.PrincipalRobot: 0, access.PrincipalGroup: 1, access.PrincipalExternalApplication: 2,
}

// objectTypes are the names of the types of principals in the directory.
var objectTypes = map[access.PrincipalType]string{
	access.PrincipalUser: "DirectoryUser", access.PrincipalGroup: "DirectoryGroup", access.PrincipalRobot: "DirectoryRobotUser",
	access.PrincipalExternalApplication: "DirectoryApplication",
}

// sourceFilters are the classes of principals that a search may be narrowed to.
var sourceFilters = map[string]rules.PrincipalClass{
	"localusers":      {Type: access.PrincipalUser, Source: access.SourceLocal},
	"directoryusers":  {Type: access.PrincipalUser, Source: access.SourceDirectory},
	"localgroups":     {Type: access.PrincipalGroup, Source: access.SourceLocal},
	"directorygroups": {Type: access.PrincipalGroup, Source: access.SourceDirectory},
	"robotaccounts":   {Type: access.PrincipalRobot, Source: access.SourceLocal},
	"applications":    {Type: access.PrincipalExternalApplication, Source: access.SourceLocal},
}

// searchBody is a principal as a search shows it.
type searchBody struct {
	Source       access.PrincipalSource `json:"source"`
	Identifier   access.GUID            `json:"identifier"`
	IdentityName string                 `json:"identityName"`
	DisplayName  string                 `json:"displayName"`
	Email        *string                `json:"email"`
	Domain       *string                `json:"domain"`
	Type         int                    `json:"type"`
	ObjectType   string                 `json:"objectType"`
}

func newSearchBody(p model.Principal) searchBody {
	return searchBody{
		Source: p.Source, Identifier: p.ID, IdentityName: p.Name, DisplayName: p.DisplayName, Email: orNull(p.Email),
		Type: entityCodes[p.Type], ObjectType: objectTypes[p.Type],
	}
}

// principalBody is what every answer but that of a search shows of a principal.
type principalBody struct {
	ObjectType  string                 `json:"objectType"`
	ExternalID  *string                `json:"externalId"`
	Source      access.PrincipalSource `json:"source"`
	Identifier  access.GUID            `json:"identifier"`
	Name        string                 `json:"name"`
	Email       *string                `json:"email"`
	DisplayName string                 `json:"displayName"`
}

func newPrincipalBody(p model.Principal) principalBody {
	return principalBody{
		ObjectType: objectTypes[p.Type], Source: p.Source, Identifier: p.ID, Name: p.Name, Email: orNull(p.Email), DisplayName: p.DisplayName,
	}
}

// entityBody is all that the directory has of a principal, as members of groups and resolved names show it (contract 7.1, 7.3).
type entityBody struct {
	principalBody
	*personBody
	*applicationBody
}

// personBody is what only users have. The backend keeps nothing of where somebody works.
type personBody struct {
	FirstName    string  `json:"firstName"`
	LastName     string  `json:"lastName"`
	JobTitle     *string `json:"jobTitle"`
	CompanyName  *string `json:"companyName"`
	City         *string `json:"city"`
	Department   *string `json:"department"`
	IsActive     bool    `json:"isActive"`
	CreationTime string  `json:"creationTime"`
}

// applicationBody is what only applications have.
type applicationBody struct {
	ApplicationID access.GUID `json:"applicationId"`
}

func newEntityBody(p model.Principal) entityBody {
	b := entityBody{principalBody: newPrincipalBody(p)}
	switch p.Type {
	case access.PrincipalUser:
		// Unlike other times of identity, this one has an offset.
		b.personBody = &personBody{
			FirstName: p.FirstName, LastName: p.LastName, IsActive: p.Active, CreationTime: model.FormatAccountTime(p.CreatedOn) + "Z",
		}
	case access.PrincipalExternalApplication:
		b.applicationBody = &applicationBody{p.ID}
	case access.PrincipalGroup, access.PrincipalRobot:
	}
	return b
}

// newResolvedBody shows a null for a name that nobody has.
func newResolvedBody(found map[string]*model.Principal) map[string]*entityBody {
	bodies := make(map[string]*entityBody, len(found))
	for name, p := range found {
		bodies[name] = nil
		if p != nil {
			b := newEntityBody(*p)
			bodies[name] = &b
		}
	}
	return bodies
}

// sourceBody is a source of accounts. The platform's own shape is not public.
type sourceBody struct {
	Source   access.PrincipalSource `json:"source"`
	External bool                   `json:"external"`
}

func newSourceBody(source access.PrincipalSource) sourceBody {
	return sourceBody{source, source == access.SourceDirectory}
}

func directoryQuery(r *request) rules.DirectoryQuery {
	q := r.query("startsWith", entityTypeName, "sourceFilter", scopeName)
	wanted := rules.DirectoryQuery{StartsWith: q.text("startsWith"), Types: oneOf(q, entityTypeName, nil, entityTypes)}
	if wanted.StartsWith == "" {
		q.wrongf("startsWith", "The startsWith field is required.")
	}
	for _, name := range q.values["sourceFilter"] {
		class, ok := sourceFilters[strings.ToLower(name)]
		if !ok {
			q.wrongf("sourceFilter", "The value '%s' is not valid.", name)
			break
		}
		wanted.Classes = append(wanted.Classes, class)
	}
	return wanted
}

func namesQuery(r *request) rules.NamesQuery {
	b := r.body(namesName, entityTypeName, scopeName)
	names := member[[]string](b, namesName)
	if names == nil {
		b.wrongf(namesName, "The entityNames field is required.")
	}
	wanted := rules.NamesQuery{Names: deref(names), Type: b.entityType(entityTypeName, deref(member[string](b, entityTypeName)))}
	if len(wanted.Names) > maxNames && r.err() == nil {
		const tooMany = "entityNames size is larger that maximum supported value of %d (Parameter 'entityNames')"
		r.failed = &directoryError{http.StatusBadRequest, fmt.Sprintf(tooMany, maxNames)}
	}
	return wanted
}

// entityType reads the type of a principal to resolve. Robot accounts cannot be resolved (contract 7.1).
func (b body) entityType(name, word string) access.PrincipalType {
	var known []string
	for _, choice := range entityTypes {
		known = append(known, choice.name)
		if strings.EqualFold(choice.name, word) {
			return choice.value[0]
		}
	}
	b.wrongf(name, "The value '%s' is not valid: it is one of %s.", word, strings.Join(known, ", "))
	return ""
}

// entityQuery reads which principal is asked for by its id.
func entityQuery(r *request) rules.EntityQuery {
	r.query()
	b := r.body(idName, entityTypeName)
	b.required(idName)
	return rules.EntityQuery{
		ID: access.OptionalGUID(deref(member[string](b, idName))), Type: b.entityType(entityTypeName, deref(member[string](b, entityTypeName))),
	}
}

// namedEntityQuery reads which principal is asked for by its name.
func namedEntityQuery(r *request) rules.EntityQuery {
	r.query()
	b := r.body(nameName, entityTypeName)
	b.required(nameName)
	return rules.EntityQuery{
		Name: deref(member[string](b, nameName)), Type: b.entityType(entityTypeName, deref(member[string](b, entityTypeName))),
	}
}

// entitiesQuery reads which principals are asked for by their ids and types, which stand in the same order.
func entitiesQuery(r *request) rules.EntitiesQuery {
	r.query()
	b := r.body(idsName, typesName)
	b.required(idsName, typesName)
	ids, types := deref(member[[]string](b, idsName)), deref(member[[]string](b, typesName))
	switch {
	case len(ids) > maxEntities:
		b.wrongf(idsName, "%d ids are given; at most %d are read.", len(ids), maxEntities)
		return nil
	case len(ids) != len(types):
		b.wrongf(typesName, "%d types are given for %d ids.", len(types), len(ids))
		return nil
	}
	wanted := make(rules.EntitiesQuery, len(ids))
	for i, id := range ids {
		wanted[id] = rules.EntityQuery{ID: access.OptionalGUID(id), Type: b.entityType(typesName, types[i])}
	}
	return wanted
}

// membershipQuery accepts ids that are no GUIDs: nobody has them.
func membershipQuery(r *request) rules.MembershipQuery {
	b := r.body("userId", groupIDsName)
	user, groups := member[string](b, "userId"), member[[]string](b, groupIDsName)
	if user == nil {
		b.wrongf("userId", "The userId field is required.")
	}
	switch {
	case groups == nil:
		b.wrongf(groupIDsName, "The groupIds field is required.")
	case len(*groups) > maxGroupIDs:
		b.wrongf(groupIDsName, "%d ids are given; at most %d are read.", len(*groups), maxGroupIDs)
	}
	wanted := rules.MembershipQuery{PrincipalID: access.OptionalGUID(deref(user))}
	for _, id := range deref(groups) {
		wanted.GroupIDs = append(wanted.GroupIDs, access.OptionalGUID(id))
	}
	return wanted
}
