// Command control-plane is every part of a Kubernetes control plane in one binary. The first argument says which part
// runs; what follows are that part's own flags.
//
// What kwok needs to know of its own kinds is printed by kwok-definitions and kwok-stages.
//
// A part ends when its standard input ends, so that nothing is left running when the process that started it is killed.
package main

import (
	"fmt"
	"os"
	_ "time/tzdata" // time zones of CronJobs

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	part := os.Args[1]
	switch part {
	case "kwok-definitions":
		exitWith(writeKwokDefinitions(os.Stdout))
	case "kwok-stages":
		exitWith(writeKwokStages(os.Stdout))
	}
	// The parts read os.Args as if they had a binary of their own.
	os.Args = append([]string{part}, os.Args[2:]...)
	endWithInput(os.Stdin, os.Getenv("CONTROL_PLANE_DIRECTORY"))
	switch part {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllers.NewControllerManagerCommand()))
	case "kube-scheduler":
		os.Exit(cli.Run(scheduler.NewSchedulerCommand()))
	case "kwok":
		os.Exit(runKwok())
	default:
		usage()
	}
}

func exitWith(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: control-plane etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kwok [flags]")
	fmt.Fprintln(os.Stderr, "       control-plane kwok-definitions|kwok-stages")
	os.Exit(2)
}
