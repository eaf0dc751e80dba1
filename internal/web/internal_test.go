package web

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// Every message that the framework can write has a code and a Chinese text of
// its own; a new one in a later version shows here only if it is added, so
// the fallback is tested too.
func TestEveryMessageOfTheFrameworkIsTranslated(t *testing.T) {
	t.Parallel()
	for message, code := range map[string]string{
		validation.MsgUnexpectedProperty:                                          "unknown_member",
		validation.MsgExpectedRFC3339DateTime:                                     "format",
		validation.MsgExpectedRFC1123DateTime:                                     "format",
		validation.MsgExpectedRFC3339Date:                                         "format",
		validation.MsgExpectedRFC3339Time:                                         "format",
		fmt.Sprintf(validation.MsgExpectedRFC5322Email, "x"):                      "format",
		validation.MsgExpectedRFC5890Hostname:                                     "format",
		validation.MsgExpectedRFC2673IPv4:                                         "format",
		validation.MsgExpectedRFC2373IPv6:                                         "format",
		validation.MsgExpectedRFCIPAddr:                                           "format",
		fmt.Sprintf(validation.MsgExpectedRFC3986URI, "x"):                        "format",
		fmt.Sprintf(validation.MsgExpectedRFC4122UUID, "x"):                       "format",
		validation.MsgExpectedRFC6570URITemplate:                                  "format",
		validation.MsgExpectedRFC6901JSONPointer:                                  "format",
		validation.MsgExpectedRFC6901RelativeJSONPointer:                          "format",
		fmt.Sprintf(validation.MsgExpectedRegexp, "x"):                            "format",
		validation.MsgExpectedBase64String:                                        "format",
		fmt.Sprintf(validation.MsgExpectedDuration, "x"):                          "format",
		fmt.Sprintf(validation.MsgExpectedBePattern, "x"):                         "format",
		validation.MsgExpectedMatchAtLeastOneSchema:                               "invalid",
		validation.MsgExpectedMatchExactlyOneSchema:                               "invalid",
		validation.MsgExpectedNotMatchSchema:                                      "invalid",
		validation.MsgExpectedPropertyNameInObject:                                "required",
		validation.MsgExpectedBoolean:                                             "type",
		validation.MsgExpectedNumber:                                              "type",
		validation.MsgExpectedInteger:                                             "type",
		validation.MsgExpectedString:                                              "type",
		validation.MsgExpectedArray:                                               "type",
		validation.MsgExpectedObject:                                              "type",
		validation.MsgExpectedArrayItemsUnique:                                    "duplicate",
		fmt.Sprintf(validation.MsgExpectedOneOf, "a, b"):                          "not_in_list",
		fmt.Sprintf(validation.MsgExpectedMinimumNumber, 3):                       "too_small",
		fmt.Sprintf(validation.MsgExpectedExclusiveMinimumNumber, 3):              "too_small",
		fmt.Sprintf(validation.MsgExpectedMaximumNumber, 3):                       "too_large",
		fmt.Sprintf(validation.MsgExpectedExclusiveMaximumNumber, 3):              "too_large",
		fmt.Sprintf(validation.MsgExpectedNumberBeMultipleOf, 3):                  "multiple",
		fmt.Sprintf(validation.MsgExpectedMinLength, 3):                           "too_short",
		fmt.Sprintf(validation.MsgExpectedMaxLength, 3):                           "too_long",
		fmt.Sprintf(validation.MsgExpectedMatchPattern, "^x$"):                    "pattern",
		fmt.Sprintf(validation.MsgExpectedMinItems, 3):                            "too_few",
		fmt.Sprintf(validation.MsgExpectedMaxItems, 3):                            "too_many",
		fmt.Sprintf(validation.MsgExpectedMinProperties, 3):                       "too_few",
		fmt.Sprintf(validation.MsgExpectedMaxProperties, 3):                       "too_many",
		fmt.Sprintf(validation.MsgExpectedRequiredProperty, "name"):               "required",
		fmt.Sprintf(validation.MsgExpectedDependentRequiredProperty, "name", "x"): "required",
		"something of a later version":                                            "invalid",
	} {
		var c fault.Collector
		addDetail(&c, &huma.ErrorDetail{Location: "body.a[0]", Message: message, Value: "SECRET"})
		f, _ := fault.As(c.Err("x", "y", ""))
		got := f.Fields[0]
		if got.Code != code || !regexp.MustCompile(`\p{Han}`).MatchString(got.Message) || regexp.MustCompile(`\$|SECRET`).MatchString(got.Message) && code != "pattern" {
			t.Errorf("%q became %+v, want %s", message, got, code)
		}
	}
}

func TestLimiterIsBoundedAndForgets(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC))
	l := newLimiter(c, time.Second, 2)
	refusedSome := false
	for i := range maxClients + 10 {
		refusedSome = l.allow(fmt.Sprint(i)) != nil || refusedSome
	}
	if len(l.clients) > maxClients {
		t.Errorf("%d clients are remembered", len(l.clients))
	}
	if !refusedSome {
		t.Error("a flood of addresses went free of the limit")
	}
	c.Advance(time.Minute)
	if err := l.allow("newcomer"); err != nil {
		t.Errorf("after the flood: %v", err)
	}
	if len(l.clients) != 1 {
		t.Errorf("%d clients are still remembered", len(l.clients))
	}
}
