// Package lifetime ends a process with the one that started it.
package lifetime

import (
	"io"
	"os"
	"syscall"
	"time"
)

// EndWithInput kills this process, and what it started, when input ends: the process that holds its other end is gone.
// The directory goes too, since nobody is left to remove it; twice, because the other parts may still be writing to
// it. A word on input before its end says that this part alone is to end.
func EndWithInput(input io.Reader, directory string) {
	go func() {
		said, _ := io.ReadAll(io.LimitReader(input, 64))
		if len(said) == 0 && directory != "" {
			_ = os.RemoveAll(directory)
			time.Sleep(200 * time.Millisecond)
			_ = os.RemoveAll(directory)
		}
		if syscall.Getpgrp() == os.Getpid() {
			_ = syscall.Kill(0, syscall.SIGKILL)
		}
		os.Exit(1)
	}()
}
