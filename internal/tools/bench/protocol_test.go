package main

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
)

// diagnostic is one of a response, as the protocol encodes it.
func diagnostic(severity uint64, summary, detail string) []byte {
	d := protowire.AppendVarint(protowire.AppendTag(nil, 1, protowire.VarintType), severity)
	d = protowire.AppendString(protowire.AppendTag(d, 2, protowire.BytesType), summary)
	return protowire.AppendString(protowire.AppendTag(d, 3, protowire.BytesType), detail)
}

func TestProblem(t *testing.T) {
	t.Parallel()
	response := func(diagnostics ...[]byte) []byte {
		message := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), "a state")
		for _, d := range diagnostics {
			message = protowire.AppendBytes(protowire.AppendTag(message, 2, protowire.BytesType), d)
		}
		return message
	}
	if err := problem(response(), 2); err != nil {
		t.Errorf("no diagnostics: %v", err)
	}
	if err := problem(response(diagnostic(2, "Careful", "It is slow.")), 2); err != nil {
		t.Errorf("a warning: %v", err)
	}
	err := problem(response(diagnostic(2, "Careful", "It is slow."), diagnostic(1, "Wrong", "It fails.")), 2)
	if err == nil || err.Error() != "Wrong: It fails." {
		t.Errorf("an error: %v", err)
	}
	if err := problem([]byte{0x12, 0x7f}, 2); err == nil {
		t.Error("a response that ends too early is accepted")
	}
}

func TestAppendObject(t *testing.T) {
	t.Parallel()
	message, err := appendObject(nil, 2, map[string]any{"scope": "/"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	err = eachField(message, func(number protowire.Number, value []byte) error {
		if number != 2 {
			t.Errorf("field %d, want 2", number)
		}
		return eachField(value, func(number protowire.Number, value []byte) error {
			if number != 2 {
				t.Errorf("field %d of the value, want 2, which is JSON", number)
			}
			got = append(got, string(value))
			return nil
		})
	})
	if err != nil || strings.Join(got, "") != `{"scope":"/"}` {
		t.Errorf("got %q, %v", got, err)
	}
}
