package provider_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/acctest"
)

const productionPath = "/tenant/" + productionID

// output is a configuration whose only output has the value of an expression. Functions need no configured provider.
func output(expression string) string {
	return fmt.Sprintf("output \"test\" {\n  value = %s\n}\n", expression)
}

// call is the expression that calls a function of the provider; its arguments are expressions too.
func call(name string, arguments ...string) string {
	return fmt.Sprintf("provider::uipath::%s(%s)", name, strings.Join(arguments, ", "))
}

func callWithTexts(name string, arguments ...string) string {
	quoted := make([]string, len(arguments))
	for i, argument := range arguments {
		quoted[i] = fmt.Sprintf("%q", argument)
	}
	return call(name, quoted...)
}

// words is a pattern of a message that the CLI breaks into lines where it likes, with a bar before each.
func words(message string) *regexp.Regexp {
	return regexp.MustCompile(strings.Join(strings.Fields(regexp.QuoteMeta(message)), `[\s│]+`))
}

func gives(expression string, check knownvalue.Check) resource.TestStep {
	return resource.TestStep{Config: output(expression), ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("test", check)}}
}

// faulty expects an error that names the argument at fault.
func faulty(expression, parameter, message string) resource.TestStep {
	return resource.TestStep{Config: output(expression), ExpectError: words(fmt.Sprintf("Invalid value for %q parameter: %s", parameter, message))}
}

func testFunctions(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

func TestAccScopeFunctions(t *testing.T) {
	t.Parallel()
	is := func(path, name string, arguments ...string) resource.TestStep {
		return gives(callWithTexts(name, arguments...), knownvalue.StringExact(path))
	}
	shouted := strings.ToUpper(productionID)
	testFunctions(t,
		is(productionPath, "tenant_scope", productionID),
		is(productionPath, "tenant_scope", shouted),
		is(productionPath+"/reinfer", "service_scope", productionID, "IXP"),
		is(productionPath+"/reinfer", "service_scope", shouted, "reinfer"),
		is(productionPath+"/taskmining", "service_scope", productionID, "Task Mining"),
		is(productionPath+"/taskmining", "service_scope", productionID, "TASKMINING"),
		is(productionPath+"/reinfer/project/4b0000000000000a", "project_scope", productionID, "IXP", "4B0000000000000A"),
		is(productionPath+"/taskmining/project/"+payables, "project_scope", productionID, "TaskMining", payables),
		is(productionPath+"/documentunderstanding/projects/"+payables, "project_scope", shouted, "Document Understanding", payables),
		is(productionPath+"/orchestrator/folder/"+invoicesKey, "folder_scope", productionID, strings.ToUpper(invoicesKey)),
	)
}

func TestAccScopeFunctions_refused(t *testing.T) {
	t.Parallel()
	refused := func(parameter, message, name string, arguments ...string) resource.TestStep {
		return faulty(callWithTexts(name, arguments...), parameter, message)
	}
	testFunctions(t,
		refused("tenant", `Not a GUID: "Production" is not a GUID`, "tenant_scope", "Production"),
		refused("tenant", `Not a GUID: "" is not a GUID`, "service_scope", "", "IXP"),
		refused("service", `Unknown service: "Task Minning" is not a service. Did you mean "Task Mining"?`, "service_scope", productionID, "Task Minning"),
		refused("service", `Unknown service: "Multi-service" has no scope of its own`, "service_scope", productionID, "Multi-service"),
		refused("service", `Unknown service: "taskmining/project/1" is not a service`, "service_scope", productionID, "taskmining/project/1"),
		refused("tenant", `Not a GUID: "Production" is not a GUID`, "project_scope", "Production", "IXP", payables),
		refused("service", `Service without projects: "Apps" is not a service with projects.`, "project_scope", productionID, "Apps", payables),
		refused("service", `Service without projects: "Task Minig" is not a service with projects. Did you mean "Task Mining"? `+
			`Services with projects: Document Understanding, IXP, Task Mining, Test Manager.`, "project_scope", productionID, "Task Minig", payables),
		refused("project", `Invalid key or id: "Accounts Payable" is neither`, "project_scope", productionID, "Task Mining", "Accounts Payable"),
		refused("tenant", `Not a GUID: "Production" is not a GUID`, "folder_scope", "Production", invoicesKey),
		refused("folder", `Invalid key or id: "Finance/Invoices" is neither`, "folder_scope", productionID, "Finance/Invoices"),
		resource.TestStep{Config: output(call("tenant_scope")), ExpectError: words(`Not enough function arguments`)},
	)
}

// TestAccFunctions_nullAndUnknown holds what Terraform says itself: the functions never see either.
func TestAccFunctions_nullAndUnknown(t *testing.T) {
	t.Parallel()
	guid := fmt.Sprintf("%q", productionID)
	later := `terraform_data.later.output`
	unknown := func(expression string, check knownvalue.Check) resource.TestStep {
		return resource.TestStep{
			// Another input each time, so that the output is unknown again.
			Config: "resource \"terraform_data\" \"later\" {\n  input = " + guid + "\n  triggers_replace = " + fmt.Sprintf("%q", expression) + "\n}\n" + output(expression),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownOutputValue("test"),
			}},
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("test", check)},
		}
	}
	testFunctions(t,
		faulty(call("tenant_scope", "null"), "tenant", "argument must not be null"),
		faulty(call("service_scope", guid, "null"), "service", "argument must not be null"),
		faulty(call("project_scope", guid, `"IXP"`, "null"), "project", "argument must not be null"),
		faulty(call("folder_scope", guid, "null"), "folder", "argument must not be null"),
		faulty(call("parse_scope", "null"), "scope", "argument must not be null"),
		faulty(call("task_mining_ai_center_permissions", "null"), "permission", "argument must not be null"),
		unknown(call("tenant_scope", later), knownvalue.StringExact(productionPath)),
		unknown(call("project_scope", guid, `"IXP"`, later), knownvalue.StringExact(productionPath+"/reinfer/project/"+productionID)),
		unknown(call("parse_scope", call("tenant_scope", later))+".tenant", knownvalue.StringExact(productionID)),
	)
}

// parsed is what parse_scope returns, in the order of its attributes; "" is null.
func parsed(path, kind, tenant, service, serviceName, folder, project string) knownvalue.Check {
	attributes := map[string]knownvalue.Check{}
	for name, value := range map[string]string{
		"path": path, "kind": kind, "tenant": tenant, "service": service, "service_name": serviceName, "folder": folder, "project": project,
	} {
		attributes[name] = knownvalue.Null()
		if value != "" {
			attributes[name] = knownvalue.StringExact(value)
		}
	}
	return knownvalue.ObjectExact(attributes)
}

func TestAccParseScopeFunction(t *testing.T) {
	t.Parallel()
	parses := func(path string, check knownvalue.Check) resource.TestStep {
		return gives(callWithTexts("parse_scope", path), check)
	}
	testFunctions(t,
		parses("/", parsed("/", "Organization", "", "", "", "", "")),
		parses("/AuthZ", parsed("/authz", "Service", "", "authz", "Authorization", "", "")),
		parses("/TENANT/"+strings.ToUpper(productionID), parsed(productionPath, "Tenant", productionID, "", "", "", "")),
		parses(productionPath+"/Reinfer", parsed(productionPath+"/reinfer", "Service", productionID, "reinfer", "IXP", "", "")),
		parses(productionPath+"/orchestrator/folder/"+invoicesKey,
			parsed(productionPath+"/orchestrator/folder/"+invoicesKey, "Folder", productionID, "orchestrator", "Orchestrator", invoicesKey, "")),
		parses(productionPath+"/DocumentUnderstanding/project/"+payables,
			parsed(productionPath+"/documentunderstanding/projects/"+payables, "Project", productionID, "documentunderstanding", "Document Understanding", "", payables)),
		parses(productionPath+"/taskmining/projects/"+strings.ToUpper(payables),
			parsed(productionPath+"/taskmining/project/"+payables, "Project", productionID, "taskmining", "Task Mining", "", payables)),
		gives(call("parse_scope", callWithTexts("tenant_scope", strings.ToUpper(productionID))), parsed(productionPath, "Tenant", productionID, "", "", "", "")),
		gives(call("parse_scope", callWithTexts("service_scope", productionID, "IXP"))+".service_name", knownvalue.StringExact("IXP")),
		faulty(callWithTexts("parse_scope", ""), "scope", `Invalid scope: scope "" does not begin with "/".`),
		faulty(callWithTexts("parse_scope", "/tenant/Production"), "scope", `Invalid scope: scope "/tenant/Production": "/tenant/" is followed by the tenant's GUID.`),
		faulty(callWithTexts("parse_scope", productionPath+"/takmining"), "scope", `Invalid scope: The scope "`+productionPath+`/takmining" names the service "takmining"`),
		faulty(callWithTexts("parse_scope", productionPath+"/taskmining/app/1"), "scope", `Invalid scope: scope "`+productionPath+`/taskmining/app/1": "app" is neither`),
	)
}

func TestAccTaskMiningAICenterPermissionsFunction(t *testing.T) {
	t.Parallel()
	needs := func(permission string, names ...string) resource.TestStep {
		checks := make([]knownvalue.Check, len(names))
		for i, name := range names {
			checks[i] = knownvalue.StringExact("ORCHESTRATOR." + name)
		}
		return gives(callWithTexts("task_mining_ai_center_permissions", permission), knownvalue.SetExact(checks))
	}
	const all = `is not a Task Mining permission: there are User, Process SME, Admin`
	testFunctions(t,
		needs("User", "MLPACKAGES.VIEW"),
		needs("Process SME", "MLLOGS.VIEW", "MLPACKAGES.VIEW", "MLSKILLS.VIEW"),
		needs("Admin", "MLLOGS.VIEW", "MLPACKAGES.VIEW", "MLPACKAGES.EDIT", "MLPACKAGES.CREATE", "MLPACKAGES.DELETE", "MLSKILLS.VIEW"),
		faulty(callWithTexts("task_mining_ai_center_permissions", "Recorder"), "permission", `Unknown Task Mining permission: "Recorder" `+all),
		faulty(callWithTexts("task_mining_ai_center_permissions", "ProcessSME"), "permission",
			`Unknown Task Mining permission: "ProcessSME" `+all+`. Did you mean "Process SME"?`),
	)
}

// functions calls those of a provider that is not configured, as Terraform may.
type functions struct{ server tfprotov6.ProviderServer }

func newFunctions(t testing.TB) functions {
	t.Helper()
	server, err := acctest.Factories()["uipath"]()
	if err != nil {
		t.Fatal(err)
	}
	return functions{server}
}

// call returns what a function of strings gives, or its error.
func (f functions) call(t *testing.T, name string, arguments ...string) (*tfprotov6.DynamicValue, *tfprotov6.FunctionError) {
	t.Helper()
	request := &tfprotov6.CallFunctionRequest{Name: name}
	for _, argument := range arguments {
		value, err := tfprotov6.NewDynamicValue(tftypes.String, text(argument))
		if err != nil {
			t.Fatal(err)
		}
		request.Arguments = append(request.Arguments, &value)
	}
	answer, err := f.server.CallFunction(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return answer.Result, answer.Error
}

// path is the scope that a function builds, or its error.
func (f functions) path(t *testing.T, name string, parts ...string) (string, *tfprotov6.FunctionError) {
	t.Helper()
	result, refused := f.call(t, name, parts...)
	if refused != nil {
		return "", refused
	}
	value, err := result.Unmarshal(tftypes.String)
	if err != nil {
		t.Fatal(err)
	}
	return plain(t, value), nil
}

// parts are what parse_scope makes of a path, null as "(null)".
func (f functions) parts(t *testing.T, path string) (map[string]string, *tfprotov6.FunctionError) {
	t.Helper()
	result, refused := f.call(t, "parse_scope", path)
	if refused != nil {
		return nil, refused
	}
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	for _, name := range []string{"path", "kind", "tenant", "service", "service_name", "folder", "project"} {
		kind.AttributeTypes[name] = tftypes.String
	}
	value, err := result.Unmarshal(kind)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for name, attribute := range members(t, value) {
		found[name] = plain(t, attribute)
	}
	return found, nil
}

// FuzzScopeFunctions holds that no argument makes a function panic, that an error is on an argument, and that each path that is built
// is taken apart into what it was built from.
func FuzzScopeFunctions(f *testing.F) {
	for _, parts := range [][3]string{
		{productionID, "IXP", "4b0000000000000a"}, {strings.ToUpper(productionID), "Document Understanding", strings.ToUpper(payables)},
		{productionID, "Apps", "-"}, {"Production", "Multi-service", "Finance/Invoices"}, {productionID, "taskmining/project/1", "\u212a"},
		{"", "", "/"}, {productionID + "/orchestrator", "TAS\u212aMINING", productionPath}, {productionID, "Orche\u017ftrator", "\u0130"},
	} {
		f.Add(parts[0], parts[1], parts[2])
	}
	called := newFunctions(f)
	f.Fuzz(func(t *testing.T, tenant, service, container string) {
		if !utf8.ValidString(tenant + service + container) {
			t.Skip("Terraform has no strings that are not UTF-8")
		}
		for name, parts := range map[string][]string{
			"tenant_scope": {tenant}, "service_scope": {tenant, service}, "project_scope": {tenant, service, container}, "folder_scope": {tenant, container},
		} {
			path, refused := called.path(t, name, parts...)
			if refused != nil {
				if refused.FunctionArgument == nil || *refused.FunctionArgument >= int64(len(parts)) {
					t.Errorf("%s of %q: the error is on no argument: %s", name, parts, refused.Text)
				}
				if strings.HasSuffix(refused.Text, ".") || strings.HasSuffix(refused.Text, " ") {
					t.Errorf("%s of %q: Terraform adds the period that is at the end of %q", name, parts, refused.Text)
				}
				continue
			}
			found, refused := called.parts(t, path)
			if refused != nil {
				t.Errorf("%s of %q is %q, which does not read: %s", name, parts, path, refused.Text)
				continue
			}
			contained := strings.ToLower(container)
			wantService, wantFolder, wantProject := "(null)", "(null)", "(null)"
			known, _ := access.FindService(service)
			switch name {
			case "service_scope":
				wantService = known.Slug
			case "project_scope":
				wantService, wantProject = known.Slug, contained
			case "folder_scope":
				wantService, wantFolder = "orchestrator", contained
			}
			if found["path"] != path || found["tenant"] != strings.ToLower(tenant) || found["service"] != wantService ||
				found["folder"] != wantFolder || found["project"] != wantProject {
				t.Errorf("%s of %q is %q, which reads as %v", name, parts, path, found)
			}
		}
		for _, path := range []string{tenant, service, container} {
			found, refused := called.parts(t, path)
			if refused != nil {
				continue
			}
			if again, refused := called.parts(t, found["path"]); refused != nil || again["path"] != found["path"] || again["kind"] != found["kind"] {
				t.Errorf("%q reads as %v, and that as %v", path, found, again)
			}
		}
		if result, refused := called.call(t, "task_mining_ai_center_permissions", service); (refused == nil) != slices.Contains(
			access.TaskMiningPermissions(), access.TaskMiningPermission(service)) {
			t.Errorf("what Task Mining's permission %q needs is %v, %v", service, result, refused)
		}
	})
}
