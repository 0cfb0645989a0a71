package uipath

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// entity is an account as the directory shows it.
type entity struct {
	ObjectType  string `json:"objectType"`
	Source      string `json:"source"`
	Identifier  string `json:"identifier"`
	Name        string `json:"name,omitempty"`
	Identity    string `json:"identityName,omitempty"`
	Email       string `json:"email,omitempty"`
	DisplayName string `json:"displayName"`
}

var objectTypes = map[access.PrincipalType]string{
	access.PrincipalUser: "DirectoryUser", access.PrincipalGroup: "DirectoryGroup", access.PrincipalRobot: "DirectoryRobotUser",
	access.PrincipalExternalApplication: "DirectoryApplication",
}

// person is the nth user, called Person n.
func person(n string, id access.GUID) entity {
	return entity{objectTypes[access.PrincipalUser], "local", id.String(), "p" + n, "", "p" + n + "@acme.test", "Person " + n}
}

// thing is an account that is no user.
func thing(kind access.PrincipalType, name string, id access.GUID) entity {
	return entity{ObjectType: objectTypes[kind], Source: "local", Identifier: strings.ToUpper(id.String()), Name: name, DisplayName: name}
}

// closedDirectory answers as the directory does to callers who may search and resolve but not list (contract 7.1). It compares
// names with case.
type closedDirectory struct {
	all []entity
	// largest is how many names or ids one request had at most.
	largest int
	// refuses says that not even that is allowed.
	refuses bool
	// bad is a name that is a 400.
	bad string
}

func (d *closedDirectory) answer(w http.ResponseWriter, r *http.Request, body string) bool {
	path, ok := strings.CutPrefix(r.URL.Path, "/"+orgID+"/identity_/api/")
	if !ok {
		return false
	}
	kind, _, _ := strings.Cut(strings.TrimPrefix(path, "Directory/"), "/")
	if !strings.HasPrefix(path, "Directory/") || d.refuses {
		answerJSON(w, http.StatusForbidden, `{"title":"Only organization administrators may use this.","status":403}`)
		return true
	}
	var asked struct {
		Names, IDs, Types []string
		Type              string
	}
	named := struct {
		Names *[]string `json:"entityNames"`
		Type  *string   `json:"entityType"`
		IDs   *[]string `json:"entityIds"`
		Types *[]string `json:"entityTypes"`
	}{&asked.Names, &asked.Type, &asked.IDs, &asked.Types}
	if body != "" && json.Unmarshal([]byte(body), &named) != nil {
		answerJSON(w, http.StatusBadRequest, `{"title":"malformed"}`)
		return true
	}
	d.largest = max(d.largest, len(asked.Names), len(asked.IDs))
	var answer any
	switch kind {
	case "BulkResolveByName":
		found := map[string]*entity{}
		for _, name := range asked.Names {
			if d.bad != "" && name == d.bad || len(asked.Names) > 20 {
				answerJSON(w, http.StatusBadRequest, `{"StatusCode":400,"StatusDescription":"BadRequest","Message":"Invalid Entity Names."}`)
				return true
			}
			found[name] = d.find(asked.Type, func(e entity) bool { return e.Name == name || e.Email == name })
		}
		answer = found
	case "BulkResolve":
		found := map[string]*entity{}
		for i, id := range asked.IDs {
			found[strings.ToUpper(id)] = d.find(asked.Types[i], func(e entity) bool { return strings.EqualFold(e.Identifier, id) })
		}
		answer = found
	case "Search":
		query := r.URL.Query()
		found := []entity{}
		for _, e := range d.all {
			if query.Get("sourceFilter") == "robotAccounts" && e.ObjectType != objectTypes[access.PrincipalRobot] {
				continue
			}
			for _, text := range []string{e.Name, e.Email, e.DisplayName} {
				if strings.HasPrefix(strings.ToLower(text), strings.ToLower(query.Get("startsWith"))) && text != "" {
					e.Identity, e.Name = e.Name, ""
					found = append(found, e)
					break
				}
			}
		}
		answer = found
	default:
		return false
	}
	encoded, err := json.Marshal(answer)
	if err != nil {
		return false
	}
	answerJSON(w, http.StatusOK, string(encoded))
	return true
}

// find returns the first of a type that matches. Robot accounts cannot be resolved.
func (d *closedDirectory) find(word string, matches func(entity) bool) *entity {
	for kind, entityType := range entityTypes {
		if entityType != word {
			continue
		}
		for _, e := range d.all {
			if e.ObjectType == objectTypes[kind] && matches(e) {
				return &e
			}
		}
	}
	return nil
}
