package mysqlwire

import (
	"crypto/sha1" // mysql_native_password is defined with it
	"crypto/sha256"
	"errors"
)

// ErrAuth says that the server asks for a proof that is not given here: a
// password in clear text over a connection that is not encrypted, or a method
// that is not known.
var ErrAuth = errors.New("mysql: authentication method not supported on this connection")

const (
	nativePassword = "mysql_native_password"
	cachingSHA2    = "caching_sha2_password"
)

// proof answers a challenge without giving the password away.
func proof(method, password string, challenge []byte) ([]byte, error) {
	if len(challenge) > 20 {
		challenge = challenge[:20] // a NUL follows
	}
	if len(challenge) != 20 {
		return nil, ErrProtocol
	}
	if password == "" {
		return nil, nil
	}
	switch method {
	case nativePassword:
		// SHA1(password) XOR SHA1(challenge + SHA1(SHA1(password)))
		one := sha1.Sum([]byte(password))
		two := sha1.Sum(one[:])
		mask := sha1.Sum(append(append([]byte{}, challenge...), two[:]...))
		return xor(one[:], mask[:]), nil
	case cachingSHA2:
		// SHA256(password) XOR SHA256(SHA256(SHA256(password)) + challenge)
		one := sha256.Sum256([]byte(password))
		two := sha256.Sum256(one[:])
		mask := sha256.Sum256(append(two[:], challenge...))
		return xor(one[:], mask[:]), nil
	}
	return nil, ErrAuth
}

func xor(a, b []byte) []byte {
	out := make([]byte, len(a))
	for i := range a {
		out[i] = a[i] ^ b[i]
	}
	return out
}

// authenticate follows the server's questions until it says yes or no.
func (c *Conn) authenticate(method, password string) error {
	for range 4 { // a switch, a full proof and the answer: more is a game
		p, err := c.read()
		if err != nil {
			return err
		}
		if len(p) == 0 {
			return ErrProtocol
		}
		switch p[0] {
		case 0x00:
			return nil
		case 0xff:
			return refusal(p)
		case 0xfe: // another method, another challenge
			f := fields{rest: p[1:]}
			method = f.text()
			answer, err := proof(method, password, f.rest)
			if err != nil {
				return err
			}
			if err := c.write(answer); err != nil {
				return err
			}
		case 0x01:
			if err := c.more(method, password, p[1:]); err != nil {
				return err
			}
		default:
			return ErrProtocol
		}
	}
	return ErrProtocol
}

// more answers caching_sha2_password's second question: 3 is a yes that OK
// follows, 4 asks for the password itself, which goes over TLS only. The
// protocol's other way, with the server's RSA key, trusts whoever sends a key.
func (c *Conn) more(method, password string, data []byte) error {
	if method != cachingSHA2 || len(data) != 1 {
		return ErrProtocol
	}
	switch data[0] {
	case 3:
		return nil
	case 4:
		if !c.encrypted {
			return ErrAuth
		}
		return c.write(append([]byte(password), 0))
	}
	return ErrProtocol
}
