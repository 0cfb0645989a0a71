package httpapi

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// The codes of Orchestrator's errors (contract 8.5). The code 0 says nothing.
const (
	codeInvalidQuery   = 1000
	codeNameTaken      = 1001
	codeItemNotFound   = 1002
	codeInvalidBody    = 1009
	codeFolderNotFound = 1100
)

// orchestratorProblem is the envelope of Orchestrator (contract 10.1, the second shape).
type orchestratorProblem struct {
	Message string `json:"message"`
	Code    int    `json:"errorCode"`
	TraceID string `json:"traceId"`
}

// unauthorizedProblem is what Orchestrator answers to callers who may not do something (contract 10.1, the third shape).
type unauthorizedProblem struct {
	Message      string            `json:"message"`
	Code         int               `json:"errorCode"`
	Result       *string           `json:"result"`
	TargetURL    *string           `json:"targetUrl"`
	Success      bool              `json:"success"`
	Error        unauthorizedError `json:"error"`
	Unauthorized bool              `json:"unAuthorizedRequest"`
	ABP          bool              `json:"__abp"`
}

type unauthorizedError struct {
	Code             int      `json:"code"`
	Message          string   `json:"message"`
	Details          string   `json:"details"`
	ValidationErrors []string `json:"validationErrors"`
}

// newOrchestratorProblem puts a problem into Orchestrator's words. Of a refused caller the service says the same whatever the reason; the
// reason follows here.
func newOrchestratorProblem(p problem) any {
	const message, details = "You are not authorized!", "You are not allowed to perform this operation."
	switch p.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		if p.ordinary {
			break
		}
		return unauthorizedProblem{
			Message: message, Error: unauthorizedError{Message: message, Details: details + " " + strings.TrimSpace(p.Title)}, Unauthorized: true, ABP: true,
		}
	case http.StatusBadRequest:
		texts, code := []string{"Invalid OData query options."}, codeInvalidQuery
		if p.inBody {
			texts, code = []string{"The input was not valid."}, codeInvalidBody
		}
		if p.Errors[wholeBody] != nil {
			code = 0
		}
		for _, name := range slices.Sorted(maps.Keys(p.Errors)) {
			texts = append(texts, name+": "+strings.Join(p.Errors[name], " "))
		}
		return orchestratorProblem{strings.Join(texts, " "), code, p.TraceID}
	}
	code := p.code
	if code == 0 && p.Status == http.StatusNotFound {
		code = codeItemNotFound
	}
	return orchestratorProblem{p.Title, code, p.TraceID}
}
