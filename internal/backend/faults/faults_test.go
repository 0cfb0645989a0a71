package faults_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/faults"
)

func TestParse(t *testing.T) {
	t.Parallel()
	busy := faults.Rule{Method: "PATCH", Path: "*/userroleassignments", Requests: 3, Effect: faults.Effect{Status: 503, RetryAfter: 2}}
	late := faults.Rule{Rate: 0.25, Seed: 7, Effect: faults.Effect{Delay: faults.Duration(250 * time.Millisecond), Drop: faults.DropAfter}}
	for name, test := range map[string]struct {
		text string
		want []faults.Rule
	}{
		"words":        {"PATCH */userroleassignments status=503 retryAfter=2 requests=3", []faults.Rule{busy}},
		"any order":    {" requests=3  retry-after=2 status=503 */userroleassignments PATCH ", []faults.Rule{busy}},
		"several":      {"rate=0.25 seed=7 delay=250ms drop=after;\n PATCH */userroleassignments status=503 retryAfter=2 requests=3;", []faults.Rule{late, busy}},
		"object":       {`{"rate":0.25,"seed":7,"delay":"250ms","drop":"after"}`, []faults.Rule{late}},
		"array":        {`[{"method":"PATCH","path":"*/userroleassignments","requests":3,"status":503,"retryAfter":2}]`, []faults.Rule{busy}},
		"lag":          {"lag=2s", []faults.Rule{{Effect: faults.Effect{Lag: faults.Duration(2 * time.Second)}}}},
		"spoiled body": {"GET body=malformed", []faults.Rule{{Method: "GET", Effect: faults.Effect{Body: faults.BodyMalformed}}}},
	} {
		got, err := faults.Parse(test.text)
		if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, part := range map[string]string{
		"":                                   "no fault is named",
		";\n":                                "no fault is named",
		"PATCH":                              "nothing goes wrong",
		"status=503;delay=1s status=503 x=1": `fault 2: unknown word "x"`,
		"status=503 drop=after":              "exclude each other",
		"patch status=503":                   `"patch" is neither a method`,
		"status=200":                         "from 400 to 599",
		"status=600":                         "from 400 to 599",
		"status=many":                        `status: "many" is not a number`,
		"retryAfter=1 drop=before":           "goes with status",
		"drop=never":                         "before or after",
		"body=short":                         "truncated or malformed",
		"delay=soon":                         "write it like 250ms",
		"delay=-1s":                          "between 0 and 1h",
		"lag=2h":                             "between 0 and 1h",
		"rate=1.5 status=500":                "rate 1.5",
		"requests=-1 status=500":             "requests -1",
		`{"status":503,"retry":1}`:           "retry",
		`{"status":503}{"status":503}`:       "behind the JSON",
		"/" + strings.Repeat("x", 500) + " status=500": "501 bytes",
	} {
		if _, err := faults.Parse(text); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%.60s: got %v, want %q", text, err, part)
		}
	}
}

func set(t *testing.T, text string) *faults.Set {
	t.Helper()
	rules, err := faults.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	s := &faults.Set{}
	if err := s.Add(rules...); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhichRequestsFail(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rule, method, path string
		want               bool
	}{
		"all":                     {"status=500", "GET", "/a", true},
		"the method":              {"GET status=500", "GET", "/a", true},
		"another method":          {"PUT status=500", "GET", "/a", false},
		"the path":                {"/a/b status=500", "GET", "/a/b", true},
		"only a part of the path": {"/a status=500", "GET", "/a/b", false},
		"a pattern":               {"/a/*/d status=500", "GET", "/a/b/c/d", true},
		"a dot is no pattern":     {"/a.b status=500", "GET", "/axb", false},
		"a read may lag":          {"lag=1s", "POST", "/a", true},
		"a write does not lag":    {"lag=1s", "PATCH", "/a", false},
	} {
		if _, got := set(t, test.rule).Next(test.method, test.path); got != test.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

func TestSoManyRequests(t *testing.T) {
	t.Parallel()
	s := set(t, "PUT status=500 requests=2; status=503")
	got := ""
	for range 4 {
		effect, _ := s.Next(http.MethodPut, "/")
		got += effect.String() + "; "
	}
	if want := "status=500; status=500; status=503; status=503; "; got != want {
		t.Errorf("got %s", got)
	}
	counts := s.Counts()
	if counts[0].Matched != 2 || counts[0].Failed != 2 || counts[1].Failed != 2 {
		t.Errorf("counts %+v", counts)
	}
	s.Clear()
	if _, found := s.Next(http.MethodPut, "/"); found {
		t.Error("a cleared rule strikes")
	}
}

func TestTheRateIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	struck := func(seed string) string {
		s, got := set(t, "drop=before rate=0.2 seed="+seed), strings.Builder{}
		for range 1000 {
			if _, found := s.Next(http.MethodGet, "/"); found {
				got.WriteByte('x')
			} else {
				got.WriteByte('.')
			}
		}
		return got.String()
	}
	one := struck("1")
	if one != struck("1") || one == struck("2") {
		t.Error("the same seed gives the same, another one something else")
	}
	if n := strings.Count(one, "x"); n < 150 || n > 250 {
		t.Errorf("%d of 1000", n)
	}
}

func TestTooManyRules(t *testing.T) {
	t.Parallel()
	s := set(t, strings.Repeat("status=500;", faults.MaxRules))
	if err := s.Add(faults.Rule{}); err == nil {
		t.Error("one more was accepted")
	}
	if got := set(t, "lag=2s; lag=3s; lag=1s").MaxLag(); got != 3*time.Second {
		t.Errorf("longest lag %s", got)
	}
}
