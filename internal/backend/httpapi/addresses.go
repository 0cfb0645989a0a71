package httpapi

import (
	"net/http"
	"regexp"
	"strings"
)

// Parts of patterns that may be missing in what clients ask for (contract 1).
const (
	organizationIdentity = "/{org}/identity_/api/"
	hostIdentity         = "/identity_/api/"
	orchestratorBase     = "/{org}/{tenant}/orchestrator_/"
	orchestratorTwin     = "/{org}/{tenant}/"
	orchestrator         = orchestratorBase + "odata/"
	orchestratorAPI      = orchestratorBase + "api/"
)

// withTwins adds the other addresses at which clients look for the same operations: identity without an organization, and Orchestrator
// without its own segment.
func (a *API) withTwins(routes []route) []route {
	all := routes
	for _, r := range routes {
		if method, path, found := strings.Cut(r.pattern, organizationIdentity); found {
			twin := route{r.operation, method + hostIdentity + path, r.handle}
			if a.options.RequireOrganization {
				twin.handle = invalidPartition
			}
			all = append(all, twin)
		}
		if method, path, found := strings.Cut(r.pattern, orchestratorBase); found {
			all = append(all, route{r.operation, method + orchestratorTwin + path, r.handle})
		}
	}
	return all
}

// invalidPartition refuses an identity path without an organization, as newer organizations do. Of the body only the word is public.
func invalidPartition(*http.Request) (reply, error) {
	return reply{}, &httpError{http.StatusBadRequest, "InvalidPartition: name the organization in the path, as in /{organization}/identity_/api."}
}

// isOrchestrator reports whether a path belongs to Orchestrator, whose errors have shapes of their own (contract 8.5).
func isOrchestrator(path string) bool {
	segments := strings.SplitN(strings.TrimPrefix(path, "/"), "/", 4)
	return len(segments) > 2 && (segments[2] == "orchestrator_" || segments[2] == "odata") ||
		len(segments) == 4 && segments[2] == "api" && strings.HasPrefix(segments[3], "DirectoryService/")
}

// odataKey is a name with a key or arguments behind it, as OData writes them: Folders(4).
var odataKey = regexp.MustCompile(`([^/()]+)(\([^/]*\))(/|$)`)

// withSplitKeys makes a segment of its own of each key in an OData path, so that a pattern can name it: Folders/(4).
func withSplitKeys(r *http.Request) *http.Request {
	if !isOrchestrator(r.URL.Path) || !odataKey.MatchString(r.URL.Path) {
		return r
	}
	split := r.WithContext(r.Context())
	address := *r.URL
	address.Path, address.RawPath = odataKey.ReplaceAllString(address.Path, "$1/$2$3"), ""
	split.URL = &address
	return split
}

// asRequested undoes [withSplitKeys].
func asRequested(path string) string { return strings.ReplaceAll(path, "/(", "(") }
