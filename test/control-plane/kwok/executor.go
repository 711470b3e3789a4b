package main

import (
	"context"
	"errors"
	"io"
	osexec "os/exec"
	"time"

	"github.com/creack/pty"
	"k8s.io/apimachinery/pkg/types"
	constants "k8s.io/apimachinery/pkg/util/remotecommand"
	"k8s.io/client-go/tools/remotecommand"
	utilexec "k8s.io/utils/exec"
)

var protocols = constants.SupportedStreamingProtocols

// executor runs commands of containers on this machine, in the folder `exec`.
type executor struct{}

func (executor) ExecInContainer(
	ctx context.Context, _ string, _ types.UID, _ string, command []string,
	in io.Reader, out, err io.WriteCloser, tty bool, resize <-chan remotecommand.TerminalSize, _ time.Duration,
) error {
	if len(command) == 0 {
		return errors.New("no command was given")
	}
	process := osexec.CommandContext(ctx, command[0], command[1:]...)
	process.Dir = "exec"
	process.WaitDelay = time.Second
	if tty {
		return withExitStatus(runWithTerminal(process, in, out, resize))
	}
	process.Stdout, process.Stderr = writerOf(out), writerOf(err)
	if in != nil {
		input, err := process.StdinPipe()
		if err != nil {
			return err
		}
		// Apart from the process, which may end before its input does.
		go func() {
			_, _ = io.Copy(input, in)
			_ = input.Close()
		}()
	}
	return withExitStatus(process.Run())
}

func runWithTerminal(
	process *osexec.Cmd, in io.Reader, out io.Writer, resize <-chan remotecommand.TerminalSize,
) error {
	terminal, err := pty.Start(process)
	if err != nil {
		return err
	}
	defer func() { _ = terminal.Close() }()
	go func() {
		for size := range resize {
			_ = pty.Setsize(terminal, &pty.Winsize{Rows: size.Height, Cols: size.Width})
		}
	}()
	if in != nil {
		go func() { _, _ = io.Copy(terminal, in) }()
	}
	// Ends with an error when the process does.
	_, _ = io.Copy(out, terminal)
	return process.Wait()
}

// writerOf keeps a stream that nobody asked for from being a writer that is not nil and holds nothing.
func writerOf(stream io.WriteCloser) io.Writer {
	if stream == nil {
		return nil
	}
	return stream
}

// withExitStatus gives the error the form in which the kubelet's protocol finds exit statuses; 127 is what shells say
// of a command that is not there.
func withExitStatus(err error) error {
	var exit *osexec.ExitError
	switch {
	case errors.As(err, &exit):
		return utilexec.CodeExitError{Err: err, Code: exit.ExitCode()}
	case errors.Is(err, osexec.ErrNotFound):
		return utilexec.CodeExitError{Err: err, Code: 127}
	}
	return err
}
