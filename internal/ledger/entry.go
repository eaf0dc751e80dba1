package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

// MaxEntry is the largest leaf in bytes: what the 16-bit length of an entry
// bundle (C2SP tlog-tiles) can hold.
const MaxEntry = 1<<16 - 1

// timeLayout writes UTC with microseconds, always six digits, so that one
// instant has one spelling.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// timePrecision is what timeLayout and both databases keep.
const timePrecision = time.Microsecond

// Kind says what an entry records. The set is open: a feature may add a kind
// of its own (lower-case letters, digits and "_", at most 32 characters).
type Kind string

const (
	// Act is a step of a person or machine in a procedure.
	Act Kind = "act"
	// Call is an answered data call (CN-29.2).
	Call Kind = "call"
	// RefusedCall is a data call that was refused (CN-25.1).
	RefusedCall Kind = "refused_call"
)

// Valid tells whether k is well formed.
func (k Kind) Valid() bool {
	if len(k) == 0 || len(k) > 32 || k[0] < 'a' || k[0] > 'z' {
		return false
	}
	for _, c := range []byte(k) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// Entry is one thing worth proving.
//
// Facts hold digests and metadata only: an entry is shown to whoever asks for
// its proof and can never be deleted, so personal data must not come near it.
type Entry struct {
	// ID is the identity of the act or call (a UUID as ident.New writes it);
	// the log holds at most one entry of an ID.
	ID string
	// Kind of the entry.
	Kind Kind
	// At is the instant of the act or call, kept in UTC with microseconds.
	At time.Time
	// Facts encode to one JSON object with encoding/json: a struct (in field
	// order) or a map (keys sorted). What has a method AppendJSON(b []byte)
	// []byte writes itself, the same way. Nil stands for the empty object. A
	// decoded entry has them as json.RawMessage.
	Facts any
}

// Encode gives the leaf bytes: canonical JSON
// {"v":1,"id":…,"kind":…,"at":…,"facts":{…}} without white space or HTML
// escaping. They are made once; what is hashed and stored is these bytes and
// never a second encoding. A faulty entry is a fault "ledger_entry_invalid"
// with every faulty field.
func (e Entry) Encode() ([]byte, error) {
	var c fault.Collector
	if !ident.Valid(e.ID) {
		c.Add("id", "format", "存证编号应为小写 UUID", "")
	}
	if !e.Kind.Valid() {
		c.Add("kind", "format", "存证类别应由小写字母、数字和下划线组成", "")
	}
	if y := e.At.UTC().Year(); y < 1970 || y > 9999 {
		c.Add("at", "range", "存证时间不在 1970 至 9999 年之间", "")
	}
	facts, err := encodeFacts(e.Facts)
	if err != nil {
		c.Add("facts", "format", "存证内容应为规范的 JSON 对象："+err.Error(), "")
	}
	var b bytes.Buffer
	b.Grow(len(facts) + 160)
	b.WriteString(`{"v":1,"id":"` + e.ID + `","kind":"` + string(e.Kind) + `","at":"`)
	b.WriteString(e.At.UTC().Format(timeLayout))
	b.WriteString(`","facts":`)
	b.Write(facts)
	b.WriteByte('}')
	if b.Len() > MaxEntry {
		c.Add("facts", "too_long", fmt.Sprintf("一条存证不得超过 %d 字节", MaxEntry), "")
	}
	if err := c.Err("ledger_entry_invalid", "存证记录不符合要求", ""); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func encodeFacts(facts any) ([]byte, error) {
	if facts == nil {
		return []byte("{}"), nil
	}
	if f, ok := facts.(interface{ AppendJSON(b []byte) []byte }); ok {
		out := f.AppendJSON(make([]byte, 0, 1024))
		if len(out) == 0 || out[0] != '{' {
			return nil, fmt.Errorf("facts are not a JSON object")
		}
		return out, checkCanonical(out)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(facts); err != nil {
		return nil, err
	}
	out := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	if len(out) == 0 || out[0] != '{' {
		return nil, fmt.Errorf("facts are not a JSON object")
	}
	// A Marshaler or a RawMessage may write what this package would not read
	// back, and invalid UTF-8 is silently replaced by the encoder.
	return out, checkCanonical(out)
}

// ReadFacts reads the facts of a stored leaf into a struct. It takes the bytes
// for what Encode wrote, which the log proves: whoever reads all calls of a
// busy node cannot afford DecodeEntry, which checks every byte again. Members
// that the struct has not are left out.
func (l Leaf) ReadFacts(into any) error {
	// {"v":1,"id":"…","kind":"…","at":"…","facts":{…}}, all lengths known.
	start := len(`{"v":1,"id":"`) + len(l.ID) + len(`","kind":"`) + len(l.Kind) + len(`","at":"`) + len(timeLayout) + len(`","facts":`)
	if start >= len(l.Data) || l.Data[start] != '{' {
		return fmt.Errorf("ledger: entry %d is not in canonical form", l.Index)
	}
	if err := jsonv2.Unmarshal(l.Data[start:len(l.Data)-1], into, jsontext.AllowDuplicateNames(true)); err != nil {
		return fmt.Errorf("ledger: facts of entry %d: %w", l.Index, err)
	}
	return nil
}

// DecodeEntry reads leaf bytes. It takes only what Encode writes: the bytes
// must be the canonical encoding of the entry that they decode to.
func DecodeEntry(data []byte) (Entry, error) {
	if len(data) > MaxEntry {
		return Entry{}, fmt.Errorf("ledger: entry of %d bytes", len(data))
	}
	if err := checkCanonical(data); err != nil {
		return Entry{}, fmt.Errorf("ledger: entry: %w", err)
	}
	var raw struct {
		V     int             `json:"v"`
		ID    string          `json:"id"`
		Kind  Kind            `json:"kind"`
		At    string          `json:"at"`
		Facts json.RawMessage `json:"facts"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return Entry{}, fmt.Errorf("ledger: entry: %w", err)
	}
	at, err := time.Parse(timeLayout, raw.At)
	if err != nil {
		return Entry{}, fmt.Errorf("ledger: entry: %w", err)
	}
	e := Entry{ID: raw.ID, Kind: raw.Kind, At: at.UTC(), Facts: raw.Facts}
	again, err := e.Encode()
	if err != nil {
		return Entry{}, err
	}
	if !bytes.Equal(again, data) {
		return Entry{}, fmt.Errorf("ledger: entry is not in canonical form")
	}
	return e, nil
}
