package provider

import "testing"

func TestSessionFrom(t *testing.T) {
	t.Parallel()
	if s, diags := sessionFrom(nil); s != nil || diags.HasError() {
		t.Errorf("an unconfigured provider gave %v, %v", s, diags)
	}
	if _, diags := sessionFrom("client"); !diags.HasError() {
		t.Error("data of another type was accepted")
	}
}
