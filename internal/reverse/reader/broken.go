package reader

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/reverse"
)

func tooLarge(l reverse.Limits) error {
	return fault.Newf(fault.TooLarge, "schema_too_large", "库结构超过上限（%d个表、共%d列），请限定模式或者使用只能看到所需表的账号", l.Tables, l.Total)
}

// broken turns an error of the network or a driver into a fault. What the
// error says holds addresses and users: only its kind goes on, to the log too.
func broken(ctx context.Context, err error) error {
	if f, ok := fault.As(err); ok {
		return f
	}
	var certificate *tls.CertificateVerificationError
	var timeout net.Error
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, errAddress):
		return notAllowed()
	case errors.As(err, &certificate), errors.As(err, &record):
		return fault.New(fault.Illegal, "source_tls", "数据源的证书未通过验证，或者没有启用加密").Because(fmt.Errorf("%T", err))
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return fault.New(fault.Unavailable, "source_timeout", "数据源没有在限定时间内应答")
	}
	return fault.New(fault.Unavailable, "source_unreachable", "无法连接数据源，或者连接中断").Because(fmt.Errorf("%T", err))
}

func loginFailed(code string) error {
	return fault.New(fault.Illegal, "source_login_failed", "数据源拒绝登录：用户名、口令或者数据库名有误，或者没有权限").Because(errors.New("code " + code))
}

func forbiddenRead(code string) error {
	return fault.New(fault.Illegal, "source_refused", "数据源拒绝读取库结构，请检查账号的权限").Because(errors.New("code " + code))
}
