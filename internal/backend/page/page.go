// Package page is the web page of the reference backend: who may do what in the organization, to look at. It changes nothing and needs no
// script.
//
// What belongs here is HTML. What there is to see it asks of the rules, as an organization administrator would.
package page

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/httpapi"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

//go:embed templates
var files embed.FS

// The addresses of the page.
const (
	pathAccess   = "/"
	pathRole     = "/_page/role"
	pathAccounts = "/_page/accounts"
	pathAccount  = "/_page/account"
	pathCheck    = "/_page/check"
	pathJournal  = "/_page/journal"
	pathStyle    = "/_page/style.css"
)

// pageSize is how many rows a page has.
const pageSize = 100

// maxSearch bounds the length of what is searched for, in bytes.
const maxSearch = 200

// policy lets a browser use nothing but the page's own styles and links.
const policy = "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Page is the handler of the page.
type Page struct {
	rules   *rules.Rules
	store   *store.Store
	journal *httpapi.Journal
	mux     *http.ServeMux
	// templates returns those of the pages by the names of their files. They are read when the first page is.
	templates func() (map[string]*template.Template, error)
}

// view shows a part of the organization. It returns the name of a template and what that is filled with.
type view func(context.Context, *rules.Session, query) (frame, error)

// frame is what every page shows, with the part of its own.
type frame struct {
	// Template is the file of the part.
	Template string
	Title    string
	// Section is the entry of the navigation that is chosen.
	Section      string
	Organization string
	Body         any
}

// query is what the address asks for.
type query struct{ url.Values }

// New returns the page of a backend.
func New(r *rules.Rules, s *store.Store, journal *httpapi.Journal) *Page {
	p := &Page{rules: r, store: s, journal: journal, mux: http.NewServeMux(), templates: sync.OnceValues(parse)}
	for path, show := range map[string]view{
		pathAccess: p.access, pathRole: p.role, pathAccounts: p.accounts, pathAccount: p.account, pathCheck: p.check, pathJournal: p.happened,
	} {
		pattern := "GET " + path
		if path == pathAccess {
			pattern += "{$}"
		}
		p.mux.HandleFunc(pattern, p.serve(show))
	}
	p.mux.HandleFunc("GET "+pathStyle, p.style)
	p.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		p.problem(w, http.StatusNotFound, "There is no such page.")
	})
	return p
}

// parse reads the templates.
func parse() (map[string]*template.Template, error) {
	parsed := map[string]*template.Template{}
	for _, name := range []string{"access.html", "role.html", "accounts.html", "account.html", "check.html", "journal.html", "problem.html"} {
		t, err := template.New("layout.html").Funcs(functions).ParseFS(files, "templates/layout.html", "templates/parts.html", "templates/"+name)
		if err != nil {
			return nil, err
		}
		parsed[name] = t
	}
	return parsed, nil
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

func (p *Page) style(w http.ResponseWriter, _ *http.Request) {
	text, err := files.ReadFile("templates/style.css")
	if err != nil {
		p.problem(w, http.StatusInternalServerError, err.Error())
		return
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	// A client that is gone cannot be told.
	_, _ = w.Write(text)
}

// serve shows a view in one transaction.
func (p *Page) serve(show view) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var f frame
		err := p.store.Read(r.Context(), func(tx *store.Tx) error {
			s, err := p.rules.Observer(r.Context(), tx)
			if err != nil {
				return err
			}
			f, err = show(r.Context(), s, query{r.URL.Query()})
			f.Organization = s.OrganizationName()
			return err
		})
		var refused *rules.RefusedError
		var missing *missingError
		var unknown *rules.UnknownPrincipalsError
		switch {
		case errors.As(err, &missing), errors.As(err, &unknown), errors.As(err, &refused):
			p.problem(w, http.StatusNotFound, err.Error())
		case err != nil:
			p.problem(w, http.StatusInternalServerError, "The page could not be read: "+err.Error())
		default:
			p.write(w, http.StatusOK, f)
		}
	}
}

// missingError says that what the address names does not exist.
type missingError struct{ what string }

// Error implements error.
func (e *missingError) Error() string { return e.what }

func (p *Page) problem(w http.ResponseWriter, status int, text string) {
	p.write(w, status, frame{Template: "problem.html", Title: http.StatusText(status), Body: text})
}

func (p *Page) write(w http.ResponseWriter, status int, f frame) {
	templates, err := p.templates()
	var out bytes.Buffer
	if err == nil {
		err = templates[f.Template].Execute(&out, f)
	}
	if err != nil {
		http.Error(w, "The page could not be written: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// A client that is gone cannot be told.
	_, _ = w.Write(out.Bytes())
}

// text returns a parameter, cut where nobody would type that much.
func (q query) text(name string) string {
	value := q.Get(name)
	return value[:min(len(value), maxSearch)]
}

// number returns the number of a page, from 1.
func (q query) page() int {
	const most = 1_000_000
	n, err := strconv.Atoi(q.Get("page"))
	if err != nil || n < 1 || n > most {
		return 1
	}
	return n
}

func (q query) paging() rules.Paging {
	return rules.Paging{Top: pageSize, Skip: (q.page() - 1) * pageSize}
}

// pager leads to the pages before and behind. An empty address is no page.
type pager struct {
	First, Last, Total int
	Before, Behind     string
}

// pager returns the pager of a list at a path.
func (q query) pager(path string, shown, total int) pager {
	n := q.page()
	p := pager{First: (n-1)*pageSize + 1, Last: (n-1)*pageSize + shown, Total: total}
	if shown == 0 {
		p.First = 0
	}
	if n > 1 {
		p.Before = q.with(path, "page", strconv.Itoa(n-1))
	}
	if p.Last < total && shown > 0 {
		p.Behind = q.with(path, "page", strconv.Itoa(n+1))
	}
	return p
}

// with is the address of a path with the same parameters but one.
func (q query) with(path, name, value string) string {
	changed := maps.Clone(q.Values)
	changed.Set(name, value)
	return path + "?" + changed.Encode()
}

// address is a path with parameters, given as names and values. Empty values are left out.
func address(path string, parameters ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(parameters); i += 2 {
		if parameters[i+1] != "" {
			values.Set(parameters[i], parameters[i+1])
		}
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// functions are those of the templates.
var functions = template.FuncMap{
	"accountURL": func(id access.GUID) string { return address(pathAccount, "id", id.String()) },
	"checkURL":   func(id access.GUID) string { return address(pathCheck, "id", id.String()) },
	"roleURL":    func(id access.GUID) string { return address(pathRole, "id", id.String()) },
	"scopeURL":   func(at access.Scope) string { return address(pathAccess, "scope", at.String()) },
	"service":    access.ServiceDisplayName,
	"type":       typeName,
	"when": func(at time.Time) string {
		if at.IsZero() {
			return "never"
		}
		return at.UTC().Format("2006-01-02 15:04:05")
	},
	"iso": func(at time.Time) string { return at.UTC().Format(time.RFC3339) },
}

// typeName is the type of a principal in words.
func typeName(t access.PrincipalType) string {
	switch t {
	case access.PrincipalRobot:
		return "Robot account"
	case access.PrincipalExternalApplication:
		return "External application"
	default:
		return string(t)
	}
}
