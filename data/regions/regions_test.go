package regions

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

func load(t testing.TB) []Region {
	t.Helper()
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCounts(t *testing.T) {
	t.Parallel()
	here, elsewhere := map[Level]int{}, map[Level]int{}
	for _, r := range load(t) {
		if strings.HasPrefix(r.Code, "13") {
			here[r.Level]++
		} else {
			elsewhere[r.Level]++
		}
	}
	for level, want := range map[Level]int{
		LevelNation: 0, LevelProvince: 1, LevelCity: 11, LevelCounty: 190, LevelTownship: 2365, LevelVillage: 54145,
	} {
		if here[level] != want {
			t.Errorf("Hebei has %d of level %s, want %d", here[level], level, want)
		}
	}
	for level, want := range map[Level]int{LevelNation: 1, LevelProvince: 33, LevelCity: 331, LevelCounty: 0} {
		if elsewhere[level] != want {
			t.Errorf("elsewhere %d of level %s, want %d", elsewhere[level], level, want)
		}
	}
}

// TestTree: codes are unique and of their level's length, each parent comes
// first, is one level higher, and its significant digits begin the child's code.
func TestTree(t *testing.T) {
	t.Parallel()
	length := map[Level]int{LevelNation: 6, LevelProvince: 6, LevelCity: 6, LevelCounty: 6, LevelTownship: 9, LevelVillage: 12}
	significant := map[Level]int{LevelNation: 0, LevelProvince: 2, LevelCity: 4, LevelCounty: 6, LevelTownship: 9}
	seen := map[string]Region{}
	for _, r := range load(t) {
		if _, twice := seen[r.Code]; twice {
			t.Fatalf("%s is there twice", r.Code)
		}
		if len(r.Code) != length[r.Level] || strings.Trim(r.Code, "0123456789") != "" {
			t.Errorf("%s is no code of a %s", r.Code, r.Level)
		}
		if r.Name == "" || r.Name != strings.TrimSpace(r.Name) || !utf8.ValidString(r.Name) {
			t.Errorf("%s has the name %q", r.Code, r.Name)
		}
		if r.Level == LevelNation {
			if r.Code != Nation || r.Parent != "" || len(seen) > 0 {
				t.Errorf("root: %+v", r)
			}
		} else if parent, ok := seen[r.Parent]; !ok {
			t.Errorf("%s stands before its parent %s", r.Code, r.Parent)
		} else if parent.Level != r.Level-1 || !strings.HasPrefix(r.Code, parent.Code[:significant[parent.Level]]) {
			t.Errorf("%+v is no child of %+v", r, parent)
		}
		seen[r.Code] = r
	}
	for code, name := range map[string]string{
		"130000": "河北省", "130100": "石家庄市", "130102": "长安区", "130171": "石家庄高新技术产业开发区",
		"130102001": "建北街道", "110000": "北京市", "419000": "省直辖县级行政区划", "810000": "香港特别行政区",
	} {
		if seen[code].Name != name {
			t.Errorf("%s is %q, want %s", code, seen[code].Name, name)
		}
	}
}

func TestStopsWhenAsked(t *testing.T) {
	t.Parallel()
	n := 0
	for range All() {
		if n++; n == 400 { // within Hebei
			break
		}
	}
	if n != 400 {
		t.Errorf("%d regions", n)
	}
}

// TestFiles: the compressed file carries no time or host, and the README
// names the content that it was made of.
func TestFiles(t *testing.T) {
	t.Parallel()
	unzipped, err := gzip.NewReader(bytes.NewReader(hebei))
	if err != nil {
		t.Fatal(err)
	}
	if !unzipped.ModTime.IsZero() || unzipped.Name != "" || unzipped.OS != 255 {
		t.Errorf("gzip header: %+v", unzipped.Header)
	}
	content, err := io.ReadAll(unzipped)
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"hebei.csv": content, "provinces.csv": provinces} {
		if sum := sha256.Sum256(data); !bytes.Contains(readme, []byte(hex.EncodeToString(sum[:]))) {
			t.Errorf("README.md does not name the digest of %s, %x", name, sum)
		}
	}
}

func TestLevelText(t *testing.T) {
	t.Parallel()
	var l Level
	if l.UnmarshalText([]byte("county")) != nil || l != LevelCounty || l.UnmarshalText([]byte("shire")) == nil {
		t.Error("level names are not read well")
	}
	if _, err := Level(9).MarshalText(); err == nil || Level(9).String() != "unknown_level" {
		t.Error("level 9 has a name")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		load(b)
	}
}
