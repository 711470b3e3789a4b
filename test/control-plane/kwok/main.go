// Command kwok is kwok, which plays the kubelets of nodes, with words of its own before kwok's flags:
//
//	definitions           prints the CustomResourceDefinitions of the kinds that steer it
//	stages                prints the stages that it has by itself
//	kubelet ADDRESS KWOK  runs it, with a kubelet at ADDRESS in front of kwok's own server at KWOK
//
// It is a module of its own because it builds on other releases of Kubernetes' libraries than the control plane.
package main

import (
	"fmt"
	"os"

	"slipway/control-plane/lifetime"
)

func main() {
	switch words := os.Args[1:]; {
	case len(words) == 1 && words[0] == "definitions":
		exitWith(writeDefinitions(os.Stdout))
	case len(words) == 1 && words[0] == "stages":
		exitWith(writeStages(os.Stdout))
	case len(words) >= 3 && words[0] == "kubelet":
		lifetime.EndWithInput(os.Stdin, os.Getenv("CONTROL_PLANE_DIRECTORY"))
		os.Args = append([]string{"kwok"}, words[3:]...)
		go func() { exitWith(serveKubelet(words[1], words[2])) }()
		os.Exit(run())
	default:
		fmt.Fprintln(os.Stderr, "usage: kwok definitions|stages|kubelet ADDRESS KWOK [flags]")
		os.Exit(2)
	}
}

func exitWith(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}
