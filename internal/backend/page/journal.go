package page

import (
	"context"
	"slices"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/httpapi"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// journalBody is what happened lately, the latest first.
type journalBody struct {
	Caller, Operation string
	Changed           bool
	Rows              []httpapi.JournalEntry
	Pager             pager
}

// happened shows the journal.
func (p *Page) happened(_ context.Context, _ *rules.Session, q query) (frame, error) {
	b := journalBody{Caller: q.text("caller"), Operation: q.text("operation"), Changed: q.Get("changed") != ""}
	found := p.journal.Requests(httpapi.JournalFilter{Caller: b.Caller, Operation: b.Operation, Changed: b.Changed})
	slices.Reverse(found)
	from := min(q.paging().Skip, len(found))
	b.Rows = found[from:min(from+pageSize, len(found))]
	b.Pager = q.pager(pathJournal, len(b.Rows), len(found))
	return frame{Template: "journal.html", Title: "What happened", Section: "journal", Body: b}, nil
}
