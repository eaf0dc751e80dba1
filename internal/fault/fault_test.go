package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shuqiao/shuqiao/internal/fault"
)

func TestCollectorTellsEveryFieldAtOnce(t *testing.T) {
	var c fault.Collector
	c.Require("name", "名称", " ", "CN-13.2")
	c.Require("format", "数据格式", "", "CN-13.2")
	c.Require("provider", "提供单位", "x", "CN-13.2")
	f, ok := fault.As(fmt.Errorf("wrapped: %w", c.Err("resource_invalid", "目录条目不完整", "")))
	if !ok || len(f.Fields) != 2 || f.Basis != "CN-13.2" || f.Kind != fault.Invalid {
		t.Fatalf("got %+v", f)
	}
}

func TestCollectorOfNothingIsNil(t *testing.T) {
	var c fault.Collector
	if err := c.Err("x", "y", ""); err != nil {
		t.Fatalf("got %v", err)
	}
}

func TestDerivedFaultsLeaveTheOriginalAlone(t *testing.T) {
	base := fault.New(fault.Illegal, "step_not_allowed", "不能办理")
	cause := errors.New("disk")
	got := base.Under("CN-21.2").With("stage", "granted").Because(cause)
	if base.Basis != "" || base.Facts != nil || errors.Unwrap(base) != nil {
		t.Fatalf("the original changed: %+v", base)
	}
	if got.Basis != "CN-21.2" || got.Facts["stage"] != "granted" || !errors.Is(got, cause) {
		t.Fatalf("got %+v", got)
	}
}
