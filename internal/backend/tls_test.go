package backend_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// certificate writes a certificate of this machine and its key, and returns where they are and who trusts it.
func certificate(t *testing.T) (certFile, keyFile string, trusting *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, kind string, bytes []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	parsed, err := x509.ParseCertificate(cert)
	if err != nil {
		t.Fatal(err)
	}
	trusting = x509.NewCertPool()
	trusting.AddCert(parsed)
	return write("cert.pem", "CERTIFICATE", cert), write("key.pem", "PRIVATE KEY", der), trusting
}

func TestCommandServesTLS(t *testing.T) {
	t.Parallel()
	cert, key, trusting := certificate(t)
	c := start(t, map[string]string{"UIPATH_BACKEND_TLS_KEY": key}, "-tls-cert", cert)
	if !strings.HasPrefix(c.url, "https://127.0.0.1:") {
		t.Fatalf("base URL %q", c.url)
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusting}}
	defer transport.CloseIdleConnections()
	for _, url := range []string{c.url, strings.Replace(c.url, "https:", "http:", 1)} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/_reference/health", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if secure := strings.HasPrefix(url, "https:"); secure != (res.StatusCode == http.StatusOK) {
			t.Errorf("%s: got %d", url, res.StatusCode)
		}
	}
	transport.CloseIdleConnections()
	if code, _ := c.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, c.stderr)
	}
}
