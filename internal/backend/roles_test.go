package backend_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

type roleBody struct {
	ID, Name, Description, Type, ScopeType, CreatedBy, CreatedOn, TenantID, OwnerServiceID, OwnerServiceName string

	ActionDetails []struct {
		ID, Name, Namespace, ServiceDisplayName, ResourceType, ResourceAction, ScopeType string
	}
}

type rolesBody struct {
	TotalCount int
	Results    []roleBody
}

func (r rolesBody) names() []string {
	var names []string
	for _, one := range r.Results {
		names = append(names, one.Name)
	}
	return names
}

func (b *bench) list(t *testing.T, query, authorization string) rolesBody {
	t.Helper()
	r := b.get(t, "/acme/pap_/api/roles?"+query, authorization)
	if r.status != http.StatusOK {
		t.Fatalf("%s: got %d %s", query, r.status, r.text)
	}
	return decode[rolesBody](t, r)
}

func (b *bench) remove(t *testing.T, id, authorization string) response {
	t.Helper()
	return b.send(t, http.MethodDelete, "/acme/pap_/api/roles/"+id, "", http.Header{"Authorization": {authorization}})
}

func TestCreateReadUpdateDelete(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	creator := b.as(t, "terraform")
	id := b.put(t, creator, validRole().granting("orchestrator.robots.view", "AUTHZ.ROLE.READ", "ORCHESTRATOR.ROBOTS.VIEW")).created(t)

	read := decode[roleBody](t, b.get(t, "/acme/pap_/api/roles/"+strings.ToUpper(id), creator))
	if read.Type != "Custom" || read.ScopeType != "TENANT" || read.TenantID != production || read.OwnerServiceName != "CentralizedAccess" {
		t.Errorf("read %+v", read)
	}
	if read.CreatedBy != terraformID || read.CreatedOn != "2026-05-04T10:00:00.1234567+00:00" {
		t.Errorf("made by %s on %s", read.CreatedBy, read.CreatedOn)
	}
	if len(read.ActionDetails) != 2 || read.ActionDetails[1].Name != "ORCHESTRATOR.ROBOTS.VIEW" || read.ActionDetails[1].ResourceType != "Robots" {
		t.Errorf("actions %+v", read.ActionDetails)
	}
	if listed := b.list(t, "contains=robot+watch", creator); listed.TotalCount != 1 || listed.Results[0].Type != "CUSTOM" {
		t.Errorf("listed %+v", listed)
	}

	b.clock.advance(time.Minute)
	changed := validRole().with("id", id).with("roleName", "Robot Guard").with("actionsGrantedByRole", nil)
	if same := b.put(t, b.as(t, ""), changed).created(t); same != id {
		t.Errorf("the update returned %s, want %s", same, id)
	}
	after := decode[roleBody](t, b.get(t, "/acme/pap_/api/roles/"+id, creator))
	if after.Name != "Robot Guard" || len(after.ActionDetails) != 0 || after.CreatedBy != terraformID || after.CreatedOn != read.CreatedOn {
		t.Errorf("after a full replace without actions: %+v", after)
	}

	if r := b.remove(t, id, creator); r.status != http.StatusNoContent || r.text != "" {
		t.Errorf("delete: got %d %q", r.status, r.text)
	}
	refused(t, b.get(t, "/acme/pap_/api/roles/"+id, creator), http.StatusNotFound, "Role with given ID does not exist.")
	refused(t, b.remove(t, id, creator), http.StatusNotFound, "Role with given ID does not exist.")
}

func TestRoleShapes(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	admin := b.as(t, "")
	for name, test := range map[string]struct {
		body                       role
		scopeType, tenant, service string
	}{
		"tenant":             {validRole(), "TENANT", production, "CentralizedAccess"},
		"any tenant":         {validRole().with("tenantId", zeroID), "TENANT", zeroID, "CentralizedAccess"},
		"named TenantGlobal": {validRole().with("roleScopeType", "TenantGlobal").with("tenantId", nil), "TENANT", zeroID, "CentralizedAccess"},
		"organization": {
			validRole().with("roleScopeType", "Organization").with("tenantId", nil).granting("IDENTITY.GROUP.READ"),
			"ORGANIZATION", zeroID, "CentralizedAccess",
		},
		"project": {
			validRole().with("roleScopeType", "PROJECT").with("roleService", "ixp").granting("REINFER.LABEL.READ"),
			"PROJECT", production, "Reinfer",
		},
		"service": {
			validRole().with("roleService", "documentunderstanding").granting("DOCUMENTUNDERSTANDING.PROJECTS.READ"),
			"TENANT", production, "DocumentUnderstanding",
		},
	} {
		id := b.put(t, admin, test.body.with("roleName", "Shape "+name)).created(t)
		got := decode[roleBody](t, b.get(t, "/acme/pap_/api/roles/"+id, admin))
		if got.ScopeType != test.scopeType || got.TenantID != test.tenant || got.OwnerServiceName != test.service {
			t.Errorf("%s: got %s %s %s", name, got.ScopeType, got.TenantID, got.OwnerServiceName)
		}
	}
}

func TestPutRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	admin := b.as(t, "")
	for _, test := range []struct {
		name        string
		body        role
		field, part string
	}{
		{"no name", validRole().with("roleName", nil), "roleName", "required"},
		{"blank name", validRole().with("roleName", "  "), "roleName", "required"},
		{"long name", validRole().with("roleName", strings.Repeat("é", 65)), "roleName", "at most 64"},
		{"control character", validRole().with("roleName", "a\nb"), "roleName", "control"},
		{"no description", validRole().with("roleDescription", nil), "roleDescription", "required"},
		{"empty description", validRole().with("roleDescription", ""), "roleDescription", "required"},
		{"no scope type", validRole().with("roleScopeType", nil), "roleScopeType", "required"},
		{"unknown scope type", validRole().with("roleScopeType", "FOLDER"), "roleScopeType", "ORGANIZATION, TENANT or PROJECT"},
		{"no organization", validRole().with("organizationId", nil), "organizationId", "required"},
		{"other organization", validRole().with("organizationId", nobodyID), "organizationId", orgID},
		{"no tenant", validRole().with("tenantId", nil), "tenantId", "needs a tenant"},
		{"unknown tenant", validRole().with("tenantId", nobodyID), "tenantId", "does not exist"},
		{"tenant near another", validRole().with("tenantId", production[:35]+"1"), "tenantId", `Did you mean "` + production},
		{"organization role in a tenant", validRole().with("roleScopeType", "ORGANIZATION"), "tenantId", "belongs to no tenant"},
		{"unknown service", validRole().with("roleService", "Orchestra"), "roleService", "does not exist"},
		{"project role without service", validRole().with("roleScopeType", "PROJECT").with("actionsGrantedByRole", nil), "roleService", "owner service"},
		{"unknown action", validRole().granting("ORCHESTRATOR.MLPACKAGE.VIEW"), "actionsGrantedByRole", `Did you mean "ORCHESTRATOR.MLPACKAGES.VIEW"`},
		{"action of another scope", validRole().granting("OMS.ORGANIZATION.READ"), "actionsGrantedByRole", "ORGANIZATION"},
		{"wrong type", validRole().with("roleName", 7), "roleName", "string"},
		{"actions of a wrong type", validRole().with("actionsGrantedByRole", "X"), "actionsGrantedByRole", "array of strings"},
		{"id that is none", validRole().with("id", "x"), "id", "not valid"},
		{"too many actions", validRole().with("actionsGrantedByRole", make([]string, 2001)), "actionsGrantedByRole", "2001"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			fieldRefused(t, b.put(t, admin, test.body), test.field, test.part)
		})
	}
	for _, text := range []string{"", "null", "[]", "{", `{"roleName":`, "{}{}", `"x"`} {
		fieldRefused(t, b.put(t, admin, text), "$", "not a JSON object")
	}
	refused(t, b.put(t, admin, validRole().with("id", nobodyID)), http.StatusNotFound, "Role with given ID does not exist.")
	refused(t, b.put(t, admin, `{"roleName":"`+strings.Repeat("x", 4<<20)+`"}`), http.StatusRequestEntityTooLarge, "larger")
	refused(t, b.send(t, http.MethodPut, "/acme/pap_/api/roles", "{}", http.Header{"Authorization": {admin}, "Content-Type": {"text/plain"}}),
		http.StatusUnsupportedMediaType, "application/json")
	if got := b.list(t, "roleType=CUSTOM", admin); got.TotalCount != 4 {
		t.Errorf("after refusals there are %d custom roles, want 4", got.TotalCount)
	}
}

func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	admin := b.as(t, "")
	id := b.put(t, admin, validRole()).created(t)
	refused(t, b.put(t, admin, validRole()), http.StatusConflict, id)
	refused(t, b.put(t, admin, validRole().with("roleName", "ROBOT watch").with("tenantId", staging)), http.StatusConflict, "Robot Watch")
	refused(t, b.put(t, admin, validRole().with("roleName", "tenant administrator")), http.StatusConflict, "Tenant Administrator")
	refused(t, b.put(t, admin, validRole().with("id", id).with("roleName", "Invoice Operations")), http.StatusConflict, invoiceOps)
	b.put(t, admin, validRole().with("id", id).with("roleName", "robot watch")).created(t)
}

func TestWhatNeverChanges(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	admin := b.as(t, "")
	lead := role{
		"id": projectLead, "roleName": "Document Project Lead", "roleDescription": "x", "roleScopeType": "TENANT",
		"organizationId": orgID, "tenantId": production, "actionsGrantedByRole": []string{"DOCUMENTUNDERSTANDING.PROJECTS.READ"},
	}
	fieldRefused(t, b.put(t, admin, lead.with("roleService", "Orchestrator")), "roleService", "for ever")
	fieldRefused(t, b.put(t, admin, lead.with("roleService", "centralizedaccess")), "roleService", "for ever")
	fieldRefused(t, b.put(t, admin, lead.with("tenantId", staging)), "tenantId", "for ever")
	fieldRefused(t, b.put(t, admin, lead.with("tenantId", zeroID)), "roleScopeType", "for ever")
	b.put(t, admin, lead).created(t)
	if got := decode[roleBody](t, b.get(t, "/acme/pap_/api/roles/"+projectLead, admin)); got.OwnerServiceName != "DocumentUnderstanding" {
		t.Errorf("an update that names no owner changed it to %s", got.OwnerServiceName)
	}
}

// TestUpdatesWithoutTenant holds that an update as the newest SDK sends it, without tenantId and roleService, keeps both (contract 3.5-10).
func TestUpdatesWithoutTenant(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Strict: true})
	admin := b.as(t, "")
	for id, want := range map[string]struct{ tenant, service string }{
		invoiceOps: {production, "CentralizedAccess"}, auditor: {zeroID, "CentralizedAccess"}, steward: {zeroID, "CentralizedAccess"},
		projectLead: {production, "DocumentUnderstanding"},
	} {
		before := decode[roleBody](t, b.get(t, "/acme/pap_/api/roles/"+id, admin))
		update := role{
			"id": id, "roleName": before.Name, "roleDescription": "Changed.", "roleScopeType": before.ScopeType, "organizationId": orgID,
			"actionsGrantedByRole": []string{},
		}
		if got := b.put(t, admin, update).created(t); got != id {
			t.Errorf("%s: created %s", before.Name, got)
		}
		got := decode[roleBody](t, b.get(t, "/acme/pap_/api/roles/"+id, admin))
		if got.Description != "Changed." || got.TenantID != want.tenant || got.OwnerServiceName != want.service || got.ScopeType != before.ScopeType {
			t.Errorf("%s: got %+v", before.Name, got)
		}
	}
	update := validRole().with("id", invoiceOps).with("roleName", "Invoice Operations").with("tenantId", nil)
	fieldRefused(t, b.put(t, admin, update.with("roleScopeType", "ORGANIZATION").granting()), "roleScopeType", "for ever")
	fieldRefused(t, b.put(t, admin, update.with("roleScopeType", "PROJECT")), "tenantId", "needs a tenant")
	fieldRefused(t, b.put(t, admin, update.with("roleScopeType", nil)), "roleScopeType", "required")
	refused(t, b.put(t, b.as(t, "alan.turing@acme.example"), update), http.StatusForbidden, "Caller is not authorized")
}

func TestPlatformRolesCannotBeChanged(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	admin := b.as(t, "")
	refused(t, b.put(t, admin, validRole().with("id", accessAdmin)), http.StatusForbidden, "Access Administrator")
	refused(t, b.remove(t, accessAdmin, admin), http.StatusForbidden, "cannot be changed")
	if got := decode[roleBody](t, b.get(t, "/acme/pap_/api/roles/"+accessAdmin, admin)); got.Type != "BuiltIn" || got.OwnerServiceName != "AuthZ" {
		t.Errorf("got %+v", got)
	}
}

func TestDeletingARoleRemovesItsAssignments(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	before := b.get(t, "/_reference/snapshot", "").text
	if r := b.remove(t, invoiceOps, b.as(t, "")); r.status != http.StatusNoContent {
		t.Fatalf("got %d %s", r.status, r.text)
	}
	after := b.get(t, "/_reference/snapshot", "").text
	if n := strings.Count(before, "Invoice Operations"); n != 2 {
		t.Fatalf("the role and its assignment stand %d times in the seed, want 2", n)
	}
	if strings.Contains(after, "Invoice Operations") {
		t.Error("the assignment is still there")
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	const ok, no = http.StatusOK, http.StatusForbidden
	orgRole := role{
		"roleName": "Org", "roleDescription": "x", "roleScopeType": "ORGANIZATION", "organizationId": orgID,
		"actionsGrantedByRole": []string{"IDENTITY.GROUP.READ"},
	}
	type rights struct{ list, readProduction, readOrg, readGlobal, actions, createProduction, createStaging, createGlobal, createOrg int }
	for caller, want := range map[string]rights{
		"ada.lovelace@acme.example":      {ok, ok, ok, ok, ok, ok, ok, ok, ok},
		"terraform":                      {ok, ok, ok, ok, ok, ok, ok, ok, ok},
		"grace.hopper@acme.example":      {ok, ok, no, ok, ok, ok, no, no, no},
		"terraform-production":           {ok, ok, no, ok, ok, ok, no, no, no},
		"alan.turing@acme.example":       {ok, no, no, ok, ok, no, ok, no, no},
		"access-review":                  {ok, ok, ok, ok, ok, no, no, no, no},
		"katherine.johnson@acme.example": {ok, no, no, ok, no, no, no, no, no},
		"edsger.dijkstra@acme.example":   {no, no, no, no, no, no, no, no, no},
	} {
		t.Run(caller, func(t *testing.T) {
			t.Parallel()
			b := open(t, backend.Options{})
			me := b.as(t, caller)
			got := rights{
				b.get(t, "/acme/pap_/api/roles", me).status,
				b.get(t, "/acme/pap_/api/roles/"+invoiceOps, me).status,
				b.get(t, "/acme/pap_/api/roles/"+steward, me).status,
				b.get(t, "/acme/pap_/api/roles/"+auditor, me).status,
				b.get(t, "/acme/pap_/api/actions", me).status,
				b.put(t, me, validRole().with("roleName", "P")).status,
				b.put(t, me, validRole().with("roleName", "S").with("tenantId", staging)).status,
				b.put(t, me, validRole().with("roleName", "G").with("tenantId", zeroID)).status,
				b.put(t, me, orgRole).status,
			}
			if got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestARefusalNamesWhoMay(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	grace := b.as(t, "grace.hopper@acme.example")
	refused(t, b.put(t, grace, validRole().with("tenantId", zeroID)), http.StatusForbidden,
		"Caller is not authorized to manage roles for the organization.")
	r := b.put(t, grace, validRole().with("tenantId", staging))
	refused(t, r, http.StatusForbidden, "the tenant Staging")
	refused(t, r, http.StatusForbidden, "Access Administrator, Organization Administrator, Tenant Administrator")
	refused(t, b.remove(t, steward, grace), http.StatusForbidden, "AUTHZ.ROLE.DELETE")
	refused(t, b.remove(t, nobodyID, b.as(t, "access-review")), http.StatusForbidden, "AUTHZ.ROLE.DELETE")
	refused(t, b.get(t, "/acme/pap_/api/actions", b.as(t, "edsger.dijkstra@acme.example")), http.StatusForbidden, "AUTHZ.ACTION.READ")
}

func TestListShowsWhatTheCallerMaySee(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	for caller, want := range map[string][]string{
		"":                          {"Automation Auditor", "Directory Steward", "Document Project Lead", "Invoice Operations"},
		"grace.hopper@acme.example": {"Automation Auditor", "Document Project Lead", "Invoice Operations"},
		"alan.turing@acme.example":  {"Automation Auditor"},
	} {
		if got := b.list(t, "roleType=custom&sortBy=OriginalRoleName", b.as(t, caller)).names(); !slices.Equal(got, want) {
			t.Errorf("%q sees %v, want %v", caller, got, want)
		}
	}
}

func TestListFiltersAndPages(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	admin := b.as(t, "")
	for query, want := range map[string][]string{
		"scopeType=organization&roleType=CUSTOM":                                 {"Directory Steward"},
		"serviceName=taskmining&sortBy=originalrolename":                         {"Admin", "Process SME", "User"},
		"serviceName=TaskMining&sortBy=UniqueName&sortOrder=desc":                {"User", "Process SME", "Admin"},
		"serviceName=nothing":                                                    nil,
		"contains=PROCESS+s":                                                     {"Process SME"},
		"tenantId=" + strings.ToUpper(production) + "&sortBy=Id":                 {"Invoice Operations", "Document Project Lead"},
		"tenantId=" + zeroID + "&roleType=custom&sortBy=CreatedOn":               {"Automation Auditor", "Directory Steward"},
		"roleType=Platform&sortBy=OriginalRoleName":                              {"Organization Administrator", "Tenant Administrator"},
		"roleType=custom&sortBy=OriginalRoleName&top=2&skip=1":                   {"Directory Steward", "Document Project Lead"},
		"roleType=custom&top=10&skip=10":                                         nil,
		"roleType=custom&top=0":                                                  nil,
		"ROLETYPE=custom&Contains=steward&x-uipath-internal-accountid=1&other=2": {"Directory Steward"},
	} {
		if got := b.list(t, query, admin).names(); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", query, got, want)
		}
	}
	all := b.list(t, "top=1000", admin)
	if all.TotalCount != len(all.Results) || all.TotalCount < 40 {
		t.Errorf("%d of %d roles", len(all.Results), all.TotalCount)
	}
	seen := map[string]bool{}
	for skip := 0; skip < all.TotalCount; skip += 7 {
		for _, r := range b.list(t, "top=7&skip="+string(rune('0'+skip/10))+string(rune('0'+skip%10)), admin).Results {
			seen[r.ID] = true
		}
	}
	if len(seen) != all.TotalCount {
		t.Errorf("pages show %d roles of %d", len(seen), all.TotalCount)
	}
	for _, key := range []string{
		"Id", "OriginalRoleName", "UniqueName", "Description", "Type", "ScopeType", "OrganizationId", "TenantId", "OwnerService",
		"OwnerServiceId", "CreatedBy", "CreatedOn", "UpdatedBy", "UpdatedOn",
	} {
		up, down := b.list(t, "top=1000&sortBy="+key, admin), b.list(t, "top=1000&sortOrder=Desc&sortBy="+key, admin)
		if len(up.Results) != all.TotalCount || len(down.Results) != all.TotalCount {
			t.Errorf("sorted by %s: %d and %d roles", key, len(up.Results), len(down.Results))
		}
	}
}

func TestListRefusals(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{})
	admin := b.as(t, "")
	for query, field := range map[string]string{
		"top=1001": "top", "top=-1": "top", "top=x": "top", "skip=-1": "skip", "skip=99999999999999999999": "skip", "scopeType=Folder": "scopeType",
		"roleType=mine": "roleType", "sortBy=Name": "sortBy", "sortOrder=up": "sortOrder", "tenantId=Production": "tenantId",
		"top=1&top=2": "top", "a=%zz": "query",
	} {
		fieldRefused(t, b.get(t, "/acme/pap_/api/roles?"+query, admin), field, "")
	}
	fieldRefused(t, b.get(t, "/acme/pap_/api/actions?scopeType=Somewhere", admin), "scopeType", "PROJECT")
	fieldRefused(t, b.get(t, "/acme/pap_/api/roles/x", admin), "id", "not valid")
}

func TestActions(t *testing.T) {
	t.Parallel()
	type action struct{ ID, Name, Namespace, ScopeType string }
	b := open(t, backend.Options{})
	count := func(query string) []action {
		return decode[[]action](t, b.get(t, "/acme/pap_/api/actions?"+query, b.as(t, "access-review")))
	}
	for query, want := range map[string]int{
		"serviceName=authz": 14, "serviceName=AuthZ&scopeType=tenant": 10, "serviceName=documentunderstanding&scopeType=PROJECT": 49,
		"serviceName=documentunderstanding&scopeType=TENANT": 17, "serviceName=centralizedaccess": 0, "serviceName=unknown": 0,
	} {
		if got := count(query); len(got) != want {
			t.Errorf("%s: %d actions, want %d", query, len(got), want)
		}
	}
	for _, a := range count("scopeType=Tenant") {
		if a.ScopeType != "TENANT" && a.ScopeType != "ANY" {
			t.Errorf("%s belongs to %s", a.Name, a.ScopeType)
		}
	}
	raw := b.get(t, "/acme/pap_/api/actions?serviceName=authz&scopeType=ANY", b.as(t, "")).text
	if !strings.Contains(raw, `"id":"2aa62290-e290-4478-807e-c94bb8aa2fc1","name":"AUTHZ.ACTION.READ"`) ||
		!strings.Contains(raw, `"originalResourceAction":null`) {
		t.Errorf("got %s", raw)
	}
}

func TestStrict(t *testing.T) {
	t.Parallel()
	b := open(t, backend.Options{Strict: true})
	admin := b.as(t, "")
	fieldRefused(t, b.get(t, "/acme/pap_/api/roles?scopetyp=TENANT", admin), "scopetyp", `Did you mean "scopeType"`)
	fieldRefused(t, b.get(t, "/acme/pap_/api/roles?serviceName=IXP", admin), "serviceName", "Reinfer")
	fieldRefused(t, b.get(t, "/acme/pap_/api/actions?top=10", admin), "top", "not known")
	fieldRefused(t, b.put(t, admin, validRole().with("rolename2", "x")), "rolename2", `Did you mean "roleName"`)
	fieldRefused(t, b.put(t, admin, validRole().with("roleService", "Orchestrator")), "roleService", "brings its own")
	fieldRefused(t, b.put(t, admin, validRole().with("roleService", "DocumentUnderstanding")),
		"actionsGrantedByRole", "does not belong to DocumentUnderstanding")
	b.put(t, admin, validRole()).created(t)
	b.put(t, admin, validRole().with("roleName", "Labels").with("roleService", "Reinfer").
		granting("REINFER.PROJECT.READ", "AUTHZ.ROLE.READ")).created(t)

	lenient := open(t, backend.Options{})
	lenient.put(t, lenient.as(t, ""), validRole().with("more", 1).with("roleService", "Orchestrator")).created(t)
}
