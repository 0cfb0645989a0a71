// Package conformance_test compares the reference backend with CONTRACT.md, over HTTP only.
//
// Every fact of the contract that the backend serves has a case here, which is named after the fact: TestFacts/7.2-9 is fact 7.2-9. What
// has no case says why in without_case_test.go. The check of the contract reads these tables, and writes the table at the end of
// CONTRACT.md from them, so a case is a literal whose Fact and Deviation are plain strings.
package conformance_test
