package mysqlwire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// maxPacket is the longest packet; what is longer comes in parts, which this
// client does not put together.
const maxPacket = 1<<24 - 1

// ErrProtocol says that the other side does not speak the protocol, or not the
// part of it that is understood here.
var ErrProtocol = errors.New("mysql: unexpected answer")

// ErrTooLarge says that an answer exceeds the bound of the connection.
var ErrTooLarge = errors.New("mysql: answer too large")

// ServerError is what the server refuses with. Its message is the server's and
// may hold names of users and addresses: it is not for people outside.
type ServerError struct {
	Code    int
	State   string // SQLSTATE
	Message string
}

// Error implements error, without the message.
func (e *ServerError) Error() string { return fmt.Sprintf("mysql: error %d (%s)", e.Code, e.State) }

// read gives the payload of the next packet.
func (c *Conn) read() ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(c.in, head[:]); err != nil {
		return nil, err
	}
	n := int(head[0]) | int(head[1])<<8 | int(head[2])<<16
	if head[3] != c.seq {
		return nil, ErrProtocol
	}
	c.seq++
	if n == maxPacket {
		return nil, ErrTooLarge
	}
	if c.left -= n + len(head); c.left < 0 {
		return nil, ErrTooLarge
	}
	payload := make([]byte, n)
	_, err := io.ReadFull(c.in, payload)
	return payload, err
}

// write sends a payload as one packet.
func (c *Conn) write(payload []byte) error {
	n := len(payload)
	if n >= maxPacket {
		return ErrTooLarge
	}
	packet := append([]byte{byte(n), byte(n >> 8), byte(n >> 16), c.seq}, payload...)
	c.seq++
	_, err := c.net.Write(packet)
	return err
}

// fields takes a payload apart. After the first thing that is not there,
// everything else is zero and bad is set.
type fields struct {
	rest []byte
	bad  bool
}

func (f *fields) bytes(n int) []byte {
	if f.bad || n < 0 || n > len(f.rest) {
		f.bad, f.rest = true, nil
		return nil
	}
	b := f.rest[:n]
	f.rest = f.rest[n:]
	return b
}

func (f *fields) uint(n int) uint64 {
	var b [8]byte
	copy(b[:], f.bytes(n))
	return binary.LittleEndian.Uint64(b[:])
}

// text reads up to the next NUL, or to the end.
func (f *fields) text() string {
	for i, b := range f.rest {
		if b == 0 {
			s := string(f.rest[:i])
			f.rest = f.rest[i+1:]
			return s
		}
	}
	s := string(f.rest)
	f.rest = nil
	return s
}

// length reads a length-encoded integer; null is true for SQL NULL.
func (f *fields) length() (n uint64, null bool) {
	first := f.uint(1)
	switch {
	case first < 0xfb:
		return first, false
	case first == 0xfb:
		return 0, true
	case first == 0xfc:
		return f.uint(2), false
	case first == 0xfd:
		return f.uint(3), false
	case first == 0xfe:
		return f.uint(8), false
	}
	f.bad = true
	return 0, false
}

// value reads a length-encoded text.
func (f *fields) value() (s string, null bool) {
	n, null := f.length()
	if null {
		return "", true
	}
	if n > uint64(len(f.rest)) {
		f.bad = true
		return "", false
	}
	return string(f.bytes(int(n))), false
}

// refusal reads an ERR packet.
func refusal(payload []byte) error {
	f := fields{rest: payload}
	f.bytes(1)
	e := &ServerError{Code: int(f.uint(2))}
	if len(f.rest) > 0 && f.rest[0] == '#' {
		f.bytes(1)
		e.State = string(f.bytes(5))
	}
	e.Message = string(f.rest)
	if f.bad {
		return ErrProtocol
	}
	return e
}
