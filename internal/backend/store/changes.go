package store

import (
	"database/sql"
	"fmt"
	"strings"
)

// Change is how many rows of a table a transaction has added, changed or removed.
type Change struct {
	Table string
	// Verb is added, changed or removed; saved where it is either of the first two.
	Verb string
	Rows int
}

// nouns are what the rows of tables are, where their names do not say it. An empty one is a part of something else, and not told.
var nouns = map[string]string{
	"principal_groups": "groups", "robots": "robot accounts", "applications": "external applications", "application_secrets": "client secrets",
	"application_scopes": "", "application_user_scopes": "", "identity_settings": "settings", "role_permissions": "", "settings": "",
}

// String is the change in words.
func (c Change) String() string {
	noun, known := nouns[c.Table]
	if !known {
		noun = strings.ReplaceAll(c.Table, "_", " ")
	}
	if c.Rows == 1 {
		noun = strings.TrimSuffix(noun, "s")
	}
	return fmt.Sprintf("%d %s %s", c.Rows, noun, c.Verb)
}

// Changes returns what the transaction has changed so far, in words, without what is a part of something else.
func (t *Tx) Changes() []string {
	var told []string
	for _, c := range t.changes {
		if noun, known := nouns[c.Table]; !known || noun != "" {
			told = append(told, c.String())
		}
	}
	return told
}

// verbs are what the statements do that begin so.
var verbs = []struct{ begins, verb string }{{"INSERT INTO ", "added"}, {"UPDATE ", "changed"}, {"DELETE FROM ", "removed"}}

// note counts the rows that a statement has changed.
func (t *Tx) note(statement string, result sql.Result) error {
	for _, v := range verbs {
		table, found := strings.CutPrefix(statement, v.begins)
		if !found {
			continue
		}
		rows, err := result.RowsAffected()
		if err != nil || rows == 0 {
			return err
		}
		table = strings.FieldsFunc(table, func(r rune) bool { return r == ' ' || r == '(' })[0]
		verb := v.verb
		if strings.Contains(statement, " DO UPDATE ") {
			verb = "saved"
		}
		t.count(Change{table, verb, int(rows)})
	}
	return nil
}

func (t *Tx) count(c Change) {
	for i, other := range t.changes {
		if other.Table == c.Table && other.Verb == c.Verb {
			t.changes[i].Rows += c.Rows
			return
		}
	}
	t.changes = append(t.changes, c)
}
