package worktime

import (
	"fmt"
	"time"
)

// statutes are the holidays that the State Council's 全国年节及纪念日放假办法
// gives everybody, as each amendment left them, with the dates of the lunar
// ones for the years of the table.
type statutes struct {
	Eras []era `json:"eras"`
	// LunarSource names where the lunar dates come from.
	LunarSource string      `json:"lunar_source"`
	LunarYears  []lunarYear `json:"lunar_years"`
}

// era is the list in force from a year on.
type era struct {
	From   int         `json:"from"`
	Source string      `json:"source"`
	Fixed  []fixedRule `json:"fixed"`
	Lunar  []lunarRule `json:"lunar"`
}

type fixedRule struct {
	Day  string `json:"day"` // MM-DD
	Name string `json:"name"`
}

type lunarRule struct {
	Festival string `json:"festival"` // spring, qingming, dragon_boat, mid_autumn
	Offset   int    `json:"offset"`   // days from it
	Name     string `json:"name"`
}

// lunarYear gives the civil dates of one year's lunar festivals and of Qingming,
// which follows the sun but is no fixed date either.
type lunarYear struct {
	Year       int `json:"year"`
	Spring     Day `json:"spring"` // 正月初一
	Qingming   Day `json:"qingming"`
	DragonBoat Day `json:"dragon_boat"`
	MidAutumn  Day `json:"mid_autumn"`
}

func (l lunarYear) festivals() map[string]Day {
	return map[string]Day{
		"spring": l.Spring, "qingming": l.Qingming, "dragon_boat": l.DragonBoat, "mid_autumn": l.MidAutumn,
	}
}

func parseStatutes(data []byte) (*statutes, error) {
	var s statutes
	if err := decode(data, &s); err != nil {
		return nil, err
	}
	if len(s.Eras) == 0 || s.Eras[0].From > firstYear {
		return nil, fmt.Errorf("the first era must begin in %d or before", firstYear)
	}
	for i, e := range s.Eras {
		if i > 0 && e.From <= s.Eras[i-1].From {
			return nil, fmt.Errorf("era %d does not begin after the one before it", e.From)
		}
		if err := e.validate(); err != nil {
			return nil, fmt.Errorf("era %d: %w", e.From, err)
		}
	}
	for i, l := range s.LunarYears {
		if i > 0 && l.Year <= s.LunarYears[i-1].Year {
			return nil, fmt.Errorf("lunar year %d does not follow the one before it", l.Year)
		}
		for name, day := range l.festivals() {
			if day.Year() != l.Year {
				return nil, fmt.Errorf("lunar year %d: %s on %s is in another year", l.Year, name, day)
			}
		}
	}
	return &s, nil
}

func (e era) validate() error {
	for _, rule := range e.Fixed {
		if _, err := time.Parse("01-02", rule.Day); err != nil {
			return fmt.Errorf("%q is not a day in the form 01-02", rule.Day)
		}
	}
	known := lunarYear{}.festivals()
	for _, rule := range e.Lunar {
		if _, ok := known[rule.Festival]; !ok {
			return fmt.Errorf("unknown festival %q", rule.Festival)
		}
		if rule.Offset < -7 || rule.Offset > 7 {
			return fmt.Errorf("%s: offset %d is more than a week", rule.Festival, rule.Offset)
		}
	}
	return nil
}

// year computes a year that has no notice: only the statutory days, and only
// the fixed-date ones beyond the lunar table.
func (s *statutes) year(year int) YearData {
	current := s.Eras[0]
	for _, e := range s.Eras {
		if e.From <= year {
			current = e
		}
	}
	computed := YearData{Year: year, Source: current.Source}
	seen := map[Day]bool{}
	add := func(day Day, name string) {
		// Mid-Autumn can fall on a National Day holiday.
		if !seen[day] {
			seen[day] = true
			computed.Days = append(computed.Days, SpecialDay{Date: day, Name: name, Kind: Holiday})
		}
	}
	for _, rule := range current.Fixed {
		if md, err := time.Parse("01-02", rule.Day); err == nil { // checked by validate
			add(Date(year, md.Month(), md.Day()), rule.Name)
		}
	}
	for _, l := range s.LunarYears {
		if l.Year != year {
			continue
		}
		festivals := l.festivals()
		for _, rule := range current.Lunar {
			add(festivals[rule.Festival]+Day(rule.Offset), rule.Name)
		}
	}
	return computed
}
