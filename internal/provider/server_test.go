package provider

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

// answering is a server whose only data source has three attributes and leaves some of them to be set.
type answering struct {
	frameworkServer
	large map[string]largeValue
	err   error
}

var answerType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"a": tftypes.String, "names": tftypes.List{ElementType: tftypes.String}, "z": tftypes.List{ElementType: tftypes.Bool},
}}

func (a answering) ReadDataSource(ctx context.Context, _ *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	var diags diag.Diagnostics
	for name, value := range a.large {
		setLarge(ctx, name, value, &diags)
	}
	state, err := tfprotov6.NewDynamicValue(answerType, tftypes.NewValue(answerType, map[string]tftypes.Value{
		"a": tftypes.NewValue(tftypes.String, nil), "z": tftypes.NewValue(answerType.AttributeTypes["z"], nil),
		"names": tftypes.NewValue(answerType.AttributeTypes["names"], []tftypes.Value{tftypes.NewValue(tftypes.String, "a"), tftypes.NewValue(tftypes.String, nil)}),
	}))
	if err != nil || diags.HasError() {
		return nil, errors.Join(err, errors.New("a value cannot be set"))
	}
	return &tfprotov6.ReadDataSourceResponse{State: &state}, a.err
}

func writesText(s string) largeValue {
	return func(e *msgpack.Encoder) error { return e.EncodeString(s) }
}

func writesBools(values ...bool) largeValue {
	return func(e *msgpack.Encoder) error { return e.Encode(values) }
}

func TestLargeValues(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		large map[string]largeValue
		err   error
		want  string
		fails string
	}{
		"none":    {want: `{"a":null,"names":["a",null],"z":null}`},
		"one":     {large: map[string]largeValue{"a": writesText("text")}, want: `{"a":"text","names":["a",null],"z":null}`},
		"several": {large: map[string]largeValue{"a": writesText("a"), "z": writesBools(true, false)}, want: `{"a":"a","names":["a",null],"z":[true,false]}`},
		"unknown": {large: map[string]largeValue{"b": writesText("a")}, fails: "the state has 0 of 1 attributes"},
		"a value that cannot be written": {
			large: map[string]largeValue{"a": func(*msgpack.Encoder) error { return broken }}, fails: "encode the answer: broken",
		},
		"a failure": {large: map[string]largeValue{"a": writesText("a")}, err: broken, fails: "broken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, err := server{answering{large: test.large, err: test.err}}.ReadDataSource(t.Context(), nil)
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("ReadDataSource = %v, want %q", err, test.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got, err := resp.State.Unmarshal(answerType)
			if err != nil {
				t.Fatal(err)
			}
			wanted := tfprotov6.DynamicValue{JSON: []byte(test.want)}
			want, err := wanted.Unmarshal(answerType)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want.String(), got.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What no message can carry is an error that says what to do, and not one of the protocol.
func TestAnswerThatIsTooLarge(t *testing.T) {
	t.Parallel()
	part := strings.Repeat("x", 1<<20)
	large := map[string]largeValue{"a": func(e *msgpack.Encoder) error {
		for range 256 {
			if err := e.EncodeString(part); err != nil {
				return err
			}
		}
		return nil
	}}
	resp, err := server{answering{large: large}}.ReadDataSource(t.Context(), nil)
	if err != nil || resp.State != nil || len(resp.Diagnostics) != 1 {
		t.Fatalf("ReadDataSource = %+v, %v", resp, err)
	}
	if got := resp.Diagnostics[0]; got.Severity != tfprotov6.DiagnosticSeverityError || !strings.Contains(got.Detail, "268 MB. Terraform takes at most 268 MB") {
		t.Errorf("the error is %+v", got)
	}
}

// A data source that leaves a value to a server which is not there says so.
func TestLargeValueWithoutAServer(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	if setLarge(t.Context(), "a", writesText("a"), &diags); !diags.HasError() {
		t.Error("the value is lost")
	}
}

// The server can do all that the framework's can: Terraform finds that out by its methods.
func TestServerCanDoAllThatTheFrameworkCan(t *testing.T) {
	t.Parallel()
	made := NewServer(New("test")())
	if _, ok := made.(server); !ok {
		t.Errorf("the server is %T", made)
	}
}
