package ledger

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/transparency-dev/merkle"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
)

// Suite is a set of algorithms: the tree's hash and the signature of the
// checkpoints. Keys say by their form which suite they belong to, and with its
// key a log has one suite for life: the hashes of its tree cannot change.
type Suite struct {
	// Name for people and configuration.
	Name string
	// Hasher is the RFC 6962 construction over the suite's hash.
	Hasher merkle.LogHasher
	// Generate makes a key pair for an origin.
	Generate func(rand io.Reader, origin string) (skey, vkey string, err error)
	// Signer reads a signer key and gives the verifier key with it; it
	// refuses keys of another suite.
	Signer func(skey string) (s note.Signer, vkey string, err error)
	// Verifier reads a verifier key; it refuses keys of another suite.
	Verifier func(vkey string) (note.Verifier, error)
}

// DefaultSuite is SHA-256 with Ed25519, which public tools verify.
func DefaultSuite() Suite {
	return Suite{
		Name:     "sha256-ed25519",
		Hasher:   sha256Hasher{rfc6962.DefaultHasher},
		Generate: note.GenerateKey,
		Signer:   ed25519Signer,
		Verifier: note.NewVerifier,
	}
}

// Suites are all that this program knows.
func Suites() []Suite { return []Suite{DefaultSuite(), NationalSuite()} }

// SuiteByName finds a suite by its name in the configuration; empty: the
// default.
func SuiteByName(name string) (Suite, error) {
	if name == "" {
		return DefaultSuite(), nil
	}
	for _, s := range Suites() {
		if s.Name == name {
			return s, nil
		}
	}
	return Suite{}, fmt.Errorf("ledger: no suite is called %q", name)
}

// sha256Hasher is the library's hasher without its allocations: a proof takes
// some hundred inner hashes, which otherwise are most of its time.
type sha256Hasher struct{ *rfc6962.Hasher }

func (sha256Hasher) HashChildren(l, r []byte) []byte {
	var b [1 + 2*sha256.Size]byte
	data := append(append(append(b[:0], rfc6962.RFC6962NodeHashPrefix), l...), r...)
	sum := sha256.Sum256(data)
	return sum[:]
}

func ed25519Signer(skey string) (note.Signer, string, error) {
	s, err := note.NewSigner(skey)
	if err != nil {
		return nil, "", err
	}
	// NewSigner has checked the form PRIVATE+KEY+name+hash+data, and a name
	// holds no "+": the fifth part is the algorithm byte and the seed.
	raw, err := base64.StdEncoding.DecodeString(strings.SplitN(skey, "+", 5)[4])
	if err != nil {
		return nil, "", err
	}
	pub := ed25519.NewKeyFromSeed(raw[1:]).Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(s.Name(), pub)
	return s, vkey, err
}

// Signer signs the checkpoints of one log. It holds a secret and has no
// printable form of it.
type Signer struct {
	suite Suite
	note  note.Signer
	vkey  string
}

// Origin is the name of the key and of the log whose checkpoints it signs.
func (s *Signer) Origin() string { return s.note.Name() }

// PublicKey is the content of a ledger.pub file: the verifier key and a newline.
func (s *Signer) PublicKey() string { return s.vkey + "\n" }

// Suite tells which algorithms the key belongs to.
func (s *Signer) Suite() Suite { return s.suite }

// String names the key without its secret.
func (s *Signer) String() string { return "signer of " + s.vkey }

// Verifier gives the public half.
func (s *Signer) Verifier() (*Verifier, error) { return LoadVerifier(s.vkey, s.suite) }

// Verifier checks the checkpoints of one log.
type Verifier struct {
	suite Suite
	note  note.Verifier
}

// Origin is the name of the key and of the log whose checkpoints it verifies.
func (v *Verifier) Origin() string { return v.note.Name() }

// Suite tells which algorithms the key belongs to.
func (v *Verifier) Suite() Suite { return v.suite }

// GenerateKey makes a key pair of the default suite for the log called origin
// ("shuqiao.example/hebei": a host and path without scheme; no space or "+").
// The signer key is a secret; the verifier key goes into ledger.pub.
func GenerateKey(origin string, rand io.Reader) (skey, vkey string, err error) {
	return DefaultSuite().NewKey(origin, rand)
}

// NewKey is GenerateKey for a suite.
func (s Suite) NewKey(origin string, rand io.Reader) (skey, vkey string, err error) {
	if !validOrigin(origin) {
		return "", "", fmt.Errorf("ledger: %q cannot name a log", origin)
	}
	return s.Generate(rand, origin)
}

// validOrigin keeps a name to what is one word in one line of a note and
// reads the same everywhere.
func validOrigin(origin string) bool {
	return origin != "" && len(origin) <= 255 && utf8.ValidString(origin) &&
		strings.IndexFunc(origin, func(r rune) bool {
			return r == '+' || r == utf8.RuneError || unicode.IsSpace(r) || !unicode.IsPrint(r)
		}) < 0
}

// LoadSigner reads a signer key of one of the suites (default: all).
// White space around it is ignored. The error never quotes the key.
func LoadSigner(skey string, suites ...Suite) (*Signer, error) {
	if len(suites) == 0 {
		suites = Suites()
	}
	skey = strings.TrimSpace(skey)
	var errs error
	for _, suite := range suites {
		s, vkey, err := suite.Signer(skey)
		if err == nil && !validOrigin(s.Name()) {
			err = errors.New("malformed name")
		}
		if err == nil {
			return &Signer{suite: suite, note: s, vkey: vkey}, nil
		}
		errs = errors.Join(errs, err)
	}
	return nil, fmt.Errorf("ledger: signer key: %w", errs)
}

// LoadVerifier reads a verifier key, the content of a ledger.pub file, of one
// of the suites (default: all). White space around it is ignored.
func LoadVerifier(vkey string, suites ...Suite) (*Verifier, error) {
	if len(suites) == 0 {
		suites = Suites()
	}
	vkey = strings.TrimSpace(vkey)
	var errs error
	for _, suite := range suites {
		v, err := suite.Verifier(vkey)
		if err == nil && !validOrigin(v.Name()) {
			err = errors.New("malformed name")
		}
		if err == nil {
			return &Verifier{suite: suite, note: v}, nil
		}
		errs = errors.Join(errs, err)
	}
	return nil, fmt.Errorf("ledger: verifier key: %w", errs)
}
