package org

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

const (
	maxKeyText = 16 * 1024 // characters of PEM or JWK
	minRSABits = 2048
	maxRSABits = 8192 // larger keys only make verification slow
)

// keyFault says why a public key was not taken.
type keyFault struct{ code, message string }

var (
	keyPrivate = &keyFault{"private_key", "请勿提交私钥：只接收公钥或者证书；该私钥已经泄露，应当作废"}
	keyWeak    = &keyFault{"weak_key", "密钥应为 EC P-256、P-384，Ed25519，或者不少于2048位的 RSA"}
)

// SPKIThumbprint names a certificate's public key: the SHA-256 of its
// SubjectPublicKeyInfo, base64url without padding. A renewed certificate over
// the same key keeps it.
func SPKIThumbprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// parseCertificate reads the one certificate in a PEM text.
func parseCertificate(text string) (*x509.Certificate, *keyFault) {
	if strings.TrimSpace(text) == "" {
		return nil, &keyFault{"required", "证书为必填项"}
	}
	if len(text) > maxKeyText {
		return nil, &keyFault{"too_long", "证书文本过长"}
	}
	if strings.Contains(text, "PRIVATE KEY-----") {
		return nil, keyPrivate
	}
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" || strings.TrimSpace(string(rest)) != "" {
		return nil, &keyFault{"format", "应为一份 PEM 格式的证书"}
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, &keyFault{"format", "证书无法解析"}
	}
	if !strong(cert.PublicKey) {
		return nil, keyWeak
	}
	return cert, nil
}

// parseJWK reads one public JWK and gives it in the form of the library, with
// its RFC 7638 thumbprint.
func parseJWK(text string) (value, thumb string, bad *keyFault) {
	if strings.TrimSpace(text) == "" {
		return "", "", &keyFault{"required", "公钥为必填项"}
	}
	if len(text) > maxKeyText {
		return "", "", &keyFault{"too_long", "公钥文本过长"}
	}
	// The private members are looked for before the library reads anything, so
	// that secret material goes no further than this variable.
	var members map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &members) != nil {
		return "", "", &keyFault{"format", "应为一个 JSON 格式的公钥（JWK）"}
	}
	for _, name := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"} {
		if _, has := members[name]; has {
			return "", "", keyPrivate
		}
	}
	var key jose.JSONWebKey
	if err := key.UnmarshalJSON([]byte(text)); err != nil || !key.Valid() || !key.IsPublic() {
		return "", "", &keyFault{"format", "公钥（JWK）无法解析"}
	}
	if !strong(key.Key) {
		return "", "", keyWeak
	}
	if key.Use != "" && key.Use != "sig" {
		return "", "", &keyFault{"key_use", "公钥的用途（use）应为签名（sig）"}
	}
	bare := jose.JSONWebKey{Key: key.Key, KeyID: key.KeyID, Algorithm: key.Algorithm, Use: "sig"}
	sum, err := bare.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", "", &keyFault{"format", "公钥（JWK）无法解析"}
	}
	out, err := bare.MarshalJSON()
	if err != nil {
		return "", "", &keyFault{"format", "公钥（JWK）无法解析"}
	}
	return string(out), base64.RawURLEncoding.EncodeToString(sum), nil
}

// strong tells whether a public key is of a kind and size that is taken.
func strong(key any) bool {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		return k.Curve == elliptic.P256() || k.Curve == elliptic.P384()
	case ed25519.PublicKey:
		return len(k) == ed25519.PublicKeySize
	case *rsa.PublicKey:
		bits := k.N.BitLen()
		return bits >= minRSABits && bits <= maxRSABits && k.E >= 3
	}
	return false
}
