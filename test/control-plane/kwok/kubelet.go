package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"k8s.io/kubelet/pkg/cri/streaming/remotecommand"
)

// serveKubelet answers what the API server asks the kubelets of kwok's nodes: exec by itself, because kwok passes on
// neither the end of a command's input nor its exit status, and everything else through kwok at the address given.
//
// Only administrators of the cluster are heard, by their client certificates: a command runs on this machine.
func serveKubelet(address, kwok string) error {
	authority, err := os.ReadFile("ca.crt")
	if err != nil {
		return err
	}
	clients := x509.NewCertPool()
	if !clients.AppendCertsFromPEM(authority) {
		return errors.New("ca.crt holds no certificate")
	}
	routes := http.NewServeMux()
	routes.HandleFunc("/exec/{namespace}/{pod}/{container}", exec)
	routes.HandleFunc("/exec/{namespace}/{pod}/{uid}/{container}", exec)
	routes.Handle("/", httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: kwok}))
	server := &http.Server{
		Addr:      address,
		Handler:   administratorsOnly(routes),
		TLSConfig: &tls.Config{ClientCAs: clients, ClientAuth: tls.VerifyClientCertIfGiven, MinVersion: tls.VersionTLS12},
		// Streams are taken over from HTTP/1.1 connections.
		TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){},
		ErrorLog:     log.New(os.Stderr, "kubelet: ", log.LstdFlags),
	}
	return server.ListenAndServeTLS("serving.crt", "serving.key")
}

func administratorsOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		isAdministrator := len(request.TLS.VerifiedChains) > 0 &&
			slices.Contains(request.TLS.PeerCertificates[0].Subject.Organization, "system:masters")
		if !isAdministrator && request.URL.Path != "/healthz" {
			http.Error(response, "Unauthorized", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(response, request)
	})
}

func exec(response http.ResponseWriter, request *http.Request) {
	options, err := remotecommand.NewOptions(request)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	name := strings.Join([]string{request.PathValue("namespace"), request.PathValue("pod")}, "/")
	command := request.URL.Query()["command"]
	remotecommand.ServeExec(response, request, executor{}, name, "", request.PathValue("container"), command, options,
		4*time.Hour, 30*time.Second, protocols)
}
