// Package rest is the floor that the client stands on: settings and tokens, attempts and waits, refusals in the vendor's many
// envelopes, and listings that come in pages.
//
// What belongs here holds for every request, whatever it asks for. It knows no role and no assignment.
package rest
