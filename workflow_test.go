package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"

	"github.com/accessascode/terraform-provider-uipath/internal/review"
)

// workflow is a workflow of GitHub Actions, as far as its safety depends on it.
type workflow struct {
	On          map[string]any    `yaml:"on"`
	Permissions map[string]string `yaml:"permissions"`
	Env         map[string]string `yaml:"env"`
	Jobs        map[string]struct {
		If          string            `yaml:"if"`
		Permissions map[string]string `yaml:"permissions"`
		Defaults    struct {
			Run struct {
				Directory string `yaml:"working-directory"`
			} `yaml:"run"`
		} `yaml:"defaults"`
		Steps []struct {
			Uses string            `yaml:"uses"`
			With map[string]string `yaml:"with"`
			Env  map[string]string `yaml:"env"`
			Run  string            `yaml:"run"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

func readWorkflow(file string) (workflow, error) {
	var w workflow
	content, err := os.ReadFile(file)
	if err != nil {
		return w, err
	}
	err = yaml.Unmarshal(content, &w)
	return w, err
}

// The workflow of examples/ci must not give what a pull request runs more than it needs.
func TestWorkflow(t *testing.T) {
	t.Parallel()
	w, err := readWorkflow(filepath.Join("examples", "ci", "access.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := w.On["pull_request_target"]; ok || w.Permissions == nil || len(w.Permissions) > 0 {
		t.Errorf("it runs on %v with %v", w.On, w.Permissions)
	}
	plan, comment := w.Jobs["plan"], w.Jobs["comment"]
	if !strings.Contains(plan.If, "head.repo.full_name == github.repository") || len(plan.Permissions) != 1 || plan.Permissions["contents"] != "read" {
		t.Errorf("the plan runs if %q with %v", plan.If, plan.Permissions)
	}
	pinned := regexp.MustCompile(`^[\w-]+/[\w-]+@[0-9a-f]{40}$`)
	for name, job := range w.Jobs {
		for _, step := range job.Steps {
			if step.Uses != "" && !pinned.MatchString(step.Uses) {
				t.Errorf("%s uses %s, which may change", name, step.Uses)
			}
			if strings.HasPrefix(step.Uses, "actions/checkout@") && (step.With["persist-credentials"] != "false" || name == "comment") {
				t.Errorf("%s checks out with %v", name, step.With)
			}
			if strings.Contains(step.Run, "${{") {
				t.Errorf("%s writes an expression into a script: %s", name, step.Run)
			}
			for variable, value := range step.Env {
				if name == "comment" && strings.Contains(value, "secrets.") {
					t.Errorf("the comment has %s", variable)
				}
			}
		}
	}
	if len(comment.Permissions) != 1 || comment.Permissions["pull-requests"] != "write" {
		t.Errorf("the comment has %v", comment.Permissions)
	}
	for name := range strings.SplitSeq(w.Env["FAIL_ON"], ",") {
		if !slices.Contains(review.FindingNames(), name) {
			t.Errorf("it fails on %s, which is no finding", name)
		}
	}
}

// runWorkflow is the command `workflow file job`: it runs what the steps of a job run, as the runner's shell does.
func runWorkflow(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: workflow file job")
	}
	w, err := readWorkflow(ts.MkAbs(args[0]))
	ts.Check(err)
	job := w.Jobs[args[1]]
	script := []string{"cd ./" + job.Defaults.Run.Directory}
	for name, value := range w.Env {
		if !strings.Contains(value, "${{") {
			script = append(script, "export "+name+"='"+value+"'")
		}
	}
	for _, step := range job.Steps {
		script = append(script, step.Run)
	}
	err = ts.Exec("bash", "-eo", "pipefail", "-c", strings.Join(script, "\n"))
	if neg != (err != nil) {
		ts.Fatalf("the job %s: %v", args[1], err)
	}
}
