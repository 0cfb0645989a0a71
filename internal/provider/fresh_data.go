package provider

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// The folder of fresh data files, in the folder that Terraform keeps its own working data in, and who may read it.
const (
	envDataDir      = "TF_DATA_DIR"
	defaultDataDir  = ".terraform"
	freshFolder     = "uipath-reference-backend"
	freshFolderMode = 0o700
)

// freshDataFile returns the data file that all providers of one Terraform process share if they have the same seed, and removes those of
// processes that are over. Terraform starts several provider processes one after the other, such as for each run block of a test. What
// they have in common is the process that started them.
func freshDataFile(dataDir string, seed []byte, parent int) (string, error) {
	folder := filepath.Join(cmp.Or(dataDir, defaultDataDir), freshFolder)
	if err := os.MkdirAll(folder, freshFolderMode); err != nil { //nolint:gosec // The caller names it.
		return "", err
	}
	if err := os.Chmod(folder, freshFolderMode); err != nil { //nolint:gosec // As above.
		return "", err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		if isLeftOver(entry.Name()) {
			// Another process may remove it at the same time.
			err := os.Remove(filepath.Join(folder, entry.Name())) //nolint:gosec // As above.
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				return "", err
			}
		}
	}
	const hashed = 6 // Bytes that tell one seed from another.
	hash := sha256.Sum256(seed)
	return filepath.Join(folder, fmt.Sprintf("%s.%x.db", processName(parent), hash[:hashed])), nil
}

// isLeftOver reports whether a file belongs to a process that is over.
func isLeftOver(file string) bool {
	name, _, _ := strings.Cut(file, ".")
	pid, _, _ := strings.Cut(name, "-")
	n, err := strconv.Atoi(pid)
	return err == nil && (!isRunning(n) || processName(n) != name)
}

// processName tells a process from earlier ones with the same number, where the system says when it began.
func processName(pid int) string {
	const startField = 19                                       // Behind the name of the program.
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) //nolint:gosec // A number cannot lead elsewhere.
	if err != nil {
		return strconv.Itoa(pid)
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) <= startField {
		return strconv.Itoa(pid)
	}
	return fmt.Sprintf("%d-%s", pid, fields[startField])
}

// isRunning reports whether there is a process with a number. If nobody knows, there is.
func isRunning(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	return !errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
