// hello-go PORT: what Go's own HTTP server answers with a body of 1 KiB. No files.
package main

import (
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	body := []byte(strings.Repeat("x", 1024))
	server := http.Server{
		Addr:        "127.0.0.1:" + os.Args[1],
		IdleTimeout: 5 * time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Write(body)
		}),
	}
	log.Fatal(server.ListenAndServe())
}
