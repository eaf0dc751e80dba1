package ledger

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
)

const (
	receiptFormat = "shuqiao-receipt/1"
	// maxReceipt: an entry of MaxEntry bytes, each escaped as \u00XX, a path
	// of 63 hashes and a checkpoint stay well below it.
	maxReceipt = 1 << 20
	// maxPath is the longest audit path of a log whose size fits 63 bits.
	maxPath = 63
)

// Receipt is the proof that one entry stands in the log: all that a verifier
// needs besides the log's public key. It is the content of receipt.json.
type Receipt struct {
	Entry      []byte   // leaf bytes
	Index      uint64   // position in the log, from 0
	Inclusion  [][]byte // RFC 6962 audit path, from the leaf up
	Checkpoint []byte   // signed note
}

// Encode writes the receipt as indented JSON, with a newline at the end.
func (r *Receipt) Encode() []byte {
	path := make([]string, len(r.Inclusion))
	for i, h := range r.Inclusion {
		path[i] = base64.StdEncoding.EncodeToString(h)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	// Strings and numbers into memory: there is nothing that could fail.
	_ = enc.Encode(struct {
		Format     string   `json:"format"`
		Entry      string   `json:"entry"`
		Index      uint64   `json:"index"`
		Inclusion  []string `json:"inclusion"`
		Checkpoint string   `json:"checkpoint"`
	}{receiptFormat, string(r.Entry), r.Index, path, string(r.Checkpoint)})
	return b.Bytes()
}

// ParseReceipt reads a receipt strictly: exactly the five keys, each once and
// in lower case, canonical base64, an entry in its canonical form. White
// space between tokens, the order of keys and the escaping of strings are
// free, since any JSON tool may have passed the receipt on. It proves
// nothing yet: see VerifyReceipt. Errors are faults "receipt_invalid".
func ParseReceipt(data []byte) (*Receipt, error) {
	if len(data) > maxReceipt {
		return nil, badReceipt("", "too_long", "凭证文件过大", nil)
	}
	// The token reader below would replace the one and take parts of the other.
	if !utf8.Valid(data) || !json.Valid(data) {
		return nil, badReceipt("", "syntax", "凭证不是合法的 JSON 文件", nil)
	}
	p := receiptParser{dec: json.NewDecoder(bytes.NewReader(data)), seen: map[string]bool{}}
	p.dec.UseNumber()
	if err := p.parse(); err != nil {
		return nil, err
	}
	if _, err := DecodeEntry(p.out.Entry); err != nil {
		return nil, badReceipt("entry", "not_canonical", "存证记录不是规范格式", err)
	}
	return &p.out, nil
}

func badReceipt(field, code, message string, cause error) error {
	var c fault.Collector
	c.Add(field, code, message, "CN-33")
	err := c.Err("receipt_invalid", "存证凭证无效："+message, "")
	if f, ok := fault.As(err); ok && cause != nil {
		return f.Because(cause)
	}
	return err
}

type receiptParser struct {
	dec  *json.Decoder
	seen map[string]bool
	out  Receipt
}

var receiptKeys = []string{"format", "entry", "index", "inclusion", "checkpoint"}

func (p *receiptParser) parse() error {
	if t, err := p.dec.Token(); err != nil || t != json.Delim('{') {
		return badReceipt("", "syntax", "凭证应为 JSON 对象", err)
	}
	for p.dec.More() {
		t, err := p.dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return badReceipt("", "syntax", "凭证不是合法的 JSON 文件", err)
		}
		if p.seen[key] {
			return badReceipt(key, "duplicate", "凭证中有重复的字段", nil)
		}
		p.seen[key] = true
		if err := p.member(key); err != nil {
			return err
		}
	}
	if _, err := p.dec.Token(); err != nil {
		return badReceipt("", "syntax", "凭证不是合法的 JSON 文件", err)
	}
	if _, err := p.dec.Token(); !errors.Is(err, io.EOF) {
		return badReceipt("", "syntax", "凭证之后有多余的内容", err)
	}
	for _, key := range receiptKeys {
		if !p.seen[key] {
			return badReceipt(key, "required", "凭证缺少字段 "+key, nil)
		}
	}
	return nil
}

func (p *receiptParser) member(key string) error {
	switch key {
	case "format":
		s, err := p.text(key)
		if err == nil && s != receiptFormat {
			err = badReceipt(key, "not_in_list", "不支持的凭证格式", nil)
		}
		return err
	case "entry":
		s, err := p.text(key)
		p.out.Entry = []byte(s)
		return err
	case "checkpoint":
		s, err := p.text(key)
		p.out.Checkpoint = []byte(s)
		return err
	case "index":
		return p.index()
	case "inclusion":
		return p.inclusion()
	}
	// The key is not echoed: it may be anything.
	return badReceipt("", "unknown", "凭证中有未知的字段", nil)
}

// text reads a string. U+FFFD is refused: the decoder puts it in the place of
// broken escapes, so two different files could read alike.
func (p *receiptParser) text(field string) (string, error) {
	t, err := p.dec.Token()
	s, ok := t.(string)
	if err != nil || !ok || strings.ContainsRune(s, utf8.RuneError) {
		return "", badReceipt(field, "format", "字段 "+field+" 应为文本", err)
	}
	return s, nil
}

func (p *receiptParser) index() error {
	t, err := p.dec.Token()
	n, ok := t.(json.Number)
	if err != nil || !ok {
		return badReceipt("index", "format", "序号应为整数", err)
	}
	v, err := strconv.ParseUint(n.String(), 10, 63)
	if err != nil { // the grammar of JSON leaves one spelling of what this takes
		return badReceipt("index", "format", "序号应为非负整数", err)
	}
	p.out.Index = v
	return nil
}

func (p *receiptParser) inclusion() error {
	if t, err := p.dec.Token(); err != nil || t != json.Delim('[') {
		return badReceipt("inclusion", "format", "包含证明应为数组", err)
	}
	p.out.Inclusion = [][]byte{}
	for i := 0; p.dec.More(); i++ {
		field := fmt.Sprintf("inclusion[%d]", i)
		if i >= maxPath {
			return badReceipt(field, "too_long", "包含证明过长", nil)
		}
		s, err := p.text(field)
		if err != nil {
			return err
		}
		h, err := base64.StdEncoding.Strict().DecodeString(s)
		if err != nil || base64.StdEncoding.EncodeToString(h) != s {
			return badReceipt(field, "format", "包含证明不是规范的 base64", err)
		}
		p.out.Inclusion = append(p.out.Inclusion, h)
	}
	_, err := p.dec.Token()
	return err
}
