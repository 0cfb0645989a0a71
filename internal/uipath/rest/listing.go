package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

const (
	// maxPages, maxRows and maxListed (in bytes of its answers) bound a listing by a server that never ends. What is listed is kept in
	// memory, where it takes some three times its bytes; a hundred thousand role assignments are some fifty million.
	maxPages, maxRows, maxListed = 5000, 1_000_000, 256 << 20
	// maxListings bounds how often a listing is begun anew because rows moved between its pages, and maxHints how often that of a hint is.
	maxListings, maxHints = 5, 2
)

// Page is one page of a listing. Its total counts all rows.
type Page[T any] struct {
	TotalCount *int `json:"totalCount"`
	Results    []T  `json:"results"`

	// size is that of the answer in bytes, where it came in one.
	size int
}

// FetchPage sends a request and reads its answer as a page.
func FetchPage[T any](ctx context.Context, c *Client, r Request, read func(body []byte) (Page[T], error)) (Page[T], error) {
	return FetchAs(ctx, c, r, func(body []byte) (Page[T], error) {
		page, err := read(body)
		page.size = len(body)
		return page, err
	})
}

// ParsePage reads a page from JSON, each row of which is converted.
func ParsePage[W, T any](body []byte, convert func(W) (T, error)) (Page[T], error) {
	var answer Page[W]
	if err := json.Unmarshal(body, &answer); err != nil {
		return Page[T]{}, err
	}
	if answer.TotalCount == nil && answer.Results == nil {
		return Page[T]{}, errors.New("it is no page of a list")
	}
	return ConvertPage(answer, convert)
}

// ConvertPage converts each row of a page.
func ConvertPage[W, T any](answer Page[W], convert func(W) (T, error)) (Page[T], error) {
	page := Page[T]{TotalCount: answer.TotalCount, Results: make([]T, len(answer.Results))}
	for i, row := range answer.Results {
		var err error
		if page.Results[i], err = convert(row); err != nil {
			return Page[T]{}, err
		}
	}
	return page, nil
}

var (
	// ErrUnsettled is a listing whose rows kept moving between its pages while it was read, because others add and remove some.
	ErrUnsettled = errors.New("the listing never agreed with its own count")
	errRowsMoved = errors.New("rows moved between pages")
	// errEndless is a listing that the client does not read to its end.
	errEndless = errors.New("the listing is too long")
)

// endless says where the reading of a listing ended.
func endless(count int, what string) error {
	return fmt.Errorf("%w: it goes on after %d %s", errEndless, count, what)
}

// Listing is how a listing is read.
type Listing[T any] struct {
	// Operation says what the listing is for, such as "list roles", in errors that do not say so themselves.
	Operation string
	// Read reads the page that begins after a number of rows.
	Read func(ctx context.Context, skip int) (Page[T], error)
	// ID tells rows apart.
	ID func(T) string
	// Merge joins a row that came again, from another page, with what came before; nil keeps the first.
	Merge func(first, again T) T
	// Parallel is how many pages may be asked for at the same time once their number is known.
	Parallel int
	// Hint says that rows of a listing that did not settle are better than none: they come with [ErrUnsettled].
	Hint bool
}

// All reads all pages and returns each row once. Rows move between pages when others add or remove some. All begins anew if that
// may have happened, so that no row is lost, and ends with [ErrUnsettled] if it happens again and again.
func (l Listing[T]) All(ctx context.Context) ([]T, error) {
	rows, err := l.settled(ctx)
	if _, explained := errors.AsType[*Error](err); err == nil || explained {
		return rows, err
	}
	return rows, fmt.Errorf("%s: %w", l.Operation, err)
}

// settled reads the listing until its rows agree with its own count.
func (l Listing[T]) settled(ctx context.Context) ([]T, error) {
	tries := maxListings
	if l.Hint {
		tries = maxHints
	}
	for n := 1; ; n++ {
		rows, err := l.once(ctx)
		if !errors.Is(err, errRowsMoved) {
			return rows, err
		}
		if n < tries {
			continue
		}
		if !l.Hint {
			rows = nil
		}
		return rows, fmt.Errorf("%w, %d times: %w", ErrUnsettled, n, err)
	}
}

// once reads all pages. It advances by what came, because the server may cap a page lower than asked.
func (l Listing[T]) once(ctx context.Context) ([]T, error) {
	found := &rowset[T]{listing: l, index: map[string]int{}, total: -1}
	skip := 0
	for range maxPages {
		next, err := found.read(ctx, skip)
		if err != nil {
			return nil, err
		}
		fresh, err := found.add(next)
		if err != nil {
			return nil, err
		}
		first, size := skip == 0, len(next.Results)
		skip += size
		switch ended := size == 0 || found.total >= 0 && skip >= found.total; {
		case ended:
			return found.complete()
		case fresh == 0:
			return found.rows, fmt.Errorf("%w: %d different rows of %d", errRowsMoved, len(found.rows), found.total)
		case first && found.total >= 0 && l.Parallel > 1:
			return l.rest(ctx, found, size)
		}
	}
	return nil, endless(maxPages, "pages")
}

// rest reads what follows a first page of a size, side by side.
func (l Listing[T]) rest(ctx context.Context, found *rowset[T], size int) ([]T, error) {
	count := (found.total - 1) / size
	if found.total > maxRows {
		return nil, endless(maxRows, "rows")
	}
	if count > maxPages {
		return nil, endless(maxPages, "pages")
	}
	stretches := make([][]Page[T], count)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(l.Parallel)
	for i := range stretches {
		group.Go(func() (err error) {
			begin := size * (i + 1)
			stretches[i], err = found.stretch(ctx, begin, min(begin+size, found.total))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for _, pages := range stretches {
		for _, next := range pages {
			if _, err := found.add(next); err != nil {
				return nil, err
			}
		}
	}
	return found.complete()
}

// rowset gathers the rows of one listing, each once.
type rowset[T any] struct {
	listing Listing[T]
	rows    []T
	index   map[string]int
	// total is the server's count, -1 where it told none.
	total int
	// moved says that rows moved, where that is no reason to stop.
	moved error
	// received are the rows, and bytes the bytes, of the pages so far.
	received, bytes atomic.Int64
}

// read reads a page, and fails if the listing gets too long.
func (s *rowset[T]) read(ctx context.Context, skip int) (Page[T], error) {
	next, err := s.listing.Read(ctx, skip)
	if err != nil {
		return Page[T]{}, err
	}
	if s.received.Add(int64(len(next.Results))) > maxRows {
		return Page[T]{}, endless(maxRows, "rows")
	}
	if s.bytes.Add(int64(next.size)) > maxListed {
		return Page[T]{}, endless(maxListed>>20, "MiB")
	}
	return next, nil
}

// stretch reads the rows from begin to end: one page, or several where it is shorter than the first was.
func (s *rowset[T]) stretch(ctx context.Context, begin, end int) ([]Page[T], error) {
	var pages []Page[T]
	for begin < end {
		next, err := s.read(ctx, begin)
		if err != nil {
			return nil, err
		}
		if len(next.Results) == 0 {
			// The count says what is missing now.
			break
		}
		pages = append(pages, next)
		begin += len(next.Results)
	}
	return pages, nil
}

// add enters a page and returns how many of its rows are new.
func (s *rowset[T]) add(next Page[T]) (fresh int, err error) {
	if next.TotalCount != nil {
		if s.total >= 0 && s.total != *next.TotalCount {
			s.moved = fmt.Errorf("%w: the count changed from %d to %d", errRowsMoved, s.total, *next.TotalCount)
			if !s.listing.Hint {
				return 0, s.moved
			}
		} else {
			s.total = *next.TotalCount
		}
	}
	for _, row := range next.Results {
		key := s.listing.ID(row)
		i, known := s.index[key]
		switch {
		case !known:
			s.index[key] = len(s.rows)
			s.rows = append(s.rows, row)
			fresh++
		case s.listing.Merge != nil:
			s.rows[i] = s.listing.Merge(s.rows[i], row)
		}
	}
	return fresh, nil
}

// complete returns the rows if they are as many as the server counts.
func (s *rowset[T]) complete() ([]T, error) {
	if s.moved == nil && len(s.rows) < s.total {
		s.moved = fmt.Errorf("%w: %d different rows of %d", errRowsMoved, len(s.rows), s.total)
	}
	return s.rows, s.moved
}
