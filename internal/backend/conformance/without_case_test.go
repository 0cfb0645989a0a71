package conformance_test

import "testing"

// withoutCase are the facts that no request to the backend can show, each with the reason.
func withoutCase() []noCase {
	return []noCase{
		{Fact: "1-1", Why: "the address of the vendor's cloud"},
		{Fact: "1-9", Why: "a filter before the vendor's cloud"},
		{Fact: "1-11", Why: "what our client does"},
		{Fact: "1.2-1", Why: "what the SDK does"},
		{Fact: "1.2-6", Why: "what another host says; the backend is one"},
		{Fact: "1.2-7", Why: "what a directory of the vendor's customers does"},
		{Fact: "1.2-8", Why: "what our client does"},
		{Fact: "2.4-7", Why: "the sources contradict each other; 2.5-1 is what is served"},
		{Fact: "3.1-3", Served: true, Why: "`internal/backend/roles_test.go` has it"},
		{Fact: "3.3-2", Why: "it contradicts 3.3-1, which is what is served"},
		{Fact: "3.5-7", Why: "it contradicts 3.5-13, which is what is served"},
		{Fact: "3.7-4", Why: "what the vendor's command line does"},
		{Fact: "3.7-7", Why: "that something is missing"},
		{Fact: "4.1-10", Why: "what our client does"},
		{Fact: "4.3-9", Why: "what the SDK's type says; 4.3-10 is what is served"},
		{Fact: "4.4-2", Why: "it contradicts 4.4-1, which is what is served"},
		{Fact: "6-11", Why: "what our client does"},
		{Fact: "7.1-13", Why: "that something is not public"},
		{Fact: "7.1-17", Why: "what follows is not public; 7.1-15 is what is served"},
		{Fact: "7.1-24", Why: "what they answer is not public, and they are not served"},
		{Fact: "7.7-15", Why: "they are not served"},
		{Fact: "7.9-4", Why: "the SDK's tests change a user's own settings; 7.9-5 is what is served"},
		{Fact: "7.6-2", Why: "what clients do"},
		{Fact: "7.6-3", Why: "that something is missing"},
		{Fact: "7.1-20", Why: "what our client does"},
		{Fact: "7.1-25", Why: "what our client does"},
		{Fact: "8.1-3", Why: "it is not served"},
		{Fact: "8.1-4", Why: "what UiPathOrch leaves out"},
		{Fact: "8.3-3", Why: "that something is not public; 8.3-4 is what is served"},
		{Fact: "9.1-1", Why: "that something is missing"},
		{Fact: "9.2-2", Why: "client and backend know the first generation only (9.2-3)"},
		{Fact: "9.4-1", Why: "what our client checks; the backend grants the permissions (9.4-3)"},
		{Fact: "9.6-11", Why: "it is not served"},
		{Fact: "9.6-14", Why: "that something is missing or not public"},
		{Fact: "9.6-17", Why: "what our client does"},
		{Fact: "9.4-2", Why: "8.3-4 is what Orchestrator serves, and 9.4-3 the platform"},
		{Fact: "10.1-9", Why: "what clients do"},
		{Fact: "10.2-1", Why: "what the SDK does"},
		{Fact: "10.2-2", Why: "what UiPathOrch does"},
		{Fact: "10.2-3", Why: "what our client does"},
		{Fact: "10.3-1", Why: "the backend has no delay (10.3-4)"},
		{Fact: "10.5-3", Served: true, Why: "`internal/backend` has it: a backend that does not start answers nothing"},
	}
}

func TestReasons(t *testing.T) {
	t.Parallel()
	for _, c := range withoutCase() {
		if c.Fact == "" || c.Why == "" {
			t.Errorf("fact %q has neither a case nor a reason", c.Fact)
		}
	}
}
