package main

import (
	"io"

	"sigs.k8s.io/kwok/kustomize/crd"
	node "sigs.k8s.io/kwok/kustomize/stage/node/fast"
	pod "sigs.k8s.io/kwok/kustomize/stage/pod/fast"
)

// writeDefinitions writes the CustomResourceDefinitions of the kinds that steer kwok's nodes and pods.
func writeDefinitions(out io.Writer) error {
	return writeDocuments(out,
		crd.Stage, crd.Logs, crd.ClusterLogs, crd.PortForward, crd.ClusterPortForward)
}

// writeStages writes the stages that kwok has by itself as long as no stages come from the cluster.
func writeStages(out io.Writer) error {
	return writeDocuments(out,
		[]byte(node.DefaultNodeInit), []byte(pod.DefaultPodReady), []byte(pod.DefaultPodComplete), []byte(pod.DefaultPodDelete))
}

func writeDocuments(out io.Writer, documents ...[]byte) error {
	for _, document := range documents {
		if _, err := out.Write(append([]byte("---\n"), append(document, '\n')...)); err != nil {
			return err
		}
	}
	return nil
}
