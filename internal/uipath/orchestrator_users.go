package uipath

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath/rest"
)

// orchestratorUserTypes are the types of users by those of accounts (contract 8.6-1).
var orchestratorUserTypes = map[access.PrincipalType]string{
	access.PrincipalUser: "DirectoryUser", access.PrincipalGroup: "DirectoryGroup", access.PrincipalRobot: "DirectoryRobot",
	access.PrincipalExternalApplication: "DirectoryExternalApplication",
}

// orchestratorUser is an account as Orchestrator of a tenant knows it.
type orchestratorUser struct {
	account access.GUID
	// number is what Orchestrator calls it by.
	number int64
	// kind is "" for a type that is not known.
	kind access.PrincipalType
	name string
}

// orchestratorUserAnswer is a user (contract 8.6).
type orchestratorUserAnswer struct {
	ID                  int64  `json:"Id"`
	Key                 string `json:"Key"`
	UserName            string `json:"UserName"`
	FullName            string `json:"FullName"`
	Type                string `json:"Type"`
	DirectoryIdentifier string `json:"DirectoryIdentifier"`
}

// user converts to the package's own terms. A user without an account, such as one of Orchestrator's own, has none.
func (a orchestratorUserAnswer) user() (orchestratorUser, error) {
	if a.ID <= 0 {
		return orchestratorUser{}, errors.New("it has a user without an id")
	}
	u := orchestratorUser{account: access.OptionalGUID(a.Key), number: a.ID, name: visible(a.FullName, a.UserName)}
	if u.account == "" {
		u.account = access.OptionalGUID(a.DirectoryIdentifier)
	}
	for kind, word := range orchestratorUserTypes {
		if strings.EqualFold(word, a.Type) {
			u.kind = kind
		}
	}
	return u, nil
}

func readOrchestratorUser(body []byte) (orchestratorUser, error) {
	var answer orchestratorUserAnswer
	if err := json.Unmarshal(body, &answer); err != nil {
		return orchestratorUser{}, err
	}
	return answer.user()
}

func (t *orchestratorTenant) askUsers(ctx context.Context, account access.GUID) ([]orchestratorUser, error) {
	if account == "" {
		all, err := odataListing[orchestratorUserAnswer, orchestratorUser]{
			operation: "list users of Orchestrator", path: t.odata("Users"),
			id:      func(u orchestratorUser) string { return strconv.FormatInt(u.number, 10) },
			convert: orchestratorUserAnswer.user,
		}.all(ctx, t.rest)
		return slices.DeleteFunc(all, func(u orchestratorUser) bool { return u.account == "" }), err
	}
	found, err := rest.FetchAs(ctx, t.rest, rest.Request{
		Operation: "read user of Orchestrator", Method: http.MethodGet, Object: true,
		Path: t.odata("Users" + orchestratorAction + "GetByKey(identifier=" + account.String() + ")"),
	}, readOrchestratorUser)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	found.account = account
	return []orchestratorUser{found}, nil
}

func (t *orchestratorTenant) usersAnsweredBy(account access.GUID) iter.Seq[access.GUID] {
	if account == "" {
		return maps.Keys(t.users.rows)
	}
	return slices.Values([]access.GUID{account})
}

// user returns what Orchestrator calls an account by. It reports false for an account that it does not have.
func (t *orchestratorTenant) user(ctx context.Context, account access.GUID) (orchestratorUser, bool, error) {
	if err := checkID("principal", account); err != nil {
		return orchestratorUser{}, false, err
	}
	return t.users.find(ctx, account, search[access.GUID]{alone: account}, &t.userEffort)
}

// OrchestratorPrincipalType returns what Orchestrator of a tenant says that an account is. It returns [ErrNotFound] if Orchestrator does not have
// the account, or has it with a type that is not known.
func (o *orchestrator) OrchestratorPrincipalType(ctx context.Context, tenant, account access.GUID) (access.PrincipalType, error) {
	t, err := o.of(tenant)
	if err != nil {
		return "", err
	}
	found, ok, err := t.user(ctx, account)
	if err == nil && (!ok || found.kind == "") {
		err = fmt.Errorf("the users of Orchestrator do not tell what %s is: %w", account, ErrNotFound)
	}
	return found.kind, err
}

// addedUser returns what Orchestrator calls an account by, and adds it where Orchestrator does not have it yet.
func (t *orchestratorTenant) addedUser(ctx context.Context, account access.GUID, kind access.PrincipalType) (int64, error) {
	found, ok, err := t.user(ctx, account)
	if err != nil || ok {
		return found.number, err
	}
	return t.adding.Get(ctx, principalKey{kind, account})
}

// newUserBody is the body that adds an account, as the vendor's own command line sends it (contract 8.6-5).
type newUserBody struct {
	Key                      access.GUID  `json:"Key"`
	DirectoryIdentifier      access.GUID  `json:"DirectoryIdentifier"`
	Domain                   string       `json:"Domain"`
	Type                     string       `json:"Type"`
	RolesList                []string     `json:"RolesList"`
	MayHaveUserSession       bool         `json:"MayHaveUserSession"`
	MayHaveRobotSession      bool         `json:"MayHaveRobotSession"`
	MayHaveUnattendedSession bool         `json:"MayHaveUnattendedSession"`
	MayHavePersonalWorkspace bool         `json:"MayHavePersonalWorkspace"`
	UnattendedRobot          *unattended  `json:"UnattendedRobot,omitempty"`
	UpdatePolicy             updatePolicy `json:"UpdatePolicy"`
}

// noCredential is how the vendor's command line adds a robot account: its robots need none of its own.
const noCredential = "NoCredential" //nolint:gosec // It is a word for none.

type unattended struct {
	CredentialType    string   `json:"CredentialType"`
	ExecutionSettings struct{} `json:"ExecutionSettings"`
}

type updatePolicy struct {
	Type string `json:"Type"`
}

// addUser adds an account to Orchestrator. Adding it twice is refused, so that a lost answer and somebody else who adds it at the same time
// leave one user, which is looked up.
func (t *orchestratorTenant) addUser(ctx context.Context, asked principalKey) (int64, error) {
	body := newUserBody{
		Key: asked.id, DirectoryIdentifier: asked.id, Domain: "autogen", Type: orchestratorUserTypes[asked.kind], RolesList: []string{},
		UpdatePolicy: updatePolicy{"None"},
	}
	switch asked.kind {
	case access.PrincipalUser, access.PrincipalGroup:
		body.MayHaveUserSession = true
	case access.PrincipalRobot:
		body.MayHaveUnattendedSession, body.UnattendedRobot = true, &unattended{CredentialType: noCredential}
	case access.PrincipalExternalApplication:
	}
	text, err := json.Marshal(body)
	if err != nil {
		return 0, err
	}
	for attempt := 1; ; attempt++ {
		added, err := rest.FetchAs(ctx, t.rest, rest.Request{
			Operation: "add user to Orchestrator", Method: http.MethodPost, Path: t.odata("Users"), Body: text, Creates: true, Private: true,
		}, readOrchestratorUser)
		if err == nil {
			added.account = asked.id
			t.users.put(added)
			return added.number, nil
		}
		failed, answered := errors.AsType[*Error](err)
		if !answered || !failed.Undecided && !errors.Is(err, ErrConflict) {
			return 0, err
		}
		found, there, lookUp := t.rereadUser(ctx, asked.id)
		switch {
		case lookUp != nil:
			return 0, fmt.Errorf("%w; looking it up failed too: %w", err, lookUp)
		case there:
			return found.number, nil
		case attempt > t.rest.MaxRetries():
			return 0, err
		}
		if waited := t.rest.Wait(ctx, attempt, failed); waited != nil {
			return 0, fmt.Errorf("%w; %w", err, waited)
		}
	}
}

// rereadUser asks the server for the user of an account, whatever is known in this run.
func (t *orchestratorTenant) rereadUser(ctx context.Context, account access.GUID) (orchestratorUser, bool, error) {
	if err := t.users.reread(ctx, account); err != nil {
		return orchestratorUser{}, false, err
	}
	found, ok := t.users.get(account)
	return found, ok, nil
}
