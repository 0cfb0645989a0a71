// Package usage is what the operating system charges a finished process with, and the file in which the launcher keeps it for
// the benchmark.
package usage

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Process is what one finished process took.
type Process struct {
	// CPU is user and system time together, in nanoseconds where it is written down.
	CPU time.Duration
	// PeakBytes is the most memory that was resident at once; 0 where the system does not tell.
	PeakBytes int64
}

// Of reads what a process took that has ended.
func Of(state *os.ProcessState) Process {
	return Process{CPU: state.UserTime() + state.SystemTime(), PeakBytes: peakBytes(state)}
}

// Add returns what several processes took that ran one after another: the time of all, the memory of the largest.
func (p Process) Add(other Process) Process {
	return Process{CPU: p.CPU + other.CPU, PeakBytes: max(p.PeakBytes, other.PeakBytes)}
}

// Append adds a process to the file as one line. Several programs may append at once.
func (p Process) Append(file string) error {
	line, err := json.Marshal(p)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}

// Take returns what the processes in the file took together, and removes the file. Without a file it was none.
func Take(file string) (Process, error) {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Process{}, nil
	}
	if err != nil {
		return Process{}, err
	}
	defer f.Close() //nolint:errcheck // It was only read.

	var total Process
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var p Process
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return Process{}, fmt.Errorf("%s, line %d: %w", file, n, err)
		}
		total = total.Add(p)
	}
	return total, errors.Join(lines.Err(), os.Remove(file))
}
