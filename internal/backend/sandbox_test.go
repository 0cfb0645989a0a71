package backend_test

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/backend"
)

// needShell skips a test where there is no POSIX shell.
func needShell(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a POSIX shell and signals")
	}
}

// beside runs the command with a shell script behind --.
func beside(t *testing.T, p backend.Process, script string, flags ...string) (code int, stdout, stderr string) {
	t.Helper()
	needShell(t)
	var out, errOut bytes.Buffer
	p.Stdout, p.Stderr = &out, &errOut
	p.Environ = append(p.Environ, "PATH="+os.Getenv("PATH"))
	code = backend.Command(t.Context(), append(flags, "--", "sh", "-c", script), p)
	return code, out.String(), errOut.String()
}

func TestAProgramFindsTheBackendAndNothingElse(t *testing.T) {
	t.Parallel()
	outside := []string{
		"UIPATH_URI=https://cloud.uipath.com", "UIPATH_CLIENT_ID=theirs", "UIPATH_CLIENT_SECRET=theirs", "UIPATH_TENANT=Theirs",
		"UIPATH_ACCESS_TOKEN=theirs", "HOME=/home/of-theirs",
	}
	code, out, errOut := beside(t, backend.Process{Environ: outside}, "env; cat", "-tenant", "production")
	if code != 0 || errOut != "" {
		t.Fatalf("exit code %d, %s", code, errOut)
	}
	got := map[string]string{}
	for line := range strings.SplitSeq(strings.TrimSpace(out), "\n") {
		name, value, _ := strings.Cut(line, "=")
		got[name] = value
	}
	if got["UIPATH_SANDBOX"] == "" || got["UIPATH_SANDBOX"] != got["UIPATH_URI"] || !strings.HasPrefix(got["UIPATH_URI"], "http://127.0.0.1:") {
		t.Errorf("addresses %q and %q", got["UIPATH_SANDBOX"], got["UIPATH_URI"])
	}
	if got["UIPATH_ORGANIZATION"] != "acme" || got["UIPATH_TENANT"] != "Production" || got["UIPATH_PAT"] == "" || got["HOME"] != "/home/of-theirs" {
		t.Errorf("environment %v", got)
	}
	if strings.Contains(strings.ReplaceAll(out, "of-theirs", ""), "theirs") {
		t.Errorf("what was set outside got in:\n%s", out)
	}
}

func TestAProgramIsServed(t *testing.T) {
	t.Parallel()
	needShell(t)
	out, stdout := io.Pipe()
	in, stdin := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- backend.Command(t.Context(), []string{"-caller", "grace.hopper@acme.example", "--", "sh", "-c", `echo $UIPATH_URI $UIPATH_PAT; read line`},
			backend.Process{Environ: []string{"PATH=" + os.Getenv("PATH")}, Stdin: in, Stdout: stdout, Stderr: io.Discard})
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url, token, _ := strings.Cut(strings.TrimSpace(line), " ")
	if r := get(t, url+"/acme/pap_/api/roles", "Bearer "+token); r.status != http.StatusOK {
		t.Errorf("got %d %s", r.status, r.text)
	}
	// Grace administers Production only.
	if r := get(t, url+"/acme/pap_/api/userroleassignments?scope=/", "Bearer "+token); r.status != http.StatusForbidden {
		t.Errorf("got %d %s", r.status, r.text)
	}
	if _, err := io.WriteString(stdin, "enough\n"); err != nil {
		t.Fatal(err)
	}
	_ = stdin.Close()
	if got := <-code; got != 0 {
		t.Errorf("exit code %d", got)
	}
}

func TestTheExitCodeIsThatOfTheProgram(t *testing.T) {
	t.Parallel()
	for script, want := range map[string]int{
		"exit 0": 0, "exit 3": 3, "kill -KILL $$": 128 + 9, "kill -TERM $$": 128 + 15, "kill -INT $$": 128 + 2,
	} {
		if code, out, errOut := beside(t, backend.Process{}, script); code != want || out != "" || errOut != "" {
			t.Errorf("%s: exit code %d, want %d; output %q, error %q", script, code, want, out, errOut)
		}
	}
}

func TestAProgramThatCannotRun(t *testing.T) {
	t.Parallel()
	needShell(t)
	for name, test := range map[string]struct {
		args []string
		code int
		part string
	}{
		"missing":        {[]string{"--", "no-such-program"}, 127, "no-such-program"},
		"no program":     {[]string{"--", t.TempDir()}, 126, "permission denied"},
		"nothing":        {[]string{"--"}, 1, "behind --"},
		"unknown caller": {[]string{"-caller", "grace", "--", "true"}, 1, `unknown caller "grace"`},
		"unknown tenant": {[]string{"-tenant", "Productoin", "--", "true"}, 1, `Did you mean "Production"`},
		"caller alone":   {[]string{"-caller", "terraform"}, 1, "behind --"},
	} {
		var stdout, stderr bytes.Buffer
		code := backend.Command(t.Context(), test.args, backend.Process{Stdout: &stdout, Stderr: &stderr})
		if code != test.code || stdout.Len() > 0 || strings.Count(stderr.String(), "\n") != 1 || !strings.Contains(stderr.String(), test.part) {
			t.Errorf("%s: exit code %d, output %q, error %q", name, code, stdout.String(), stderr.String())
		}
	}
}

// signalled starts a program that says how it was ended, sends the signals when it is ready, and returns the exit code and what it said.
func signalled(t *testing.T, script string, during ...os.Signal) (code int, said string) {
	t.Helper()
	needShell(t)
	out, stdout := io.Pipe()
	in, stdin := io.Pipe()
	signals := make(chan os.Signal)
	ended := make(chan int, 1)
	go func() {
		ended <- backend.Command(t.Context(), []string{"--", "sh", "-c", script}, backend.Process{
			Environ: []string{"PATH=" + os.Getenv("PATH")}, Stdin: in, Stdout: stdout, Stderr: io.Discard, Signals: signals,
		})
		_ = stdout.Close()
	}()
	lines := bufio.NewReader(out)
	if line, err := lines.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	for _, s := range during {
		signals <- s
	}
	_ = stdin.Close()
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	return <-ended, string(rest)
}

func TestTerminationIsForwarded(t *testing.T) {
	t.Parallel()
	code, said := signalled(t, `trap 'echo terminated; kill $!; exit 7' TERM; sleep 60 >/dev/null 2>&1 & echo ready; wait`, syscall.SIGTERM)
	if code != 7 || said != "terminated\n" {
		t.Errorf("exit code %d, said %q", code, said)
	}
}

// The terminal sends an interrupt to the program too.
func TestAnInterruptIsNotSentTwice(t *testing.T) {
	t.Parallel()
	code, said := signalled(t, `trap 'echo interrupted' INT; echo ready; cat; exit 5`, os.Interrupt, os.Interrupt)
	if code != 5 || said != "" {
		t.Errorf("exit code %d, said %q", code, said)
	}
}

func TestASignalBeforeTheProgramBegins(t *testing.T) {
	t.Parallel()
	signals := make(chan os.Signal, 1)
	signals <- os.Interrupt
	if code, out, _ := beside(t, backend.Process{Signals: signals}, "echo begun"); code != 130 || out != "" {
		t.Errorf("exit code %d, output %q", code, out)
	}
}

func TestTheDataFileOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, seed, log := filepath.Join(dir, "state.db"), filepath.Join(dir, "seed.yaml"), filepath.Join(dir, "requests.log")
	text := "organization: {name: initech, defaultCaller: bill}\ntenants: [{name: Main}]\nusers: [{userName: bill}]\n"
	if err := os.WriteFile(seed, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		code, out, errOut := beside(t, backend.Process{}, "echo $UIPATH_ORGANIZATION $UIPATH_TENANT", "-data", file, "-seed", seed, "-log", log)
		if code != 0 || out != "initech Main\n" {
			t.Errorf("exit code %d, output %q, error %q", code, out, errOut)
		}
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

func TestTheBannerSaysHowToSignIn(t *testing.T) {
	t.Parallel()
	c := start(t, nil)
	if code, _ := c.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, part := range []string{
		"acme, in memory", "Production, Staging", "ada.lovelace@acme.example (default)", "and 1 more", c.url + "/\n",
		"export UIPATH_URI=" + c.url + " UIPATH_ORGANIZATION=acme UIPATH_PAT=" + patOfAda + "\n",
	} {
		if !strings.Contains(c.stderr.String(), part) {
			t.Errorf("the banner lacks %q:\n%s", part, c.stderr)
		}
	}
	for _, absent := range []string{"margaret", "dennis", "radia"} {
		if strings.Contains(c.stderr.String(), absent) {
			t.Errorf("the banner names %s, who cannot sign in:\n%s", absent, c.stderr)
		}
	}
	own := start(t, nil, "-seed", ownSeed(t))
	own.end()
	if !strings.Contains(own.stderr.String(), "UIPATH_CLIENT_SECRET='the secret of a in your seed'") || strings.Contains(own.stderr.String(), "of-our-own") {
		t.Errorf("the banner of an own seed:\n%s", own.stderr)
	}
}
