package rest

import (
	"context"
	"errors"
	"net/http"
	"net/url"
)

var errNoRedirect = errors.New("the server answers without a redirect")

// Redirect sends a request without the token and returns where the server redirects to. The redirect is not followed. No answer, and a
// refusal, is an [*Error].
func (c *Client) Redirect(ctx context.Context, r Request) (*url.URL, error) {
	r.anonymous = true
	err := c.Send(ctx, r, nil)
	answered, ok := errors.AsType[*Error](err)
	switch {
	case err == nil:
		return nil, errNoRedirect
	case !ok || answered.Status < http.StatusMultipleChoices || answered.Status >= http.StatusBadRequest:
		return nil, err
	}
	location, wrong := url.Parse(answered.header.Get("Location"))
	if wrong != nil || location.String() == "" {
		return nil, err
	}
	return location, nil
}
