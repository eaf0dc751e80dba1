package gateway

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// Facts are what the ledger keeps of a call (CN-29.2). They hold no personal
// data: identifiers, operator and case number are keyed digests, which only
// the holder of the node's key can compare with a name. Names of items are
// those of the catalog; words of the caller that the catalog does not know are
// left out.
type Facts struct {
	Endpoint   string `json:"endpoint,omitempty"` // rows, verify, token
	Grant      string `json:"grant,omitempty"`
	Resource   string `json:"resource,omitempty"`
	Version    int    `json:"resource_version,omitempty"`
	System     string `json:"system,omitempty"`
	Credential string `json:"credential,omitempty"`
	Auth       string `json:"auth,omitempty"` // mtls, token, assertion
	Consumer   string `json:"consumer,omitempty"`
	Provider   string `json:"provider,omitempty"`
	// Contractor is the entrustment under which a contractor's system called (CN-36).
	Contractor string `json:"contractor,omitempty"`
	// Purpose is the code of the grant when the call named it; what else it
	// named is only a digest.
	Purpose       string `json:"purpose,omitempty"`
	PurposeDigest string `json:"purpose_digest,omitempty"`
	Operator      string `json:"operator,omitempty"` // digest
	CaseNumber    string `json:"case_number,omitempty"`
	// Items asked for, items the conditions are on, and keyed digests of the
	// sensitive values that they were compared with.
	Items       []string `json:"items,omitempty"`
	Conditions  []string `json:"conditions,omitempty"`
	Identifiers []string `json:"identifiers,omitempty"`

	Rows     int    `json:"rows"`
	Dropped  int    `json:"dropped,omitempty"` // rows of the provider's answer outside the scope
	Status   int    `json:"status"`
	Code     string `json:"code,omitempty"`
	Basis    string `json:"basis,omitempty"`
	Incident string `json:"incident,omitempty"`

	ResponseSHA256 string `json:"response_sha256"` // hex, of the body
	ResponseBytes  int    `json:"response_bytes"`
	DurationUS     int64  `json:"duration_us"`
}

// digester makes keyed digests: HMAC-SHA-256 cut to 128 bits, base64url. What
// kind of thing was digested is part of it, so that a number that is a phone
// here and a card there does not match itself by accident.
type digester struct{ key []byte }

func (d digester) of(kind, value string) string {
	m := hmac.New(sha256.New, d.key)
	m.Write([]byte(kind))
	m.Write([]byte{0})
	m.Write([]byte(value))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
}

// operator is bound to the consumer: account numbers of two departments mean
// different people.
func (d digester) operator(consumer, account string) string {
	return d.of("operator "+consumer, account)
}

// identifier is not bound to the consumer or the resource: "who looked at this
// person's data" asks across all of them.
func (d digester) identifier(s catalog.Sensitivity, value string) string {
	return d.of("identifier "+string(s), value)
}

// IdentifierDigest is the digest under which the ledger keeps a queried
// identifier, for those who look for a person's accesses with a legal basis.
func (g *Gateway) IdentifierDigest(s catalog.Sensitivity, value string) string {
	return g.digests.identifier(s, value)
}
