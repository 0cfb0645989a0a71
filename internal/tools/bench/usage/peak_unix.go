//go:build unix

package usage

import (
	"os"
	"runtime"
	"syscall"
)

func peakBytes(state *os.ProcessState) int64 {
	rusage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	peak := int64(rusage.Maxrss) //nolint:unconvert // It is an int32 on some systems.
	if runtime.GOOS != "darwin" && runtime.GOOS != "ios" {
		peak *= 1024 // Elsewhere it is in kilobytes.
	}
	return peak
}
