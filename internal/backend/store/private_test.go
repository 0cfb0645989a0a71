package store

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// checkPrivate opens a data file, writes to it, and checks that it and the files beside it are their owner's alone.
func checkPrivate(t *testing.T, file string) {
	t.Helper()
	s := mustOpen(t, file)
	if err := s.Write(t.Context(), func(tx *Tx) error { return tx.PutSetting(t.Context(), "a", "1") }); err != nil {
		t.Fatal(err)
	}
	path, err := filepath.EvalSymlinks(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != fileMode {
			t.Errorf("%s has the mode %v", filepath.Base(name), info.Mode())
		}
	}
}

func TestDataFilesAreTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	checkPrivate(t, filepath.Join(t.TempDir(), "state.db"))
}

func TestDataFilesBecomeTheirOwnersAlone(t *testing.T) {
	t.Parallel()
	for name, prepared := range map[string]func(t *testing.T, file string){
		"an empty file": func(t *testing.T, file string) {
			t.Helper()
			widen(t, file)
		},
		"a data file": func(t *testing.T, file string) {
			t.Helper()
			s, err := Open(t.Context(), file, begin)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			widen(t, file)
		},
		"a data file in use": func(t *testing.T, file string) {
			t.Helper()
			mustOpen(t, file)
			widen(t, file, file+"-wal", file+"-shm")
		},
		"a link": func(t *testing.T, file string) {
			t.Helper()
			target := filepath.Join(t.TempDir(), "target.db")
			widen(t, target)
			if err := os.Symlink(target, file); err != nil {
				t.Fatal(err)
			}
		},
		"a link to nothing": func(t *testing.T, file string) {
			t.Helper()
			if err := os.Symlink(filepath.Join(t.TempDir(), "target.db"), file); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "state.db")
			prepared(t, file)
			checkPrivate(t, file)
		})
	}
}

// widen lets everybody read and write files. It creates those that are missing.
func widen(t *testing.T, files ...string) {
	t.Helper()
	const everybody = 0o666
	for _, file := range files {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			if err := os.WriteFile(file, nil, fileMode); err != nil {
				t.Fatal(err)
			}
		}
		// A file that is there is not opened: closing it would give up the locks that this process has on it.
		if err := os.Chmod(file, everybody); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFileThatIsNoDataFileKeepsItsMode(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "foreign.db")
	widen(t, file)
	execute(t, file, "CREATE TABLE recipes (name TEXT)")
	if _, err := Open(t.Context(), file, begin); err == nil {
		t.Fatal("it was opened")
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() == fileMode {
		t.Error("the mode was changed")
	}
}

// The umask belongs to the whole process, so another one opens the file.
func TestDataFilesAreTheirOwnersAloneUnderAnyUmask(t *testing.T) {
	t.Parallel()
	const variable = "STORE_TEST_UMASK"
	if os.Getenv(variable) != "" {
		checkPrivate(t, "state.db")
		return
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skipf("there is no shell to set a umask: %v", err)
	}
	for _, umask := range []string{"0000", "0022", "0377", "0777"} {
		t.Run(umask, func(t *testing.T) {
			t.Parallel()
			c := exec.CommandContext(t.Context(), shell, "-c", "umask "+umask+`; exec "$0" "$@"`, os.Args[0],
				"-test.run=^TestDataFilesAreTheirOwnersAloneUnderAnyUmask$", "-test.v")
			c.Env, c.Dir = append(os.Environ(), variable+"="+umask), t.TempDir()
			output, err := c.CombinedOutput()
			if err != nil || !strings.Contains(string(output), "--- PASS") {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}
