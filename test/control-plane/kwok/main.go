// Command kwok is kwok, which plays the kubelets of nodes, with two words more: `definitions` prints the
// CustomResourceDefinitions of the kinds that steer it, `stages` the stages that it has by itself.
//
// It is a module of its own because it builds on other releases of Kubernetes' libraries than the control plane.
package main

import (
	"fmt"
	"io"
	"os"

	"slipway/control-plane/lifetime"
)

func main() {
	if len(os.Args) == 2 {
		switch os.Args[1] {
		case "definitions":
			os.Exit(write(writeDefinitions))
		case "stages":
			os.Exit(write(writeStages))
		}
	}
	lifetime.EndWithInput(os.Stdin, os.Getenv("CONTROL_PLANE_DIRECTORY"))
	os.Exit(run())
}

func write(what func(io.Writer) error) int {
	if err := what(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
