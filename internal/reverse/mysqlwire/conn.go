package mysqlwire

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"net"
	"time"
)

// Capabilities that this client has. LOCAL_FILES is not among them.
const (
	longPassword     = 1 << 0
	longFlag         = 1 << 2
	connectWithDB    = 1 << 3
	protocol41       = 1 << 9
	useTLS           = 1 << 11
	transactions     = 1 << 13
	secureConnection = 1 << 15
	pluginAuth       = 1 << 19

	needed = protocol41 | secureConnection | pluginAuth
)

// utf8mb4 is the collation utf8mb4_general_ci, which both servers know.
const utf8mb4 = 45

// ErrNoTLS says that TLS was asked for and the server has none.
var ErrNoTLS = errors.New("mysql: the server offers no TLS")

// Config is how to connect. The network connection is the caller's matter.
type Config struct {
	User, Password, Database string
	TLS                      *tls.Config // nil: not encrypted
	MaxAnswer                int         // bytes of one answer; 0: 64 MiB
}

// Conn is a connection. It is for one goroutine.
type Conn struct {
	net       net.Conn
	in        *bufio.Reader
	seq       byte
	left      int // bytes that the current answer may still have
	max       int
	encrypted bool
	// Version is the server's own: "8.0.36", "10.11.19-MariaDB-…".
	Version string
}

// Connect greets the server over an open connection, which it closes when that
// fails. ctx bounds the greeting only.
func Connect(ctx context.Context, raw net.Conn, cfg Config) (*Conn, error) {
	c := &Conn{net: raw, in: bufio.NewReaderSize(raw, 16<<10), max: cfg.MaxAnswer}
	if c.max <= 0 {
		c.max = 64 << 20
	}
	done := c.bound(ctx)
	defer done()
	if err := c.greet(ctx, cfg); err != nil {
		_ = c.net.Close()
		return nil, ended(ctx, err)
	}
	return c, nil
}

// bound makes reads and writes end with ctx, until the function it gives is
// called.
func (c *Conn) bound(ctx context.Context) func() {
	conn := c.net
	if d, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(d)
	} else {
		_ = conn.SetDeadline(time.Time{})
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	return func() { stop() }
}

func ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (c *Conn) greet(ctx context.Context, cfg Config) error {
	c.left = 1 << 20
	p, err := c.read()
	if err != nil {
		return err
	}
	if len(p) > 0 && p[0] == 0xff {
		return refusal(p)
	}
	f := fields{rest: p}
	if f.uint(1) != 10 {
		return ErrProtocol
	}
	c.Version = f.text()
	f.uint(4) // the connection's number
	challenge := append([]byte{}, f.bytes(8)...)
	f.uint(1)
	caps := f.uint(2)
	f.uint(1 + 2) // collation and status
	caps |= f.uint(2) << 16
	n := int(f.uint(1))
	f.bytes(10)
	challenge = append(challenge, f.bytes(max(13, n-8))...)
	method := f.text()
	if f.bad || caps&needed != needed {
		return ErrProtocol
	}
	if method != cachingSHA2 {
		method = nativePassword // the server switches when the account has another
	}
	answer, err := proof(method, cfg.Password, challenge)
	if err != nil {
		return err
	}
	flags := uint32(needed | longPassword | longFlag | transactions)
	if cfg.Database != "" {
		flags |= connectWithDB
	}
	if cfg.TLS != nil {
		if caps&useTLS == 0 {
			return ErrNoTLS
		}
		flags |= useTLS
		if err := c.encrypt(ctx, flags, cfg.TLS); err != nil {
			return err
		}
	}
	hello := opening(flags)
	hello = append(append(hello, cfg.User...), 0, byte(len(answer)))
	hello = append(hello, answer...)
	if cfg.Database != "" {
		hello = append(append(hello, cfg.Database...), 0)
	}
	if err := c.write(append(append(hello, method...), 0)); err != nil {
		return err
	}
	return c.authenticate(method, cfg.Password)
}

// opening is what a request for TLS and an answer to the greeting begin with.
func opening(flags uint32) []byte {
	b := make([]byte, 32)
	binary.LittleEndian.PutUint32(b, flags)
	binary.LittleEndian.PutUint32(b[4:], maxPacket)
	b[8] = utf8mb4
	return b
}

func (c *Conn) encrypt(ctx context.Context, flags uint32, cfg *tls.Config) error {
	if err := c.write(opening(flags)); err != nil {
		return err
	}
	if c.in.Buffered() > 0 {
		return ErrProtocol // something was slipped in before the encryption
	}
	secure := tls.Client(c.net, cfg)
	if err := secure.HandshakeContext(ctx); err != nil {
		return err
	}
	c.net, c.in, c.encrypted = secure, bufio.NewReaderSize(secure, 16<<10), true
	return nil
}

// Close says goodbye and closes.
func (c *Conn) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	defer c.bound(ctx)()
	c.seq = 0
	_ = c.write([]byte{1}) // COM_QUIT; a connection that is broken is closed all the same
	return c.net.Close()
}

// Row is a row of texts; nil is SQL NULL.
type Row []*string

// Text gives a value, "" for NULL.
func (r Row) Text(i int) string {
	if i >= len(r) || r[i] == nil {
		return ""
	}
	return *r[i]
}

// Query asks and reads the whole answer. A statement without rows gives none.
// After an error other than a *ServerError the connection is of no more use.
func (c *Conn) Query(ctx context.Context, statement string) ([]Row, error) {
	done := c.bound(ctx)
	defer done()
	c.seq, c.left = 0, c.max
	if err := c.write(append([]byte{3}, statement...)); err != nil {
		return nil, ended(ctx, err)
	}
	rows, err := c.answer()
	return rows, ended(ctx, err)
}

func (c *Conn) answer() ([]Row, error) {
	p, err := c.read()
	if err != nil {
		return nil, err
	}
	switch {
	case len(p) == 0, p[0] == 0xfb: // 0xfb asks for a file of ours
		return nil, ErrProtocol
	case p[0] == 0x00:
		return nil, nil
	case p[0] == 0xff:
		return nil, refusal(p)
	}
	f := fields{rest: p}
	columns, null := f.length()
	if f.bad || null || columns == 0 || columns > 512 {
		return nil, ErrProtocol
	}
	for range columns { // the definitions: names and types of what we asked for ourselves
		if _, err := c.read(); err != nil {
			return nil, err
		}
	}
	if p, err = c.read(); err != nil {
		return nil, err
	}
	if !last(p) {
		return nil, ErrProtocol
	}
	var rows []Row
	for {
		if p, err = c.read(); err != nil {
			return nil, err
		}
		if last(p) {
			return rows, nil
		}
		if len(p) > 0 && p[0] == 0xff {
			return nil, refusal(p)
		}
		row, err := parse(p, int(columns))
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}

// last tells an EOF packet from a row that begins with a very long value.
func last(p []byte) bool { return len(p) > 0 && len(p) < 9 && p[0] == 0xfe }

func parse(p []byte, columns int) (Row, error) {
	f := fields{rest: p}
	row := make(Row, columns)
	for i := range row {
		if s, null := f.value(); !null {
			row[i] = &s
		}
	}
	if f.bad || len(f.rest) > 0 {
		return nil, ErrProtocol
	}
	return row, nil
}
