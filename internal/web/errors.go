package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/problem"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// configureHuma sets the framework's package variables. They are global to
// the process by its design; this is the only package that uses it.
var configureHuma = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false // we never send null for a list
	huma.ValidateStrictCasing = true  // "Name" is not "name"
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		err := frameworkError(status, msg, errs)
		p := problem.From(err)
		problem.Log(ctx.Context(), p, err)
		if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable {
			ctx.SetHeader("Retry-After", "1")
		}
		return &problemError{p}
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return &problemError{problem.From(frameworkError(status, msg, errs))}
	}
})

// problemError carries a problem document through the framework.
type problemError struct{ problem.Problem }

// Error implements error.
func (e *problemError) Error() string { return e.Detail }

// MarshalJSON tells the story without its facts when JSON cannot hold them.
func (e *problemError) MarshalJSON() ([]byte, error) {
	body, err := json.Marshal(e.Problem)
	if err != nil {
		p := e.Problem
		p.Facts, p.Extra = nil, nil
		return json.Marshal(p)
	}
	return body, nil
}

// GetStatus implements huma.StatusError.
func (e *problemError) GetStatus() int { return e.Status }

// ContentType implements huma.ContentTypeFilter.
func (e *problemError) ContentType(string) string { return problem.ContentType }

// Schema implements huma.SchemaProvider: the document describes a refusal
// once, as wire.Problem.
func (e *problemError) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[wire.Problem](), true, "")
}

// frameworkError says in the platform's words what the framework has against
// a request. A handler's error arrives here as a 500 with the error as the
// only detail and is given back as it is.
func frameworkError(status int, msg string, errs []error) error {
	if status == http.StatusInternalServerError {
		err := errors.Join(errs...)
		if err == nil {
			err = errors.New(msg)
		}
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return errTooLarge
		}
		return err
	}
	switch status {
	case http.StatusRequestEntityTooLarge:
		return errTooLarge
	case http.StatusRequestTimeout:
		return fault.New(fault.Unavailable, "body_timeout", "请求体没有按时到达")
	case http.StatusUnsupportedMediaType:
		return errMediaType
	case http.StatusNotAcceptable:
		return fault.New(fault.Invalid, "not_acceptable", "只能应答 application/json")
	}
	var c fault.Collector
	for _, err := range errs {
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			c.Add("body", "invalid", "内容有误", "")
			continue
		}
		if detail := d.ErrorDetail(); detail != nil {
			if strings.HasPrefix(detail.Message, huma.ErrUnknownContentType.Error()) {
				return errMediaType
			}
			addDetail(&c, detail)
		}
	}
	if c.Empty() {
		if msg == "request body is required" {
			c.Add("body", "required", "缺少请求体", "")
		} else {
			return fault.New(fault.Invalid, "input_invalid", "请求内容有误")
		}
	}
	return c.Err("input_invalid", "请求内容不符合接口要求", "")
}

var (
	errTooLarge = fault.New(fault.TooLarge, "body_too_large", fmt.Sprintf("请求体不得超过 %d MiB", maxBody>>20)).
			With("limit_bytes", maxBody)
	errMediaType = fault.New(fault.Invalid, "media_type", "请求体应为 application/json")
)
