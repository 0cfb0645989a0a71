package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// The options of OData. Folders have nothing to expand.
const (
	optionFilter  = "$filter"
	optionOrderBy = "$orderby"
	optionSelect  = "$select"
	optionExpand  = "$expand"
)

// folderEntity is a folder (contract 8.1, FolderDto of the vendor's OpenAPI). What the backend does not keep has the value of
// an ordinary folder.
var folderEntity = odataEntity[rules.FolderDetails]{
	{"Key", odataText, func(f rules.FolderDetails) any { return f.ID.String() }},
	{"DisplayName", odataText, func(f rules.FolderDetails) any { return f.Name }},
	{"FullyQualifiedName", odataText, func(f rules.FolderDetails) any { return f.Path }},
	{"Description", odataText, func(rules.FolderDetails) any { return nil }},
	{"FolderType", odataText, func(rules.FolderDetails) any { return "Standard" }},
	{"IsPersonal", odataFlag, func(rules.FolderDetails) any { return false }},
	{"ProvisionType", odataText, func(rules.FolderDetails) any { return "Automatic" }},
	{"PermissionModel", odataText, func(rules.FolderDetails) any { return "FineGrained" }},
	{"ParentId", odataNumber, func(f rules.FolderDetails) any { return nullable(f.ParentNumber) }},
	{"ParentKey", odataText, func(f rules.FolderDetails) any { return nullable(f.ParentID.String()) }},
	{"FeedType", odataText, func(rules.FolderDetails) any { return "Processes" }},
	{"Id", odataNumber, func(f rules.FolderDetails) any { return f.Number }},
}

// nullable turns a value that is not there into nil.
func nullable[T comparable](value T) any {
	var none T
	if value == none {
		return nil
	}
	return value
}

type foldersBody struct {
	Context string           `json:"@odata.context"`
	Count   *int             `json:"@odata.count,omitempty"`
	Value   []map[string]any `json:"value"`
}

// listFolders serves GET /odata/Folders.
func (a *API) listFolders(r *http.Request) (reply, error) {
	var counted bool
	var shown odataEntity[rules.FolderDetails]
	parse := func(r *request) rules.FolderQuery {
		q := r.query("$top", "$skip", "$count", optionFilter, optionOrderBy, optionSelect, optionExpand)
		counted = oneOf(q, "$count", false, booleans)
		shown = folderProperties(q)
		return rules.FolderQuery{
			Tenant: r.PathValue("tenant"), Paging: q.paging("$", maxTop, maxTop),
			Keep: odataOption(q, optionFilter, folderEntity.filter), Compare: odataOption(q, optionOrderBy, folderEntity.orderBy),
		}
	}
	body := func(found rules.Page[rules.FolderDetails]) foldersBody {
		b := foldersBody{Context: folderContext(r, shown), Value: each(shown.body)(found.Rows)}
		if counted {
			b.Count = &found.Total
		}
		return b
	}
	return read(a, parse, (*rules.Session).Folders, body)(r)
}

// getFolder serves GET /odata/Folders({id}).
func (a *API) getFolder(r *http.Request) (reply, error) { return a.oneFolder(r, "", numberOfFolder) }

// getFolderByKey serves the function GetByKey(identifier={GUID}).
func (a *API) getFolderByKey(r *http.Request) (reply, error) {
	return a.oneFolder(r, "identifier=", func(r *request, text string, key *rules.FolderKey) { key.ID = r.parseGUID("identifier", text) })
}

func numberOfFolder(r *request, text string, key *rules.FolderKey) {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		r.wrongf("key", "The value '%s' is not valid.", text)
	}
	key.Number = number
}

// oneFolder answers one folder, whose key stands in parentheses behind a name.
func (a *API) oneFolder(r *http.Request, name string, readKey func(r *request, text string, key *rules.FolderKey)) (reply, error) {
	text, inParentheses := strings.CutPrefix(r.PathValue("key"), "("+name)
	text, closed := strings.CutSuffix(text, ")")
	if !inParentheses || !closed {
		return reply{}, notFound("The path %q does not exist.", asRequested(r.URL.Path))
	}
	var shown odataEntity[rules.FolderDetails]
	parse := func(r *request) rules.FolderKey {
		shown = folderProperties(r.query(optionSelect, optionExpand))
		key := rules.FolderKey{Tenant: r.PathValue("tenant")}
		readKey(r, text, &key)
		return key
	}
	body := func(f rules.FolderDetails) map[string]any {
		b := shown.body(f)
		b["@odata.context"] = folderContext(r, shown) + "/$entity"
		return b
	}
	return read(a, parse, (*rules.Session).Folder, body)(r)
}

// folderProperties reads which properties of folders are wanted.
func folderProperties(q query) odataEntity[rules.FolderDetails] {
	if q.values.Has(optionExpand) {
		q.wrongf(optionExpand, "A folder has nothing to expand: leave it out.")
	}
	if shown := odataOption(q, optionSelect, folderEntity.selected); shown != nil {
		return shown
	}
	return folderEntity
}

// odataOption reads an option, and returns nothing where it is missing or wrong.
func odataOption[V any](q query, name string, read func(string) (V, error)) (value V) {
	if !q.values.Has(name) {
		return value
	}
	value, err := read(q.text(name))
	if err != nil {
		q.wrongf(name, "The value is not valid: %s.", err)
	}
	return value
}

func folderContext(r *http.Request, shown odataEntity[rules.FolderDetails]) string {
	names := ""
	if len(shown) < len(folderEntity) {
		all := make([]string, len(shown))
		for i, p := range shown {
			all[i] = p.name
		}
		names = "(" + strings.Join(all, ",") + ")"
	}
	before, _, _ := strings.Cut(r.URL.Path, "/odata/")
	return fmt.Sprintf("http://%s%s/odata/$metadata#Folders%s", r.Host, before, names)
}
