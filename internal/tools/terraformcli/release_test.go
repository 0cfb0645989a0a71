package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/hashicorp/hc-install/product"
)

// site serves one release in the layout of https://releases.hashicorp.com.
type site struct {
	*httptest.Server

	publicKey string
	files     map[string][]byte // by path; may be spoilt before the first request
	requests  []string          // one client at a time
}

const program = "the Terraform CLI"

func newSite(t *testing.T) *site {
	t.Helper()

	archive := archiveName()
	prefix := "/terraform/" + fetched.String() + "/"
	sums := "terraform_" + fetched.String() + "_SHA256SUMS"

	content := zipped(t, map[string]string{product.Terraform.BinaryName(): program, "LICENSE.txt": "license"})
	list := fmt.Appendf(nil, "%x  %s\n", sha256.Sum256(content), archive)
	publicKey, signature := signed(t, list)

	index, err := json.Marshal(map[string]any{
		"name": "terraform", "version": fetched.String(),
		"shasums": sums, "shasums_signature": sums + ".sig", "shasums_signatures": []string{sums + ".sig"},
		"builds": []map[string]string{{
			"name": "terraform", "version": fetched.String(), "os": runtime.GOOS, "arch": runtime.GOARCH,
			"filename": archive, "url": "https://releases.hashicorp.com" + prefix + archive,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}

	s := &site{publicKey: publicKey, files: map[string][]byte{
		prefix + "index.json":  index,
		prefix + archive:       content,
		prefix + sums:          list,
		prefix + sums + ".sig": signature,
	}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests = append(s.requests, r.URL.Path)
		file, ok := s.files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		switch filepath.Ext(r.URL.Path) {
		case ".json":
			w.Header().Set("Content-Type", "application/json")
		case ".zip":
			w.Header().Set("Content-Type", "application/zip")
		}
		_, _ = w.Write(file)
	}))
	t.Cleanup(s.Close)
	return s
}

// release is what the site serves, to be installed into directory.
func (s *site) release(directory string) release {
	return release{version: fetched, directory: directory, baseURL: s.URL + "/", publicKey: s.publicKey, client: s.Client()}
}

// spoil replaces the file whose path ends so.
func (s *site) spoil(t *testing.T, suffix string, change func([]byte) []byte) {
	t.Helper()
	for path, file := range s.files {
		if strings.HasSuffix(path, suffix) {
			if s.files[path] = change(bytes.Clone(file)); s.files[path] == nil {
				delete(s.files, path)
			}
			return
		}
	}
	t.Fatalf("the site has no file %s", suffix)
}

func TestInstall(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	dir := filepath.Join(t.TempDir(), "missing", "terraform")
	var progress bytes.Buffer

	path, err := s.release(dir).install(t.Context(), &progress)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(dir, fetched.String(), product.Terraform.BinaryName()); path != want {
		t.Errorf("installed at %s, want %s", path, want)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != program {
		t.Errorf("installed %q, want %q", text, program)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm()&0o100 == 0 {
		t.Errorf("installed with mode %v, which cannot be executed", info.Mode())
	}
	if !strings.Contains(progress.String(), fetched.String()) {
		t.Errorf("the progress %q does not say what is fetched", &progress)
	}
	onlyHolds(t, dir, fetched.String())

	before := len(s.requests)
	again, err := s.release(dir).install(t.Context(), &progress)
	if err != nil || again != path {
		t.Errorf("second call: got %q and error %v, want %q", again, err, path)
	}
	if len(s.requests) != before {
		t.Errorf("second call sent requests: %q", s.requests[before:])
	}
}

func TestInstallRefuses(t *testing.T) {
	t.Parallel()

	flip := func(b []byte) []byte { b[len(b)/2] ^= 0xff; return b }
	remove := func([]byte) []byte { return nil }
	tests := map[string]struct {
		spoil func(t *testing.T, s *site)
		want  string
	}{
		"another archive than the list says": {
			func(t *testing.T, s *site) { t.Helper(); s.spoil(t, ".zip", flip) }, "has not the published checksum",
		},
		"another list than was signed": {
			func(t *testing.T, s *site) {
				t.Helper()
				s.spoil(t, ".zip", flip)
				s.spoil(t, "_SHA256SUMS", func([]byte) []byte {
					return fmt.Appendf(nil, "%x  %s\n", sha256.Sum256(s.files["/terraform/"+fetched.String()+"/"+archiveName()]), archiveName())
				})
			}, "signature",
		},
		"signed by somebody else": {
			func(t *testing.T, s *site) { t.Helper(); s.publicKey, _ = signed(t, []byte("x")) }, "signature",
		},
		"no signature": {
			func(t *testing.T, s *site) { t.Helper(); s.spoil(t, ".sig", remove) }, "404",
		},
		"no such release": {
			func(t *testing.T, s *site) { t.Helper(); s.spoil(t, "index.json", remove) }, "404",
		},
		"cut off": {
			func(t *testing.T, s *site) {
				t.Helper()
				s.spoil(t, ".zip", func(b []byte) []byte { return b[:len(b)/2] })
			}, "has not the published checksum",
		},
		"nobody there": {
			func(t *testing.T, s *site) { t.Helper(); s.Close() }, "connect",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := newSite(t)
			test.spoil(t, s)
			dir := t.TempDir()

			path, err := s.release(dir).install(t.Context(), &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %q and error %v, want an error with %q", path, err, test.want)
			}
			onlyHolds(t, dir)
		})
	}
}

func TestInstallRefusesBaseURL(t *testing.T) {
	t.Parallel()

	for _, baseURL := range []string{"releases.example.com", "file:///srv/releases", "http://", "://"} {
		t.Run(baseURL, func(t *testing.T) {
			t.Parallel()

			r := release{version: fetched, directory: t.TempDir(), baseURL: baseURL}
			_, err := r.install(t.Context(), &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", baseURL)) {
				t.Errorf("got error %v, want one that names %q", err, baseURL)
			}
		})
	}
}

func archiveName() string {
	return fmt.Sprintf("terraform_%s_%s_%s.zip", fetched, runtime.GOOS, runtime.GOARCH)
}

func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	archive := zip.NewWriter(&buffer)
	for name, text := range files {
		w, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

// signed makes a key and returns its public half, armored, with its signature of text.
func signed(t *testing.T, text []byte) (publicKey string, signature []byte) {
	t.Helper()

	entity, err := openpgp.NewEntity("Test", "", "test@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	var key, detached bytes.Buffer
	w, err := armor.Encode(&key, openpgp.PublicKeyType, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := entity.Serialize(w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := openpgp.DetachSign(&detached, entity, bytes.NewReader(text), nil); err != nil {
		t.Fatal(err)
	}
	return key.String(), detached.Bytes()
}

// onlyHolds checks that nothing but what is named is left in the directory.
func onlyHolds(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]string, 0, len(entries))
	for _, entry := range entries {
		got = append(got, entry.Name())
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Errorf("%s holds %q, want %q", dir, got, names)
	}
}
