package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// mirroredVersion is the version under which the test binary stands in the filesystem mirror as the provider.
const mirroredVersion = "0.0.1"

// TestMain lets the test binary be the provider too: Terraform finds it in a filesystem mirror under the plugin's name, so
// what the scripts run has the race detector that the tests have.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"terraform-provider-uipath":                     main,
		"terraform-provider-uipath_v" + mirroredVersion: main,
	})
}

// TestScripts runs what users type, with the Terraform CLI, against the bundled reference backend. The scripts also hold the
// text that a reviewer reads in a plan; `UPDATE_SCRIPTS=1 go test . -run TestScripts` writes it anew.
func TestScripts(t *testing.T) {
	t.Parallel()
	terraform := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if terraform == "" {
		var err error
		if terraform, err = exec.LookPath("terraform"); err != nil {
			t.Skip("needs a Terraform CLI on PATH or in TF_ACC_TERRAFORM_PATH; `make test` fetches one")
		}
	}
	provider, err := exec.LookPath("terraform-provider-uipath_v" + mirroredVersion)
	if err != nil {
		t.Fatal(err)
	}
	mirror := t.TempDir()
	plugin := filepath.Join(mirror, address, mirroredVersion, runtime.GOOS+"_"+runtime.GOARCH, filepath.Base(provider))
	if err := os.MkdirAll(filepath.Dir(plugin), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(provider, plugin); err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("examples")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("internal", "acctest", "testdata", "scripts"),
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			config := filepath.Join(env.WorkDir, ".terraformrc")
			env.Vars = append(env.Vars,
				"EXAMPLES="+examples,
				"TERRAFORM="+terraform,
				"TF_CLI_CONFIG_FILE="+config,
				"CHECKPOINT_DISABLE=1",
				"GORACE=halt_on_error=1 atexit_sleep_ms=0",
			)
			return os.WriteFile(config, fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", mirror), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"terraform": runTerraform,
			"backend":   runBackend,
			"snapshot":  takeSnapshot,
			"grants":    listGrants,
			"call":      callBackend,
			"untimed":   dropDurations,
			"workflow":  runWorkflow,
		},
	})
}

// runTerraform is the command `terraform`: the CLI, without color and without asking.
func runTerraform(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: terraform command [argument ...]")
	}
	err := ts.Exec(ts.Getenv("TERRAFORM"), append([]string{args[0], "-no-color"}, args[1:]...)...)
	switch {
	case neg && err == nil:
		ts.Fatalf("terraform %s succeeded", args[0])
	case !neg && err != nil:
		ts.Fatalf("terraform %s: %v", args[0], err)
	}
}

// runBackend is the command `backend`: `backend start [flag ...]` starts the reference backend as a process of its own and
// puts its address into UIPATH_URI, `backend kill` ends it as kill -9 does.
func runBackend(ts *testscript.TestScript, neg bool, args []string) {
	const pidVariable = "BACKEND_PID"
	if neg || len(args) == 0 {
		ts.Fatalf("usage: backend start [flag ...] | backend kill")
	}
	switch args[0] {
	case "start":
		command := exec.Command("terraform-provider-uipath", append([]string{"backend"}, args[1:]...)...) //nolint:noctx // Defer ends it.
		command.Dir = ts.MkAbs(".")
		logs, err := os.Create(ts.MkAbs("backend.log"))
		ts.Check(err)
		command.Stderr = logs
		stdout, err := command.StdoutPipe()
		ts.Check(err)
		ts.Check(command.Start())
		ts.Defer(func() {
			_ = command.Process.Kill()
			_ = command.Wait()
			_ = logs.Close()
		})
		address, err := bufio.NewReader(stdout).ReadString('\n')
		if err != nil {
			ts.Fatalf("the backend printed no address: %v\n%s", err, ts.ReadFile("backend.log"))
		}
		ts.Setenv("UIPATH_URI", strings.TrimSpace(address))
		ts.Setenv(pidVariable, fmt.Sprint(command.Process.Pid))
	case "kill":
		var pid int
		_, err := fmt.Sscan(ts.Getenv(pidVariable), &pid)
		ts.Check(err)
		ts.Check(syscall.Kill(pid, syscall.SIGKILL))
		awaitRefusal(ts, ts.Getenv("UIPATH_URI"))
	default:
		ts.Fatalf("unknown command: backend %s", args[0])
	}
}

var elapsed = regexp.MustCompile(`(complete after )(\d+m)?\d+s`)

// dropDurations is the command `untimed file`: it writes a file anew without how long Terraform took, which depends on the machine.
func dropDurations(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: untimed file")
	}
	text := elapsed.ReplaceAllString(ts.ReadFile(args[0]), "${1}0s")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// takeSnapshot is the command `snapshot file`: it writes the state of the running backend into a file.
func takeSnapshot(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: snapshot file")
	}
	callBackend(ts, false, []string{http.MethodGet, "/_reference/snapshot", args[0]})
}

// callBackend is the command `call method path answer [body]`: it does something behind Terraform's back, as the administrator of
// the built-in organization, and writes the answer into a file.
func callBackend(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || len(args) > 4 {
		ts.Fatalf("usage: call method path answer [body]")
	}
	body := ""
	if len(args) == 4 {
		body = ts.ReadFile(args[3])
	}
	client := &http.Client{Timeout: time.Minute}
	request, err := http.NewRequest(args[0], ts.Getenv("UIPATH_URI")+args[1], strings.NewReader(body)) //nolint:noctx // The client has a timeout.
	ts.Check(err)
	request.Header.Set("Authorization", "Bearer reference-backend-token-of-ada")
	request.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(request)
	ts.Check(err)
	text, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(resp.Body.Close())
	if resp.StatusCode >= http.StatusBadRequest {
		ts.Fatalf("the backend answers %s: %s", resp.Status, text)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), text, 0o600))
}

// awaitRefusal returns once nothing answers at the address any more.
func awaitRefusal(ts *testscript.TestScript, address string) {
	client := &http.Client{Timeout: time.Second}
	for range 1000 {
		resp, err := client.Get(address + "/_reference/health") //nolint:noctx // The client has a timeout.
		if err != nil {
			return
		}
		ts.Check(resp.Body.Close())
	}
	ts.Fatalf("the killed backend still answers at %s", address)
}
