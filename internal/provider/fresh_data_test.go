package provider

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFreshDataFile(t *testing.T) {
	t.Parallel()
	over := exec.CommandContext(t.Context(), os.Args[0], "-test.list=^$")
	if err := over.Run(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	folder := filepath.Join(dir, freshFolder)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	place := func(name string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ours := processName(os.Getpid())
	kept := []string{place(ours + ".abc.db"), place(ours + ".abc.db-wal"), place("notes.txt")}
	gone := []string{place(processName(over.Process.Pid) + ".abc.db"), place(processName(over.Process.Pid) + ".abc.db-wal")}
	if strings.Contains(ours, "-") {
		// An earlier process had our number.
		gone = append(gone, place(ours+"9.abc.db"))
	}

	one, err := freshDataFile(dir, []byte("a seed"), os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	same, err := freshDataFile(dir, []byte("a seed"), os.Getpid())
	if err != nil || same != one {
		t.Errorf("got %q and %q, %v", one, same, err)
	}
	if other, err := freshDataFile(dir, nil, os.Getpid()); err != nil || other == one {
		t.Errorf("another seed has the same file %q, %v", other, err)
	}
	if other, err := freshDataFile(dir, []byte("a seed"), os.Getppid()); err != nil || other == one {
		t.Errorf("another process has the same file %q, %v", other, err)
	}
	for _, path := range kept {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("it removed what is in use: %v", err)
		}
	}
	for _, path := range gone {
		if _, err := os.Stat(path); err == nil {
			t.Errorf("it left %s", path)
		}
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info, err)
	}
}
