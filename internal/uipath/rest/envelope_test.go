package rest

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// envelopes are the shapes of contract 10.1 and what is no envelope at all.
var envelopes = map[string]struct {
	body string
	want envelope
}{
	"problem details": {
		`{"errors":{"partitionGlobalId":["The value 'x' is not valid.","Again."],"b":"one"},"type":"t",
		  "title":"One or more validation errors occurred.","status":400,"traceId":"00-abc-01"}`,
		envelope{
			message: "One or more validation errors occurred.", traceID: "00-abc-01",
			fields: map[string][]string{"partitionGlobalId": {"The value 'x' is not valid.", "Again."}, "b": {"one"}},
		},
	},
	"problem details with detail": {
		`{"title":"Not Found","status":404,"detail":"Thing with given ID does not exist."}`,
		envelope{message: "Thing with given ID does not exist."},
	},
	"orchestrator": {
		`{"message":"Name is used","errorCode":1001,"traceId":"00-abc-00"}`,
		envelope{code: "1001", message: "Name is used", traceID: "00-abc-00"},
	},
	"abp": {
		`{"message":"You are not authorized!","errorCode":0,"result":null,"targetUrl":null,"success":false,
		  "error":{"code":0,"message":"You are not authorized!","details":"You are not allowed to perform this operation.",
		  "validationErrors":null},"unAuthorizedRequest":true,"__abp":true}`,
		envelope{message: "You are not authorized! You are not allowed to perform this operation."},
	},
	"abp with inner message only": {
		`{"error":{"code":7,"message":"Inner","details":null},"__abp":true}`, envelope{code: "7", message: "Inner"},
	},
	"identity directory": {
		`{"StatusCode":404,"StatusDescription":"NotFound","Message":"Cannot resolve users=[x] in CIS","Description":""}`,
		envelope{message: "Cannot resolve users=[x] in CIS"},
	},
	"identity directory without message": {
		`{"StatusCode":404,"StatusDescription":"NotFound","Message":"","Description":"more"}`, envelope{message: "NotFound more"},
	},
	"scopes": {
		`{"errorMessage":"OAuth authorization failed. 'X' scope not found."}`,
		envelope{message: "OAuth authorization failed. 'X' scope not found."},
	},
	"denied": {
		`{"succeeded":false,"errors":[{"code":"DuplicateUserName","description":"Taken."},{"code":"B","description":"Too."}]}`,
		envelope{code: "DuplicateUserName", message: "Taken. Too.", rejected: true},
	},
	"denied inside": {
		`{"result":{"succeeded":false,"errors":[{"code":"DuplicateEmail","description":"Taken."}]},"users":[]}`,
		envelope{code: "DuplicateEmail", message: "Taken.", rejected: true},
	},
	"accepted":           {`{"succeeded":true,"errors":[]}`, envelope{}},
	"token":              {`{"error":"invalid_scope"}`, envelope{code: "invalid_scope", message: "invalid_scope"}},
	"token, described":   {`{"error":"invalid_client","error_description":"Bad."}`, envelope{code: "invalid_client", message: "Bad."}},
	"list of texts":      {`{"title":"Bad","errors":["one","two"]}`, envelope{message: "one two"}},
	"text in JSON":       {`"Not today"`, envelope{message: "Not today"}},
	"text":               {"upstream\n\tconnect\x00 error", envelope{message: "upstream connect error"}},
	"no text":            {" \r\n", envelope{}},
	"null":               {"null", envelope{}},
	"list":               {`[1,2]`, envelope{message: "[1,2]"}},
	"web page":           {"<!doctype HTML>\n<title>\n502  Bad </title>", envelope{webPage: true, message: "502 Bad"}},
	"web page, untitled": {"<html>", envelope{webPage: true}},
	"odd members":        {`{"message":{"a":1},"errors":7,"error":[1],"traceId":null,"succeeded":"no"}`, envelope{}},
}

func TestReadEnvelope(t *testing.T) {
	t.Parallel()
	for name, test := range envelopes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := readEnvelope([]byte(test.body), "application/json")
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(envelope{})); diff != "" {
				t.Errorf("readEnvelope (-want +got):\n%s", diff)
			}
		})
	}
	if got := readEnvelope([]byte("Sign in"), "Text/HTML; charset=utf-8"); !got.webPage {
		t.Error("a web page is not known by its content type")
	}
}

func FuzzErrorEnvelope(f *testing.F) {
	for _, seed := range envelopes {
		f.Add([]byte(seed.body), "application/json")
	}
	f.Add([]byte(strings.Repeat(`{"errors":{"a":[`, 1000)), "text/html")
	f.Add([]byte("\xff\xfe\"\u202e"), "")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		said := readEnvelope(body, contentType)
		texts := []string{said.message, said.code, said.traceID}
		if len(said.fields) > maxFields {
			t.Errorf("%d fields", len(said.fields))
		}
		for name, list := range said.fields {
			texts = append(append(texts, name), list...)
		}
		for _, text := range texts {
			if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxMessageRunes+1 || strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("unfit for a message: %q", text)
			}
		}
		if again := readEnvelope(body, contentType); cmp.Diff(said, again, cmp.AllowUnexported(envelope{})) != "" {
			t.Error("the same body gives another message")
		}
		if said.rejected && !json.Valid(body) {
			t.Error("a denial was read in what is no JSON")
		}
	})
}
