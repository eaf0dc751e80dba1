package ledger_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"
	"testing"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The two examples of GB/T 32905-2016, annex A.
func TestSM3OfTheStandard(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"abc":                      "66c7f0f4 62eeedd9 d1f2d46b dc10e4e2 4167c487 5cf2f7a2 297da02b 8f4ba8e0",
		strings.Repeat("abcd", 16): "debe9ff9 2275b8a1 38604889 c18e5a4d 6fdb70e5 387e5765 293dcba3 9c0c5732",
	} {
		if got := sm3.Sum([]byte(text)); !bytes.Equal(got[:], unhex(t, want)) {
			t.Errorf("%s: %x", text, got)
		}
	}
}

// The tree of the national suite is RFC 6962's over SM3.
func TestTheTreeOverSM3(t *testing.T) {
	t.Parallel()
	h := ledger.NationalSuite().Hasher
	empty, leaf := sm3.Sum(nil), sm3.Sum([]byte("\x00entry"))
	inner := sm3.Sum(append(append([]byte{1}, leaf[:]...), empty[:]...))
	if !bytes.Equal(h.EmptyRoot(), empty[:]) || !bytes.Equal(h.HashLeaf([]byte("entry")), leaf[:]) ||
		!bytes.Equal(h.HashChildren(leaf[:], empty[:]), inner[:]) || h.Size() != 32 {
		t.Error("not RFC 6962 over SM3")
	}
}

// The example of GB/T 32918.5-2017, annex A.2: default curve, default ID.
func TestSM2OfTheStandard(t *testing.T) {
	t.Parallel()
	const (
		private = "3945208F 7B2144B1 3F36E38A C6D39F95 88939369 2860B51A 42FB81EF 4DF7C5B8"
		x       = "09F9DF31 1E5421A1 50DD7D16 1E4BC5C6 72179FAD 1833FC07 6BB08FF3 56F35020"
		y       = "CCEA490C E26775A5 2DC6EA71 8CC1AA60 0AED05FB F35E084A 6632F607 2DA9AD13"
		r       = "F5A03B06 48D2C463 0EEAC513 E1BB81A1 5944DA38 27D5B741 43AC7EAC EEE720B3"
		s       = "B1B6AA29 DF212FD8 763182BC 0D421CA1 BB9038FD 1F7F42D4 840B69C4 85BBC1AA"
	)
	key, err := sm2.NewPrivateKey(unhex(t, private))
	if err != nil {
		t.Fatal(err)
	}
	point, err := sm2.PublicKeyToECDH(&key.PublicKey)
	if err != nil || !bytes.Equal(point.Bytes(), append([]byte{4}, unhex(t, x+y)...)) {
		t.Fatalf("public key %x, %v", point.Bytes(), err)
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1BigInt(new(big.Int).SetBytes(unhex(t, r)))
		b.AddASN1BigInt(new(big.Int).SetBytes(unhex(t, s)))
	})
	sig := b.BytesOrPanic()
	if !sm2.VerifyASN1WithSM2(&key.PublicKey, nil, []byte("message digest"), sig) {
		t.Error("the standard's signature does not verify with the default ID")
	}
	if sm2.VerifyASN1WithSM2(&key.PublicKey, []byte("ALICE123@YAHOO.COM"), []byte("message digest"), sig) ||
		sm2.VerifyASN1WithSM2(&key.PublicKey, nil, []byte("message digesT"), sig) {
		t.Error("it verifies for another ID or message")
	}
}

func nationalLog(t testing.TB) (*ledger.Log, string, string) {
	t.Helper()
	skey, vkey, err := ledger.NationalSuite().NewKey(ledgertest.Origin, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.LoadSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.New(ledgertest.NewMemory(), signer, ledgertest.Origin, clock.NewFake(ledgertest.Noon))
	if err != nil {
		t.Fatal(err)
	}
	return l, skey, vkey
}

func TestANationalLogProvesAndVerifiesOffline(t *testing.T) {
	t.Parallel()
	l, skey, vkey := nationalLog(t)
	leaves, err := l.AppendIn(t.Context(), ledgertest.Entries(300)...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Prove(t.Context(), leaves[123].ID)
	if err != nil {
		t.Fatal(err)
	}
	data := r.Encode()
	if v, err := ledger.VerifyReceipt(data, vkey); err != nil || v.Index != 123 {
		t.Fatalf("%+v, %v", v, err)
	}
	if _, err := l.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	// Not with a key of the other suite, though it has the same name.
	_, other, err := ledger.GenerateKey(ledgertest.Origin, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.VerifyReceipt(data, other); err == nil {
		t.Error("verified by an Ed25519 key")
	}
	// Each byte of the checkpoint matters.
	for i := range r.Checkpoint {
		bad := *r
		bad.Checkpoint = bytes.Clone(r.Checkpoint)
		bad.Checkpoint[i] ^= 1
		if _, err := ledger.VerifyReceipt(bad.Encode(), vkey); err == nil {
			t.Errorf("byte %d of the checkpoint was changed unnoticed", i)
		}
	}
	signer, err := ledger.LoadSigner(skey)
	if err != nil || strings.Contains(signer.String(), strings.SplitN(skey, "+", 5)[4]) || signer.Suite().Name != "sm3-sm2" {
		t.Errorf("%v, %v", signer, err)
	}
}

func TestKeysOfOneSuiteAreNotTakenForAnother(t *testing.T) {
	t.Parallel()
	ns, nv, err := ledger.NationalSuite().NewKey("a.example", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ds, dv, err := ledger.GenerateKey("a.example", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	cs, cv, err := ledger.NationalSuite().GenerateCosigner("a.example", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{ds, cs, nv, "", ns + "A", strings.Replace(ns, "a.example", "b.example", 1)} {
		if _, err := ledger.LoadSigner(s, ledger.NationalSuite()); err == nil {
			t.Error("taken for a national signer")
		} else if len(s) > 60 && strings.Contains(err.Error(), s[len(s)-30:]) {
			t.Error("the error quotes the key")
		}
	}
	for _, v := range []string{dv, cv, ns, "", strings.Replace(nv, "a.example", "b.example", 1)} {
		if _, err := ledger.LoadVerifier(v, ledger.NationalSuite()); err == nil {
			t.Errorf("%s was taken for a national verifier", v)
		}
	}
	// A point that is not on the curve.
	name, hash, _ := strings.Cut(nv, "+")
	hash, material, _ := strings.Cut(hash, "+")
	raw, _ := base64.StdEncoding.DecodeString(material)
	raw[len(raw)-1] ^= 1
	if _, err := ledger.LoadVerifier(name+"+"+hash+"+"+base64.StdEncoding.EncodeToString(raw), ledger.NationalSuite()); err == nil {
		t.Error("a damaged key was taken")
	}
}
