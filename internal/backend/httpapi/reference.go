package httpapi

import (
	"bufio"
	"errors"
	"net"
	"net/http"

	"github.com/accessascode/terraform-provider-uipath/internal/backend/store"
)

// snapshotBuffer is how many bytes of a snapshot are sent at a time.
const snapshotBuffer = 64 << 10

// health says that the backend can read its data.
func (a *API) health(r *http.Request) (reply, error) {
	err := a.store.Read(r.Context(), func(tx *store.Tx) error {
		_, err := tx.Organization(r.Context())
		return err
	})
	if err != nil {
		return reply{}, err
	}
	return jsonReply(map[string]string{"status": "ok"})
}

func (a *API) reset(r *http.Request) (reply, error) {
	return reply{status: http.StatusNoContent}, a.own.Reset(r.Context())
}

// snapshot answers with a file of any length, which is written while the data is read.
func (a *API) snapshot(r *http.Request) (reply, error) {
	return reply{stream: func(w http.ResponseWriter) error {
		w.Header().Set("Content-Type", "application/yaml; charset=utf-8")
		body := steadyWriter{w, http.NewResponseController(w)}
		out := bufio.NewWriterSize(body, snapshotBuffer)
		if err := a.own.Snapshot(r.Context(), out); err != nil {
			return err
		}
		return errors.Join(out.Flush(), body.release())
	}}, nil
}

// errNotLocal refuses other machines, and names that only lead to this one.
var errNotLocal = &httpError{http.StatusForbidden, "This endpoint answers this machine only: call it there, at 127.0.0.1 or localhost."}

// private guards an operation that asks for no token: it answers programs on this machine, not web pages in a browser on it
// and not other machines.
func (a *API) private(handle func(*http.Request) (reply, error)) func(*http.Request) (reply, error) {
	return func(r *http.Request) (reply, error) {
		if err := a.guard.Check(r); err != nil {
			return reply{}, &httpError{http.StatusForbidden, "This endpoint does not answer requests that a web page makes."}
		}
		if !isLocalHost(r.Host) || !isLocalPeer(r.RemoteAddr) {
			return reply{}, errNotLocal
		}
		return handle(r)
	}
}

// isLocalPeer reports whether a request comes from this machine. Connections in memory have no address.
func isLocalPeer(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
