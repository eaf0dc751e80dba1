package client

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// PublicJWK is a public key as it is registered with the node: a JWK, as JSON.
func PublicJWK(key crypto.PublicKey) (string, error) {
	encode := base64.RawURLEncoding.EncodeToString
	var jwk map[string]string
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		name := map[int]string{256: "P-256", 384: "P-384"}[k.Curve.Params().BitSize]
		point, err := k.Bytes() // 4, x, y
		if name == "" || err != nil {
			return "", errors.New("client: the key's curve is neither P-256 nor P-384")
		}
		half := len(point) / 2
		jwk = map[string]string{"kty": "EC", "crv": name, "x": encode(point[1 : 1+half]), "y": encode(point[1+half:]), "use": "sig"}
	case ed25519.PublicKey:
		jwk = map[string]string{"kty": "OKP", "crv": "Ed25519", "x": encode(k), "use": "sig"}
	default:
		return "", errors.New("client: the key is neither ECDSA nor Ed25519")
	}
	b, err := json.Marshal(jwk)
	return string(b), err
}
