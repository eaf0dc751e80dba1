package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// plan is one load: connections that ask again as soon as they are answered.
type plan struct {
	addr    string
	config  *tls.Config // nil: plain TCP
	request []byte      // as it goes over the wire
	conns   int
	length  time.Duration
	// anew opens a connection for each call.
	anew bool
}

// outcome is what a load gave.
type outcome struct {
	Requests  int     `json:"requests"`
	PerSecond float64 `json:"requests_per_second"`
	P50       float64 `json:"p50_us"`
	P99       float64 `json:"p99_us"`
	Max       float64 `json:"max_us"`
	Failed    int     `json:"failed"`
	// CPU is the processor time of the server for a request, in µs: what it
	// costs, whoever else is on the machine.
	CPU float64 `json:"cpu_us_per_request"`
}

// load runs a plan. A warm-up of a tenth of its length is not counted.
func load(p plan) (outcome, error) {
	var (
		mu     sync.Mutex
		all    []time.Duration
		failed int
		first  error
		wg     sync.WaitGroup
	)
	begin := time.Now().Add(p.length / 10)
	end := begin.Add(p.length)
	for range p.conns {
		wg.Go(func() {
			took, bad, err := p.one(begin, end)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			failed += bad
			if first == nil {
				first = err
			}
		})
	}
	wg.Wait()
	if len(all) == 0 {
		return outcome{}, fmt.Errorf("%s answered nothing: %w", p.addr, first)
	}
	slices.Sort(all)
	us := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
	return outcome{Requests: len(all), PerSecond: float64(len(all)) / p.length.Seconds(), Failed: failed,
		P50: us(all[len(all)/2]), P99: us(all[len(all)*99/100]), Max: us(all[len(all)-1])}, nil
}

// one is one connection's part.
func (p plan) one(begin, end time.Time) (took []time.Duration, failed int, first error) {
	var c *conn
	defer func() { c.close() }()
	for {
		start := time.Now()
		if start.After(end) {
			return took, failed, first
		}
		err := func() (err error) {
			if c == nil || p.anew {
				c.close()
				if c, err = dial(p); err != nil {
					return err
				}
			}
			return c.call(p.request)
		}()
		now := time.Now()
		if err != nil {
			c.close()
			c = nil
			if first == nil {
				first = err
			}
			if failed++; failed > 1000 {
				return took, failed, first
			}
			continue
		}
		if start.After(begin) {
			took = append(took, now.Sub(start))
		}
	}
}

// conn is a connection that speaks just enough HTTP/1.1 to be cheap: the
// generator shares the cores with what it measures.
type conn struct {
	net.Conn
	r *bufio.Reader
}

func dial(p plan) (*conn, error) {
	raw, err := net.DialTimeout("tcp", p.addr, 5*time.Second)
	if err != nil {
		return nil, err
	}
	c := raw
	if p.config != nil {
		c = tls.Client(raw, p.config)
	}
	return &conn{c, bufio.NewReaderSize(c, 8<<10)}, nil
}

func (c *conn) close() {
	if c != nil {
		_ = c.Conn.Close()
	}
}

var errStatus = errors.New("status")

// call sends the request and reads the whole answer.
func (c *conn) call(request []byte) error {
	if _, err := c.Write(request); err != nil {
		return err
	}
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(line) < 12 || string(line[9:12]) != "200" {
		return fmt.Errorf("%w: %s", errStatus, bytes.TrimSpace(line))
	}
	length, chunked := -1, false
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if v, ok := header(line, "content-length"); ok {
			if length, err = strconv.Atoi(v); err != nil {
				return err
			}
		} else if v, ok := header(line, "transfer-encoding"); ok && v == "chunked" {
			chunked = true
		}
	}
	if chunked {
		return c.chunks()
	}
	if length < 0 {
		return errors.New("no length")
	}
	_, err = c.r.Discard(length)
	return err
}

func (c *conn) chunks() error {
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return err
		}
		n, err := strconv.ParseUint(string(bytes.TrimSpace(line)), 16, 31)
		if err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, c.r, int64(n)+2); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
	}
}

func header(line []byte, name string) (string, bool) {
	if len(line) <= len(name) || line[len(name)] != ':' || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return "", false
	}
	return string(bytes.TrimSpace(line[len(name)+1:])), true
}
