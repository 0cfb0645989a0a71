// Package browser_test looks at the page of the reference backend with a real browser: Chromium, and axe-core for what keeps people out.
// The program that it builds is no input that Go knows of: after a change of the page run it with -count=1.
package browser_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	repository = "../../.."
	tenant     = "1e6a0c52-3f4b-4d8e-9a71-5b2c6d7e8f90"
	role       = "3d000000-0000-4000-8000-000000000001"
	person     = "3e000000-0000-4000-8000-000000000001"
	group      = "3b000000-0000-4000-8000-000000000001"

	// hostile is a name that does something where it is not escaped.
	hostile = `<script>document.title='taken'</script><img src=x onerror="document.title='taken'">`
	seed    = `organization: {name: initech, defaultCaller: bill@initech.example, externalDirectory: true}
tenants: [{id: ` + tenant + `, name: Main, services: [Orchestrator, TaskMining, DocumentUnderstanding]}]
users:
  - {userName: bill@initech.example, name: Bill, surname: Lumbergh}
  - {id: ` + person + `, userName: milton@initech.example, displayName: "` + "%[1]s" + `"}
  - {userName: peter@initech.example, name: Peter, surname: Gibbons, source: directory, added: false}
groups:
  - {id: ` + group + `, name: "Printers & Staplers", members: [milton@initech.example, bill@initech.example]}
folders: [{tenant: Main, name: "<b onerror=x>Basement"}]
projects: [{id: p1, tenant: Main, service: TaskMining, name: "Reports \"TPS\""}]
roles:
  - {id: ` + role + `, name: "Red Stapler", description: "%[1]s", tenant: Main, permissions: [ORCHESTRATOR.ROBOTS.VIEW, INSIGHTS.DASHBOARD.READ]}
assignments:
  - {role: Organization Administrator, principal: bill@initech.example, scope: /, type: BuiltIn}
  - {role: "Red Stapler", principal: milton@initech.example, scope: /tenant/Main}
  - {role: "Red Stapler", principal: "Printers & Staplers", scope: /tenant/Main/orchestrator}
`
)

// pages are what the page has, by names of their pictures.
var pages = map[string]string{
	"organization": "/",
	"everything":   "/?below=1",
	"tenant":       "/?scope=/tenant/" + tenant,
	"service":      "/?scope=/tenant/" + tenant + "/orchestrator",
	"roles":        "/?scope=/tenant/" + tenant + "&tab=roles",
	"role":         "/_page/role?id=" + role,
	"accounts":     "/_page/accounts",
	"account":      "/_page/account?id=" + person,
	"group":        "/_page/account?id=" + group,
	"choose":       "/_page/check",
	"check":        "/_page/check?id=" + person,
	"journal":      "/_page/journal",
	"nothing":      "/?q=nobody-at-all",
	"missing":      "/?scope=/tenant/" + role,
}

// chromium returns a browser that ends with the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("needs Chromium on PATH (Debian: apt-get install chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900))
	allocated, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	browser, stopBrowser := chromedp.NewContext(allocated)
	t.Cleanup(stopBrowser)
	// The first action starts the browser, which lives as long as its context.
	tab{t, browser}.do(chromedp.Navigate("about:blank"))
	limited, cancel := context.WithTimeout(browser, 2*time.Minute)
	t.Cleanup(cancel)
	return limited
}

// tab is a tab of the browser that a test uses.
type tab struct {
	*testing.T

	browser context.Context //nolint:containedctx // The browser of chromedp is a context.
}

// do takes steps that give nothing.
func (t tab) do(steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(t.browser, steps...); err != nil {
		t.Fatal(err)
	}
}

// ask takes a step that gives something.
func ask[T any](t tab, step chromedp.Action[T]) T {
	t.Helper()
	answer, err := chromedp.Run(t.browser, step)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// axe returns the program that judges a page.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("AXE")
	if path == "" {
		path = filepath.Join(repository, "build", "axe", "node_modules", "axe-core", "axe.min.js")
	}
	program, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("needs axe-core: npm install --prefix build/axe axe-core, or its axe.min.js in AXE (%v)", err)
	}
	return string(program)
}

// backend starts the reference backend and returns its address.
func backend(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "provider")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".")
	build.Dir = repository
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	quoted := strings.ReplaceAll(hostile, `"`, `\"`)
	seedFile := filepath.Join(dir, "seed.yaml")
	if err := os.WriteFile(seedFile, fmt.Appendf(nil, seed, quoted), 0o600); err != nil {
		t.Fatal(err)
	}
	run := exec.CommandContext(t.Context(), binary, "backend", "-seed", seedFile)
	stdout, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	run.Stderr = &stderr
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = run.Process.Kill()
		_ = run.Wait()
	})
	url, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	return strings.TrimSpace(url)
}

// violation is a rule of axe-core that a page breaks.
type violation struct {
	ID, Help string
	Nodes    []struct {
		HTML           string `json:"html"`
		FailureSummary string `json:"failureSummary"`
	}
}

func TestThePageInARealBrowser(t *testing.T) {
	t.Parallel()
	browser := chromium(t)
	url := backend(t)
	t.Run("each page", func(t *testing.T) { lookAtEachPage(tab{t, browser}, url, axe(t)) }) //nolint:paralleltest // They share a tab.
	t.Run("keyboard", func(t *testing.T) { useTheKeyboard(tab{t, browser}, url) })          //nolint:paralleltest // They share a tab.
}

// lookAtEachPage shows each page in both color schemes, and has axe-core judge it.
func lookAtEachPage(t tab, url, program string) {
	t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		_, err := chromedp.Call(t.browser, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, path := range pages {
			t.do(chromedp.Navigate(url + path))
			title := ask(t, chromedp.Title())
			// What a page of ours never has.
			foreign := ask(t, chromedp.Evaluate[int](`document.querySelectorAll("script, img, iframe, b, main [onerror]").length`))
			if foreign > 0 || title == "taken" {
				t.Errorf("%s: a name was taken for HTML: %d elements, title %q", name, foreign, title)
			}
			wide := ask(t, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`))
			if wide {
				t.Errorf("%s: the page is wider than the window", name)
			}
			keep(t, name+"-"+scheme+".png")
			t.do(chromedp.Evaluate[chromedp.Void](program))
			for _, v := range ask(t, chromedp.Evaluate[[]violation](`axe.run().then(r => r.violations)`, chromedp.EvalAwaitPromise)) {
				t.Errorf("%s, %s: %s: %s\n%+v", name, scheme, v.ID, v.Help, v.Nodes)
			}
		}
	}
}

// maxQuality makes a picture without loss.
const maxQuality = 100

// keep writes a picture of the page into the directory that SCREENSHOTS names.
func keep(t tab, name string) {
	t.Helper()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	picture := ask(t, chromedp.FullScreenshot(maxQuality))
	if err := os.WriteFile(filepath.Join(dir, name), picture, 0o600); err != nil {
		t.Error(err)
	}
}

// useTheKeyboard finds an account by its name, views a role and opens a part of the tree without a mouse.
func useTheKeyboard(t tab, url string) {
	t.Helper()
	t.do(chromedp.Navigate(url+"/"), chromedp.KeyEvent(kb.Tab))
	if focused := ask(t, chromedp.Evaluate[string](`document.activeElement.textContent`)); focused != "Skip to the content" {
		t.Errorf("the first stop is %q", focused)
	}
	t.do(chromedp.SendKeys("#q", "lumbergh"+kb.Enter), chromedp.WaitVisible(`input[value="lumbergh"]`))
	if found := ask(t, chromedp.Text("tbody")); !strings.Contains(found, "Bill Lumbergh") {
		t.Errorf("the search finds %q", found)
	}
	t.do(chromedp.Navigate(url+"/?scope=/tenant/"+tenant+"&tab=roles"), chromedp.Focus(`a[aria-label="View Red Stapler"]`),
		chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("dl"))
	if heading := ask(t, chromedp.Text("h1")); !strings.Contains(heading, "Red Stapler") {
		t.Errorf("the heading is %q", heading)
	}
	// A closed part of the tree opens with the keyboard.
	t.do(chromedp.Navigate(url+"/"), chromedp.Focus(".tree details details summary"),
		chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".tree details details[open] a"))
}
